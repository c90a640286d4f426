"""What the learned model reaches on the adoption tasks, beside references, peers and ablations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.adoption.calibration import brier_score, coverage, expected_calibration_error
from recommender.adoption.model import AdoptionModel, Mode
from recommender.domain import DataError, ModelError, UnknownValue
from recommender.evaluation import NDCG_10
from recommender.qrels import Run
from training import tables
from training.ground import Sight
from training.history import Records
from training.learned import SITUATIONS, Chooser, given, learned, left_out, refitted
from training.learning import episode_columns
from training.measurement import Measurement, measure_methods, summarise
from training.peers import ablations, peers
from training.reference_table import REFERENCES
from training.tables import Provenance
from training.task import Method, Progress, Task, run_of
from training.tasks import TASKS

NEW_COUNTRY = "new-country"
TASK_NAMES = (*TASKS, NEW_COUNTRY)
DATED = frozenset({"fit", "next", "new-territory"})
SYSTEM: Mapping[Mode, str] = {"likely": "Arraigo, likely", "fit": "Arraigo, fit"}
LEFT_OUT = "Arraigo, weights of other countries"
OTHER_SPAN = frozenset({"new-practice"})
"""Tasks over ten years: the probabilities of dated adoptions are over five."""


@dataclass(frozen=True)
class Promise:
    """How well the probabilities of ``mode=likely`` hold on a task's pairs.

    Parameters
    ----------
    ece, brier : float
    coverage, width : float
        Share of groups of ten comparable pairs whose share of adopters lies in its 90 % interval, and
        the interval's mean width.
    promised, observed : tuple of float
        Mean probability and share of adopters in ten bins of equal size, lowest first.
    """

    ece: float
    brier: float
    coverage: float
    width: float
    promised: tuple[float, ...]
    observed: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One task measured.

    Parameters
    ----------
    measurement : Measurement
    best_reference : str
        The reference method with the highest nDCG@10: the baseline of all differences.
    run : Run
        The learned model's answers in the mode asked for.
    promise : Promise or None
        None where the task asks for another span of years than the probabilities speak of.
    """

    measurement: Measurement
    best_reference: str
    run: Run
    promise: Promise | None


def make_task(name: str, records: Records, cutoffs: Sequence[int] = ()) -> Task:
    """Build a task; `cutoffs` only where the task has some.

    Raises
    ------
    UnknownValue
        Cutoffs were given to a task that has none.
    """
    if cutoffs and name not in DATED:
        raise UnknownValue(
            es=f"La tarea «{name}» no tiene fechas de corte; quite --cutoffs.",
            en=f"The task '{name}' has no cutoffs; leave --cutoffs out.",
            field="cutoffs",
        )
    return TASKS[name](records, cutoffs) if cutoffs else TASKS[name](records)


