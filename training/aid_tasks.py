"""Tasks on records that date whole projects: placement and scaling, country by country."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import partial

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
    return task("placement", [partial(_placement, records, country) for country in _countries(records)])


def scaling(records: Records) -> Task:
    """Ask where a project goes on, half of its sites known: rank the other divisions."""
    return task("scaling", [partial(_scaling, records, country) for country in _countries(records)])


def folded_title(title: str) -> str:
    """Reduce a title to its letters a-z, unaccented and lower case."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", title).lower())


def known_half(practice_id: str, territory_ids: Names) -> Names:
    """Choose the half of a practice's sites (rounded down) that is told, by SHA-256."""
    digest = {site: hashlib.sha256(f"{practice_id}|{site}".encode()).hexdigest() for site in territory_ids}
    return np.array(sorted(digest, key=digest.__getitem__)[: len(digest) // 2], dtype=object)


def _countries(records: Records) -> list[str]:
    """Return the countries large enough to be measured."""
    return [country for country in sorted(set(records.places.countries)) if _large(records, country)]


def _large(records: Records, country: str) -> bool:
    """Tell whether a country has enough divisions, dated, training and test projects."""
    if len(records.places.within(country)) < LEAST_DIVISIONS:
        return False
    if len(_dated(records, country)) < LEAST_PROJECTS:
        return False
    history, test = _split(records, country)
    return len(history.practice_ids) >= LEAST_TRAINING and len(test.practice_ids) >= LEAST_TEST


def _dated(records: Records, country: str) -> NDArray[np.intp]:
    """Return the rows of the dated projects with sites in a country."""
    sites = records.sites[:, records.places.within(country)].sum(axis=1)
    return np.flatnonzero((sites > 0) & ~np.isnan(records.start_years))


def _split(records: Records, country: str) -> tuple[History, Records]:
    """Cut a country's dated projects at their 0.7 quantile of years: history and test projects."""
    here, dated = records.places.within(country), _dated(records, country)
    years = records.start_years[dated]
    cutoff = float(np.quantile(years, TRAINING_SHARE))
    training, later = dated[years <= cutoff], dated[years > cutoff]
    seen = {folded_title(title) for title in records.titles[training]}
    unseen = [folded_title(title) not in seen for title in records.titles[later]]
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
    return history, _at(records, later[np.array(unseen, dtype=bool)], here)


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


def _placement(records: Records, country: str) -> Episode:
    """Ask where each test project went, from its text."""
    history, test = _split(records, country)
    chosen = _chosen(test, *PLACEMENT_SITES)
    return _episode(country, history, chosen, known=np.zeros_like(chosen.sites))


def _scaling(records: Records, country: str) -> Episode:
    """Ask where each test project went beyond the known half of its sites."""
    history, test = _split(records, country)
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
