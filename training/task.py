"""A benchmark task: queries with their candidates, what is known, and what came true.

A task is a sequence of episodes; an episode is one history with the queries asked of it, so that a
method can answer all of them in a few array operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.qrels import Qrels, Run
from training.history import Flags, Floats, History, Names

Progress = Callable[[int, int], None]
"""Called with the number of finished steps and the number of all steps."""


@dataclass(frozen=True, eq=False)
class Episode:
    """The queries put to one history. Either practices look for places, or places for practices.

    Parameters
    ----------
    name : str
        The country, cutoff year or practice it belongs to.
    history : History
    query_ids : ndarray of shape (Q,)
        As in run files.
    subjects : ndarray of shape (Q,)
        Id of the practice or place that asks.
    texts : ndarray of shape (Q,)
        Text of the practice that asks; empty where a place asks.
    item_ids : ndarray of shape (n_items,)
        All places or all practices of the history, in the order of its columns or rows.
    known : ndarray of shape (Q, n_items), bool
        What the subject is known to have: sites, adopters, or practices.
    candidates : ndarray of shape (Q, n_items), bool
        What is ranked.
    relevant : ndarray of shape (Q, n_items), bool
        What came true, candidates only. The answer: for measuring, never for a method.
    unseen : int
        Practices of the package that nobody had at the cutoff. They are in no array; z-scores over
        all items count them as zeros.
    weight : float
        What a query counts beside those of other episodes when something is fitted on them.
    """

    name: str
    history: History
    query_ids: Names
    subjects: Names
    texts: Names
    item_ids: Names
    known: Flags
    candidates: Flags
    relevant: Flags
    unseen: int = 0
    weight: float = 1.0

    def only(self, rows: Flags) -> Episode:
        """Return the episode with some of its queries."""
        parts = ("query_ids", "subjects", "texts", "known", "candidates", "relevant")
        return replace(self, **{name: getattr(self, name)[rows] for name in parts})

    def measurable(self) -> Episode:
        """Drop the queries without a relevant or without an irrelevant candidate."""
        irrelevant = self.candidates & ~self.relevant
        return self.only((self.relevant.sum(axis=1) > 0) & (irrelevant.sum(axis=1) > 0))


Recipe = Callable[[], Episode]


@dataclass(frozen=True, eq=False)
class Task:
    """A named sequence of episodes, each with at least one measurable query.

    Episodes are made when they are asked for: all histories of a task at once would fill the
    memory where every query has its own.
    """

    name: str
    recipes: tuple[Recipe, ...]
    queries: int

    @property
    def episodes(self) -> Iterator[Episode]:
        """Make the episodes one after the other, measurable queries only."""
        return (recipe().measurable() for recipe in self.recipes)


Method = Callable[[Episode], Floats]
"""Scores of shape (Q, n_items), higher is better; those of non-candidates are not read."""


def task(name: str, recipes: Iterable[Recipe]) -> Task:
    """Make a task of the measurable queries of some episodes."""
    counts = {recipe: len(recipe().measurable().query_ids) for recipe in recipes}
    return Task(name, tuple(recipe for recipe, count in counts.items() if count), sum(counts.values()))


def qrels_of(task: Task) -> Qrels:
    """Return the answers of a task: grade 1 or 0 for every candidate."""
    return Qrels(_joined([_rows(e, e.relevant.astype(int), "grade") for e in task.episodes], "grade"))


def run_of(task: Task, method: Method, progress: Progress | None = None) -> Run:
    """Ask a method every query of a task."""
    parts = []
    for done, episode in enumerate(task.episodes, start=1):
        parts.append(_rows(episode, method(episode), "score"))
        if progress:
            progress(done, len(task.recipes))
    return Run(_joined(parts, "score"))


def leave_one_out(task: Task) -> Iterator[tuple[tuple[History, ...], Episode]]:
    """Yield each episode with the other episodes' histories: what weights may be fitted on.

    On the aid tasks, whose episodes are countries, this is the task of the new country: its own
    history may feed features, as a new pack's catalogue would, but fits no weight. The others are
    cut at its date, and their queries and answers stay out of reach.
    """
    histories = [episode.history for episode in task.episodes]
    for index, episode in enumerate(task.episodes):
        others = histories[:index] + histories[index + 1 :]
        yield tuple(other.until(episode.history.cutoff) for other in others), episode


def _rows(episode: Episode, values: NDArray[Any], name: str) -> pd.DataFrame:
    """Put one value per candidate into rows of query_id, item_id, value."""
    query, item = np.nonzero(episode.candidates)
    return pd.DataFrame(
        {
            "query_id": episode.query_ids[query],
            "item_id": episode.item_ids[item],
            name: values[query, item],
        }
    )


def _joined(parts: Sequence[pd.DataFrame], name: str) -> pd.DataFrame:
    empty = pd.DataFrame({"query_id": [], "item_id": [], name: np.empty(0)})
    return pd.concat(parts, ignore_index=True) if parts else empty
