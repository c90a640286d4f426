"""The portfolio by the plain rule: the best value for money first, as long as it fits.

It is the yardstick the exact answer is compared with, and where the exact search starts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.allocation.problem import Problem

CHUNK = 4_096
"""Candidates looked at together."""


def greedy(problem: Problem) -> NDArray[np.intp]:
    """Fund by value for money: first what the shares ask for, one share after the other, then the rest.

    Equal ratios go in the order of practice, then territory. Shares may be left unmet.

    Returns
    -------
    int [n]
        Positions in the flat table of pairs, in order of position.
    """
    order = _by_ratio(problem)
    purse = _Purse(problem)
    practice, territory = np.divmod(order, problem.value.shape[1])
    for number, share in enumerate(problem.shares):
        counted = problem.counts(share, practice, territory)
        short = int(problem.shortfalls(purse.grants())[number])
        purse.spend(order[counted], stop=short)
    purse.spend(order)
    return purse.grants()


def _by_ratio(problem: Problem) -> NDArray[np.intp]:
    found = np.flatnonzero(problem.candidates)
    ratio = problem.value.ravel()[found] / problem.cost[found // problem.value.shape[1]]
    order: NDArray[np.intp] = found[np.argsort(-ratio, kind="stable")]
    return order


class _Purse:
    """What has been funded so far and what is left of every limit."""

    def __init__(self, problem: Problem) -> None:
        practices, territories = problem.value.shape
        self.cost, self.width = problem.cost, territories
        self.left = problem.budget
        self.practice = np.full(practices, problem.per_practice or territories)
        self.territory = np.full(territories, problem.per_territory or practices)
        self.taken = np.zeros(problem.value.size, dtype=bool)

    def grants(self) -> NDArray[np.intp]:
        """Return what has been funded, in order of position."""
        return np.flatnonzero(self.taken)

    def spend(self, order: NDArray[np.intp], stop: int | None = None) -> None:
        """Take grants in order; with `stop` until so many cents are spent."""
        spent = 0
        while len(order):
            at, chunk, before = 0, order[:CHUNK], self.left
            while (stop is None or spent < stop) and (fits := self._fits(chunk[at:])).any():
                at += int(fits.argmax())
                spent += self._take(int(chunk[at]))
                at += 1
            if stop is not None and spent >= stop:
                return
            order = order[CHUNK:]
            if before == self.left:  # nothing fitted: the rest is looked through at once
                order = order[self._fits(order)]

    def _fits(self, pairs: NDArray[np.intp]) -> NDArray[np.bool_]:
        practice, territory = np.divmod(pairs, self.width)
        fits: NDArray[np.bool_] = (
            (self.cost[practice] <= self.left)
            & (self.practice[practice] > 0)
            & (self.territory[territory] > 0)
            & ~self.taken[pairs]
        )
        return fits

    def _take(self, pair: int) -> int:
        practice, territory = divmod(pair, self.width)
        self.taken[pair] = True
        self.left -= int(self.cost[practice])
        self.practice[practice] -= 1
        self.territory[territory] -= 1
        return int(self.cost[practice])
