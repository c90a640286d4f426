"""The learned model as a method of the benchmark tasks: one given, or fitted anew for each query's date."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from recommender.adoption.model import AdoptionModel, Mode
from training.dated_tasks import LEAST_KNOWN
from training.ground import Sight
from training.history import Floats, History
from training.learning import episode_columns, learn
from training.task import Episode, Method, Task, leave_one_out

SITUATIONS = {
    "placement": "text",
    "scaling": "sites",
    "fit": "adopters",
    "new-practice": "adopters",
    "next": "momentum",
    "new-territory": "momentum",
}
"""Task -> the situation it puts the model in."""

STEP = 5
"""Years between the cuts at which weights for single new practices are fitted."""

FOLD = 5
"""Places left out together where peers and ablations are fitted for places without a record."""

Chooser = Callable[[Episode], AdoptionModel]
"""Which model may answer an episode."""
Past = Callable[[Episode], tuple[Hashable, list[History]]]
"""What an episode's weights may be fitted on, and a name for it that equal histories share."""
Fitted = TypeVar("Fitted")


def learned(task: Task, choose: Chooser, sight: Sight, mode: Mode = "likely") -> Method:
    """Return the method that asks the chosen model.

    Raises
    ------
    KeyError
        The model never learned the task's situation.
    """
    situation = SITUATIONS[task.name]

    def scores(episode: Episode) -> Floats:
        columns, _ = episode_columns(situation, episode, sight)
        return choose(episode).scores(situation, columns, episode.candidates, mode)

    return scores


def given(model: AdoptionModel) -> Chooser:
    """Let one model answer everything: nothing is fitted."""
    return lambda _: model


def past(task: Task) -> Past:
    """Return what gives, for each episode, the histories that weights may be fitted on.

    The projects of all countries of the package, cut at the episode's date; with dated adoptions the
    episode's own history. Episodes of single practices (`new-practice`) share the state of every
    fifth year before their third adoption, without any practice that had fewer than three adopters
    then: theirs is one of those.
    """
    aid = SITUATIONS[task.name] in ("text", "sites")
    histories = [episode.history for episode in task.episodes] if aid else []

    def known(episode: Episode) -> tuple[Hashable, list[History]]:
        cutoff = episode.history.cutoff
        if aid:
            return cutoff, [history.until(cutoff) for history in histories]
        if task.name == "new-territory":
            return episode.name, [episode.history]
        if task.name == "new-practice":
            cutoff = (cutoff - 1) // STEP * STEP
            return cutoff, [_established(episode.history.until(cutoff))]
        return cutoff, [episode.history]

    return known


def by_fold(task: Task) -> Past:
    """Return `past`, but for `new-territory` share a history by the places of a fold, all left out.

    What `past` leaves out is one place; here it is that place with `FOLD - 1` others.
    """
    known = past(task)
    if task.name != "new-territory":
        return known

    def shared(episode: Episode) -> tuple[Hashable, list[History]]:
        history = episode.history
        fold = int(np.searchsorted(history.places.ids, episode.subjects)[0]) // FOLD
        out = np.arange(len(history.places.ids)) // FOLD == fold
        sites = history.sites & ~out
        return (history.cutoff, fold), [
            replace(history, sites=sites, years=np.where(sites, history.years, np.nan))
        ]

    return shared


def refitted(task: Task, sight: Sight, known: Past | None = None) -> Chooser:
    """Fit for each episode on what was recorded by its date, in all countries of the package."""
    return remembered(known or past(task), lambda seen: learn({SITUATIONS[task.name]: seen}, sight))


def remembered(known: Past, fit: Callable[[list[History]], Fitted]) -> Callable[[Episode], Fitted]:
    """Fit once for all episodes that may be fitted on the same histories."""
    found: dict[Hashable, Fitted] = {}

    def choose(episode: Episode) -> Fitted:
        key, seen = known(episode)
        if key not in found:
            found[key] = fit(seen)
        return found[key]

    return choose


def left_out(task: Task, sight: Sight) -> Chooser:
    """Fit for each country on the other countries only, as they stood at its date (`new-country`)."""
    others = {episode.name: list(rest) for rest, episode in leave_one_out(task)}
    return remembered(
        lambda episode: (episode.name, others[episode.name]),
        lambda seen: learn({SITUATIONS[task.name]: seen}, sight),
    )


def _established(history: History) -> History:
    """Keep the practices that have enough adopters to be asked about."""
    rows = history.sites.sum(axis=1) >= LEAST_KNOWN
    return replace(
        history,
        practice_ids=history.practice_ids[rows],
        texts=history.texts[rows],
        sites=history.sites[rows],
        years=history.years[rows],
        start_years=history.start_years[rows],
    )
