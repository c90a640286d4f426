"""The limits of a portfolio as rows of a linear programme, over some of the pairs only.

Money is counted in millionths of the budget: coefficients stay of ordinary size, and the solver's
absolute tolerance of 1e-6 is 1e-12 of the budget. Rows that cannot bind are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.allocation.problem import FloatArray, Prices, Problem

MONEY = 1e6
"""What the whole budget counts in the rows."""
MOST_KINDS = 400
"""With more kinds of grants than this, or fewer alike, counting them would be no help."""
FEWEST_ALIKE = 3


@dataclass(frozen=True, eq=False)
class Rows:
    """``matrix @ x <= upper`` for n pairs.

    The first row is the money, then one for each share (with its sign turned), then the territories
    and practices that could have too many grants.
    """

    problem: Problem
    pairs: NDArray[np.intp]
    matrix: sparse.csr_array
    upper: FloatArray
    territories: NDArray[np.intp]
    practices: NDArray[np.intp]

    @classmethod
    def over(cls, problem: Problem, pairs: NDArray[np.intp]) -> Rows:
        """Lay out the rows for some pairs, given by position in the flat table."""
        practice, territory = np.divmod(pairs, problem.value.shape[1])
        money = problem.cost[practice] / problem.budget * MONEY
        shares = [-money * problem.counts(share, practice, territory) for share in problem.shares]
        territories = _crowded(territory, problem.value.shape[1], problem.per_territory)
        practices = _crowded(practice, problem.value.shape[0], problem.per_practice)
        matrix = sparse.vstack(
            [
                sparse.csr_array(np.array([money, *shares])),
                _incidence(territory, territories),
                _incidence(practice, practices),
            ],
            format="csr",
        )
        upper = np.concatenate(
            [
                [problem.spendable / problem.budget * MONEY],
                -problem.needed / problem.budget * MONEY,
                np.full(len(territories), float(problem.per_territory or 0)),
                np.full(len(practices), float(problem.per_practice or 0)),
            ]
        )
        return cls(problem, pairs, matrix, upper, territories, practices)

    def prices(self, duals: FloatArray) -> Prices:
        """Return the rows' dual prices by what they are prices of; what has no row is free."""
        count = len(self.problem.shares)
        duals = np.maximum(duals, 0.0)
        duals[: 1 + count] *= MONEY
        practices, territories = self.problem.value.shape
        of_territory, of_practice = np.zeros(territories), np.zeros(practices)
        split = 1 + count + len(self.territories)
        of_territory[self.territories] = duals[1 + count : split]
        of_practice[self.practices] = duals[split:]
        return Prices(float(duals[0]), duals[1 : 1 + count], of_territory, of_practice)

    def counted(self) -> CountedRows:
        """Return the same limits with one more whole number for each kind of grant: how many there are.

        Grants of one cost that count for the same shares are of one kind. Where costs repeat (one
        assumed cost for most practices) money and shares depend on a few such numbers only: branch
        and bound that decides on them closes what it could hardly close grant by grant.
        """
        heads = 1 + len(self.problem.shares)
        columns = self.matrix[:heads].toarray().T
        kinds, kind = np.unique(columns, axis=0, return_inverse=True)
        if len(kinds) > MOST_KINDS or len(kinds) * FEWEST_ALIKE > len(kind):
            return CountedRows(self.matrix, np.full(len(self.upper), -np.inf), self.upper)
        number = np.arange(len(kind))
        members = sparse.csr_array(
            (np.ones(len(kind)), (kind.ravel(), number)), shape=(len(kinds), len(kind))
        )
        matrix = sparse.block_array(
            [
                [None, sparse.csr_array(kinds.T)],
                [members, -sparse.eye_array(len(kinds))],
                [self.matrix[heads:], None] if self.matrix.shape[0] > heads else [members[:0], None],
            ],
            format="csr",
        )
        free = np.full(len(self.upper) - heads, -np.inf)
        none = np.zeros(len(kinds))
        return CountedRows(
            matrix,
            np.concatenate([np.full(heads, -np.inf), none, free]),
            np.concatenate([self.upper[:heads], none, self.upper[heads:]]),
        )


class CountedRows(NamedTuple):
    """``lower <= matrix @ (x, counts) <= upper``."""

    matrix: sparse.csr_array
    lower: FloatArray
    upper: FloatArray


def _crowded(rows: NDArray[np.intp], size: int, most: int | None) -> NDArray[np.intp]:
    if most is None:
        return np.array([], dtype=np.intp)
    return np.flatnonzero(np.bincount(rows, minlength=size) > most)


def _incidence(rows: NDArray[np.intp], kept: NDArray[np.intp]) -> sparse.csr_array:
    """Return which pair lies in which of the kept rows, sparse [len(kept), n]."""
    at = np.searchsorted(kept, rows)
    inside = np.flatnonzero(
        (at < len(kept)) & (kept[np.minimum(at, len(kept) - 1)] == rows if len(kept) else False)
    )
    shape = (len(kept), len(rows))
    return sparse.csr_array((np.ones(len(inside)), (at[inside], inside)), shape=shape)
