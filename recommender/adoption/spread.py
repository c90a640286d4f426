"""Features of practices and places where every adoption has its own year.

`by_adopters` compares places for one practice, in standard deviations over its candidates.
`by_momentum` compares practices for one place: of the places without a practice some years ago, the
share that took it up since then, among all and among like places.
"""

from __future__ import annotations

import numpy as np

from recommender.adoption.pairs import (
    ROUNDING,
    Asked,
    Columns,
    Flags,
    Floats,
    Ground,
    alike_in_what_may_speak,
    centred,
    divided,
    standardised,
    strongest,
)
from recommender.columns import FeatureSpec
from recommender.domain import Text

RECENT = (5, 3)
"""Years over which momentum is counted."""
CURRENT = 10
LATENT = 10
"""Directions kept of what places have in common in what they do."""
PRINCIPAL = 6
"""Directions kept of what places have in common in their indicators."""
NEAR_SHARE = 2
"""Nearness falls to 0.37 at this part of the median distance between places."""
TEXT_FLOOR = 0.1
"""What a practice of no like text counts beside one of the same text, when places are compared."""
AT_ONCE = 50
"""Practices compared at a time, which bounds the memory."""
OWN_WEIGHT = 0.1
"""How many like places the share among all places counts as."""


def _z(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    unit = "standard deviations over the candidates"
    return FeatureSpec(name, unit, -7.0, 7.0, 0.0, Text({"es": es, "en": en}), group)


def _log(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    return FeatureSpec(name, "log ratio", -6.0, 6.0, 0.0, Text({"es": es, "en": en}), group)


ADOPTERS = (
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
)
"""Columns of `by_adopters`."""

MOMENTUM = tuple(
    _log(
        f"{name}_{years}",
        f"{es} en los últimos {years} años{'' if group == 'exposure' else ', frente al conjunto'}.",
        f"{en} in the last {years} years{'' if group == 'exposure' else ', compared with all places'}.",
        group,
    )
    for years in RECENT
    for name, es, en, group in (
        (
            "taken_up",
            "Parte de los lugares sin ella que la adoptaron",
            "Share of the places without it that took it up",
            "exposure",
        ),
        (
            "taken_up_alike_in_standing",
            "Adopción entre los lugares de indicadores parecidos",
            "Take-up among places with like indicators",
            "fit",
        ),
        ("taken_up_nearby", "Adopción entre los lugares cercanos", "Take-up among places nearby", "fit"),
        (
            "taken_up_alike_in_practice",
            "Adopción entre los lugares que suelen hacer lo mismo",
            "Take-up among places that tend to do the same",
            "fit",
        ),
    )
)
"""Columns of `by_momentum`."""


def by_adopters(ground: Ground, asked: Asked, candidates: Flags) -> Columns:
    """Return the features of practices with known adopters, each float64 [Q, n]; NaN unknown."""
    known = asked.known.astype(np.float64)
    everywhere = ground.sites.mean(axis=1, keepdims=True)
    beyond = known - known.mean(axis=1, keepdims=True)
    shared = known @ ground.sites.T
    overlap = divided(shared, np.sqrt(known.sum(axis=1, keepdims=True) * ground.sites.sum(axis=1)))
    weights = (overlap * (0.2 + asked.dense)) ** 2 * asked.usable
    in_meaning = strongest(asked.dense * asked.usable, 50) ** 2
    recent = np.nan_to_num(ground.years, nan=-np.inf) > ground.cutoff - CURRENT
    found = {
        **_co_adoption(ground, asked, known, beyond),
        **_standing(ground, known),
        "neighbours_with_it": known @ divided(*_with_totals(ground.borders.astype(np.float64))).T,
        "near_adopters": _shared_with(known, _nearness(ground)),
        "has_alike_in_meaning": divided(
            in_meaning @ (ground.sites - everywhere), in_meaning.sum(axis=1, keepdims=True)
        ),
        "has_alike_in_places_and_meaning": divided(
            weights @ ground.sites, weights.sum(axis=1, keepdims=True)
        ),
        "innovativeness": asked.usable.astype(np.float64) @ recent,
    }
    return {spec.name: standardised(found[spec.name], candidates) for spec in ADOPTERS}


def by_momentum(ground: Ground, candidates: Flags) -> Columns:
    """Return the features of every practice for every place, each float64 [n, m]; NaN unknown.

    Parameters
    ----------
    ground : Ground
    candidates : bool [n, m]
        Which practices are compared for each place.
    """
    deviations = ground.sites - ground.sites.mean(axis=1, keepdims=True)
    likeness = {
        "taken_up_alike_in_standing": _standing_likeness(_complete(ground.standings)),
        "taken_up_nearby": _nearness(ground),
        "taken_up_alike_in_practice": np.maximum(_correlations(deviations.T @ deviations), 0.0),
    }
    found: Columns = {}
    for years in RECENT:
        taken = (np.nan_to_num(ground.years, nan=-np.inf) > ground.cutoff - years).astype(np.float64)
        open_then = 1 - (ground.sites - taken)
        rate = (taken.sum(axis=1, keepdims=True) + 0.1) / (open_then.sum(axis=1, keepdims=True) + 2)
        found[f"taken_up_{years}"] = np.broadcast_to(np.log(rate), taken.shape).T
        for name, alike in likeness.items():
            if alike is None:
                found[f"{name}_{years}"] = np.full(taken.T.shape, np.nan)
                continue
            share = divided(*_with_totals(alike))
            local = (taken @ share.T + OWN_WEIGHT * rate) / (open_then @ share.T + OWN_WEIGHT)
            found[f"{name}_{years}"] = np.log(local / rate).T
    return {spec.name: centred(found[spec.name], candidates) for spec in MOMENTUM}


def _co_adoption(ground: Ground, asked: Asked, known: Floats, beyond: Floats) -> Columns:
    """Compare places by all they did, the record of the practice that asks left out."""
    every, main = np.zeros(known.shape), np.zeros(known.shape)
    deviations = ground.sites - ground.sites.mean(axis=1, keepdims=True)
    weights = (TEXT_FLOOR + asked.dense) * asked.usable
    for rows in np.array_split(np.arange(len(known)), len(known) // AT_ONCE + 1):
        together = (weights[rows][:, None, :] * deviations.T) @ deviations
        likeness = _correlations(together)
        shared = np.einsum("qij,qj->qi", likeness, beyond[rows])
        every[rows] = divided(shared, np.abs(likeness).sum(axis=2))
    for rows, may_speak in alike_in_what_may_speak(asked.usable):
        values, vectors = np.linalg.eigh((deviations * may_speak[:, None]).T @ deviations)
        lines = vectors[:, -LATENT:] * np.sqrt(np.maximum(values[-LATENT:], 0.0))
        along = np.maximum(_correlations(lines @ lines.T), 0.0) ** 2
        main[rows] = _shared_with(known[rows], along)
    return {"co_adoption": every, "co_adoption_main": main}


def _standing(ground: Ground, known: Floats) -> Columns:
    """Compare places by their indicators; NaN where no indicator is known."""
    names = ("nearest_standing", "mean_standing", "main_standing")
    standings = _complete(ground.standings)
    if standings is None:
        return {name: np.full(known.shape, np.nan) for name in names}
    apart = np.sqrt(_squared_differences(standings))
    reach = np.where(known[:, None, :] > 0, apart[None], np.inf).min(axis=2)
    left, sizes, _ = np.linalg.svd(standings - standings.mean(axis=0), full_matrices=False)
    lines = left[:, sizes > ROUNDING * max(sizes.max(initial=0.0), ROUNDING)][:, :PRINCIPAL]
    main = _standing_likeness(lines * np.sqrt(len(lines))) if lines.shape[1] else None
    return {
        "nearest_standing": -np.where(np.isfinite(reach), reach, np.nan),
        "mean_standing": _shared_with(known, _standing_likeness(standings)),
        "main_standing": _shared_with(known, main),
    }


def _complete(standings: Floats) -> Floats | None:
    """Put the middle where a standing is unknown; None where nothing at all is known."""
    known = np.isfinite(standings).any(axis=0)
    return np.nan_to_num(np.clip(standings[:, known], -3.0, 3.0)) if known.any() else None


def _standing_likeness(standings: Floats | None) -> Floats | None:
    """Return ``exp(-2 d2 / median d2)`` between places, 0 with itself."""
    if standings is None:
        return None
    apart = _squared_differences(standings)
    typical = float(np.median(apart))
    likeness = np.exp(-2 * apart / typical) if typical > 0 else np.ones(apart.shape)
    np.fill_diagonal(likeness, 0.0)
    return np.asarray(likeness, dtype=np.float64)


def _squared_differences(standings: Floats) -> Floats:
    """Return the mean squared difference over indicators, [n, n]."""
    squares = (standings**2).sum(axis=1)
    apart = squares[:, None] + squares - 2 * standings @ standings.T
    return np.asarray(np.maximum(apart, 0.0) / standings.shape[1], dtype=np.float64)


def _nearness(ground: Ground) -> Floats | None:
    """Return nearness between places, 0 with itself; None without coordinates."""
    km = ground.distance_km
    typical = float(np.median(km[np.isfinite(km)])) if np.isfinite(km).any() else 0.0
    if typical <= 0:
        return None
    near = np.nan_to_num(np.exp(-km / (typical / NEAR_SHARE)))
    np.fill_diagonal(near, 0.0)
    return np.asarray(near, dtype=np.float64)


def _shared_with(known: Floats, likeness: Floats | None) -> Floats:
    """Return the share of each place's likeness that falls on the known places, [Q, n]."""
    if likeness is None:
        return np.full(known.shape, np.nan)
    return divided(known @ likeness.T, likeness.sum(axis=1))


def _correlations(together: Floats) -> Floats:
    """Turn products (..., n, n) into cosines with a diagonal of 0."""
    size = np.sqrt(np.maximum(np.diagonal(together, axis1=-2, axis2=-1), 0.0))
    likeness = divided(together, size[..., :, None] * size[..., None, :])
    return likeness * ~np.eye(together.shape[-1], dtype=bool)


def _with_totals(weights: Floats) -> tuple[Floats, Floats]:
    return weights, weights.sum(axis=1, keepdims=True)
