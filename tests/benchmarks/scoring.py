"""How much scoring a million pairs costs beside summing the tables in numpy, both in the same run.

``python -m tests.benchmarks.scoring [pairs] [share of values unknown]`` prints the ratios. Three floors:

looked up and summed
    ``np.interp`` of each feature's column over its table, added up: summing the tables in numpy;
binned and summed
    the same with tables of 64 equal steps, one index array for each column ready in hand: nothing but
    fetching points and adding them;
added up only
    points in hand for every feature, added up. No table is looked at: what no scoring can reach.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click
import numpy as np
from threadpoolctl import threadpool_limits

from recommender.features import NAMES, SPECS
from recommender.ranker import read_prior

PAIRS, UNKNOWN, ROUNDS, STEPS = 1_000_000, 0.1, 5, 64


def measure(pairs: int = PAIRS, unknown: float = UNKNOWN, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the best processor seconds of `rounds` for each way, by name."""
    ranker, rng = read_prior(SPECS), np.random.default_rng(0)
    values = np.empty((len(NAMES), pairs))
    for row, spec in zip(values, SPECS, strict=True):
        row[:] = rng.uniform(spec.low, spec.high, pairs)
        row[rng.random(pairs) < unknown] = np.nan
    asked = np.ones(len(NAMES), dtype=bool)
    tables = list(ranker.tables.values())
    bins = rng.integers(0, STEPS, (len(NAMES), pairs), dtype=np.int32)
    fused = [np.linspace(table.values[0], table.values[-1], STEPS) for table in tables]
    points = np.nan_to_num(values)
    ways: dict[str, Callable[[], object]] = {
        "scored": lambda: ranker.score(values.T, NAMES, asked),
        "looked up and summed": lambda: sum(
            np.interp(column, table.knots, table.values) for column, table in zip(values, tables, strict=True)
        ),
        "binned and summed": lambda: sum(table[column] for column, table in zip(bins, fused, strict=True)),
        "added up only": lambda: points.sum(axis=0),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - began)
    return best


def main() -> None:
    """Print the seconds of each way and what scoring costs beside it."""
    given = [float(argument) for argument in sys.argv[1:]]
    with threadpool_limits(limits=1):
        best = measure(int(given[0]) if given else PAIRS, given[1] if len(given) > 1 else UNKNOWN)
    rows = [f"| {name} | {seconds:.3f} | {best['scored'] / seconds:.2f} |" for name, seconds in best.items()]
    click.echo("\n".join(["| way | processor seconds | scored / it |", "| --- | ---: | ---: |", *rows]))


if __name__ == "__main__":
    main()
