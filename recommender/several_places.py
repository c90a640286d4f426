"""An organisation at work in several territories: each practice where it fits best.

A mean over places is the fit of none of them, and sentences can speak of one place only. So each
practice is scored in every territory in which it does not run yet and stands with its best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.features import Question
from recommender.pairs import PairScorer
from recommender.ranker import Fit

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class BestPlaces:
    """Where each of P practices fits best.

    Attributes
    ----------
    territory : int [P]
        Row of the territory; of one that runs in all of them, of the best nonetheless.
    values : float64 [P, F]
        Its features there; NaN unknown.
    fit : Fit
        Of P pairs.
    everywhere : bool [P]
        It runs in all the territories already.
    """

    territory: Rows
    values: NDArray[np.float64]
    fit: Fit
    everywhere: NDArray[np.bool_]


def best_places(
    scorer: PairScorer,
    question: Question,
    practices: Rows,
    weights: Mapping[str, float],
    include_present: bool,
) -> BestPlaces:
    """Find the territory of a question in which each practice fits best.

    Parameters
    ----------
    scorer : PairScorer
    question : Question
        Its territories are those to choose among: one at least.
    practices : int [P]
        Rows of the catalogue.
    weights : mapping of str to float
        Factors on named features.
    include_present : bool
        Whether a place where it runs already may be chosen too.

    Notes
    -----
    Equal scores stay in the order in which the territories are given.
    """
    places = question.territories
    running = scorer.builder.surroundings.already_here(practices, places)
    everywhere: NDArray[np.bool_] = np.asarray(running.all(axis=1), dtype=bool)
    barred = np.zeros_like(running) if include_present else running & ~everywhere[:, None]
    parts: list[tuple[Rows, NDArray[np.float64], Fit]] = []
    for rows, _, values, fit in scorer.steps(question, practices, places, weights):
        score = np.where(barred[rows], -np.inf, fit.score.reshape(-1, len(places)))
        best = score.argmax(axis=1)
        pairs = np.arange(len(best)) * len(places) + best
        chosen = Fit(fit.score[pairs], fit.index[pairs], fit.contributions[pairs], fit.coverage[pairs])
        parts.append((places[best], values[pairs], chosen))
    fits = [fit for *_, fit in parts]
    return BestPlaces(
        territory=np.concatenate([territory for territory, *_ in parts]),
        values=np.vstack([values for _, values, _ in parts]),
        fit=Fit(
            np.concatenate([fit.score for fit in fits]),
            np.concatenate([fit.index for fit in fits]),
            np.vstack([fit.contributions for fit in fits]),
            np.concatenate([fit.coverage for fit in fits]),
        ),
        everywhere=np.zeros_like(everywhere) if include_present else everywhere,
    )
