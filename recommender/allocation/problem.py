"""What to fund where, as arithmetic: grants, limits, and prices that bound the best there can be.

A grant is a pair (practice, territory), either made once or not at all. The portfolio sought has the
largest sum of values within the budget, the largest numbers of grants per territory and per
practice, and the least money that named shares ask for. Money is whole cents throughout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Share:
    """At least a part of the budget goes to grants of some practices, or in some territories.

    Attributes
    ----------
    name : str
        Dimension and code, as ``region:Costa``.
    part : Fraction
        Of the budget, 0 to 1.
    cents : int
        The same as money, rounded up.
    practices : bool [P] or None
    territories : bool [T] or None
        Which practices or territories count; exactly one of the two is given.
    """

    name: str
    part: Fraction
    cents: int
    practices: NDArray[np.bool_] | None = None
    territories: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Problem:
    """Candidates and limits.

    Attributes
    ----------
    value : float64 [P, T]
        Worth of each grant, not negative; NaN where the pair is no candidate.
    cost : int64 [P]
        Cents of a grant of each practice, positive.
    budget : int
        Cents.
    per_territory, per_practice : int or None
        Largest number of grants of one territory and of one practice.
    shares : tuple of Share
    held_back : int
        Cents of the budget not to be spent.
    """

    value: FloatArray
    cost: IntArray
    budget: int
    per_territory: int | None = None
    per_practice: int | None = None
    shares: tuple[Share, ...] = ()
    held_back: int = 0

    def with_budget(self, cents: int) -> Problem:
        """Return the same problem with another budget; shares keep their parts of it."""
        shares = tuple(replace(share, cents=math.ceil(share.part * cents)) for share in self.shares)
        return replace(self, budget=cents, shares=shares)

    @cached_property
    def candidates(self) -> NDArray[np.bool_]:
        """Pairs that may be funded: of known value and within the budget on their own, bool [P, T]."""
        found: NDArray[np.bool_] = np.isfinite(self.value) & (self.cost <= self.budget)[:, None]
        return found

    @cached_property
    def step(self) -> int:
        """The largest sum of cents that every candidate's cost is a multiple of."""
        costs = self.cost[self.candidates.any(axis=1)]
        return int(np.gcd.reduce(costs)) if len(costs) else 1

    @cached_property
    def spendable(self) -> int:
        """The budget rounded down to what grants can add up to: no portfolio spends more of it."""
        return (self.budget - self.held_back) // self.step * self.step

    @cached_property
    def needed(self) -> IntArray:
        """Cents each share asks for, rounded up to what grants can add up to, int64 [K]."""
        return np.array([-(-share.cents // self.step) * self.step for share in self.shares], dtype=np.int64)

    def counts(
        self, share: Share, practice: NDArray[np.intp], territory: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Tell which grants count for a share, bool [n]."""
        if share.practices is not None:
            return share.practices[practice]
        assert share.territories is not None
        return share.territories[territory]

    def spent(self, grants: NDArray[np.intp]) -> int:
        """Return the cents a portfolio costs; `grants` are positions in the flat table of pairs."""
        return int(self.cost[grants // self.value.shape[1]].sum())

    def worth(self, grants: NDArray[np.intp]) -> float:
        """Return the sum of a portfolio's values."""
        return math.fsum(self.value.ravel()[grants])

    def shortfalls(self, grants: NDArray[np.intp]) -> IntArray:
        """Return the cents by which each share is missed, 0 where it is met, int64 [K]."""
        practice, territory = np.divmod(grants, self.value.shape[1])
        met = [int(self.cost[practice[self.counts(s, practice, territory)]].sum()) for s in self.shares]
        missing = [max(share.cents - cents, 0) for share, cents in zip(self.shares, met, strict=True)]
        return np.array(missing, dtype=np.int64)

    def within_limits(self, grants: NDArray[np.intp]) -> bool:
        """Tell, in whole cents, whether a portfolio keeps budget and numbers of grants (not shares)."""
        practice, territory = np.divmod(grants, self.value.shape[1])
        return (
            self.spent(grants) <= self.budget
            and _most(practice) <= (self.per_practice or len(grants))
            and _most(territory) <= (self.per_territory or len(grants))
            and _most(grants) <= 1
        )

    def keeps(self, grants: NDArray[np.intp]) -> bool:
        """Tell, in whole cents, whether a portfolio keeps every limit."""
        return self.within_limits(grants) and not self.shortfalls(grants).any()


@dataclass(frozen=True, eq=False)
class Prices:
    """What loosening each limit by one unit is worth (dual prices, never negative).

    Any such prices give a bound on the value of every portfolio, however they were found: each grant
    is charged for the money, the place in its territory and the place of its practice it takes, and
    paid for the shares it serves.

    Attributes
    ----------
    money : float
        Per whole budget.
    shares : float64 [K]
        Per whole budget.
    territory : float64 [T]
        Per grant.
    practice : float64 [P]
        Per grant.
    """

    money: float
    shares: FloatArray
    territory: FloatArray
    practice: FloatArray

    def gains(self, problem: Problem, values: FloatArray | None = None) -> FloatArray:
        """Return what each pair is worth beyond its charges, [P, T]; minus infinity for no candidate.

        `values` takes the place of the problem's own.
        """
        cost = problem.cost / problem.budget
        paid_practice = np.full(len(cost), -self.money)
        paid_territory = np.zeros(problem.value.shape[1])
        for share, price in zip(problem.shares, self.shares, strict=True):
            if share.practices is not None:
                paid_practice += price * share.practices
            elif share.territories is not None:
                paid_territory += price * share.territories
        gains = np.outer(cost, paid_territory)
        gains += (cost * paid_practice - self.practice)[:, None]
        gains -= self.territory
        gains += problem.value if values is None else values
        gains[~problem.candidates] = -np.inf
        return gains

    def bound(self, problem: Problem, gains: FloatArray) -> float:
        """Return a value that no portfolio exceeds, from the gains under these prices."""
        limits = self.money * problem.spendable / problem.budget
        limits -= float(self.shares @ problem.needed) / problem.budget if len(self.shares) else 0.0
        limits += float(self.territory.sum()) * (problem.per_territory or 0)
        limits += float(self.practice.sum()) * (problem.per_practice or 0)
        return limits + float(np.maximum(gains, 0.0).sum())


def _most(rows: NDArray[np.intp]) -> int:
    return int(np.unique(rows, return_counts=True)[1].max(initial=0))
