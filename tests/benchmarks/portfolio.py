"""How fast portfolios are proven best: ``python -m tests.benchmarks.portfolio [practices]``.

Values and costs are drawn by lot in the shape of the real ones: fit and need vary by practice, by
territory and by pair; one practice in fourteen has a cost of its own, the others the assumed one
(or, "varied", each its own). 247 territories in 24 provinces; practices have one theme of twelve.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import click
import numpy as np

from recommender.allocation.problem import Problem, Share
from recommender.allocation.solver import Solution, solve

TERRITORIES = 247
SECONDS = 55.0
"""Time limit; beside the wall clock the processor's time is told, which other work does not lengthen."""
BUDGETS = (300_000, 2_000_000, 20_000_000)
SHARES = (("province", 3, 0.1), ("theme", 2, 0.2), ("theme", 5, 0.1))
LIMITS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("budget", {}),
    ("2 per territory, 5 per practice", {"per_territory": 2, "per_practice": 5}),
    ("1 per territory, 3 per practice, 3 shares", {"per_territory": 1, "per_practice": 3, "shares": SHARES}),
)


def draw(practices: int, budget_usd: int, varied: bool, seed: int = 0, **limits: Any) -> Problem:
    """Draw a problem."""
    random, shape = np.random.default_rng(seed), (practices, TERRITORIES)
    score = random.normal(0, 0.6, (practices, 1)) + random.normal(0, 0.4, (1, TERRITORIES))
    fit = 100 / (1 + np.exp(-score - random.normal(0, 0.5, shape)))
    need = random.normal(0.5, 0.15, (practices, 1)) + random.normal(0, 0.08, (1, TERRITORIES))
    value = fit * np.clip(need + random.normal(0, 0.12, shape), 0.01, 0.99)
    own = (np.exp(random.normal(11 if varied else 12.2, 0.9 if varied else 1.5, practices)) * 100).astype(
        np.int64
    )
    assumed = np.ones(practices, dtype=bool)
    assumed[random.choice(practices, practices if varied else practices // 14, replace=False)] = False
    province, theme = random.integers(0, 24, TERRITORIES), random.integers(0, 12, practices)
    budget, shares = budget_usd * 100, []
    for dimension, code, part in limits.pop("shares", ()):
        exact = Fraction(str(part))
        members = {"practices": theme == code} if dimension == "theme" else {"territories": province == code}
        shares.append(Share(f"{dimension}:{code}", exact, math.ceil(exact * budget), **members))
    return Problem(value, np.where(assumed, 5_000_000, own), budget, shares=tuple(shares), **limits)


def run(practices: int) -> None:
    """Print one line per problem."""
    for varied in (False, True):
        for budget in BUDGETS:
            for name, limits in LIMITS:
                problem = draw(practices, budget, varied, **limits)
                began, busy = time.monotonic(), time.process_time()
                found = solve(problem, SECONDS)
                told = f"{len(found.grants):5d} grants  {time.monotonic() - began:5.1f} s "
                told += f"({time.process_time() - busy:.1f} s busy)  "
                if isinstance(found, Solution):
                    told += "optimal" if found.optimal else f"gap {found.gap:.4%}"
                else:
                    told += f"no portfolio found (proven: {found.proven})"
                click.echo(f"{'varied' if varied else 'assumed'} {budget:>10,} {name:42s} {told}")


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 248)
