"""Lessons: the benchmark tasks made again from what was known before, so that weights can be fitted.

A lesson is an episode whose history ends earlier than the history it was made from, or whose
practice is left out of it; its answers lie within that history. Nothing here can see a test.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from training.aid_tasks import PLACEMENT_SITES, SCALING_SITES, folded_title, known_half
from training.dated_tasks import CURRENT, HORIZON, LEAST_KNOWN
from training.history import Flags, History
from training.task import Episode

CUTS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
"""Quantiles of the first years at which a country's records are cut again."""
FEWEST = 10
"""Fewer practices than this are no history."""
LEAST_SITES = 3
"""One fewer than the task asks for: half of three is one known site, and records are short."""
YEARS_BACK = 40
HALF_LIFE = 8
"""Years after which what happened counts half in a fit: how policies spread changes."""


def text_lessons(history: History) -> Iterator[Episode]:
    """Ask of every practice where it went, the others known (left out one by one)."""
    sites = history.sites.sum(axis=1)
    least, share = PLACEMENT_SITES
    rows = (sites >= least) & (sites <= share * history.sites.shape[1])
    yield _episode(history, history, rows, np.zeros((int(rows.sum()), history.sites.shape[1]), dtype=bool))


def sites_lessons(history: History) -> Iterator[Episode]:
    """Ask at several earlier cuts where the practices that came next went beyond half of their sites."""
    known_years = history.start_years[np.isfinite(history.start_years)]
    if not len(known_years):
        return
    cuts = sorted({float(np.quantile(known_years, share)) for share in CUTS})
    for cut, end in zip(cuts, [*cuts[1:], np.inf], strict=True):
        yield from later_practices(history, cut, end, (LEAST_SITES, SCALING_SITES[1]), told=True)


def later_practices(
    history: History, cut: float, end: float, sites: tuple[int, float], *, told: bool
) -> Iterator[Episode]:
    """Ask at an earlier cut where the practices of the years after it went; nothing if none can be asked.

    Parameters
    ----------
    cut, end : float
        Asked is about practices begun in (cut, end], those under an earlier title left out.
    sites : (int, float)
        Fewest sites of a practice, and the largest share of all places.
    told : bool
        Half of the sites are known; else none is.
    """
    earlier, before = history.until(cut), history.start_years <= cut
    titles = np.array([folded_title(text) for text in history.texts], dtype=object)
    (least, share), reach = sites, history.sites.sum(axis=1)
    rows = ~before & (history.start_years <= end) & (reach >= least)
    rows &= (reach <= share * history.sites.shape[1]) & ~np.isin(titles, titles[before])
    if len(earlier.practice_ids) >= FEWEST and rows.any():
        nothing = np.zeros((int(rows.sum()), history.sites.shape[1]), dtype=bool)
        yield _episode(history, earlier, rows, _halves(history, rows) if told else nothing)


def adopters_lessons(history: History) -> Iterator[Episode]:
    """Ask at each of the last forty years who adopted within the five that followed."""
    for year, earlier, later in _past(history):
        rows = earlier.sites.sum(axis=1) >= LEAST_KNOWN
        yield (
            Episode(
                name=str(year),
                history=earlier,
                query_ids=earlier.practice_ids,
                subjects=earlier.practice_ids,
                texts=earlier.texts,
                item_ids=earlier.places.ids,
                known=earlier.sites,
                candidates=~earlier.sites,
                relevant=later,
                weight=_weight(history, year),
            )
            .only(rows)
            .measurable()
        )


def momentum_lessons(history: History) -> Iterator[Episode]:
    """Ask at each of the last forty years what every place adopted within the five that followed."""
    for year, earlier, later in _past(history):
        current = earlier.adopters_since(year - CURRENT).any(axis=1)
        candidates = ~earlier.sites.T & current
        yield Episode(
            name=str(year),
            history=earlier,
            query_ids=earlier.places.ids,
            subjects=earlier.places.ids,
            texts=np.full(len(earlier.places.ids), "", dtype=object),
            item_ids=earlier.practice_ids,
            known=earlier.sites.T,
            candidates=candidates,
            relevant=later.T & candidates,
            weight=_weight(history, year),
        ).measurable()


LESSONS = {
    "text": text_lessons,
    "sites": sites_lessons,
    "adopters": adopters_lessons,
    "momentum": momentum_lessons,
}
"""Situation -> what makes its lessons of a history."""


def _past(history: History) -> Iterator[tuple[int, History, Flags]]:
    """Yield year, what was known by then, and what its practices adopted in the five years after."""
    if np.isnan(history.years).all():
        return
    last = int(np.floor(history.cutoff)) - HORIZON
    for year in range(last - YEARS_BACK + 1, last + 1):
        earlier = history.until(year)
        if len(earlier.practice_ids) >= FEWEST:
            years = history.years[history.start_years <= year]
            yield year, earlier, (years > year) & (years <= year + HORIZON)


def _weight(history: History, year: float) -> float:
    return float(0.5 ** ((history.cutoff - HORIZON - year) / HALF_LIFE))


def _halves(history: History, rows: Flags) -> Flags:
    """Choose the half of each practice's sites that is told; another half than a test would tell."""
    known = np.zeros((int(rows.sum()), history.sites.shape[1]), dtype=bool)
    for place, row in enumerate(np.flatnonzero(rows)):
        told = known_half(f"lesson|{history.practice_ids[row]}", history.places.ids[history.sites[row]])
        known[place] = np.isin(history.places.ids, told)
    return known


def _episode(whole: History, seen: History, rows: Flags, known: Flags) -> Episode:
    """Put some practices of a history to what was seen of it."""
    return Episode(
        name=str(seen.cutoff),
        history=seen,
        query_ids=whole.practice_ids[rows],
        subjects=whole.practice_ids[rows],
        texts=whole.texts[rows],
        item_ids=whole.places.ids,
        known=known,
        candidates=~known,
        relevant=whole.sites[rows] & ~known,
    ).measurable()
