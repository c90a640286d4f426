"""How alike a territory is to the places where a practice ran, on what matters for the practice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import Text
from recommender.places import Places
from recommender.territory.indicators import IndicatorMatrix

FloatArray = NDArray[np.float64]

BASE_SHARE = 0.3
"""Share of the weight spread evenly over all indicators: places differ in ways no text mentions."""
FEWEST_COVERED = 0.25
"""A figure known for less than this share of its weight is not given."""
AT_RANDOM = round(float(np.exp(-1.0)), 4)
"""Likeness of two places at random: standings have variance 1, so their squared difference is 2."""

NEAREST = FeatureSpec(
    "likeness_nearest",
    "likeness 0-1",
    0.0,
    1.0,
    AT_RANDOM,
    Text(
        {
            "es": "Parecido con el lugar más semejante donde ya funcionó la práctica, en los "
            "indicadores que importan para ella; 0,37 es el de dos lugares al azar.",
            "en": "Likeness to the most similar place where the practice already ran, on the "
            "indicators that matter for it; 0.37 is that of two places at random.",
        }
    ),
)
MEAN = FeatureSpec(
    "likeness_mean",
    "likeness 0-1",
    0.0,
    1.0,
    AT_RANDOM,
    Text(
        {
            "es": "Parecido medio con los lugares donde ya funcionó la práctica, en los "
            "indicadores que importan para ella; 0,37 es el de dos lugares al azar.",
            "en": "Mean likeness to the places where the practice already ran, on the "
            "indicators that matter for it; 0.37 is that of two places at random.",
        }
    ),
)


@dataclass(frozen=True)
class LikenessIndex:
    """Weighted standings of M (practice, place) pairs, ready for one matrix product per territory.

    Likeness is ``exp(-d2 / 2)``: 1 for equal places, 0.37 for two at random. ``d2`` is the mean of
    the squared differences of standing, weighted by what matters for the practice (its relevance,
    and every indicator a little) and by how far both values are trusted. A place never counts as
    its own origin, nor what contains it or is part of it, nor a whole country for a part of one.
    """

    matrix: IndicatorMatrix
    places: Places
    _trust: FloatArray
    _terms: FloatArray
    _total: FloatArray

    @classmethod
    def build(cls, matrix: IndicatorMatrix, places: Places, relevance: NDArray[np.float32]) -> LikenessIndex:
        """Weigh the standings of every place where a practice ran.

        Parameters
        ----------
        relevance : float32 [P, I]
            Rows sum to 1, or are all 0 where a text names nothing: then every indicator counts evenly.
        """
        even = np.float32(1.0 / max(relevance.shape[1], 1))
        named = np.any(relevance > 0, axis=1, keepdims=True)[places.practice]
        mixed = (1 - BASE_SHARE) * relevance[places.practice] + BASE_SHARE * even
        weights = np.where(named, mixed, even).astype(np.float64)
        z = np.nan_to_num(matrix.z[places.territory])
        trust = weights * matrix.trust[places.territory]
        terms = np.hstack([trust, trust * z, trust * z * z])
        return cls(matrix, places, trust, terms, weights.sum(axis=1, dtype=np.float64))

    def block(
        self, practices: NDArray[np.integer] | None, territories: NDArray[np.integer]
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Compare the places of some practices (None: all) with some territories.

        Returns
        -------
        nearest, mean : float64 [P', T']
            Likeness 0-1; NaN without a place to compare with.
        coverage : float64 [P', T']
            Share of the weight known, at the best-known place; NaN without a place elsewhere.
        """
        places, rows = self._pairs(practices)
        alike, covered = self._likeness(places, rows, territories)
        counts = covered >= FEWEST_COVERED
        number = places.total(counts.astype(np.float64))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = places.total(np.where(counts, alike, 0.0)) / number
        nearest = np.where(number > 0, places.largest(np.where(counts, alike, -1.0)), np.nan)
        known = places.largest(covered)
        return nearest, mean, np.where(np.isfinite(known), known, np.nan)

    def origin(self, practice: int, territory: int) -> int | None:
        """Return the place where a practice ran that is most like a territory; None without one."""
        places, rows = self._pairs(np.array([practice]))
        alike, covered = self._likeness(places, rows, np.array([territory]))
        usable = np.flatnonzero(covered[:, 0] > 0)
        if not len(usable):
            return None
        order = np.where(covered[usable, 0] >= FEWEST_COVERED, alike[usable, 0], -1.0)
        return int(places.territory[usable[np.argmax(order)]])

    def _pairs(self, practices: NDArray[np.integer] | None) -> tuple[Places, slice | NDArray[np.intp]]:
        if practices is None:
            return self.places, slice(None)
        return self.places.select(practices), self.places.rows(practices)

    def _likeness(
        self, places: Places, rows: slice | NDArray[np.intp], territories: NDArray[np.integer]
    ) -> tuple[FloatArray, FloatArray]:
        """Return likeness and share of weight known, [M', T']; the share is -inf where not to be compared.

        ``w(z - y)^2`` is worked out as ``wz^2 - 2wzy + wy^2``: no array of pairs x indicators is made.
        In double precision: one pair and a block of a million give the same figure to 1e-12.
        """
        trust = self.matrix.trust[territories].astype(np.float64)
        z = np.nan_to_num(self.matrix.z[territories]).astype(np.float64)
        known = self._trust[rows] @ trust.T
        terms = np.hstack([trust * z * z, -2.0 * trust * z, trust])
        squares = self._terms[rows] @ terms.T
        with np.errstate(invalid="ignore", divide="ignore"):
            alike = np.exp(-0.5 * np.maximum(squares, 0.0) / known)
            covered = np.nan_to_num(known / self._total[rows][:, None])  # no indicators at all: nothing known
        there, country = places.territory[:, None], self.matrix.is_country
        parent = self.matrix.parent
        # a canton and its province share figures and people: the one is no other place than the other
        within = (parent[there] == territories) | (there == parent[territories][None, :])
        strange = (there == territories) | within | (country[there] ^ country[territories][None, :])
        return alike, np.where(strange, -np.inf, covered)
