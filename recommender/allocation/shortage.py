"""Can the shares be met at all? The least money by which they are missed, and who is to blame.

Values do not matter here, so grants of one territory that cost the same and count for the same
shares are interchangeable, and grants that count for no share are left out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from recommender.allocation.problem import FloatArray, IntArray, Prices, Problem
from recommender.allocation.quiet import quiet_output
from recommender.allocation.rows import MONEY, Rows

MOST_PAIRS = 60_000
"""With more grants than this that could count, the best by value for money are looked at."""
JOINING = 4_000
ROUNDS = 20
EXACT = 1e-9
"""Part of the budget below which a shortfall of the relaxation is taken for rounding."""
BUDGET, PER_TERRITORY, PER_PRACTICE = "budget", "max_per_territory", "max_per_practice"
"""Names of the limits that are no shares."""


@dataclass(frozen=True, eq=False)
class Shortage:
    """How close the shares can be met together.

    Attributes
    ----------
    cents : int64 [K]
        By which each share is missed when the sum of shortfalls is least; all 0 where they can be met.
    grants : int [n]
        A portfolio that does so.
    proven : bool
        Whether no portfolio does better.
    """

    cents: IntArray
    grants: NDArray[np.intp]
    proven: bool

    def __bool__(self) -> bool:
        """Tell whether anything is missing."""
        return bool(self.cents.any())


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot be kept together.

    Attributes
    ----------
    limits : tuple of str
        Names of shares, and of the other limits. Without any one of them the rest can be kept, where
        `minimal`; empty sets of candidates conflict with a share alone.
    minimal, proven : bool
        Whether every limit was tried, and whether the conflict is proven.
    """

    limits: tuple[str, ...]
    minimal: bool
    proven: bool


