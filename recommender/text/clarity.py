"""Whether anything answers a text at all: some practice is always the nearest, which is no answer yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

BEST, SHARE_OF_BEST = 10, 25
"""How many practices are the best ones: at most ten, at most one in twenty-five."""
WEAK = 0.05
"""As weakly as the least answered twentieth of the catalogue's own titles is weakly."""
VAGUEST = 0.1
FEWEST = 20  # with fewer titles to judge by, every text counts as clear


@dataclass(frozen=True)
class Clarity:
    """How well texts on the catalogue's matters are answered, as its own titles show.

    A title is asked as a question of all the other practices. Encoders differ in the likeness they give to
    unrelated words, so the scale is the catalogue's and the encoder's own; no judged need takes part.

    Parameters
    ----------
    clear : float
        A text whose best answers are at least so near is clear: what all but the least answered
        twentieth of titles reach. NaN where there are too few titles to say.
    usual : float
        What half of the titles reach. As far below `clear` as this is above, a text is noise.
    """

    clear: float
    usual: float

    @classmethod
    def learn(cls, titles: Iterable[tuple[int, Scores]]) -> Clarity:
        """Learn from titles: for each, its practice and how well every practice answers it."""
        reached = []
        for practice, scores in titles:
            others = scores.copy()
            others[practice] = np.nan
            reached.append(best_answers(others))
        known = [value for value in reached if not np.isnan(value)]
        if len(known) < FEWEST:
            return cls(np.nan, np.nan)
        clear, usual = np.quantile(known, [WEAK, 0.5])
        return cls(float(clear), float(usual))

    def of(self, scores: Scores) -> float:
        """Return how clearly a text is answered, 0.1-1, from how well every practice answers it.

        Parameters
        ----------
        scores : float64 [P]
            Cosines; NaN where a practice was not compared.
        """
        best = best_answers(scores)
        if np.isnan(best):
            return VAGUEST
        if np.isnan(self.clear) or best >= self.clear:
            return 1.0
        return float(max(VAGUEST, 1 - (self.clear - best) / max(self.usual - self.clear, 1e-9)))


def best_answers(scores: Scores) -> float:
    """Return the mean of the best scores; NaN where there is none."""
    known = np.sort(scores[~np.isnan(scores)])
    return float(known[-max(1, min(BEST, len(known) // SHARE_OF_BEST)) :].mean()) if len(known) else np.nan
