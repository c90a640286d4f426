"""Measures of the organisation that would run it and of who is there to help; what must be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from recommender.domain import Organisation, Text
from recommender.figures import number
from recommender.questions import LEGAL, LEGAL_UNKNOWN
from recommender.transfer import places, record
from recommender.transfer.factors import Factor, spoken_of
from recommender.transfer.pair import Pair, words
from recommender.transfer.record import NOT_ON_RECORD, duration
from recommender.transfer.report import Finding, said


def ask(pair: Pair, factor: Factor) -> Finding:
    """Ask; a requirement of the record that speaks of it is quoted."""
    quoted = spoken_of(factor.words, pair.requirements) if factor.words else ()
    return Finding("ask", _quoted(pair, quoted) if quoted else NOT_ON_RECORD)


def legal(pair: Pair, factor: Factor) -> Finding:
    """Ask the question for the organisation's type: what a body may do is never asserted."""
    return Finding("ask", LEGAL.get(pair.profile.type or "", LEGAL_UNKNOWN))


def workforce(pair: Pair, factor: Factor) -> Finding:
    """Ask, with what the record says of staff and the team the organisation has."""
    quoted = spoken_of(factor.words, pair.requirements)
    finding = Finding("ask", _quoted(pair, quoted) if quoted else NOT_ON_RECORD)
    if pair.profile.staff is None:
        return finding
    team = pair.profile.staff
    here = words(f"equipo de {team}", f"team of {team}", float(team), "persons")
    return Finding("ask", finding.sentence, here=here)


def assumptions(pair: Pair, factor: Factor) -> Finding:
    """Ask whether what the practice needs, as far as its record says, holds here."""
    return Finding("ask", _quoted(pair, pair.requirements) if pair.requirements else NOT_ON_RECORD)


def partners(pair: Pair, factor: Factor) -> Finding:
    """See which types of organisation that ran it are recorded in the territory or its province."""
    needed = needed_types(pair)
    if not needed:
        return Finding(
            "unknown",
            said(
                "No consta de qué tipos eran sus socios.",
                "It is not on record of which types its partners were.",
            ),
        )
    present = {body.type for body in bodies_around(pair)}
    title = pair.subject.titles
    missing = tuple(kind for kind in needed if kind not in present)
    there = words(
        title("organisation_types", needed, "es"),
        title("organisation_types", needed, "en"),
        float(len(needed)),
        "types",
    )
    found = tuple(kind for kind in needed if kind in present)
    here = words(
        title("organisation_types", found, "es") or "ninguno registrado",
        title("organisation_types", found, "en") or "none on record",
        float(len(found)),
        "types",
    )
    if not missing:
        sentence = said(
            "En el territorio o su provincia hay registradas organizaciones de los tipos que la llevaron.",
            "Organisations of all the types that ran it are on record in the territory or its province.",
        )
        return Finding("alike", sentence, here, there)
    sentence = said(
        f"El catálogo no registra aquí: {title('organisation_types', missing, 'es')}; puede haberlas.",
        f"The catalogue has none here of: {title('organisation_types', missing, 'en')}; there may be some.",
    )
    return Finding("ask", sentence, here, there)


def cost(pair: Pair, factor: Factor) -> Finding:
    """Hold the organisation's money against the recorded budget."""
    practice, profile = pair.practice, pair.profile
    if practice.budget_usd is None:
        return Finding(
            "unknown", said("El costo de la práctica no consta.", "The practice's cost is not on record.")
        )
    budget = practice.budget_usd
    there = words(
        f"{number(budget, 'es', 0)} USD", f"{number(budget, 'en', 0)} USD", budget, "USD", practice.start_year
    )
    years = duration(pair) or (None if profile.horizon_months is None else profile.horizon_months / 12.0)
    if profile.budget_usd is None:
        sentence = said(
            f"Se registran {number(budget, 'es', 0)} USD en total; falta su presupuesto anual.",
            f"{number(budget, 'en', 0)} USD in all are on record; your yearly budget is missing.",
        )
        return Finding("ask", sentence, there=there)
    money = profile.budget_usd * (1.0 if years is None else years)
    here = words(f"{number(money, 'es', 0)} USD", f"{number(money, 'en', 0)} USD", money, "USD")
    sentence = said(
        f"Su presupuesto suma {number(money, 'es', 0)} USD en el plazo; se registran "
        f"{number(budget, 'es', 0)} USD.",
        f"Your budget comes to {number(money, 'en', 0)} USD over the term; "
        f"{number(budget, 'en', 0)} USD are on record.",
    )
    if money >= budget:
        return Finding("alike", sentence, here, there)
    return Finding("ask" if years is None else "differs", sentence, here, there)


def time(pair: Pair, factor: Factor) -> Finding:
    """Hold the organisation's horizon against the recorded duration."""
    years = duration(pair)
    if years is None:
        return Finding("unknown", said("La duración no consta.", "Its duration is not on record."))
    there = words(
        f"{12 * years} meses", f"{12 * years} months", 12.0 * years, "months", pair.practice.end_year
    )
    months = pair.profile.horizon_months
    if months is None:
        sentence = said(
            f"Abarcó hasta {12 * years} meses; falta su plazo.",
            f"It spanned up to {12 * years} months; your horizon is missing.",
        )
        return Finding("ask", sentence, there=there)
    here = words(f"{months} meses", f"{months} months", float(months), "months")
    sentence = said(
        f"Abarcó hasta {12 * years} meses y su plazo es de {months}.",
        f"It spanned up to {12 * years} months and your horizon is {months}.",
    )
    return Finding("alike" if months >= 12 * years else "differs", sentence, here, there)


def needed_types(pair: Pair) -> tuple[str, ...]:
    """Return the types of the lead and of the partners whose type is known, the lead's first."""
    record, types = pair.practice, pair.ground.type_of
    names = (record.organisation_id or "", *record.partners)
    return tuple(dict.fromkeys(types[name.casefold()] for name in names if name.casefold() in types))


def bodies_around(pair: Pair) -> list[Organisation]:
    """List organisations with a practice on record in the territory or its province, by name."""
    ground = pair.ground
    found = ground.gathered(ground.bodies_at, ground.around(pair.territory.id))
    return sorted((ground.catalogue.organisations[id] for id in found), key=lambda body: body.name)


def _quoted(pair: Pair, requirements: tuple[Text, ...]) -> Text:
    stated = pair.practice.tags_basis == "stated"
    listed = {language: "; ".join(part.get(language) for part in requirements) for language in ("es", "en")}
    return said(
        f"Requiere ({'según su fuente' if stated else 'inferido de su texto'}): {listed['es']}.",
        f"It needs ({'stated by its source' if stated else 'inferred from its text'}): {listed['en']}.",
    )


MEASURES: Mapping[str, Callable[[Pair, Factor], Finding]] = MappingProxyType(
    {
        **places.MEASURES,
        **record.MEASURES,
        "ask": ask,
        "legal": legal,
        "workforce": workforce,
        "assumptions": assumptions,
        "partners": partners,
        "cost": cost,
        "time": time,
    }
)
"""Name of a measure in the table of factors -> what works it out; ``coverage`` comes last."""
