"""Tasks on records with a year per place: what spreads where next, seen from a cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from training.history import Flags, Floats, History, Names, Records
from training.task import Episode, Task, task

# The README of the benchmark packages fixes all of these.
CUTOFFS = (1990, 1995, 2000)
HORIZON = 5
NEW_PRACTICE_HORIZON = 10
LEAST_KNOWN = 3
CURRENT = 10
FIRST_THIRD_ADOPTION = 1975


def fit(records: Records, cutoffs: Sequence[int] = CUTOFFS) -> Task:
    """Ask who is next of every practice with three adopters or more: rank the places without it."""
    return task("fit", [partial(_fit, records, cutoff) for cutoff in cutoffs])


def next_practice(records: Records, cutoffs: Sequence[int] = CUTOFFS) -> Task:
    """Ask what is next of every place: rank the practices adopted of late that it lacks."""
    return task("next", [partial(_next, records, cutoff) for cutoff in cutoffs])


def new_territory(records: Records, cutoffs: Sequence[int] = CUTOFFS) -> Task:
    """Ask the same of places of which nothing is known: a history each, without its own column."""
    asked = [(cutoff, row) for cutoff in cutoffs for row in range(len(records.places.ids))]
    return task("new-territory", [partial(_without_place, records, *one) for one in asked])


def new_practice(records: Records) -> Task:
    """Ask who follows of every practice as it stood at its third adoption: rank the other places."""
    last = float(np.nanmax(records.years)) if not np.isnan(records.years).all() else -np.inf
    recipes = []
    for row in range(len(records.practice_ids)):
        years = np.sort(records.years[row][~np.isnan(records.years[row])])
        if len(years) <= LEAST_KNOWN:
            continue
        third = float(years[LEAST_KNOWN - 1])
        if FIRST_THIRD_ADOPTION <= third <= last - NEW_PRACTICE_HORIZON:
            recipes.append(partial(_new_practice, records, row, third))
    return task("new-practice", recipes)


def _fit(records: Records, cutoff: int) -> Episode:
    """Ask of every practice with enough adopters who is next."""
    kept = _begun(records, cutoff)
    history = _history(records, cutoff, kept)
    episode = Episode(
        name=str(cutoff),
        history=history,
        query_ids=_labelled(history.practice_ids, cutoff),
        subjects=history.practice_ids,
        texts=history.texts,
        item_ids=history.places.ids,
        known=history.sites,
        candidates=~history.sites,
        relevant=_adopted(records.years[kept], cutoff, cutoff + HORIZON),
    )
    return episode.only(history.sites.sum(axis=1) >= LEAST_KNOWN)


def _next(records: Records, cutoff: int) -> Episode:
    """Ask of every place which practice is next."""
    kept = _begun(records, cutoff)
    history = _history(records, cutoff, kept)
    current = history.adopters_since(cutoff - CURRENT).sum(axis=1) > 0
    candidates = ~history.sites.T & current
    return Episode(
        name=str(cutoff),
        history=history,
        query_ids=_labelled(history.places.ids, cutoff),
        subjects=history.places.ids,
        texts=np.full(len(history.places.ids), "", dtype=object),
        item_ids=history.practice_ids,
        known=history.sites.T,
        candidates=candidates,
        relevant=candidates & _adopted(records.years[kept], cutoff, cutoff + HORIZON).T,
        unseen=int((~kept).sum()),
    )


def _without_place(records: Records, cutoff: int, row: int) -> Episode:
    """Ask one place's question of a history in which it never did anything."""
    episode = _next(records, cutoff)
    asked = episode.only(np.arange(len(episode.subjects)) == row)
    sites, years = episode.history.sites.copy(), episode.history.years.copy()
    sites[:, row], years[:, row] = False, np.nan
    return replace(
        asked,
        name=f"{asked.subjects[0]}@{episode.name}",
        history=replace(episode.history, sites=sites, years=years),
        known=np.zeros_like(asked.known),
    )


def _new_practice(records: Records, row: int, third: float) -> Episode:
    """Ask one practice's question of every other practice's history."""
    others = _begun(records, third)
    others[row] = False
    own = records.years[row : row + 1]
    known = _adopted(own, -np.inf, third)
    return Episode(
        name=str(records.practice_ids[row]),
        history=_history(records, third, others),
        query_ids=records.practice_ids[row : row + 1],
        subjects=records.practice_ids[row : row + 1],
        texts=records.texts[row : row + 1],
        item_ids=records.places.ids,
        known=known,
        candidates=~known,
        relevant=_adopted(own, third, third + NEW_PRACTICE_HORIZON),
    )


def _history(records: Records, cutoff: float, rows: Flags) -> History:
    """Return some practices with their adoptions at or before the cutoff."""
    years: Floats = records.years[rows]
    sites = _adopted(years, -np.inf, cutoff)
    return History(
        cutoff=cutoff,
        practice_ids=records.practice_ids[rows],
        texts=records.texts[rows],
        places=records.places,
        sites=sites,
        years=np.where(sites, years, np.nan),
        start_years=np.where(sites, years, np.inf).min(axis=1, initial=np.inf),
        standings_at=records.standings_at,
    )


def _begun(records: Records, cutoff: float) -> Flags:
    """Tell which practices somebody had at the cutoff."""
    begun: Flags = _adopted(records.years, -np.inf, cutoff).sum(axis=1) > 0
    return begun


def _adopted(years: NDArray[np.float64], after: float, until: float) -> Flags:
    """Tell which adoptions fall in (after, until]."""
    return (years > after) & (years <= until)


def _labelled(ids: Names, cutoff: int) -> Names:
    """Return query ids of the form ``id@cutoff``."""
    return np.array([f"{key}@{cutoff}" for key in ids], dtype=object)
