"""The search for whole grants as a mixed-integer programme, solved by HiGHS through scipy."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from recommender.allocation.problem import Problem
from recommender.allocation.quiet import quiet_output
from recommender.allocation.rows import Rows

MOMENT = 0.1
"""Seconds a search has in any case."""
TIGHTENINGS = 3
WORTH = 1e4
"""What a portfolio counts in the objective: HiGHS stops within 1e-6, that is 1e-10 of the worth."""
SMALLEST = 1e-12
"""Worth below which nothing is scaled up to `WORTH`."""
INFEASIBLE = 2
"""Status of `milp`: there is no solution."""
FEW_KINDS = 40
"""With so few counts of kinds to decide on, HiGHS's presolve, which would take them out again, stays off."""
WANTED = 0.5
"""Share of a yes-or-no from which it is a yes."""


def search(
    problem: Problem,
    pairs: NDArray[np.intp],
    seconds: float,
    sure: NDArray[np.bool_] | None = None,
    known: float | None = None,
    nodes: int | None = None,
) -> tuple[NDArray[np.intp] | None, float]:
    """Find the best portfolio among some pairs by branch and bound.

    Whole cents have the last word: a portfolio that HiGHS's tolerances let past the budget is
    searched anew with that much less to spend.

    Parameters
    ----------
    problem : Problem
    pairs : int [n]
    seconds : float
        Time limit.
    sure : bool [n], optional
        Pairs that every portfolio looked for contains.
    known : float, optional
        Worth of a portfolio in hand; only better ones are looked for.
    nodes : int, optional
        Most nodes of the tree.

    Returns
    -------
    grants : int [n] or None
        None where none was found, or none better than `known`.
    bound : float
        No portfolio of these pairs is worth more than the larger of this and `known`; infinite where
        nothing is proven.
    """
    bound, tightened, deadline = np.inf, problem, time.monotonic() + seconds
    for attempt in range(TIGHTENINGS):
        if not len(pairs):
            return (np.array([], dtype=np.intp), 0.0) if problem.keeps(pairs) else (None, -np.inf)
        programme = _programme(tightened, pairs, sure, known)
        limits = {"time_limit": max(deadline - time.monotonic(), MOMENT), "mip_rel_gap": 0.0}
        limits |= {} if nodes is None else {"node_limit": nodes}
        with quiet_output():
            solved = milp(**programme.arguments, options=limits | {"presolve": programme.presolve})
        if attempt == 0:  # later attempts have less to spend and bound nothing
            bound = programme.bound(solved.mip_dual_bound, solved.status)
        if solved.x is None:
            return None, bound
        grants: NDArray[np.intp] = pairs[np.asarray(solved.x)[: len(pairs)] > WANTED]
        if known is not None and solved.x[-1] < WANTED:
            return None, bound
        if problem.keeps(grants):
            return grants, bound
        over = max(problem.spent(grants) - problem.budget, 1)
        tightened = replace(tightened, held_back=tightened.held_back + over)
    return None, bound


class _Programme(NamedTuple):
    """What `milp` takes, and how its objective becomes a worth again: ``known - objective / scale``."""

    arguments: dict[str, Any]
    scale: float
    known: float
    presolve: bool

    def bound(self, dual: float | None, status: int) -> float:
        """Return the bound on worth behind a dual bound."""
        if status == INFEASIBLE:
            return -np.inf
        return np.inf if dual is None else self.known - float(dual) / self.scale


def _programme(
    problem: Problem, pairs: NDArray[np.intp], sure: NDArray[np.bool_] | None, known: float | None
) -> _Programme:
    """Write the programme over some pairs.

    Of a portfolio in hand only the worth enters, as one more yes or no, "look for another", the last
    column: without it nothing can be granted, every limit is kept and the objective is 0; with it the
    limits hold as they are and the known worth is charged. So HiGHS starts with a solution as good as
    the portfolio in hand and closes at once what cannot be better, instead of finding its way there anew.
    """
    rows = Rows.over(problem, pairs).counted()
    values = problem.value.ravel()[pairs]
    count, size, heads = len(pairs), rows.matrix.shape[1], 1 + len(problem.shares)
    scale = WORTH / max(known or float(values.max()), SMALLEST)
    costs, least, most = np.zeros(size), np.zeros(size), np.full(size, np.inf)
    costs[:count], most[:count] = -scale * values, 1.0
    matrix, lower, upper = rows.matrix, rows.lower, rows.upper.copy()
    held = np.flatnonzero(sure) if sure is not None else np.array([], dtype=np.intp)
    if known is None:
        least[held] = 1.0
    else:
        charged = np.zeros((len(upper), 1))
        charged[:heads, 0] = -upper[:heads]
        upper[:heads] = 0.0
        number = np.arange(len(held))
        with_another = sparse.csr_array((np.full(len(held), -1.0), (number, held)), shape=(len(held), size))
        matrix = sparse.block_array(
            [[matrix, sparse.csr_array(charged)], [with_another, sparse.csr_array(np.ones((len(held), 1)))]],
            format="csr",
        )
        lower = np.concatenate([lower, np.full(len(held), -np.inf)])
        upper = np.concatenate([upper, np.zeros(len(held))])
        costs, least, most = np.append(costs, scale * known), np.append(least, 0.0), np.append(most, 1.0)
    arguments = {
        "c": costs,
        "integrality": np.ones(len(costs)),
        "bounds": Bounds(least, most),
        "constraints": LinearConstraint(matrix, lower, upper),
    }
    counted = rows.matrix.shape[1] - count
    return _Programme(arguments, scale, known or 0.0, presolve=not 0 < counted <= FEW_KINDS)
