"""Fits of practices x territories: the same features and the same ranker as one question's answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.features import NAMES, FeatureBuilder, Question
from recommender.ranker import Fit, FitRanker

Rows = NDArray[np.intp]

PAIRS_AT_ONCE = 2**17
"""Pairs scored in one step: their features take some 40 MB."""
TERRITORIES_AT_ONCE = 2**13
"""Territories in one step: a practice that ran in a hundred places compares each with all of them."""


@dataclass(frozen=True)
class PairFits:
    """How well each of P' practices fits each of T' territories.

    Attributes
    ----------
    practices, territories : ndarray of int, shapes (P',) and (T',)
        Rows of the catalogue.
    score : ndarray of shape (P', T')
        Raw score in points, as in `Recommendation.score`.
    index : ndarray of shape (P', T')
        Anticipated-fit index, 0-100, not rounded.
    coverage : ndarray of shape (P', T')
        Share, 0-1, of the weight of the features asked about that were known.
    need : ndarray of shape (P', T')
        `need_alignment`, -1 to 1: how much the territory has the problem; NaN unknown.
    supply : ndarray of shape (P', T')
        `theme_supply`, 0-1: other practices on the same themes there; NaN for a practice without themes.
    present : ndarray of bool, shape (P', T')
        Where the practice already runs.
    """

    practices: Rows
    territories: Rows
    score: NDArray[np.float64]
    index: NDArray[np.float64]
    coverage: NDArray[np.float64]
    need: NDArray[np.float64]
    supply: NDArray[np.float64]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class PairScorer:
    """Scores blocks of pairs, step by step in bounded memory."""

    builder: FeatureBuilder
    ranker: FitRanker

    def fits(
        self, question: Question, practices: Rows, territories: Rows, weights: Mapping[str, float]
    ) -> PairFits:
        """Score every pair.

        Parameters
        ----------
        question : Question
            Need and organisation; its own territories are not looked at.
        practices, territories : ndarray of int, shapes (P',) and (T',)
            Rows of the catalogue.
        weights : mapping of str to float
            Factors on named features.

        Raises
        ------
        UnknownValue, OutOfRange
            When a weight names no feature or is out of its range.
        """
        shape = (len(practices), len(territories))
        score, index, coverage, need, supply = np.full((5, *shape), np.nan)
        for rows, columns, values, fit in self.steps(question, practices, territories, weights):
            part = (rows, columns)
            size = score[part].shape
            score[part] = fit.score.reshape(size)
            index[part] = fit.index.reshape(size)
            coverage[part] = fit.coverage.reshape(size)
            need[part] = values[:, NAMES.index("need_alignment")].reshape(size)
            supply[part] = values[:, NAMES.index("theme_supply")].reshape(size)
        present = np.zeros(shape, dtype=bool)
        for rows, columns in _steps(*shape):
            present[rows, columns] = self.builder.surroundings.already_here(
                practices[rows], territories[columns]
            )
        return PairFits(practices, territories, score, index, coverage, need, supply, present)

    def one(
        self, question: Question, practice: int, territories: Rows, weights: Mapping[str, float]
    ) -> tuple[NDArray[np.float64], Fit]:
        """Score one practice in every territory, keeping what explains it.

        Returns
        -------
        values : ndarray of shape (T', n_features)
        fit : Fit
            Of T' pairs.
        """
        steps = list(self.steps(question, np.array([practice], dtype=np.intp), territories, weights))
        if len(steps) == 1:
            return steps[0][2], steps[0][3]
        if not steps:
            none, table = np.empty(0), np.empty((0, len(NAMES)))
            return table, Fit(none, none, table, none)
        fits = [fit for *_, fit in steps]
        return np.vstack([values for _, _, values, _ in steps]), Fit(
            np.concatenate([fit.score for fit in fits]),
            np.concatenate([fit.index for fit in fits]),
            np.vstack([fit.contributions for fit in fits]),
            np.concatenate([fit.coverage for fit in fits]),
        )

    def steps(
        self, question: Question, practices: Rows, territories: Rows, weights: Mapping[str, float]
    ) -> Iterator[tuple[slice, slice, NDArray[np.float64], Fit]]:
        """Score block by block; yield where each lies, its features and its fits."""
        asked = self.builder.asked(question, "territory")
        everywhere = self.builder.everywhere(question)
        for rows, columns in _steps(len(practices), len(territories)):
            values = self.builder.pairs(everywhere, practices[rows], territories[columns])
            yield rows, columns, values, self.ranker.score(values, NAMES, asked, weights)


def _steps(practices: int, territories: int) -> Iterator[tuple[slice, slice]]:
    """Cut a table into blocks of at most `PAIRS_AT_ONCE` pairs."""
    wide = min(territories, TERRITORIES_AT_ONCE)
    tall = max(1, PAIRS_AT_ONCE // max(wide, 1))
    for row in range(0, practices, tall):
        for column in range(0, territories, max(wide, 1)):
            yield slice(row, row + tall), slice(column, column + wide)
