"""The training part of a package cut once more: what there is to develop on without seeing a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from training.aid_tasks import PLACEMENT_SITES, SCALING_SITES
from training.dated_tasks import CUTOFFS, HORIZON, fit
from training.history import History, Records
from training.lessons import FEWEST, LESSONS, later_practices
from training.task import Episode
from training.tasks import TASKS
from training.train import is_dated

SHARES = 0.5, 0.7
"""Quantiles of the years of a country's training projects at which they are cut again."""
YEARS_BEFORE = 15, 10, 5
"""Years before the first test at which dated adoptions are cut again."""
AID = {"text": ("placement", PLACEMENT_SITES), "sites": ("scaling", SCALING_SITES)}
"""Situation -> the task that asks it, and the sites it asks for."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Lessons of what came before a cut, and questions about what came after.

    Parameters
    ----------
    situation : str
    label : str
        Year or quantile of the cut.
    lessons, asked : list of Episode
    """

    situation: str
    label: str
    lessons: list[Episode]
    asked: list[Episode]


def earlier_cuts(records: Records) -> Iterator[Cut]:
    """Yield the earlier cuts of a package, those of each situation its records allow."""
    if is_dated(records):
        for episode in fit(records, CUTOFFS[:1]).episodes:
            for situation in ("adopters", "momentum"):
                for back in YEARS_BEFORE:
                    yield from _dated(situation, episode.history, int(episode.history.cutoff) - back)
        return
    for situation, (task, _) in AID.items():
        histories = [episode.history for episode in TASKS[task](records).episodes]
        for share in SHARES:
            yield _aid(situation, histories, share)


def _dated(situation: str, history: History, year: int) -> Iterator[Cut]:
    """Learn until a year, ask about the five that followed; nothing if they cannot be asked about."""
    lessons = list(LESSONS[situation](history.until(year)))
    asked = [e for e in LESSONS[situation](history.until(year + HORIZON)) if e.name == str(year)]
    if lessons and asked:
        yield Cut(situation, str(year), lessons, [replace(each, weight=1.0) for each in asked])


def _aid(situation: str, histories: list[History], share: float) -> Cut:
    """Learn on the earlier projects of every country, ask about the later ones."""
    lessons: list[Episode] = []
    asked: list[Episode] = []
    for history in histories:
        year = float(np.quantile(history.start_years, share))
        earlier = history.until(year)
        if len(earlier.practice_ids) < FEWEST:
            continue
        lessons += LESSONS[situation](earlier)
        asked += later_practices(history, year, np.inf, AID[situation][1], told=situation == "sites")
    return Cut(situation, f"{share:.0%} of the years", lessons, asked)
