"""Two territories side by side, indicator by indicator, as figures an explanation can quote."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.territory.indicators import IndicatorMatrix

FLAG = 1.0
"""A difference of more than this many national standard deviations is flagged."""
ALIKE = 0.5
"""Two places within this many national standard deviations are called alike."""
MATTERS = 0.1
"""Least importance of an indicator worth naming as a likeness."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator here and where the practice ran.

    `sd` is (here - there) in national standard deviations of the published values; where the two
    values are of different levels (canton and province) or countries, of the larger of the two
    spreads, so that a difference is rather understated. `here_from_id` and `there_from_id` are the
    territories whose values they are, another one where the value is borrowed.
    """

    indicator_id: str
    here: float
    here_year: int
    here_borrowed: bool
    here_from_id: str
    there: float
    there_year: int
    there_borrowed: bool
    there_from_id: str
    there_territory_id: str
    sd: float
    flagged: bool
    importance: float
    unit: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one territory stands on one indicator among the territories of its country and level.

    Attributes
    ----------
    value, median : float
        Published value here, and the median of the kind it is compared with, in `unit`.
    percentile : float
        0-1; a borrowed value stands among provinces.
    need : int
        1 where a higher value means more need, -1 where a lower one does, 0 neither.
    weight : float
        How much the indicator matters, 0-1, 1 for the most relevant of the practice.
    share : float
        The part of the feature's value that comes from this indicator; the shares sum to it.
    """

    indicator_id: str
    value: float
    year: int
    borrowed: bool
    from_id: str
    percentile: float
    median: float
    need: int
    weight: float
    share: float
    unit: str


def compare(
    matrix: IndicatorMatrix, here: int, there: int, importance: NDArray[np.float64], limit: int | None = None
) -> list[Comparison]:
    """Compare two territories on every indicator known at both.

    Two values borrowed from the same province say nothing and are left out. The order is importance
    x |sd|, then |sd|, then the indicator's id.

    Parameters
    ----------
    here, there : int
        Rows of the matrix.
    importance : float64 [I]
        0-1.
    limit : int, optional
        Give only the first so many.
    """
    sd = _distances(matrix, here, there)
    known = np.flatnonzero(np.isfinite(sd))
    order = np.lexsort((known, -np.abs(sd[known]), -importance[known] * np.abs(sd[known])))
    return _comparisons(matrix, here, there, known[order[:limit]], sd, importance)


def alike(
    matrix: IndicatorMatrix, here: int, there: int, importance: NDArray[np.float64], limit: int | None = None
) -> list[Comparison]:
    """Return the indicators that matter and are nearly equal in both, the most telling first.

    Sharing an unusual value tells more than sharing the usual one: the order is importance x
    closeness x (1 + the distance of the pair from the median, in robust standard deviations).
    """
    sd = _distances(matrix, here, there)
    near = np.isfinite(sd) & (np.abs(sd) <= ALIKE) & (importance >= MATTERS)
    chosen = np.flatnonzero(near & np.isfinite(matrix.z[here]) & np.isfinite(matrix.z[there]))
    unusual = np.abs(matrix.z[here, chosen] + matrix.z[there, chosen]) / 2
    telling = importance[chosen] * (1 - np.abs(sd[chosen])) * (1 + unusual)
    order = np.lexsort((chosen, -telling))
    return _comparisons(matrix, here, there, chosen[order[:limit]], sd, importance)


def need_standings(matrix: IndicatorMatrix, territory: int, relevance: NDArray[np.float32]) -> list[Standing]:
    """Return the known need indicators that a practice speaks of, by their share of the alignment."""
    signed = (2.0 * matrix.percentile[territory].astype(np.float64) - 1.0) * matrix.direction
    needs = relevance * (matrix.direction != 0)
    return _standings(matrix, territory, needs, signed * float(needs.sum()))


def group_standings(
    matrix: IndicatorMatrix, territory: int, groups: NDArray[np.float32], present: NDArray[np.float64]
) -> list[Standing]:
    """Return the known indicators of a practice's population groups, the most present first.

    Parameters
    ----------
    groups : float32 [I]
        Weight of each indicator.
    present : float64 [I]
        Presence 0-1, which the shares add up to.
    """
    return _standings(matrix, territory, groups, present)


def _standings(
    matrix: IndicatorMatrix, territory: int, relevance: NDArray[np.float32], values: NDArray[np.float64]
) -> list[Standing]:
    weights = relevance.astype(np.float64) * matrix.trust[territory]
    chosen = np.flatnonzero(weights)
    if not len(chosen):
        return []
    shares = weights[chosen] * values[chosen] / weights.sum()
    order = np.lexsort((chosen, -np.abs(shares)))
    largest = float(relevance.max())
    return [
        _standing(matrix, territory, i, float(relevance[i]) / largest, share)
        for i, share in zip(chosen[order], shares[order], strict=True)
    ]


def _standing(matrix: IndicatorMatrix, territory: int, i: int, weight: float, share: float) -> Standing:
    origin = int(matrix.origin[territory, i])
    return Standing(
        indicator_id=matrix.indicator_ids[i],
        value=float(matrix.values[territory, i]),
        year=int(matrix.years[territory, i]),
        borrowed=origin != territory,
        from_id=matrix.territory_ids[origin],
        percentile=float(matrix.percentile[territory, i]),
        median=float(matrix.median[matrix.group[origin], i]),
        need=int(matrix.direction[i]),
        weight=weight,
        share=float(share),
        unit=matrix.units[i],
    )


def _distances(matrix: IndicatorMatrix, here: int, there: int) -> NDArray[np.float64]:
    """Return (here - there) in national standard deviations, float64 [I]; NaN where not comparable."""
    columns = np.arange(len(matrix.indicator_ids))
    ours, theirs = matrix.origin[here], matrix.origin[there]
    spread = np.fmax(matrix.sd[matrix.group[ours], columns], matrix.sd[matrix.group[theirs], columns])
    comparable = (ours >= 0) & (theirs >= 0) & (ours != theirs) & (spread > 0)
    off = matrix.values[here] - matrix.values[there]
    sd = np.full(len(columns), np.nan)
    sd[comparable] = off[comparable] / spread[comparable]
    return sd


def _comparisons(
    matrix: IndicatorMatrix,
    here: int,
    there: int,
    chosen: NDArray[np.intp],
    sd: NDArray[np.float64],
    importance: NDArray[np.float64],
) -> list[Comparison]:
    ids = matrix.territory_ids

    def side(territory: int) -> zip[tuple[float, int, int]]:
        tables = (matrix.values, matrix.years, matrix.origin)
        return zip(*(table[territory, chosen].tolist() for table in tables), strict=True)

    return [
        Comparison(
            indicator_id=matrix.indicator_ids[i],
            here=ours[0],
            here_year=ours[1],
            here_borrowed=ours[2] != here,
            here_from_id=ids[ours[2]],
            there=theirs[0],
            there_year=theirs[1],
            there_borrowed=theirs[2] != there,
            there_from_id=ids[theirs[2]],
            there_territory_id=ids[there],
            sd=off,
            flagged=abs(off) > FLAG,
            importance=matters,
            unit=matrix.units[i],
        )
        for i, ours, theirs, off, matters in zip(
            chosen.tolist(),
            side(here),
            side(there),
            sd[chosen].tolist(),
            importance[chosen].tolist(),
            strict=True,
        )
    ]
