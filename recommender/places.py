"""Where each practice ran, as one compact list of (practice, place) pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Catalogue

IndexArray = NDArray[np.int32]


@dataclass(frozen=True)
class Places:
    """M (practice, place) pairs of P practices, ordered by practice.

    A place where the practice failed is left out: it is no place where it took root. Most practices
    have one place or none, so a list is far smaller than a table of practices x territories.

    Attributes
    ----------
    practice, territory : int32 [M]
        Indices in the order of the catalogue.
    start : int32 [P + 1]
        The pairs of practice p are ``start[p]:start[p + 1]``.
    """

    practice: IndexArray
    territory: IndexArray
    start: IndexArray

    @classmethod
    def build(cls, catalogue: Catalogue) -> Places:
        """List a catalogue's adoptions, one pair per practice and territory."""
        practice_of = {practice: index for index, practice in enumerate(catalogue.practices)}
        territory_of = {territory: index for index, territory in enumerate(catalogue.territories)}
        pairs = {
            (practice_of[adoption.practice_id], territory_of[adoption.territory_id])
            for adoption in catalogue.adoptions
            if adoption.ran
        }
        table = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
        return cls._ordered(table[:, 0], table[:, 1], len(practice_of))

    @classmethod
    def _ordered(cls, practice: IndexArray, territory: IndexArray, count: int) -> Places:
        start = np.searchsorted(practice, np.arange(count + 1)).astype(np.int32)
        return cls(np.ascontiguousarray(practice), np.ascontiguousarray(territory), start)

    def rows(self, practices: NDArray[np.integer]) -> NDArray[np.intp]:
        """Return the pairs of some practices, practice by practice."""
        counts = self.start[practices + 1] - self.start[practices]
        before = np.repeat(np.cumsum(counts) - counts, counts)
        rows: NDArray[np.intp] = np.repeat(self.start[practices], counts) + np.arange(counts.sum()) - before
        return rows

    def select(self, practices: NDArray[np.integer]) -> Places:
        """Return the list of some practices, which are numbered anew in the given order."""
        counts = self.start[practices + 1] - self.start[practices]
        numbers = np.repeat(np.arange(len(practices), dtype=np.int32), counts)
        return self._ordered(numbers, self.territory[self.rows(practices)], len(practices))

    def total(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Sum pair values [M, K] per practice, float64 [P, K]; 0 where a practice has no place."""
        return self._reduce(np.add, values, 0.0)

    def largest(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Largest pair value [M, K] per practice, float64 [P, K]; -inf where a practice has no place."""
        return self._reduce(np.maximum, values, -np.inf)

    def _reduce(self, how: np.ufunc, values: NDArray[np.floating], empty: float) -> NDArray[np.float64]:
        result = np.full((len(self.start) - 1, values.shape[1]), empty)
        placed = np.flatnonzero(self.start[1:] > self.start[:-1])
        if len(placed):
            result[placed] = how.reduceat(values, self.start[placed], axis=0)
        return result
