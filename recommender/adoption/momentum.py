"""Features of places that look for practices where every adoption has its own year.

Practices are compared for one place: of the places without a practice some years ago, the share that
took it up since then, among all and among like places.
"""

from __future__ import annotations

import numpy as np

from recommender.adoption.likeness import complete, correlations, nearness, standing_likeness, with_totals
from recommender.adoption.pairs import Columns, Flags, Ground, centred, divided
from recommender.columns import FeatureSpec
from recommender.domain import Text

RECENT = (5, 3)
"""Years over which momentum is counted."""
OWN_WEIGHT = 0.1
"""How many like places the share among all places counts as."""


def _log(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    return FeatureSpec(name, "log ratio", -6.0, 6.0, 0.0, Text({"es": es, "en": en}), group)


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
        "taken_up_alike_in_standing": standing_likeness(complete(ground.standings)),
        "taken_up_nearby": nearness(ground),
        "taken_up_alike_in_practice": np.maximum(correlations(deviations.T @ deviations), 0.0),
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
            share = divided(*with_totals(alike))
            local = (taken @ share.T + OWN_WEIGHT * rate) / (open_then @ share.T + OWN_WEIGHT)
            found[f"{name}_{years}"] = np.log(local / rate).T
    return {spec.name: centred(found[spec.name], candidates) for spec in MOMENTUM}
