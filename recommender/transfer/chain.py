"""The chain rule: need, local conditions, evidence, ability; the weakest link decides the wording."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.domain import Text
from recommender.figures import join
from recommender.transfer.factors import LINKS
from recommender.transfer.report import LEVELS, FactorResult, Link, said

STRONG, WEAK = 2 / 3, 1 / 3
"""Share of the known importance that is alike, from which a link is strong, below which it is weak."""
FEWEST_KNOWN = 0.25
"""A link of whose importance less than this share is known is not judged."""

NAMES = {
    "need": said("la necesidad", "the need"),
    "conditions": said("las condiciones locales", "local conditions"),
    "evidence": said("la evidencia", "the evidence"),
    "ability": said("la capacidad de llevarla a cabo", "the ability to implement it"),
}


def chain(results: Sequence[FactorResult]) -> tuple[Link, ...]:
    """Judge each link by its factors, in the order of `LINKS`; how much is known is no factor of fit."""
    judged = [result for result in results if result.factor.measure != "coverage"]
    return tuple(_link(code, [r for r in judged if r.factor.link == code]) for code in LINKS)


def weakest(links: Sequence[Link]) -> Link:
    """Return the weakest link: of equal level the one of less strength, then the earlier."""
    return min(links, key=lambda link: (LEVELS.index(link.level), _strength(link)))


def verdict(links: Sequence[Link], here: bool) -> Text:
    """Say what the weakest link allows to be said.

    Parameters
    ----------
    links : sequence of Link
    here : bool
        Whether the practice is already on record in the territory.
    """
    last = weakest(links)
    judged = [link for link in links if link.level != "unknown"]
    known = min(judged, key=lambda link: (LEVELS.index(link.level), _strength(link)), default=None)
    told = {}
    for language in ("es", "en"):
        name = {link.code: NAMES[link.code].get(language) for link in links}
        unknown = join([name[link.code] for link in links if link.level == "unknown"], language)
        parts = [HERE[language]] if here else []
        parts.append(SAID[last.level][language].format(name=name[last.code], unknown=unknown))
        if last.level == "unknown" and known is not None:
            parts.append(SO_FAR[language].format(name=name[known.code]))
        elif last.level == "weak" and unknown:
            parts.append(BESIDES[language].format(unknown=unknown))
        told[language] = " ".join(parts)
    return Text(told)


def _strength(link: Link) -> float:
    return -1.0 if link.strength is None else link.strength


HERE = {
    "es": "La práctica ya consta en este territorio: sería ampliarla o retomarla, no replicarla.",
    "en": "The practice is already on record in this territory: it would be extended or resumed, "
    "not replicated.",
}
SAID = {
    "weak": {
        "es": "Tal como se hizo no encaja todavía; eslabón más débil: {name}. "
        "Adáptela o resuélvalo antes de decidir, o elija otra práctica.",
        "en": "As it was run it does not fit yet; weakest link: {name}. "
        "Adapt it or resolve this before deciding, or choose another practice.",
    },
    "unknown": {
        "es": "Todavía no se puede juzgar: falta saber lo suficiente sobre {unknown}. "
        "Responda primero las preguntas.",
        "en": "It cannot be judged yet: too little is known of {unknown}. Answer the questions first.",
    },
    "medium": {
        "es": "Podría trasladarse con adaptaciones; eslabón más débil: {name}.",
        "en": "It could be transferred with adaptations; weakest link: {name}.",
    },
    "strong": {
        "es": "Nada de lo conocido se opone a probarla aquí; eslabón menos firme: {name}.",
        "en": "Nothing known speaks against trying it here; least firm link: {name}.",
    },
}
SO_FAR = {
    "es": "De lo conocido, el eslabón más débil: {name}.",
    "en": "Of what is known, the weakest link: {name}.",
}
BESIDES = {
    "es": "Además, falta saber lo suficiente sobre {unknown}.",
    "en": "Besides, too little is known of {unknown}.",
}


def _link(code: str, results: Sequence[FactorResult]) -> Link:
    total = sum(result.importance for result in results)
    known = sum(result.importance for result in results if result.known)
    alike = sum(result.importance for result in results if result.status == "alike")
    coverage = known / total if total else 0.0
    gates = [r for r in results if r.factor.gate and r.status == "differs"]
    strength = alike / known if known else None
    if gates:
        level = "weak"
    elif strength is None or coverage < FEWEST_KNOWN or any(r.factor.needed and not r.known for r in results):
        level = "unknown"
    else:
        level = "strong" if strength >= STRONG else "weak" if strength < WEAK else "medium"
    unknown = [r for r in results if not r.known]
    against = unknown if level == "unknown" else [r for r in results if r.status == "differs"] or unknown
    because = sorted(
        against, key=lambda r: (not (r.factor.gate or r.factor.needed), -r.importance, r.factor.number)
    )
    return Link(code, level, strength, coverage, tuple(r.factor.code for r in because))
