"""How many people of a practice's groups live in a territory, where statistics say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.territory.groups import GROUP_INDICATORS
from recommender.territory.indicators import POPULATION, IndicatorMatrix

OF_EVERYBODY = (
    (re.compile(r"^% of population( \(.*\))?$"), 100.0),
    (re.compile(r"^per 1,000 residents$"), 1000.0),
)
"""Units whose base is the whole population, and what they count by. A share of anything else
(persons of five and over, households) cannot be multiplied with the population."""


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """People of one population group in one territory: ``persons = share x population / per``.

    Every field but `group` is None where no statistic of a share of the whole population is known.
    Groups overlap: their figures do not add up.

    Attributes
    ----------
    persons : float or None
        Not rounded.
    share : float or None
        Value of the indicator, per 100 or per 1,000 (`per`) residents.
    share_borrowed : bool
        The share is that of the territory above.
    share_source, population_source : str or None
        Id of the observation's source.
    """

    group: str
    persons: float | None = None
    indicator_id: str | None = None
    share: float | None = None
    per: float | None = None
    share_year: int | None = None
    share_borrowed: bool = False
    share_source: str | None = None
    population: float | None = None
    population_year: int | None = None
    population_source: str | None = None


def target_groups(matrix: IndicatorMatrix, territory: int, groups: Sequence[str]) -> tuple[TargetGroup, ...]:
    """Estimate the people of each group who live in a territory.

    Of several statistics of a group the first of `GROUP_INDICATORS` that is known counts. The
    population must be the territory's own.

    Parameters
    ----------
    matrix : IndicatorMatrix
    territory : int
        Row of the matrix.
    groups : sequence of str
        Population groups of a practice.
    """
    return tuple(_group(matrix, territory, group) for group in groups)


def _group(matrix: IndicatorMatrix, territory: int, group: str) -> TargetGroup:
    if POPULATION not in matrix.indicator_ids:
        return TargetGroup(group)
    people = matrix.indicator_ids.index(POPULATION)
    if matrix.origin[territory, people] != territory:
        return TargetGroup(group)
    population = float(matrix.values[territory, people])
    for indicator in GROUP_INDICATORS.get(group, ()):
        if indicator not in matrix.indicator_ids:
            continue
        column = matrix.indicator_ids.index(indicator)
        per = next((n for unit, n in OF_EVERYBODY if unit.match(matrix.units[column])), None)
        share = float(matrix.values[territory, column])
        if per is None or not np.isfinite(share):
            continue
        return TargetGroup(
            group=group,
            persons=share * population / per,
            indicator_id=indicator,
            share=share,
            per=per,
            share_year=int(matrix.years[territory, column]),
            share_borrowed=int(matrix.origin[territory, column]) != territory,
            share_source=matrix.source(territory, column),
            population=population,
            population_year=int(matrix.years[territory, people]),
            population_source=matrix.source(territory, people),
        )
    return TargetGroup(group)
