"""A query's candidates with their scores, before some are chosen and explained."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender.features import FeatureFrame, Question
from recommender.ranker import Fit


@dataclass(frozen=True)
class Scored:
    """Every candidate of a query with its score, best first; equal scores in order of practice id.

    `order` leaves out what already runs in the territory, which is in `present`, best first too. Of an
    organisation's territories each row of the frame is of the one in `places` (row of the territory).
    """

    question: Question
    frame: FeatureFrame
    fit: Fit
    order: NDArray[np.intp]
    present: NDArray[np.intp]
    eligible: int
    places: NDArray[np.intp] | None = None

    def question_of(self, position: int) -> Question:
        """Return the question as one row of the frame answers it."""
        if self.places is None:
            return self.question
        return replace(self.question, territories=self.places[position : position + 1])
