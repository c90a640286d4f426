"""Features of practices that look for places where every adoption has its own year.

Places are compared for one practice, in standard deviations over its candidates. What tells them apart
changes as a practice spreads: with few adopters nearness and text say most, with many the standing of
those that are left. So every comparison is read twice, as for a practice with few adopters and as for
one with many, and a practice in between takes part of both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.adoption.likeness import (
    complete,
    correlations,
    nearness,
    shared_with,
    squared_differences,
    standing_likeness,
    with_totals,
)
from recommender.adoption.pairs import (
    ROUNDING,
    Asked,
    Columns,
    Flags,
    Floats,
    Ground,
    alike_in_what_may_speak,
    divided,
    standardised,
    strongest,
)
from recommender.columns import FeatureSpec
from recommender.domain import Text

CURRENT = 10
RECENT = 5
LATENT = 10
"""Directions kept of what places have in common in what they do."""
PRINCIPAL = 6
"""Directions kept of what places have in common in their indicators."""
TEXT_FLOOR = 0.1
"""What a practice of no like text counts beside one of the same text, when places are compared."""
AT_ONCE = 50
"""Practices compared at a time, which bounds the memory."""
FEW, MANY = 0.08, 0.5
"""Share of places up to which a practice counts as having few adopters, and from which as having many."""


def _z(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    unit = "standard deviations over the candidates"
    return FeatureSpec(name, unit, -7.0, 7.0, 0.0, Text({"es": es, "en": en}), group)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


COMPARED = (
    _z(
        "co_adoption",
        "Parecido con los lugares que ya la tienen en lo que adopta y deja de adoptar, más entre las "
        "prácticas de sentido parecido.",
        "Likeness to the places that have it in what they adopt and leave, among practices alike in "
        "meaning above all.",
    ),
    _z(
        "co_adoption_main",
        "El mismo parecido, solo en las diez líneas principales de adopción.",
        "The same likeness along the ten main lines of adoption only.",
    ),
    _z(
        "nearest_standing",
        "Parecido en indicadores con el más parecido de los lugares que la tienen.",
        "Likeness in indicators to the most alike of the places that have it.",
    ),
    _z(
        "mean_standing",
        "Parecido medio en indicadores con los lugares que la tienen.",
        "Mean likeness in indicators to the places that have it.",
    ),
    _z(
        "main_standing",
        "El mismo parecido en las seis líneas principales de los indicadores.",
        "The same likeness along the six main lines of the indicators.",
    ),
    _z(
        "neighbours_with_it",
        "Parte de los lugares limítrofes que la tienen.",
        "Share of the bordering places that have it.",
    ),
    _z("near_adopters", "Cercanía a los lugares que la tienen.", "Nearness to the places that have it."),
    _z(
        "has_alike_in_meaning",
        "Tiene prácticas de sentido parecido.",
        "Has practices alike in meaning.",
    ),
    _z(
        "has_alike_in_places_and_meaning",
        "Tiene prácticas de sentido parecido que además adoptaron los mismos lugares.",
        "Has practices alike in meaning that the same places adopted.",
    ),
    _z(
        "innovativeness",
        "Cuántas prácticas adoptó el lugar en los últimos diez años.",
        "How many practices the place adopted in the last ten years.",
        "exposure",
    ),
    _z(
        "standing_of_all",
        "Lo que hace esperar de él lo que hicieron los lugares de indicadores parecidos, con y sin ella.",
        "What is expected of it from places with like indicators, those that have it and those that do not.",
    ),
    _z(
        "takes_up",
        "Parte de lo que le faltaba que el lugar adoptó en los últimos cinco años.",
        "Share of what it lacked that the place took up in the last five years.",
        "exposure",
    ),
)
"""What places are compared by."""

STAGES = (
    ("few", "Mientras pocos lugares la tienen: ", "While few places have it: "),
    ("many", "Cuando muchos lugares ya la tienen: ", "Once many places have it: "),
)

ADOPTERS = tuple(
    replace(
        spec,
        name=f"{spec.name}_{stage}",
        meaning=Text({"es": es + _lower(spec.meaning.get("es")), "en": en + _lower(spec.meaning.get("en"))}),
    )
    for spec in COMPARED
    for stage, es, en in STAGES
)
"""Columns of `by_adopters`."""


def by_adopters(ground: Ground, asked: Asked, candidates: Flags) -> Columns:
    """Return the features of practices with known adopters, each float64 [Q, n]; NaN unknown."""
    known = asked.known.astype(np.float64)
    everywhere = ground.sites.mean(axis=1, keepdims=True)
    beyond = known - known.mean(axis=1, keepdims=True)
    shared = known @ ground.sites.T
    overlap = divided(shared, np.sqrt(known.sum(axis=1, keepdims=True) * ground.sites.sum(axis=1)))
    weights = (overlap * (0.2 + asked.dense)) ** 2 * asked.usable
    in_meaning = strongest(asked.dense * asked.usable, 50) ** 2
    may_speak = asked.usable.astype(np.float64)
    years = np.nan_to_num(ground.years, nan=-np.inf)
    late = (years > ground.cutoff - RECENT).astype(np.float64)
    found = {
        **_co_adoption(ground, asked, known, beyond),
        **_standing(ground, known),
        "neighbours_with_it": known @ divided(*with_totals(ground.borders.astype(np.float64))).T,
        "near_adopters": shared_with(known, nearness(ground)),
        "has_alike_in_meaning": divided(
            in_meaning @ (ground.sites - everywhere), in_meaning.sum(axis=1, keepdims=True)
        ),
        "has_alike_in_places_and_meaning": divided(
            weights @ ground.sites, weights.sum(axis=1, keepdims=True)
        ),
        "innovativeness": may_speak @ (years > ground.cutoff - CURRENT),
        "takes_up": (may_speak @ late) / (may_speak @ (1 - ground.sites + late) + 1),
    }
    reached = np.maximum(known.mean(axis=1, keepdims=True), ROUNDING)
    spread = np.clip(np.log(reached / FEW) / np.log(MANY / FEW), 0, 1)
    shares = {"few": 1 - spread, "many": spread}
    compared = {spec.name: standardised(found[spec.name], candidates) for spec in COMPARED}
    return {
        f"{name}_{stage}": values * share
        for name, values in compared.items()
        for stage, share in shares.items()
    }


def _co_adoption(ground: Ground, asked: Asked, known: Floats, beyond: Floats) -> Columns:
    """Compare places by all they did, the record of the practice that asks left out."""
    every, main = np.zeros(known.shape), np.zeros(known.shape)
    deviations = ground.sites - ground.sites.mean(axis=1, keepdims=True)
    weights = (TEXT_FLOOR + asked.dense) * asked.usable
    for rows in np.array_split(np.arange(len(known)), len(known) // AT_ONCE + 1):
        together = (weights[rows][:, None, :] * deviations.T) @ deviations
        likeness = correlations(together)
        shared = np.einsum("qij,qj->qi", likeness, beyond[rows])
        every[rows] = divided(shared, np.abs(likeness).sum(axis=2))
    for rows, may_speak in alike_in_what_may_speak(asked.usable):
        values, vectors = np.linalg.eigh((deviations * may_speak[:, None]).T @ deviations)
        lines = vectors[:, -LATENT:] * np.sqrt(np.maximum(values[-LATENT:], 0.0))
        along = np.maximum(correlations(lines @ lines.T), 0.0) ** 2
        main[rows] = shared_with(known[rows], along)
    return {"co_adoption": every, "co_adoption_main": main}


def _standing(ground: Ground, known: Floats) -> Columns:
    """Compare places by their indicators; NaN where no indicator is known."""
    names = ("nearest_standing", "mean_standing", "main_standing", "standing_of_all")
    standings = complete(ground.standings)
    if standings is None:
        return {name: np.full(known.shape, np.nan) for name in names}
    apart = np.sqrt(squared_differences(standings))
    reach = np.where(known[:, None, :] > 0, apart[None], np.inf).min(axis=2)
    left, sizes, _ = np.linalg.svd(standings - standings.mean(axis=0), full_matrices=False)
    lines = left[:, sizes > ROUNDING * max(sizes.max(initial=0.0), ROUNDING)][:, :PRINCIPAL]
    main = standing_likeness(lines * np.sqrt(len(lines))) if lines.shape[1] else None
    alike = standing_likeness(standings)
    assert alike is not None
    return {
        "nearest_standing": -np.where(np.isfinite(reach), reach, np.nan),
        "mean_standing": shared_with(known, alike),
        "main_standing": shared_with(known, main),
        "standing_of_all": _expected(known, alike),
    }


def _expected(known: Floats, likeness: Floats) -> Floats:
    """Return what every place is expected to have by all others: kernel ridge regression, leave-one-out.

    With K the likeness plus 1 on its diagonal and y what is known around its mean, the expectation of a
    place without its own say is ``y - [(K + I)^-1 y] / diag (K + I)^-1`` (Rasmussen and Williams 2006,
    eq. 5.12).
    """
    inverse = np.linalg.inv(likeness + 2 * np.eye(len(likeness)))
    beyond = known - known.mean(axis=1, keepdims=True)
    return np.asarray(beyond - beyond @ inverse / np.diag(inverse), dtype=np.float64)
