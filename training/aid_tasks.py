"""Tasks on records that date whole projects: placement and scaling, country by country."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from training.history import Flags, History, Names, Records
from training.task import Episode, Task, task

# The README of the benchmark packages fixes all of these.
TRAINING_SHARE = 0.7
LEAST_DIVISIONS, LEAST_PROJECTS = 8, 25
LEAST_TRAINING, LEAST_TEST = 12, 5
PLACEMENT_SITES = (1, 0.6)
SCALING_SITES = (4, 0.8)


def placement(records: Records) -> Task:
    """Ask where a project goes, from its text only: rank all divisions of the country."""
    return task("placement", [_placement(*split) for split in _splits(records)])


def scaling(records: Records) -> Task:
    """Ask where a project goes on, half of its sites known: rank the other divisions."""
    return task("scaling", [_scaling(*split) for split in _splits(records)])


def folded_title(title: str) -> str:
    """Reduce a title to its letters a-z, unaccented and lower case."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", title).lower())


def known_half(practice_id: str, territory_ids: Names) -> Names:
    """Choose the half of a practice's sites (rounded down) that is told, by SHA-256."""
    digest = {site: hashlib.sha256(f"{practice_id}|{site}".encode()).hexdigest() for site in territory_ids}
    return np.array(sorted(digest, key=digest.__getitem__)[: len(digest) // 2], dtype=object)


def _splits(records: Records) -> list[tuple[str, History, Records]]:
    """Return country, training history and test projects of every country large enough."""
    countries = sorted(set(records.places.countries))
    return [split for country in countries if (split := _split(records, country)) is not None]


def _split(records: Records, country: str) -> tuple[str, History, Records] | None:
    """Cut one country's dated projects at their 0.7 quantile of years."""
    here = records.places.within(country)
    dated = np.flatnonzero(records.sites[:, here].any(axis=1) & ~np.isnan(records.start_years))
    if len(here) < LEAST_DIVISIONS or len(dated) < LEAST_PROJECTS:
        return None
    years = records.start_years[dated]
    cutoff = float(np.quantile(years, TRAINING_SHARE))
    training, later = dated[years <= cutoff], dated[years > cutoff]
    seen = {folded_title(title) for title in records.titles[training]}
    unseen = [folded_title(title) not in seen for title in records.titles[later]]
    test = later[np.array(unseen, dtype=bool)]
    if len(training) < LEAST_TRAINING or len(test) < LEAST_TEST:
        return None
    known = _at(records, training, here)
    history = History(
        cutoff=cutoff,
        practice_ids=known.practice_ids,
        texts=known.texts,
        places=known.places,
        sites=known.sites,
        years=known.years,
        start_years=known.start_years,
    )
    return country, history, _at(records, test, here)


def _at(records: Records, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Records:
    """Return some practices with their sites in some places only."""
    square = np.ix_(rows, columns)
    return Records(
        practice_ids=records.practice_ids[rows],
        titles=records.titles[rows],
        texts=records.texts[rows],
        start_years=records.start_years[rows],
        places=records.places.at(columns),
        sites=records.sites[square],
        # The year of a site in these records is the project's own and says nothing of the place.
        years=np.full((len(rows), len(columns)), np.nan),
    )


def _placement(country: str, history: History, test: Records) -> Episode:
    """Ask where each test project went, from its text."""
    sites = _chosen(test, *PLACEMENT_SITES)
    return _episode(country, history, sites, known=np.zeros_like(sites.sites))


def _scaling(country: str, history: History, test: Records) -> Episode:
    """Ask where each test project went beyond the known half of its sites."""
    chosen = _chosen(test, *SCALING_SITES)
    known = np.zeros_like(chosen.sites)
    for row, practice_id in enumerate(chosen.practice_ids):
        half = known_half(practice_id, chosen.places.ids[chosen.sites[row]])
        known[row] = np.isin(chosen.places.ids, half)
    return _episode(country, history, chosen, known)


def _chosen(test: Records, least: int, share: float) -> Records:
    """Keep projects with `least` sites or more, and at most `share` of the country's divisions."""
    sites = test.sites.sum(axis=1)
    keep = (sites >= least) & (sites <= share * len(test.places.ids))
    return _at(test, np.flatnonzero(keep), np.arange(len(test.places.ids)))


def _episode(country: str, history: History, asked: Records, known: Flags) -> Episode:
    """Put the practices asked about to a country's history."""
    return Episode(
        name=country,
        history=history,
        query_ids=np.array([f"{practice}@{country}" for practice in asked.practice_ids], dtype=object),
        subjects=asked.practice_ids,
        texts=asked.texts,
        item_ids=asked.places.ids,
        known=known,
        candidates=~known,
        relevant=asked.sites & ~known,
    )
