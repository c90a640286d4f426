"""What a data package records, as arrays: who carried out what where, and when.

Everything a benchmark task is made of comes from here, cut at a date. Only first-order divisions
(level ``admin1``) are sites: that is the level the tasks are defined on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Catalogue
from recommender.territory.geography import coordinates, distances_km
from recommender.territory.indicators import IndicatorMatrix

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Names = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Places:
    """Territories that are ranked together, in the order of their ids.

    Parameters
    ----------
    ids : ndarray of shape (n,)
    countries : ndarray of shape (n,)
        Country id of each.
    distance_km : ndarray of shape (n, n)
        Great circle between the given coordinates; NaN where one is unknown.
    borders : ndarray of shape (n, n)
        True where the package says that two places touch.
    """

    ids: Names
    countries: Names
    distance_km: Floats
    borders: Flags

    def within(self, country: str) -> NDArray[np.intp]:
        """Return the positions of one country's places."""
        return np.flatnonzero(self.countries == country)

    def at(self, positions: NDArray[np.intp]) -> Places:
        """Return only the places at these positions."""
        square = np.ix_(positions, positions)
        return Places(
            self.ids[positions], self.countries[positions], self.distance_km[square], self.borders[square]
        )


@dataclass(frozen=True, eq=False)
class Records:
    """A whole package: practices by places, both in the order of their ids.

    Parameters
    ----------
    sites : ndarray of shape (P, n), bool
        A practice was carried out in a place, whenever that was.
    years : ndarray of shape (P, n)
        First year of each adoption; NaN where there is none or its year is not known.
    start_years : ndarray of shape (P,)
        First year of the practice as a whole; NaN where not known.
    standings_at : callable
        Year -> standings of shape (n, I) from what was observed by then; NaN unknown.
    titles, texts : ndarray of shape (P,)
        Title alone; title, a space and the summary.
    """

    practice_ids: Names
    titles: Names
    texts: Names
    start_years: Floats
    places: Places
    sites: Flags
    years: Floats
    standings_at: Callable[[float], Floats] | None = None


@dataclass(frozen=True, eq=False)
class History:
    """What is known at a cutoff: the only thing a method may read or fit on.

    Parameters
    ----------
    cutoff : float
        The last year seen.
    sites : ndarray of shape (m, n), bool
        Rows are the practices known by then, columns the places.
    years : ndarray of shape (m, n)
        Year of each adoption at or before the cutoff, else NaN. All NaN where the package only
        dates whole practices.
    start_years : ndarray of shape (m,)
        First year of each practice, at or before the cutoff.
    standings_at : callable
        Year -> standings of shape (n, I); None where the places' indicators are not looked at.
    """

    cutoff: float
    practice_ids: Names
    texts: Names
    places: Places
    sites: Flags
    years: Floats
    start_years: Floats
    standings_at: Callable[[float], Floats] | None = None

    @property
    def standings(self) -> Floats:
        """Each place's robust standing on each indicator as known at the cutoff, (n, I); NaN unknown."""
        if self.standings_at is None:
            return np.empty((len(self.places.ids), 0))
        return self.standings_at(self.cutoff)

    def until(self, cutoff: float) -> History:
        """Return what was known at an earlier cutoff (a later one changes nothing)."""
        rows = self.start_years <= cutoff
        later = self.years[rows] > cutoff
        return History(
            cutoff=min(self.cutoff, cutoff),
            practice_ids=self.practice_ids[rows],
            texts=self.texts[rows],
            places=self.places,
            sites=self.sites[rows] & ~later,
            years=np.where(later, np.nan, self.years[rows]),
            start_years=self.start_years[rows],
            standings_at=self.standings_at,
        )

    def adopters_since(self, year: float) -> Flags:
        """Tell which recorded adoptions are later than `year`, shape (m, n)."""
        return np.greater(self.years, year)


def read_records(catalogue: Catalogue, language: str = "en") -> Records:
    """Lay a catalogue out as arrays.

    Parameters
    ----------
    catalogue : Catalogue
    language : str
        Whose texts are taken where a practice has several; a practice without one gives the text
        it has.
    """
    practices = [catalogue.practices[key] for key in sorted(catalogue.practices)]
    places = _places(catalogue)
    row = {practice.id: index for index, practice in enumerate(practices)}
    column = {key: index for index, key in enumerate(places.ids)}
    sites = np.zeros((len(row), len(column)), dtype=bool)
    years = np.full(sites.shape, np.nan)
    for adoption in catalogue.adoptions:
        if adoption.ran and adoption.territory_id in column:
            cell = row[adoption.practice_id], column[adoption.territory_id]
            sites[cell] = True
            years[cell] = np.nan if adoption.year is None else adoption.year
    titles = [practice.title.get(language) for practice in practices]
    summaries = [practice.summary.get(language) for practice in practices]
    return Records(
        practice_ids=np.array([practice.id for practice in practices], dtype=object),
        titles=np.array(titles, dtype=object),
        texts=np.array([f"{a} {b}" for a, b in zip(titles, summaries, strict=True)], dtype=object),
        start_years=np.array([np.nan if p.start_year is None else p.start_year for p in practices]),
        places=places,
        sites=sites,
        years=years,
        standings_at=_standings(catalogue, places.ids),
    )


def _standings(catalogue: Catalogue, place_ids: Names) -> Callable[[float], Floats]:
    """Return what gives the places' standings as they were known in a year."""
    row = {key: index for index, key in enumerate(catalogue.territories)}
    rows = [row[key] for key in place_ids]

    @lru_cache(maxsize=64)
    def at(year: float) -> Floats:
        if not catalogue.observations:
            return np.empty((len(rows), 0))
        known = IndicatorMatrix.build(catalogue, until=int(np.floor(year)))
        return np.asarray(known.z[rows], dtype=float)

    return at


def _places(catalogue: Catalogue) -> Places:
    """Collect the first-order divisions with their distances and borders."""
    territories = [catalogue.territories[key] for key in sorted(catalogue.territories)]
    territories = [territory for territory in territories if territory.level == "admin1"]
    position = {territory.id: index for index, territory in enumerate(territories)}
    where = coordinates(territories)
    borders = np.zeros((len(position), len(position)), dtype=bool)
    for pair in catalogue.neighbours:
        if pair.border and pair.territory_id in position and pair.neighbour_id in position:
            borders[position[pair.territory_id], position[pair.neighbour_id]] = True
    return Places(
        ids=np.array(list(position), dtype=object),
        countries=np.array([t.country_id or t.parent_id or "" for t in territories], dtype=object),
        distance_km=distances_km(where, where),
        borders=borders,
    )