def least_shortfall(problem: Problem, seconds: float) -> Shortage:
    """Find the portfolio that misses the shares by the least money in all."""
    none = np.array([], dtype=np.intp)
    if not problem.shortfalls(none).any():
        return Shortage(problem.shortfalls(none), none, proven=True)
    pairs, complete = _counting(problem)
    if not complete:
        pairs = np.union1d(pairs, meeting(problem))
    if not len(pairs):
        return Shortage(problem.shortfalls(none), none, proven=True)
    rows, matrix, costs = _elastic(problem, pairs)
    whole = np.where(costs > 0, 0.0, 1.0)
    with quiet_output():
        solved = milp(
            costs,
            integrality=whole,
            bounds=Bounds(0, np.where(whole > 0, 1.0, np.inf)),
            constraints=LinearConstraint(matrix, -np.inf, rows.upper),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
    grants = none if solved.x is None else pairs[np.asarray(solved.x)[: len(pairs)] > 0.5]
    if not problem.within_limits(grants):
        grants = none
    cents = problem.shortfalls(grants)
    proven = (
        not cents.any() or (complete and solved.status == 0) or _is_hopeless(problem, matrix, rows, costs)
    )
    return Shortage(cents, grants, proven)


def meeting(problem: Problem) -> NDArray[np.intp]:
    """Return pairs of which parts can meet the shares, or miss them by least (column generation)."""
    pairs = _counting(problem)[0]
    used = pairs[:0]
    for _ in range(ROUNDS):
        if not len(pairs):
            break
        rows, matrix, costs = _elastic(problem, pairs)
        solved = linprog(costs, A_ub=matrix, b_ub=rows.upper, bounds=_bounds(costs), method="highs")
        if solved.status != 0:
            break
        used = pairs[np.asarray(solved.x)[: len(pairs)] > 0]
        gains = _gains(problem, rows, np.asarray(solved.ineqlin.marginals))[1].ravel()
        gains[pairs] = -np.inf
        joining = np.flatnonzero(gains > EXACT)
        if solved.fun <= EXACT or not len(joining):
            break
        if len(joining) > JOINING:
            joining = joining[np.argpartition(-gains[joining], JOINING)[:JOINING]]
        pairs = np.union1d(pairs, joining)
    return used


def find_conflict(problem: Problem, seconds: float) -> Conflict:
    """Find a smallest set of limits that cannot be kept together: none of it can be left out.

    Every limit is left out in turn; one without which the rest still conflicts stays out. Shares are
    tried first, so that what is named are as few shares as possible. Without a budget means: with as
    much money as the shares' amounts can need.

    Parameters
    ----------
    problem : Problem
        Whose shares cannot be met.
    seconds : float
        Time limit; limits not tried by then stay in.
    """
    deadline = time.monotonic() + seconds
    kept = [share.name for share in problem.shares]
    kept += [PER_PRACTICE] * (problem.per_practice is not None)
    kept += [PER_TERRITORY] * (problem.per_territory is not None)
    kept.append(BUDGET)
    minimal, proven = True, True
    for name in tuple(kept):
        left = deadline - time.monotonic()
        if left <= 0:
            minimal = False
            break
        rest = [other for other in kept if other != name]
        shortage = least_shortfall(_only(problem, rest), left)
        if shortage:
            kept, proven = rest, shortage.proven
    if not any(name in kept for name in (share.name for share in problem.shares)):
        proven = False  # shares alone make a problem infeasible: nothing was shown
    return Conflict(tuple(kept), minimal, proven)


def _only(problem: Problem, limits: list[str]) -> Problem:
    """Return the problem with some of its limits, by name."""
    shares = tuple(share for share in problem.shares if share.name in limits)
    dearest = int(problem.cost[problem.candidates.any(axis=1)].max(initial=0))
    # whatever meets the shares and can spare no grant costs no more than this
    enough = sum(share.cents + dearest for share in shares)
    return replace(
        problem,
        value=np.where(problem.candidates, problem.value, np.nan),
        budget=problem.budget if BUDGET in limits else max(enough, problem.budget),
        per_territory=problem.per_territory if PER_TERRITORY in limits else None,
        per_practice=problem.per_practice if PER_PRACTICE in limits else None,
        shares=shares,
    )


def _elastic(problem: Problem, pairs: NDArray[np.intp]) -> tuple[Rows, sparse.csr_array, FloatArray]:
    """Return the rows over some pairs with a column for what each share misses, and the columns' costs."""
    rows, count = Rows.over(problem, pairs), len(problem.shares)
    places = (1 + np.arange(count), np.arange(count))
    slack = sparse.csr_array((np.full(count, -MONEY), places), shape=(len(rows.upper), count))
    costs = np.concatenate([np.zeros(len(pairs)), np.ones(count)])
    return rows, sparse.hstack([rows.matrix, slack], format="csr"), costs


def _is_hopeless(problem: Problem, matrix: sparse.csr_array, rows: Rows, costs: FloatArray) -> bool:
    """Tell whether prices prove, over all candidates, that even parts of grants cannot meet the shares."""
    solved = linprog(costs, A_ub=matrix, b_ub=rows.upper, bounds=_bounds(costs), method="highs")
    if solved.status != 0:
        return False
    prices, gains = _gains(problem, rows, np.asarray(solved.ineqlin.marginals))
    return prices.bound(problem, gains) < -EXACT


def _gains(problem: Problem, rows: Rows, marginals: FloatArray) -> tuple[Prices, FloatArray]:
    """Return prices of the limits, and what pairs gain by serving shares alone (a missing cent costs one)."""
    prices = rows.prices(-marginals)
    prices = replace(prices, shares=np.minimum(prices.shares, 1.0))
    return prices, prices.gains(problem, np.zeros(problem.value.shape))


def _bounds(costs: FloatArray) -> FloatArray:
    return np.column_stack([np.zeros(len(costs)), np.where(costs > 0, np.inf, 1.0)])


def _counting(problem: Problem) -> tuple[NDArray[np.intp], bool]:
    """Return the pairs to look at, and whether leaving out the others changes nothing."""
    counting = np.zeros(problem.value.shape, dtype=bool)
    for share in problem.shares:
        if share.practices is not None:
            counting |= share.practices[:, None]
        elif share.territories is not None:
            counting |= share.territories
    pairs = np.flatnonzero(counting & problem.candidates)
    if problem.per_practice is None:
        pairs = pairs[_place_among_alike(problem, pairs) < _places(problem, pairs)]
    if len(pairs) <= MOST_PAIRS:
        return pairs, True
    practice = pairs // problem.value.shape[1]
    ratio = problem.value.ravel()[pairs] / problem.cost[practice]
    return np.sort(pairs[np.argpartition(-ratio, MOST_PAIRS)[:MOST_PAIRS]]), False


def _places(problem: Problem, pairs: NDArray[np.intp]) -> IntArray:
    """Return how many grants alike one territory can use: its places, or what the budget pays."""
    cost = problem.cost[pairs // problem.value.shape[1]]
    most = problem.per_territory or np.iinfo(np.int64).max
    places: IntArray = np.minimum(problem.budget // cost, most)
    return places


def _place_among_alike(problem: Problem, pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return each pair's place by value among those of its territory, cost and shares, from 0."""
    practice, territory = np.divmod(pairs, problem.value.shape[1])
    marks = [share.practices[practice] for share in problem.shares if share.practices is not None]
    keys = [-problem.value.ravel()[pairs], *marks, problem.cost[practice], territory]
    order = np.lexsort(keys)
    same = np.ones(len(pairs), dtype=bool)
    for key in keys[1:]:
        same[1:] &= key[order][1:] == key[order][:-1]
    same[:1] = False
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(pairs))))
    places = np.empty(len(pairs), dtype=np.intp)
    places[order] = np.arange(len(pairs)) - first
    return places
