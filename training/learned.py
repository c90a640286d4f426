"""The learned model as a method of the benchmark tasks: one given, or fitted anew for each query's date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from recommender.adoption_model import AdoptionModel, Mode
from training.dated_tasks import LEAST_KNOWN
from training.ground import Wording
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

Chooser = Callable[[Episode], AdoptionModel]
"""Which model may answer an episode."""


def learned(task: Task, choose: Chooser, wording: Wording, mode: Mode = "likely") -> Method:
    """Return the method that asks the chosen model.

    Raises
    ------
    KeyError
        The model never learned the task's situation.
    """
    situation = SITUATIONS[task.name]

    def scores(episode: Episode) -> Floats:
        columns, _ = episode_columns(situation, episode, wording)
        return choose(episode).scores(situation, columns, episode.candidates, mode)

    return scores


def given(model: AdoptionModel) -> Chooser:
    """Let one model answer everything: nothing is fitted."""
    return lambda _: model


def refitted(task: Task, wording: Wording) -> Chooser:
    """Fit for each episode on what was recorded by its date, in all countries of the package.

    Episodes of single practices (`new-practice`) share the fits of every fifth year before their
    third adoption, made without any practice that had fewer than three adopters then: theirs
    is one of those.
    """
    situation, known = SITUATIONS[task.name], dict[float, AdoptionModel]()
    aid = situation in ("text", "sites")
    histories = [episode.history for episode in task.episodes] if aid else []

    def choose(episode: Episode) -> AdoptionModel:
        if task.name == "new-territory":
            return learn({situation: [episode.history]}, wording)
        cutoff = episode.history.cutoff
        if task.name == "new-practice":
            cutoff = (cutoff - 1) // STEP * STEP
        if cutoff not in known:
            seen = histories if aid else [episode.history]
            cut = [history.until(cutoff) for history in seen]
            if task.name == "new-practice":
                cut = [_established(history) for history in cut]
            known[cutoff] = learn({situation: cut}, wording)
        return known[cutoff]

    return choose


def left_out(task: Task, wording: Wording) -> Chooser:
    """Fit for each country on the other countries only, as they stood at its date (`new-country`)."""
    situation = SITUATIONS[task.name]
    others: dict[str, Sequence[History]] = {episode.name: rest for rest, episode in leave_one_out(task)}
    known: dict[str, AdoptionModel] = {}

    def choose(episode: Episode) -> AdoptionModel:
        if episode.name not in known:
            known[episode.name] = learn({situation: others[episode.name]}, wording)
        return known[episode.name]

    return choose


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
