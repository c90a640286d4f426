"""Turn what pytest-benchmark measured into the table of docs/results/speed.md.

``python -m tests.benchmarks.report var/benchmarks/measured.json docs/results/speed.md``
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import click

PACKAGES = ("numpy", "scipy", "torch", "sentence-transformers", "flask", "gunicorn", "pytest-benchmark")
MEBI = 1024

Measured = Mapping[str, Any]


class Line(NamedTuple):
    """One kind of measurement: how its figure is read off, and the bar for each size (None: no bar)."""

    test: str
    title: str
    unit: str
    read: Callable[[Measured], float]
    bars: Mapping[str, float]
    at_least: bool = False


def _median_ms(measured: Measured) -> float:
    return 1000.0 * float(measured["stats"]["median"])


def _noted(name: str) -> Callable[[Measured], float]:
    return lambda measured: float(measured["extra_info"][name])


LINES = (
    Line(
        "test_territory",
        "one territory, ten rows with reasons, no need text, p50",
        "ms",
        _median_ms,
        {"shipped": 15.0, "large": 40.0},
    ),
    Line("test_encoder", "text encoder alone, one need, p50", "ms", _median_ms, {}),
    Line(
        "test_need_with_reading_in_hand",
        "matching a need with every practice, encoder's reading in hand, p50",
        "ms",
        _median_ms,
        {},
    ),
    Line(
        "test_territory_and_need_with_reading_in_hand",
        "territory and need, ten rows with reasons, reading in hand, p50",
        "ms",
        _median_ms,
        {},
    ),
    Line(
        "test_territory_and_need",
        "territory and need, ten rows with reasons, encoder included, p50",
        "ms",
        _median_ms,
        {},
    ),
    Line(
        "test_floor_vector_product",
        "floor: one product of all practices' vectors with a question's, and a sort, p50",
        "ms",
        _median_ms,
        {},
    ),
    Line(
        "test_requests_per_second",
        "GET /api/v1/territories/{id}/recommendations, 4 connections on loopback",
        "requests/s",
        _noted("requests_per_second"),
        {"shipped": 80.0},
        at_least=True,
    ),
    Line("test_requests_per_second", "the same, p50 of a request", "ms", _noted("p50_ms"), {}),
    Line("test_requests_per_second", "the same, p95 of a request", "ms", _noted("p95_ms"), {}),
    Line(
        "test_peak_memory",
        "POST /api/v1/recommendations with territory and need, one at a time, p50",
        "ms",
        _median_ms,
        {},
    ),
    Line(
        "test_start_to_ready",
        "start of `arraigo serve` to /health/ready, vectors in the cache, median",
        "ms",
        _median_ms,
        {"shipped": 3000.0},
    ),
    Line(
        "test_peak_memory",
        "peak memory of the worker (VmHWM) after load and needs, encoder included",
        "MiB",
        _noted("peak_mib"),
        {"shipped": 1.5 * MEBI},
    ),
)
SIZES = {"shipped": "shipped catalogue", "large": "with the large corpus"}


def write_report(document: Measured) -> str:
    """Return the document of measurements as Markdown."""
    found = {
        (m["extra_info"]["size"], m["name"].split("[")[0]): m
        for m in document["benchmarks"]
        if "size" in m["extra_info"]
    }
    sizes = [size for size in SIZES if any(size == of for of, _ in found)]
    parts = [INTRODUCTION, *(_section(size, found) for size in sizes), _closing(document)]
    return "\n\n".join(parts) + "\n"


def _section(size: str, found: Mapping[tuple[str, str], Measured]) -> str:
    any_of = next(m["extra_info"] for (of, _), m in found.items() if of == size)
    rows = [
        f"## {SIZES[size].capitalize()}: {any_of['practices']} practices, "
        f"{any_of['territories']} territories",
        "",
        "| measured | figure | quietest round | bar | figure / bar |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for line in LINES:
        measured = found.get((size, line.test))
        if measured is not None:
            rows.append(_row(line, measured, line.bars.get(size)))
    rows += ["", _added(size, found), "", f"Data {any_of['data_version']}, model {any_of['model_version']}."]
    return "\n".join(rows)


def _row(line: Line, measured: Measured, bar: float | None) -> str:
    figure = line.read(measured)
    quietest = f"{_number(1000.0 * measured['stats']['min'])} ms" if line.read is _median_ms else ""
    held = ratio = ""
    if bar is not None:
        held = f"{'≥' if line.at_least else '≤'} {_number(bar)} {line.unit}"
        ratio = f"{figure / bar:.2f}"
    return f"| {line.title} | {_number(figure)} {line.unit} | {quietest} | {held} | {ratio} |"


def _added(size: str, found: Mapping[tuple[str, str], Measured]) -> str:
    """Say what a need adds to a territory, and how much of it is the encoder's."""
    tests = ("test_territory", "test_encoder", "test_territory_and_need")
    if any((size, test) not in found for test in tests):
        return ""
    territory, encoder, both = (_median_ms(found[size, test]) for test in tests)
    added = both - territory
    return (
        f"A need adds {_number(added)} ms to a territory's answer, {_number(encoder)} ms of it the encoder's "
        f"({added / encoder:.2f} times the encoder)."
    )


def _closing(document: Measured) -> str:
    info = document["machine_info"]
    processor = info.get("cpu", {}).get("brand_raw", "") or platform.processor()
    loads = [m["extra_info"]["load_average"] for m in document["benchmarks"] if "size" in m["extra_info"]]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {document['datetime'][:10]} on {info['system']} {info['machine']}, {processor}, "
        f"{os.cpu_count()} processors; load average while measuring {min(loads):.1f} to {max(loads):.1f}. "
        f"python {info['python_version']}, {versions}."
    )


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 0.1 else f"{value:.3f}"


INTRODUCTION = """# Speed and memory

Written by `make bench` (`make bench BENCHMARKS=folder` adds the large corpus: 28,229 project texts which \
are not part of the project, in English mostly). Everything is warm and nothing is answered from a cache of \
answers: there is none. Territories and needs change from one question to the next. Numerical libraries and \
the encoder have one thread, as in a worker of the service. The corpus's texts are embedded for real, words \
included, multiplying in bfloat16 to save time (cosines within 0.0001); its practices have no tags, and each \
is given one Ecuadorian territory by lot, so that likeness and differences are worked out for every one."""


@click.command()
@click.argument("measured", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.argument("report", type=click.Path(path_type=Path))
def main(measured: tuple[Path, ...], report: Path) -> None:
    """Write REPORT from what was MEASURED (pytest-benchmark's JSON); later files replace earlier figures."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in measured]
    latest = {entry["name"]: entry for document in documents for entry in document["benchmarks"]}
    text = write_report({**documents[-1], "benchmarks": list(latest.values())})
    report.write_text(text, encoding="utf-8")
    click.echo(text)


if __name__ == "__main__":
    main()
