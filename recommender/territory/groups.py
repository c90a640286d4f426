"""Which statistics say that a population group lives in a territory, and how clearly they say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import Text
from recommender.territory.indicators import IndicatorMatrix

VARYING = 0.25
"""Spread, as a share of the mean, from which a group's share tells territories apart fully."""

GROUP_INDICATORS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "migrants": ("foreign_born_share", "recent_arrivals_abroad_share"),
        "refugees": ("foreign_born_share", "recent_arrivals_abroad_share"),
        "returnees": ("recent_arrivals_abroad_share",),
        "emigrant_families": ("households_with_emigrants", "emigrants_per_1000"),
        "women": ("women_share",),
        "children_adolescents": ("age_0_14_share",),
        "youth": ("age_15_29_share",),
        "indigenous": ("indigenous_share",),
        "afrodescendant": ("afro_share",),
        "people_with_disabilities": ("functional_difficulty_share",),
        "older_people": ("age_65_plus_share",),
    }
)
"""Population group -> indicators of its share; groups no statistic counts have none."""

GROUPS_PRESENT = FeatureSpec(
    "groups_present",
    "standing 0-1",
    0.0,
    1.0,
    0.5,
    Text(
        {
            "es": "Presencia de los grupos de población de la práctica frente a los demás territorios "
            "del mismo nivel; 0,5 es lo habitual.",
            "en": "Presence of the practice's population groups compared with other territories of "
            "the same level; 0.5 is usual.",
        }
    ),
)


def group_weights(populations: Sequence[Sequence[str]], indicator_ids: Sequence[str]) -> NDArray[np.float32]:
    """Weigh the indicators of each practice's groups evenly, float32 [P, I]; rows sum to 1 or 0."""
    column = {indicator: index for index, indicator in enumerate(indicator_ids)}
    weights = np.zeros((len(populations), len(indicator_ids)), dtype=np.float32)
    for row, groups in enumerate(populations):
        ids = {indicator for group in groups for indicator in GROUP_INDICATORS.get(group, ())}
        weights[row, [column[indicator] for indicator in ids if indicator in column]] = 1.0
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    return weights


def presence(matrix: IndicatorMatrix, columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Pull percentiles to 0.5 where a group's share hardly varies between territories.

    Half of every place are women: the place with most of them is no more theirs than another.

    Parameters
    ----------
    matrix : IndicatorMatrix
    columns : int [J]
        Indicators of groups.

    Returns
    -------
    float32 [T, J]
        0-1, 0.5 is usual; NaN unknown.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        varies = np.minimum(matrix.sd / np.abs(matrix.mean) / VARYING, 1.0)
    of = matrix.group[np.maximum(matrix.origin[:, columns], 0)]  # the kind of territory the value is of
    tells = varies[of, columns]
    return (0.5 + (matrix.percentile[:, columns] - 0.5) * tells).astype(np.float32)