def measure(
    task: Task,
    data: str,
    sight: Sight,
    model: AdoptionModel | None = None,
    *,
    mode: Mode = "likely",
    country_left_out: bool = False,
    full: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Outcome:
    """Measure the learned model on a task.

    Parameters
    ----------
    model : AdoptionModel, optional
        Answers everything, nothing is fitted; None fits anew for each query's date.
    mode : {'likely', 'fit'}
        Of the run; both modes are measured.
    country_left_out : bool
        Also measure weights fitted on the other countries only (`new-country`).
    full : bool
        Also measure peers through libraries, and ablations.

    Raises
    ------
    ModelError
        The model never learned what the task asks.
    DataError
        The task has no query.
    """
    choose = refitted(task, sight) if model is None else _able(task, model)
    ours: dict[str, Method] = {SYSTEM[each]: learned(task, choose, sight, each) for each in ("likely", "fit")}
    run_choose = choose
    if country_left_out:
        run_choose = left_out(task, sight)
        ours[LEFT_OUT] = learned(task, run_choose, sight, mode)
    methods = {**ours, **REFERENCES[task.name]}
    if full:
        methods |= peers(task, sight, seed) | ablations(task, sight)
    measurement = measure_methods(task, data, methods, progress)
    means = {name: measurement.systems[name][str(NDCG_10)].mean() for name in REFERENCES[task.name]}
    run = run_of(task, ours[LEFT_OUT if country_left_out else SYSTEM[mode]])
    promise = None if task.name in OTHER_SPAN else promise_of(task, run_choose, sight)
    return Outcome(measurement, max(means, key=lambda name: means[name]), run, promise)


def promise_of(task: Task, choose: Chooser, sight: Sight) -> Promise:
    """Compare the probabilities of ``mode=likely`` with what came true."""
    situation = SITUATIONS[task.name]
    chances, outcomes, covered = [], [], []
    for episode in task.episodes:
        columns, rates = episode_columns(situation, episode, sight)
        model, chosen = choose(episode), episode.candidates
        query = np.nonzero(chosen)[0]
        scores = model.score(situation, columns, chosen).score
        chances.append(model.probability(situation, scores, rates[query]))
        outcomes.append(episode.relevant[chosen])
        calibration = model.situations[situation].calibration
        covered.append((*coverage(calibration, chances[-1], outcomes[-1], query), len(episode.query_ids)))
    chance, adopted = np.concatenate(chances), np.concatenate(outcomes)
    held = np.array([row for row in covered if np.isfinite(row[0])]).reshape(-1, 3)
    inside, width = np.average(held[:, :2], axis=0, weights=held[:, 2]) if len(held) else (np.nan, np.nan)
    bins = np.array_split(np.argsort(chance, kind="stable"), 10)
    return Promise(
        expected_calibration_error(chance, adopted),
        brier_score(chance, adopted),
        float(inside),
        float(width),
        tuple(float(chance[part].mean()) for part in bins if len(part)),
        tuple(float(adopted[part].mean()) for part in bins if len(part)),
    )


def markdown(title: str, outcome: Outcome, provenance: Provenance) -> str:
    """Write an outcome as a Markdown section, differences to the strongest reference."""
    baseline = outcome.best_reference
    rows = summarise(outcome.measurement, baseline, seed=provenance.seed, resamples=provenance.resamples)
    promise = outcome.promise
    table = tables.markdown(title, outcome.measurement, rows, baseline, provenance)
    if promise is None:
        return f"{table}\nProbabilities are over another span of years than this task.\n"
    pairs = zip(promise.promised, promise.observed, strict=True)
    bins = ", ".join(f"{a:.2f} → {b:.2f}" for a, b in pairs)
    return (
        f"{table}\nProbabilities (mode likely): ECE {promise.ece:.3f}, Brier {promise.brier:.3f}, "
        f"coverage of the 90 % interval {promise.coverage:.1%} at a mean width of {promise.width:.2f}; "
        f"promised → observed in ten bins: {bins}.\n"
    )


def document(outcome: Outcome, provenance: Provenance) -> dict[str, object]:
    """Return the same as plain data, every query's values included."""
    rows = summarise(
        outcome.measurement, outcome.best_reference, seed=provenance.seed, resamples=provenance.resamples
    )
    found = tables.as_json(outcome.measurement, rows, outcome.best_reference, provenance)
    promise = outcome.promise
    if promise is None:
        return found | {"calibration": None}
    return found | {
        "calibration": {
            "ECE": promise.ece,
            "Brier": promise.brier,
            "coverage": promise.coverage,
            "width": promise.width,
            "promised": promise.promised,
            "observed": promise.observed,
        }
    }


def _able(task: Task, model: AdoptionModel) -> Chooser:
    """Return the model as a chooser, if it learned what the task asks."""
    if SITUATIONS[task.name] not in model.situations:
        raise ModelError(
            es=f"El modelo {model.version} no aprendió lo que pide la tarea «{task.name}»; use --refit.",
            en=f"The model {model.version} never learned what the task '{task.name}' asks; use --refit.",
        )
    if not task.queries:
        raise DataError(
            es=f"La tarea «{task.name}» no tiene ninguna consulta en este paquete.",
            en=f"The task '{task.name}' has no query in this package.",
        )
    return given(model)
