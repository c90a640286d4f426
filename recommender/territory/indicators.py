"""Territories x indicators: values, and each territory's standing among those of its own kind.

A value is compared within its country and level only (cantons with cantons), so that what a model
learns in one country applies in another. Unknown stays NaN; a value borrowed from the province is
marked and trusted half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from recommender.domain import Catalogue, Observation

CLIP = 4.0
"""Standings lie within this many robust standard deviations: past it "very" says it all."""
DEGENERATE_SHARE = 0.05
"""Above this share of clipped values the middle half says nothing of the spread: ranks are used."""
FEWEST_PEERS = 3
"""Fewer territories of a kind than this give no standing (a country alone has none)."""
BORROWED_TRUST = 0.5
"""Weight of a borrowed value beside an own one: the province's figure hides what differs inside."""
POPULATION = "population"
"""Indicator that says how many persons stand behind a volatile rate."""
DIRECTIONS = {"need_high": 1, "need_low": -1, "context": 0}

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class IndicatorMatrix:
    """What is known of T territories on I indicators, in the order of the catalogue.

    Attributes
    ----------
    values : float64 [T, I]
        Latest value, own or borrowed, in the indicator's unit, as published; NaN unknown.
    years : int32 [T, I]
        Year of the value; 0 unknown.
    origin : int32 [T, I]
        Territory whose value it is (its own index, or an ancestor's); -1 unknown.
    z : float32 [T, I]
        Robust standing, -4 to 4, 0 at the median of the country and level; NaN unknown.
    percentile : float32 [T, I]
        Share of the country and level below it (ties half), 0-1; NaN unknown.
    trust : float32 [T, I]
        1 own standing, 0.5 borrowed, 0 unknown.
    group : int32 [T]
        Country and level of each territory, a row of `sd`, `mean` and `median`.
    sd, mean, median : float64 [G, I]
        Of the published values within country and level; every territory is counted, so `sd`
        divides by n. NaN with fewer than three territories.
    direction : int8 [I]
        1 where a higher value means more need, -1 where a lower one does, 0 neither.
    parent : int32 [T]
        Territory that contains it; -1 at the top.
    is_country : bool [T]
        Whole countries, which are compared with countries only.
    """

    territory_ids: tuple[str, ...]
    indicator_ids: tuple[str, ...]
    units: tuple[str, ...]
    values: FloatArray
    years: NDArray[np.int32]
    origin: NDArray[np.int32]
    z: NDArray[np.float32]
    percentile: NDArray[np.float32]
    trust: NDArray[np.float32]
    group: NDArray[np.int32]
    sd: FloatArray
    mean: FloatArray
    median: FloatArray
    direction: NDArray[np.int8]
    parent: NDArray[np.int32]
    is_country: NDArray[np.bool_]
    _row: NDArray[np.int32]
    _observations: Sequence[Observation]

    @property
    def borrowed(self) -> NDArray[np.bool_]:
        """Where the value is an ancestor's, bool [T, I]."""
        own = np.arange(len(self.territory_ids), dtype=np.int32)[:, None]
        lent: NDArray[np.bool_] = (self.origin >= 0) & (self.origin != own)
        return lent

    def source(self, territory: int, indicator: int) -> str | None:
        """Return the source of one value: the observation's own, None where only the indicator has one."""
        row = int(self._row[territory, indicator])
        return self._observations[row].source if row >= 0 else None

    @classmethod
    def build(cls, catalogue: Catalogue, until: int | None = None) -> IndicatorMatrix:
        """Standardise a catalogue's observations.

        Parameters
        ----------
        catalogue : Catalogue
            Territories, indicators and observations.
        until : int, optional
            Observations of later years are not looked at (for judging the past by what was known).
        """
        territories = list(catalogue.territories.values())
        indicators = list(catalogue.indicators.values())
        place = {territory.id: row for row, territory in enumerate(territories)}
        row = _latest(catalogue, place, until)
        observed = np.array([observation.value for observation in catalogue.observations] or [np.nan])
        values = np.where(row >= 0, observed[row], np.nan)
        parent = np.array([place.get(t.parent_id or "", -1) for t in territories], dtype=np.int32)
        is_country = np.array([t.level == "country" for t in territories], dtype=bool)
        group = _groups([(("" if t.level == "country" else t.country_id), t.level) for t in territories])

        steady = _steadied(values, parent, catalogue)
        z, percentile = np.full((2, *values.shape), np.nan, dtype=np.float32)
        sd, mean, median = np.full((3, int(group.max(initial=-1)) + 1, values.shape[1]), np.nan)
        for kind in range(len(sd)):
            members = np.flatnonzero(group == kind)
            z[members], percentile[members] = standing(steady[members])
            sd[kind], mean[kind], median[kind] = _moments(values[members])

        own = np.arange(len(values), dtype=np.int32)[:, None]
        origin = np.where(row >= 0, own, np.int32(-1))
        for members in _by_depth(parent):  # from the top down, so that a borrowed value can be lent on
            above = parent[members]
            lends = (origin[members] < 0) & (origin[above] >= 0) & ~is_country[above][:, None]
            for table in (values, row, origin, z, percentile):
                table[members] = np.where(lends, table[above], table[members])
        trust = np.where(np.isnan(z), 0.0, np.where(origin == own, 1.0, BORROWED_TRUST))
        years = np.array([observation.year for observation in catalogue.observations] or [0], dtype=np.int32)
        return cls(
            territory_ids=tuple(place),
            indicator_ids=tuple(catalogue.indicators),
            units=tuple(indicator.unit for indicator in indicators),
            values=values,
            years=np.where(row >= 0, years[row], np.int32(0)),
            origin=origin,
            z=z,
            percentile=percentile,
            trust=trust.astype(np.float32),
            group=group,
            sd=sd,
            mean=mean,
            median=median,
            direction=np.array([DIRECTIONS[i.direction] for i in indicators], dtype=np.int8),
            parent=parent,
            is_country=is_country,
            _row=row,
            _observations=catalogue.observations,
        )


