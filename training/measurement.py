"""Several systems measured on the same queries: figures per query, intervals, paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from recommender.domain import DataError, UnknownValue
from recommender.evaluation import AUC, NDCG_10, Interval, Measure, bootstrap, evaluate
from recommender.qrels import Qrels, Run
from training.task import Method, Progress, Task, qrels_of, run_of


@dataclass(frozen=True, eq=False)
class Measurement:
    """What systems reached on one task.

    Parameters
    ----------
    task, data : str
        What was asked, and of which data (name and version).
    systems : mapping of str to DataFrame of shape (queries, measures)
        One row per query, the same queries for all; NaN where a measure is not defined.
    """

    task: str
    data: str
    systems: Mapping[str, pd.DataFrame]

    @property
    def queries(self) -> int:
        """The number of queries measured."""
        return max((len(frame) for frame in self.systems.values()), default=0)

    def per_query(self) -> pd.DataFrame:
        """Return every value in rows of task, query_id, system, measure, value."""
        parts = [
            frame.reset_index().melt("query_id", var_name="measure").assign(task=self.task, system=name)
            for name, frame in self.systems.items()
        ]
        columns = ["task", "query_id", "system", "measure", "value"]
        return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a result table.

    Parameters
    ----------
    means : mapping of str to Interval
        Measure -> mean over queries with its 95 % interval.
    differences : mapping of str to Interval
        Measure -> this system less the baseline, paired by query; empty for the baseline itself.
    """

    system: str
    means: Mapping[str, Interval]
    differences: Mapping[str, Interval]


def measure_runs(
    task: str, data: str, runs: Mapping[str, Run], qrels: Qrels, measures: Sequence[Measure]
) -> Measurement:
    """Measure systems that have answered already."""
    return Measurement(task, data, {name: evaluate(run, qrels, measures) for name, run in runs.items()})


def measure_methods(
    task: Task, data: str, methods: Mapping[str, Method], progress: Progress | None = None
) -> Measurement:
    """Ask every method every query of a benchmark task and measure the answers.

    Parameters
    ----------
    progress : callable, optional
        Called after every episode of every method.

    Raises
    ------
    DataError
        The package's records are too few for the task: it has no query.
    """
    if not task.queries:
        raise DataError(
            es=f"{data}: la tarea «{task.name}» no tiene ninguna consulta; el paquete necesita más "
            "adopciones con año, o países con más divisiones y proyectos.",
            en=f"{data}: the task '{task.name}' has no query; the package needs more dated adoptions, "
            "or countries with more divisions and projects.",
            task=task.name,
        )
    qrels, steps = qrels_of(task), len(methods) * len(task.recipes)
    systems = {}
    for place, (name, method) in enumerate(methods.items()):
        before = place * len(task.recipes)
        step = _moved(progress, before, steps) if progress else None
        systems[name] = evaluate(run_of(task, method, step), qrels, (NDCG_10, AUC))
    return Measurement(task.name, data, systems)


def summarise(
    measurement: Measurement, baseline: str, *, seed: int = 0, resamples: int = 10_000
) -> tuple[Row, ...]:
    """Give every system's means, and how it differs from the baseline, with 95 % intervals.

    All systems share the resamples of queries. A query on which a measure is not defined is left
    out of that measure.

    Raises
    ------
    UnknownValue
        The baseline is not one of the systems.
    """
    names = list(measurement.systems)
    if baseline not in names:
        raise UnknownValue(
            es=f"El sistema de comparación «{baseline}» no está entre los medidos: {', '.join(names)}.",
            en=f"The baseline '{baseline}' is not among the systems measured: {', '.join(names)}.",
            value=baseline,
            allowed=names,
        )
    means: dict[str, dict[str, Interval]] = {name: {} for name in names}
    differences: dict[str, dict[str, Interval]] = {name: {} for name in names}
    for label in measurement.systems[baseline].columns:
        table = pd.DataFrame({name: measurement.systems[name][label] for name in names}).dropna()
        values = table.to_numpy(dtype=float)
        less_baseline = values - values[:, [names.index(baseline)]]
        found = bootstrap(np.hstack([values, less_baseline]), seed=seed, resamples=resamples)
        for name, mean, difference in zip(names, found, found[len(names) :], strict=False):
            means[name][label] = mean
            if name != baseline:
                differences[name][label] = difference
    return tuple(Row(name, means[name], differences[name]) for name in names)


def _moved(progress: Progress, before: int, steps: int) -> Progress:
    """Count one method's steps as part of all steps."""
    return lambda done, _: progress(before + done, steps)
