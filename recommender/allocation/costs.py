"""What a grant costs: the practice's recorded budget, else the caller's assumption, said to be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.allocation.problem import IntArray
from recommender.allocation.query import PortfolioQuery
from recommender.domain import Practice

RECORDED, RECORDED_PART, ASSUMED, UNKNOWN = "recorded", "recorded_part", "assumed", "unknown"


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of a grant of each of P practices.

    Attributes
    ----------
    cents : int64 [P]
        1 where unknown (such practices are no candidates).
    basis : tuple of str
        ``recorded``, ``recorded_part``, ``assumed`` or ``unknown``.
    low, high : int64 [P]
        Plausible range, in cents: the caller's for an assumption, else the cost margin.
    """

    cents: IntArray
    basis: tuple[str, ...]
    low: IntArray
    high: IntArray

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a cost to reckon with, bool [P]."""
        return np.array([basis != UNKNOWN for basis in self.basis], dtype=bool)

    def draw(self, random: np.random.Generator) -> IntArray:
        """Draw plausible costs, evenly over each practice's range."""
        return random.integers(self.low, self.high, endpoint=True)


def read_costs(practices: Sequence[Practice], query: PortfolioQuery) -> Costs:
    """Find the cost of every practice in cents.

    A recorded budget counts whole; where the horizon is shorter than the recorded years (start to
    end, both included), the horizon's part of it, spread evenly.
    """
    found = [_cost(practice, query) for practice in practices]
    cents = np.array([max(cost, 1) for cost, _ in found], dtype=np.int64)
    basis = tuple(basis for _, basis in found)
    low = np.maximum((cents * (1 - query.cost_margin)).astype(np.int64), 1)
    high = np.maximum((cents * (1 + query.cost_margin)).astype(np.int64), low)
    if query.assumed is not None:
        guessed = np.array([each == ASSUMED for each in basis], dtype=bool)
        low[guessed], high[guessed] = query.assumed.low, query.assumed.high
    return Costs(cents, basis, low, high)


def _cost(practice: Practice, query: PortfolioQuery) -> tuple[int, str]:
    if practice.budget_usd is None or practice.budget_usd <= 0:
        return (0, UNKNOWN) if query.assumed is None else (query.assumed.cents, ASSUMED)
    cents = round(practice.budget_usd * 100)
    if query.horizon_months is not None and practice.start_year and practice.end_year:
        months = 12 * (practice.end_year - practice.start_year + 1)
        if months > query.horizon_months:
            return round(cents * query.horizon_months / months), RECORDED_PART
    return cents, RECORDED