def standing(values: FloatArray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Standardise each column among n territories of one kind.

    A column's z is (value - median) / (1.4826 x median absolute deviation). Where that deviation is
    0, or leaves more than 5 % of the values beyond 4 (shares that are near nothing in most places
    and large in a few), z is the normal score of the rank instead.

    Parameters
    ----------
    values : float64 [n, I]
        NaN is unknown and stays NaN.

    Returns
    -------
    z : float32 [n, I]
        Within -4 and 4.
    percentile : float32 [n, I]
        (rank - 1/2) / number known, ties sharing their mean rank; 0-1.
    """
    z, percentile = np.full((2, *values.shape), np.nan, dtype=np.float32)
    known = np.isfinite(values)
    for column in np.flatnonzero(known.sum(axis=0) >= FEWEST_PEERS):
        rows = known[:, column]
        own = values[rows, column]
        _, index, counts = np.unique(own, return_inverse=True, return_counts=True)
        share = ((np.cumsum(counts) - counts / 2) / len(own))[index]
        off = own - np.median(own)
        spread = 1.4826 * np.median(np.abs(off))
        if spread == 0 or np.mean(np.abs(off) > CLIP * spread) > DEGENERATE_SHARE:
            scores = ndtri(share)
        else:
            scores = off / spread
        z[rows, column] = np.clip(scores, -CLIP, CLIP)
        percentile[rows, column] = share
    return z, percentile


def _latest(catalogue: Catalogue, place: dict[str, int], until: int | None) -> NDArray[np.int32]:
    """Row of the latest observation per territory and indicator, int32 [T, I]; -1 where none."""
    column = {indicator: index for index, indicator in enumerate(catalogue.indicators)}
    latest = np.full((len(place), len(column)), -1, dtype=np.int32)
    observations = catalogue.observations
    if not observations:
        return latest
    years = np.array([observation.year for observation in observations])
    rows = np.array([place[observation.territory_id] for observation in observations])
    columns = np.array([column[observation.indicator_id] for observation in observations])
    order = np.argsort(years, kind="stable").astype(np.int32)  # of repeated cells the last one stays
    if until is not None:
        order = order[years[order] <= until]
    latest[rows[order], columns[order]] = order
    return latest


def _groups(kinds: Sequence[tuple[str, str]]) -> NDArray[np.int32]:
    number = {kind: index for index, kind in enumerate(dict.fromkeys(kinds))}
    return np.array([number[kind] for kind in kinds], dtype=np.int32)


def _steadied(values: FloatArray, parent: NDArray[np.int32], catalogue: Catalogue) -> FloatArray:
    """Shrink volatile rates towards the parent's: (n x own + k x parent) / (n + k), n persons."""
    steady = values.copy()
    indicators = list(catalogue.indicators.values())
    if POPULATION not in catalogue.indicators:
        return steady
    persons = values[:, list(catalogue.indicators).index(POPULATION)]
    for column, indicator in enumerate(indicators):
        if indicator.shrink_persons:
            k, above = indicator.shrink_persons, np.where(parent >= 0, values[parent, column], np.nan)
            shrunk = (persons * values[:, column] + k * above) / (persons + k)
            steady[:, column] = np.where(np.isfinite(shrunk), shrunk, values[:, column])
    return steady


def _moments(values: FloatArray) -> FloatArray:
    """Return standard deviation, mean and median per column, float64 [3, I]; NaN below three values."""
    moments = np.full((3, values.shape[1]), np.nan)
    enough = np.isfinite(values).sum(axis=0) >= FEWEST_PEERS
    known = values[:, enough]
    if known.size:
        moments[:, enough] = np.nanstd(known, axis=0), np.nanmean(known, axis=0), np.nanmedian(known, axis=0)
    return moments


def _by_depth(parent: NDArray[np.int32]) -> list[NDArray[np.intp]]:
    """Territories with a parent, those nearest the top first."""
    depth = np.zeros(len(parent), dtype=np.int32)
    above = parent.copy()
    for _ in range(len(parent)):  # ends after as many rounds as there are levels
        below = above >= 0
        if not below.any():
            break
        depth += below
        above = np.where(below, parent[above], np.int32(-1))
    return [np.flatnonzero(depth == level) for level in range(1, int(depth.max(initial=0)) + 1)]
