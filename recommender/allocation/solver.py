"""The best portfolio, proven: whole grants over the few pairs that the prices leave open.

Let v be the worth of a portfolio in hand and b the bound of the relaxation. A pair whose gain under
the prices is below ``v - b`` cannot belong to a better portfolio, so leaving it out keeps the
optimum. HiGHS (through scipy) solves the rest by branch and bound; where the rest is too large or
the time is up, the gap between the portfolio and the bound is stated.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.allocation.greedy import greedy
from recommender.allocation.prices import Relaxation, relax
from recommender.allocation.problem import Problem
from recommender.allocation.programme import MOMENT, search
from recommender.allocation.shortage import Shortage, least_shortfall, meeting

CORE = 400
"""Pairs without a gain that the first search looks at."""
GROWTH = 4
"""How many times more every further search looks at."""
LARGEST_CORE = 60_000
"""More open pairs than this are not searched whole; the gap is stated."""
PROVEN = 1e-9
"""Relative gap up to which a portfolio is called optimal: HiGHS's own precision and sums of floats."""
FEW = 16_000
"""Open pairs that are searched whole as soon as a portfolio is in hand."""
GLANCE = 60
"""Nodes of a search that is only to find a good portfolio."""
PARTS = (0.15, 0.2, 0.4, 1.0, 1.0)
"""Parts of the time left that the searches may take, one after the other."""
LAST = 0.8
"""Part of the time left for a search of all open pairs: what it proves is proven for good."""
LARGE = 1e300


@dataclass(frozen=True, eq=False)
class Solution:
    """A portfolio and what is proven of it.

    Attributes
    ----------
    grants : int [n]
        Positions in the flat table of pairs; every limit is kept, checked in whole cents.
    worth : float
        Sum of values.
    bound : float
        No portfolio that keeps the limits is worth more.
    relaxation : Relaxation
    greedy : int [m]
        The portfolio by value for money, which may miss shares.
    """

    grants: NDArray[np.intp]
    worth: float
    bound: float
    relaxation: Relaxation
    greedy: NDArray[np.intp]

    @property
    def gap(self) -> float:
        """How much more the best portfolio could be worth, as a part of this one's worth.

        Of a portfolio worth nothing no part can be told: 1 where another may be worth something.
        """
        if not self.worth:
            return float(self.bound > PROVEN)
        return max(self.bound - self.worth, 0.0) / self.worth

    @property
    def optimal(self) -> bool:
        """Whether no portfolio is worth more."""
        return self.gap <= PROVEN


def solve(problem: Problem, seconds: float) -> Solution | Shortage:
    """Find the best portfolio within a time limit.

    Parameters
    ----------
    problem : Problem
    seconds : float
        From the call on; exceeded by no more than one linear programme.

    Returns
    -------
    Solution
        Or, where no portfolio that meets the shares was found, the `Shortage`, which says whether it
        is proven that there is none.
    """
    deadline = time.monotonic() + seconds
    first = begin = greedy(problem)
    best = first if problem.keeps(first) else None
    if best is None:
        begin = np.union1d(first, meeting(problem))
    relaxation = relax(problem, begin, time.monotonic() + 0.6 * seconds)
    gains, bound = relaxation.gains.ravel(), relaxation.bound
    for round_, part in enumerate(PARTS):  # quick searches find a good portfolio, which closes pairs
        worth = -np.inf if best is None else problem.worth(best)
        needed = min(bound - worth + PROVEN * abs(bound), LARGE)
        core, whole = np.flatnonzero(gains >= -needed), True
        most = min(CORE * GROWTH**round_, LARGEST_CORE)
        if len(core) > (max(most, FEW) if round_ and best is not None else most):
            core, whole = _nearest(relaxation, begin, most), False
        found, core_bound = search(
            problem,
            core,
            max((LAST if whole else part) * (deadline - time.monotonic()), MOMENT),
            sure=gains[core] > needed,
            known=None if best is None else worth,
            nodes=None if whole else GLANCE,
        )
        if found is not None and problem.worth(found) > worth:
            best = found
        if whole:  # what was left out or held fast does not belong otherwise to anything better than `worth`
            bound = min(bound, max(core_bound, worth))
        proven = best is not None and bound - problem.worth(best) <= PROVEN * abs(bound)
        if proven or time.monotonic() > deadline:
            break
    if best is None:
        shortage = least_shortfall(problem, max(deadline - time.monotonic(), MOMENT))
        if shortage:
            return shortage
        best = shortage.grants
    return Solution(best, problem.worth(best), max(bound, problem.worth(best)), relaxation, first)


def _nearest(relaxation: Relaxation, begin: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Return the pairs that gain, and those that miss a gain by least."""
    flat = relaxation.gains.ravel()
    gaining = np.flatnonzero(flat > 0)
    finite = np.flatnonzero(np.isfinite(flat) & (flat <= 0))
    if len(finite) > most:
        finite = finite[np.argpartition(-flat[finite], most)[:most]]
    return np.union1d(np.union1d(gaining, finite), begin)
