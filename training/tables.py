"""Result tables: Markdown for papers, JSON for programs, and where the figures come from."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from recommender.evaluation import Interval
from training.measurement import Measurement, Row

LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "torch", "sentence-transformers")
NAMES = {"AP": "MAP"}
"""What the mean over queries is called where it has a name of its own."""


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that make the figures."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> str:
    """Return system, architecture and number of processors."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to make a table again."""

    data: str
    model: str
    seed: int
    resamples: int = 10_000
    machine: str = field(default_factory=machine)
    versions: Mapping[str, str] = field(default_factory=library_versions)


def markdown(
    title: str, measurement: Measurement, rows: Sequence[Row], baseline: str, provenance: Provenance
) -> str:
    """Write one measurement as a Markdown section.

    Every figure is a mean over queries with its 95 % bootstrap interval; the last column is the
    paired difference to the baseline on the first measure.
    """
    labels = list(rows[0].means)
    shown = [NAMES.get(label, label) for label in labels]
    head = ["system", *shown, f"{shown[0]} less {baseline}"]
    lines = [
        f"## {title}",
        "",
        f"{measurement.queries} queries. Means over queries [95 % bootstrap interval]; differences paired.",
        "",
        _line(head),
        _line(["---"] + ["---:"] * (len(head) - 1)),
    ]
    for row in rows:
        difference = row.differences.get(labels[0])
        cells = [cell(row.means[label]) for label in labels]
        lines.append(_line([row.system, *cells, "" if difference is None else cell(difference, signed=True)]))
    return "\n".join([*lines, "", _footer(provenance), ""])


def as_json(
    measurement: Measurement, rows: Sequence[Row], baseline: str, provenance: Provenance
) -> dict[str, object]:
    """Return one measurement as plain data, ready for `json.dumps`, with every query's values."""
    return {
        "task": measurement.task,
        "queries": measurement.queries,
        "baseline": baseline,
        "systems": [
            {
                "name": row.system,
                "measures": {NAMES.get(k, k): v._asdict() for k, v in row.means.items()},
                "less_baseline": {NAMES.get(k, k): v._asdict() for k, v in row.differences.items()},
                "per_query": _per_query(measurement, row.system),
            }
            for row in rows
        ],
        "provenance": asdict(provenance),
    }


def _per_query(measurement: Measurement, system: str) -> dict[str, dict[str, float | None]]:
    """Return query -> measure -> value; None where the measure is not defined."""
    frame = measurement.systems[system]
    table = frame.to_numpy(dtype=float)
    return {
        str(query): {
            str(label): None if np.isnan(value) else float(value)
            for label, value in zip(frame.columns, values, strict=True)
        }
        for query, values in zip(frame.index, table, strict=True)
    }


def cell(interval: Interval, *, signed: bool = False) -> str:
    """Write a mean with its interval to three digits."""
    form = "{:+.3f} [{:+.3f}, {:+.3f}]" if signed else "{:.3f} [{:.3f}, {:.3f}]"
    return form.format(*interval)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _footer(provenance: Provenance) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in provenance.versions.items())
    return (
        f"Data: {provenance.data}. Model: {provenance.model}. Seed {provenance.seed}, "
        f"{provenance.resamples} resamples. Machine: {provenance.machine}. {libraries}."
    )
