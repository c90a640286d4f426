"""Prices of the limits by column generation: a linear programme over the pairs that can matter.

The programme starts with few pairs. Its dual prices say what every other pair would gain; those that
would gain join, until none does. The prices then bound the value of every portfolio, and say of
nearly every pair whether it can belong to the best one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from recommender.allocation.problem import FloatArray, Prices, Problem
from recommender.allocation.rows import Rows

FIRST = 4_000
"""Pairs the programme starts with, and the most that join at a time."""
ROUNDS = 60
CLOSE = 1e-9
"""Relative distance of bound and programme at which they are taken for equal."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What is known of the best portfolio before whole grants are asked for.

    Attributes
    ----------
    bound : float
        No portfolio is worth more.
    gains : float64 [P, T]
        What a pair is worth beyond its charges; minus infinity for no candidate. A pair can belong
        to a portfolio worth v only if its gain is at least ``v - bound``.
    pairs : int [n]
        The pairs of the programme, in order of position.
    """

    bound: float
    gains: FloatArray
    pairs: NDArray[np.intp]


def relax(problem: Problem, start: NDArray[np.intp], deadline: float) -> Relaxation:
    """Find prices under which the bound is as low as it gets, or the time is up.

    Parameters
    ----------
    problem : Problem
        Its shares can be met with the pairs of `start`, at least by parts of grants.
    start : int [n]
        Pairs to begin with.
    deadline : float
        `time.monotonic` at which to stop; the bound is valid all the same.
    """
    found = np.flatnonzero(problem.candidates)
    money = float(
        (problem.value.ravel()[found] / problem.cost[found // problem.value.shape[1]]).max(initial=0.0)
    )
    prices = Prices(
        money * problem.budget,
        np.zeros(len(problem.shares)),
        np.zeros(problem.value.shape[1]),
        np.zeros(problem.value.shape[0]),
    )
    gains = prices.gains(problem)
    best = Relaxation(prices.bound(problem, gains), gains, start)
    pairs = np.union1d(start, _largest(gains, FIRST, -np.inf))
    for _ in range(ROUNDS if len(pairs) else 0):
        solved = _solve(problem, pairs)
        if solved is None:
            break
        prices, worth = solved
        gains = prices.gains(problem)
        bound = prices.bound(problem, gains)
        if bound < best.bound:
            best = Relaxation(bound, gains, pairs)
        outside = gains.copy()
        outside.ravel()[pairs] = -np.inf
        joining = _largest(outside, FIRST, CLOSE * max(abs(worth), 1.0) / max(gains.size, 1))
        if not len(joining) or best.bound - worth <= CLOSE * abs(worth) or time.monotonic() > deadline:
            break
        pairs = np.union1d(pairs, joining)
    return Relaxation(best.bound, best.gains, pairs)


def _solve(problem: Problem, pairs: NDArray[np.intp]) -> tuple[Prices, float] | None:
    """Solve the linear programme over some pairs; None where they cannot meet the shares."""
    rows = Rows.over(problem, pairs)
    solved = linprog(
        -problem.value.ravel()[pairs], A_ub=rows.matrix, b_ub=rows.upper, bounds=(0, 1), method="highs"
    )
    if solved.status != 0:
        return None
    return rows.prices(-np.asarray(solved.ineqlin.marginals)), -float(solved.fun)


def _largest(gains: FloatArray, most: int, above: float) -> NDArray[np.intp]:
    """Return the positions of the largest gains above a limit."""
    flat = gains.ravel()
    found = np.flatnonzero(flat > above)
    if len(found) > most:
        found = found[np.argpartition(-flat[found], most)[:most]]
    return found
