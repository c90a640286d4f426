"""Trains one model on the training periods of several packages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recommender.adoption.model import AdoptionModel
from recommender.evaluation import NDCG_10, compare
from training.adoption_report import LEFT_OUT, SYSTEM, Promise, measure
from training.aid_tasks import placement, scaling
from training.dated_tasks import CUTOFFS, fit
from training.ground import Sight
from training.history import History, Records
from training.learning import learn
from training.task import Progress, Task
from training.tasks import TASKS

HONEST = ("placement", "scaling", "fit", "next", "new-territory")
"""Tasks whose every query lies after all that one model for all dates is fitted on."""


def is_dated(records: Records) -> bool:
    """Tell whether adoptions have years of their own, not only that of the whole practice.

    They have where most practices with several dated adoptions did not get them all in one year.
    """
    known = np.isfinite(records.years)
    several = known.sum(axis=1) >= 2
    first = np.where(known, records.years, np.inf).min(axis=1, initial=np.inf)
    last = np.where(known, records.years, -np.inf).max(axis=1, initial=-np.inf)
    return bool(several.any() and (last > first)[several].mean() > 0.5)


def tasks_of(records: Records) -> dict[str, Task]:
    """Return the tasks a package can be asked, each with at least one query."""
    names = (
        ("fit", "next", "new-territory", "new-practice") if is_dated(records) else ("placement", "scaling")
    )
    tasks = {name: TASKS[name](records) for name in names}
    return {name: task for name, task in tasks.items() if task.queries}


def training_histories(packages: Mapping[str, Records]) -> dict[str, list[History]]:
    """Return what each situation may be learned from: nothing later than the first test of its package."""
    found: dict[str, list[History]] = {"text": [], "sites": [], "adopters": [], "momentum": []}
    for records in packages.values():
        if is_dated(records):
            history = [episode.history for episode in fit(records, CUTOFFS[:1]).episodes]
            found["adopters"] += history
            found["momentum"] += history
        else:
            found["text"] += [episode.history for episode in placement(records).episodes]
            found["sites"] += [episode.history for episode in scaling(records).episodes]
    return found


def train(packages: Mapping[str, Records], sight: Sight, version: str) -> AdoptionModel:
    """Fit and calibrate a model; the same packages give the same model."""
    return learn(training_histories(packages), sight, version)


def measure_all(
    model: AdoptionModel, packages: Mapping[str, Records], sight: Sight, progress: Progress | None = None
) -> dict[str, Any]:
    """Measure a trained model on every task that lies wholly after its training.

    Returns
    -------
    dict
        ``task, package`` -> figures: queries, nDCG@10 in both modes and of the strongest reference,
        the paired 95 % interval of the difference, ECE and Brier score.
    """
    asked = [
        (name, package, task)
        for package, records in packages.items()
        for name, task in tasks_of(records).items()
        if name in HONEST
    ]
    found: dict[str, Any] = {}
    for done, (name, package, task) in enumerate(asked, start=1):
        outcome = measure(task, package, sight, model)
        systems, best = outcome.measurement.systems, outcome.best_reference
        likely, fit_only, reference = (
            systems[key][str(NDCG_10)] for key in (SYSTEM["likely"], SYSTEM["fit"], best)
        )
        found[f"{name}, {package}"] = {
            "queries": outcome.measurement.queries,
            "likely": round(float(likely.mean()), 4),
            "fit": round(float(fit_only.mean()), 4),
            "strongest_reference": best,
            "reference": round(float(reference.mean()), 4),
            "difference": [round(value, 4) for value in compare(likely, reference)],
            **_held(outcome.promise),
        }
        if progress:
            progress(done, len(asked))
    return found


def measure_left_out(
    packages: Mapping[str, Records], sight: Sight, progress: Progress | None = None
) -> dict[str, Any]:
    """Measure how well probabilities hold in countries that take no part in fit and calibration.

    Each country of a package with several is left out in turn; weights and calibration come from the others.

    Returns
    -------
    dict
        ``task, package`` -> nDCG@10, ECE, Brier score, coverage and width of the intervals.
    """
    asked = [
        (name, package, task)
        for package, records in packages.items()
        if len(set(records.places.countries)) > 1
        for name, task in tasks_of(records).items()
        if name in ("placement", "scaling")
    ]
    found: dict[str, Any] = {}
    for done, (name, package, task) in enumerate(asked, start=1):
        outcome = measure(task, package, sight, country_left_out=True)
        found[f"{name}, {package}"] = {
            "likely": round(float(outcome.measurement.systems[LEFT_OUT][str(NDCG_10)].mean()), 4),
            **_held(outcome.promise),
        }
        if progress:
            progress(done, len(asked))
    return found


def _held(promise: Promise | None) -> dict[str, Any]:
    """Return how well probabilities held, as plain data; unknown figures are None."""
    if promise is None:
        return {}
    return {
        "ece": _rounded(promise.ece),
        "brier": _rounded(promise.brier),
        "coverage": _rounded(promise.coverage),
        "width": _rounded(promise.width),
        "promised": [round(value, 4) for value in promise.promised],
        "observed": [round(value, 4) for value in promise.observed],
    }


def _rounded(value: float) -> float | None:
    """Round to four digits; None where the figure is not defined."""
    return round(value, 4) if np.isfinite(value) else None
