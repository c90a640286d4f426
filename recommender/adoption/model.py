"""The learned model: one additive ranker for each situation, compiled to tables, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from recommender.adoption.adopters import ADOPTERS, by_adopters
from recommender.adoption.calibration import Calibration
from recommender.adoption.momentum import MOMENTUM, by_momentum
from recommender.adoption.pairs import Asked, Columns, Flags, Floats, Ground, matrix
from recommender.adoption.sites import SITES, TEXT, by_sites, by_text
from recommender.columns import FeatureSpec
from recommender.ranker import Fit, FitRanker

Mode = Literal["fit", "likely"]

SPECS: Mapping[str, tuple[FeatureSpec, ...]] = {
    "text": TEXT,
    "sites": SITES,
    "adopters": ADOPTERS,
    "momentum": MOMENTUM,
}
"""Situation -> the columns of its feature matrix, in order."""

RECENT = 5
"""Years of which the pace of a practice is read."""
NEARLY_EVERYWHERE = 0.6
"""A practice in more than this share of the places says nothing of where the next one goes."""


@dataclass(frozen=True)
class Situation:
    """What was learned of one situation.

    Parameters
    ----------
    ranker : FitRanker
        One table per feature of `SPECS`.
    calibration : Calibration
        Of the scores in ``mode=likely``.
    """

    ranker: FitRanker
    calibration: Calibration


@dataclass(frozen=True)
class AdoptionModel:
    """Everything learned, by situation.

    Parameters
    ----------
    version : str
        Named in every answer.
    situations : mapping of str to Situation
    countries : frozenset of str
        Ids of the countries it was learned on; any other is new to it.
    """

    version: str
    situations: Mapping[str, Situation]
    countries: frozenset[str]

    def score(self, situation: str, columns: Columns, candidates: Flags, mode: Mode = "likely") -> Fit:
        """Score all candidate pairs, in the order of ``np.nonzero(candidates)``.

        In ``mode="fit"`` exposure stays at its average, which is 0 in every relative feature.
        """
        specs = SPECS[situation]
        names = [spec.name for spec in specs]
        asked = np.array([mode == "likely" or spec.group == "fit" for spec in specs], dtype=bool)
        return self.situations[situation].ranker.score(matrix(columns, names, candidates), names, asked)

    def scores(self, situation: str, columns: Columns, candidates: Flags, mode: Mode = "likely") -> Floats:
        """Return the scores as a table shaped like `candidates`; ``-inf`` elsewhere."""
        table = np.full(candidates.shape, -np.inf)
        table[candidates] = self.score(situation, columns, candidates, mode).score
        return table

    def probability(self, situation: str, score: Floats, log_rate: Floats) -> Floats:
        """Return the calibrated probability of a recorded adoption for scores in ``mode="likely"``."""
        return self.situations[situation].calibration.probability(score, log_rate)


def columns_of(situation: str, ground: Ground, asked: Asked, candidates: Flags) -> Columns:
    """Compute a situation's features, each float64 shaped like `candidates`; NaN unknown."""
    if situation == "momentum":
        return by_momentum(ground, candidates)
    builders = {"text": by_text, "sites": by_sites, "adopters": by_adopters}
    return builders[situation](ground, asked, candidates)


def log_rate(situation: str, ground: Ground, asked: Asked, candidates: Flags) -> Floats:
    """Return the log of the share of candidates expected to adopt, float64 [Q].

    A practice with known sites is expected in as many more places; one of which only the words are
    known in as many as practices reach on average, those that went nearly everywhere aside; with dated
    adoptions, as many as of late.
    """
    among = np.maximum(candidates.sum(axis=1), 1)
    late = np.nan_to_num(ground.years, nan=-np.inf) > ground.cutoff - RECENT
    if situation == "text":
        reach = ground.sites.sum(axis=1)
        chosen = reach <= NEARLY_EVERYWHERE * ground.sites.shape[1]
        reach = reach[chosen] if chosen.any() else reach
        expected = np.full(len(candidates), reach.mean() if len(reach) else 0.0)
    elif situation == "sites":
        expected = asked.known.sum(axis=1).astype(np.float64)
    elif situation == "adopters":
        expected = np.where(np.isnan(asked.late), late.sum() / max(len(late), 1), asked.late)
    else:
        expected = (candidates @ late.sum(axis=1)) / max(ground.sites.shape[1], 1)
    return np.asarray(np.log((expected + 0.5) / (among + 1.0)), dtype=np.float64)
