"""How far a portfolio can be trusted: other plausible costs and scores, and a little more money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from recommender.allocation.problem import FloatArray, IntArray, Problem
from recommender.allocation.rows import Rows
from recommender.allocation.solver import Solution

POOL = 2_000
"""Pairs a draw chooses among: the portfolio and those that miss it by least."""
SURVIVES = 0.8
"""Part of the draws in which a pick has to be chosen again to be called robust."""


@dataclass(frozen=True, eq=False)
class Survival:
    """How often each grant of a portfolio is chosen again.

    Attributes
    ----------
    part : float64 [n]
        0-1, of the draws that could be solved; NaN where none could.
    draws, unsolved : int
        Draws made, and those in which the shares could not be met.
    """

    part: FloatArray
    draws: int
    unsolved: int


def survival(
    problem: Problem,
    solution: Solution,
    draw_costs: Callable[[np.random.Generator], IntArray],
    spread: float,
    draws: int,
    seed: int,
) -> Survival:
    """Choose anew under plausible costs and scores.

    Each draw takes a cost per practice from `draw_costs`, multiplies every value by a factor
    ``exp(spread x normal)``, and solves the linear relaxation over the `POOL` pairs nearest to the
    portfolio; a grant is chosen again where at least half of it is. The relaxation differs from
    whole grants in no more pairs than there are binding limits on money.

    Parameters
    ----------
    problem : Problem
    solution : Solution
        Of the problem.
    draw_costs : callable
        Generator -> int64 [P], cents.
    spread : float
        Of the values, as a part.
    draws : int
    seed : int
        Equal seeds, equal draws.
    """
    random = np.random.default_rng(seed)
    pairs = _pool(solution)
    own = np.isin(pairs, solution.grants)
    practices, rows = np.unique(pairs // problem.value.shape[1], return_inverse=True)
    small = replace(
        problem,
        value=problem.value[practices],
        cost=problem.cost[practices],
        shares=tuple(
            share if share.practices is None else replace(share, practices=share.practices[practices])
            for share in problem.shares
        ),
    )
    moved = rows * problem.value.shape[1] + pairs % problem.value.shape[1]
    chosen, solved = np.zeros(len(pairs)), 0
    for _ in range(draws):
        costs = draw_costs(random)[practices]
        values = problem.value.ravel()[pairs] * np.exp(spread * random.standard_normal(len(pairs)))
        answer = _relaxed(replace(small, cost=costs), moved, values)
        if answer is not None:
            solved += 1
            chosen += answer >= 0.5
    part = chosen[own] / solved if solved else np.full(int(own.sum()), np.nan)
    return Survival(part, draws, draws - solved)


def _pool(solution: Solution) -> NDArray[np.intp]:
    flat = solution.relaxation.gains.ravel()
    found = np.flatnonzero(np.isfinite(flat))
    if len(found) > POOL:
        found = found[np.argpartition(-flat[found], POOL)[:POOL]]
    return np.union1d(found, solution.grants)


def _relaxed(problem: Problem, pairs: NDArray[np.intp], values: FloatArray) -> FloatArray | None:
    affordable = (problem.cost <= problem.budget)[pairs // problem.value.shape[1]]
    rows = Rows.over(problem, pairs)
    solved = linprog(
        -values,
        A_ub=rows.matrix,
        b_ub=rows.upper,
        bounds=np.column_stack([np.zeros(len(pairs)), affordable]),
        method="highs",
    )
    return np.asarray(solved.x) if solved.status == 0 else None
