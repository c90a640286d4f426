"""Territory and practice by their indicators: need, likeness to where it ran, groups present.

A practice's text says which indicators matter for it (its relevance); a territory's standing on
them says how much it has the problem, how alike it is to the places where the practice ran, and
whether the practice's population groups live there. A place never counts as its own origin, so
that training and serving see the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text
from recommender.places import Places
from recommender.territory.comparison import (
    Comparison,
    Standing,
    alike,
    compare,
    group_standings,
    need_standings,
)
from recommender.territory.groups import GROUPS_PRESENT, group_weights, presence
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.likeness import FEWEST_COVERED, MEAN, NEAREST, LikenessIndex

FloatArray = NDArray[np.float64]
Weights = NDArray[np.float32]

FEATURES = (
    FeatureSpec(
        "need_alignment",
        "signed standing",
        -1.0,
        1.0,
        0.0,
        Text(
            {
                "es": "Cuánto tiene el territorio el problema que atiende la práctica: su posición entre "
                "los territorios de su nivel en los indicadores de necesidad de los que habla el texto, "
                "por la parte del texto que habla de ellos.",
                "en": "How much the territory has the problem the practice addresses: its standing among "
                "territories of its level on the need indicators the text speaks of, times the part of "
                "the text that speaks of them.",
            }
        ),
    ),
    NEAREST,
    MEAN,
    GROUPS_PRESENT,
)


class Block(NamedTuple):
    """Features of some practices x some territories, and the share of their weight known (0-1).

    `coverage` has the keys ``need``, ``likeness`` and ``groups``; NaN where the practice names
    nothing to be covered (no relevance, no place elsewhere, no group that a statistic counts).
    """

    features: dict[str, FloatArray]
    coverage: dict[str, FloatArray]


@dataclass(frozen=True)
class ContextIndex:
    """Everything that can be worked out before a territory is known.

    Attributes
    ----------
    matrix : IndicatorMatrix
    likeness : LikenessIndex
        The places where each practice ran.
    relevance : float32 [P, I]
        How much each practice's text says each indicator matters; rows sum to 1 or are all 0.
    groups : float32 [P, I]
        Indicators of the practice's population groups, evenly weighted; rows sum to 1 or 0.
    """

    matrix: IndicatorMatrix
    likeness: LikenessIndex
    relevance: Weights
    groups: Weights
    _need: NDArray[np.intp]
    _need_weights: FloatArray
    _need_total: FloatArray
    _grouped: NDArray[np.intp]
    _group_weights: FloatArray
    _group_total: FloatArray
    _presence: Weights

    @property
    def places(self) -> Places:
        """Where each practice ran."""
        return self.likeness.places

    @classmethod
    def build(cls, matrix: IndicatorMatrix, catalogue: Catalogue, relevance: Weights) -> ContextIndex:
        """Precompute weights per practice and per (practice, place) pair.

        Parameters
        ----------
        matrix : IndicatorMatrix
            Of the same catalogue.
        catalogue : Catalogue
            Practices, their groups and the places where they ran.
        relevance : float32 [P, I]
            Weight of each indicator for each practice, not negative.
        """
        relevance = np.asarray(relevance, dtype=np.float32)
        populations = [practice.populations for practice in catalogue.practices.values()]
        groups = group_weights(populations, matrix.indicator_ids)
        need, grouped = np.flatnonzero(matrix.direction), np.flatnonzero(groups.any(axis=0))
        return cls(
            matrix=matrix,
            likeness=LikenessIndex.build(matrix, Places.build(catalogue), relevance),
            relevance=relevance,
            groups=groups,
            _need=need,
            _need_weights=relevance[:, need].astype(np.float64),
            _need_total=relevance[:, need].sum(axis=1, dtype=np.float64),
            _grouped=grouped,
            _group_weights=groups[:, grouped].astype(np.float64),
            _group_total=groups.sum(axis=1, dtype=np.float64),
            _presence=presence(matrix, grouped),
        )

    def features(self, territory: int) -> dict[str, FloatArray]:
        """Features of every practice for one territory, each float64 [P]; NaN unknown."""
        block = self.block(None, np.array([territory]))
        return {name: values[:, 0] for name, values in block.features.items()}

    def features_for_pairs(
        self, practices: NDArray[np.integer], territories: NDArray[np.integer]
    ) -> dict[str, FloatArray]:
        """Features of n pairs, each float64 [n]; the same figures as `block`, pair by pair."""
        result = {spec.name: np.full(len(practices), np.nan) for spec in FEATURES}
        for territory in np.unique(territories):  # one block per territory, not one step per pair
            asked = np.flatnonzero(territories == territory)
            block = self.block(practices[asked], np.array([territory]))
            for name, values in block.features.items():
                result[name][asked] = values[:, 0]
        return result

    def block(self, practices: NDArray[np.integer] | None, territories: NDArray[np.integer]) -> Block:
        """Work out every feature for some practices (None: all) x some territories.

        Parameters
        ----------
        practices : int [P'] or None
        territories : int [T']

        Returns
        -------
        Block
            Arrays float64 [P', T'].
        """
        chosen = slice(None) if practices is None else practices
        trust = self.matrix.trust[territories]
        signed = (2.0 * self.matrix.percentile[territories] - 1.0) * self.matrix.direction
        need, need_known = _weighted_mean(
            self._need_weights[chosen], self._need_total[chosen], signed[:, self._need], trust[:, self._need]
        )
        present, groups_known = _weighted_mean(
            self._group_weights[chosen],
            self._group_total[chosen],
            self._presence[territories],
            trust[:, self._grouped],
        )
        nearest, mean, places_known = self.likeness.block(practices, territories)
        return Block(
            {
                # a text that hardly speaks of needs says little of how needed the practice is
                "need_alignment": need * self._need_total[chosen][:, None],
                "likeness_nearest": nearest,
                "likeness_mean": mean,
                "groups_present": present,
            },
            {"need": need_known, "likeness": places_known, "groups": groups_known},
        )

    def origin(self, practice: int, territory: int) -> int | None:
        """Return the place where the practice ran that is most like a territory, None if there is none.

        The territory itself does not count, nor a whole country for a part of one.
        """
        return self.likeness.origin(practice, territory)

    def importance(self, practice: int) -> FloatArray:
        """Return how much each indicator matters for a practice, float64 [I], 1 for the most relevant."""
        weights: FloatArray = self.relevance[practice].astype(np.float64)
        largest = float(weights.max(initial=0.0))
        return weights / largest if largest else weights

    def differences(self, practice: int, territory: int, limit: int | None = None) -> list[Comparison]:
        """Return every indicator known at both, most important and most different first.

        Compared with `origin`, the most alike place where the practice ran.
        """
        there = self.origin(practice, territory)
        if there is None:
            return []
        return compare(self.matrix, territory, there, self.importance(practice), limit)

    def alikes(self, practice: int, territory: int, limit: int | None = None) -> list[Comparison]:
        """Return the indicators that matter for the practice and hardly differ, the most telling first."""
        there = self.origin(practice, territory)
        if there is None:
            return []
        return alike(self.matrix, territory, there, self.importance(practice), limit)

    def need_drivers(self, practice: int, territory: int) -> list[Standing]:
        """Return the indicators behind `need_alignment`, largest share first; shares sum to it."""
        return need_standings(self.matrix, territory, self.relevance[practice])

    def groups_here(self, practice: int, territory: int) -> list[Standing]:
        """Return the standing of the practice's population groups, those most present first."""
        present = np.full(len(self.matrix.indicator_ids), np.nan)
        present[self._grouped] = self._presence[territory]
        return group_standings(self.matrix, territory, self.groups[practice], present)


def _weighted_mean(
    weights: FloatArray, total: FloatArray, values: NDArray[np.float32], trust: NDArray[np.float32]
) -> tuple[FloatArray, FloatArray]:
    """Mean of values [T', J] under weights [P', J] that sum to total, and the share of weight known.

    In double precision: one pair and a block of a million give the same figure to 1e-12.
    """
    trusted = trust.astype(np.float64)
    known = weights @ trusted.T
    sums = weights @ (np.nan_to_num(values) * trusted).T
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage: FloatArray = known / total[:, None]
        means: FloatArray = np.where(coverage >= FEWEST_COVERED, sums / known, np.nan)
    return means, coverage
