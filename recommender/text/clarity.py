"""Whether anything answers a text at all: some practice is always the nearest, which is no answer yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.text.lexical import WORD, fold

Scores = NDArray[np.float64]

BEST, SHARE_OF_BEST = 10, 25
"""How many practices are the best ones: at most ten, at most one in twenty-five."""
WEAK, NOISE = 0.05, 0.025
"""Which share of the catalogue's own titles is answered weakly; which no better than noise."""
VAGUEST = 0.1
FEWEST = 20  # with fewer titles to judge by, every text counts as clear


@dataclass(frozen=True)
class Signs:
    """What tells whether a catalogue answers a text.

    Parameters
    ----------
    practices : int64 [n]
        The practices compared; all of them but in a large catalogue.
    words : float64 [n]
        How well each answers it word by word, cosines; NaN where it has no word.
    whole : float32 [n]
        How near the whole text is to each one's, cosines, languages' means left in: these hold what the
        catalogue's texts have in common. NaN as above.
    spoken : float
        How much of it the vocabularies recognise: the sum of `Mentions.weights`, not negative.
    """

    practices: NDArray[np.int64]
    words: Scores
    whole: NDArray[np.float32]
    spoken: float

    def read(self, apart: int | None = None) -> Scores:
        """Return the three signs as float64 [3]; best answers are those of all practices but `apart`."""
        others = slice(None) if apart is None else self.practices != apart
        best = best_answers(self.words[others]), best_answers(self.whole[others])
        return np.array([*best, np.log1p(self.spoken)])


@dataclass(frozen=True)
class Clarity:
    """How well texts on the catalogue's matters are answered, as its own titles show.

    A title is asked as a question of all the other practices, and three signs are read: answers to its
    words, nearness as a whole, what the vocabularies recognise. Each is counted in standard deviations over
    titles, and they are added: one may make up for another. Encoders differ in the likeness they give to
    unrelated words, so the scale is the catalogue's and the encoder's own; no need takes part, judged or not.

    Parameters
    ----------
    centre, spread : float64 [3]
        Mean and standard deviation of each sign over titles.
    clear, noise : float
        A text whose signs add up to at least `clear` is clear: what all but the least answered twentieth of
        titles reach. At `noise`, what all but a fortieth reach, and below nothing answers it. NaN where there
        are too few titles to say.
    """

    centre: Scores
    spread: Scores
    clear: float
    noise: float

    @classmethod
    def learn(cls, titles: Iterable[tuple[int, Signs]]) -> Clarity:
        """Learn from titles: for each, its practice and its signs."""
        read = np.array([signs.read(practice) for practice, signs in titles]).reshape(-1, 3)
        known = read[~np.isnan(read).any(axis=1)]
        if len(known) < FEWEST:
            return cls(np.zeros(3), np.ones(3), np.nan, np.nan)
        centre, spread = known.mean(axis=0), known.std(axis=0)
        spread[spread < 1e-9] = 1.0  # a sign that is the same for all titles
        noise, clear = np.quantile(((known - centre) / spread).sum(axis=1), [NOISE, WEAK])
        return cls(centre, spread, float(clear), float(noise))

    def of(self, signs: Signs) -> float:
        """Return how clearly a text is answered, 0.1-1."""
        reached = float(((signs.read() - self.centre) / self.spread).sum())
        if np.isnan(reached):
            return VAGUEST
        if np.isnan(self.clear) or reached >= self.clear:
            return 1.0
        missing = (self.clear - reached) / max(self.clear - self.noise, 1e-9)
        return VAGUEST + (1 - VAGUEST) * max(0.0, 1 - missing) ** 2  # soon: what is hardly answered misleads


def best_answers(scores: Scores | NDArray[np.float32]) -> float:
    """Return the mean of the best scores; NaN where there is none."""
    known = scores[~np.isnan(scores)]
    if not len(known):
        return np.nan
    count = max(1, min(BEST, len(known) // SHARE_OF_BEST))
    return float(np.partition(known, -count)[-count:].mean())


class PlaceNames:
    """Knows texts that say where and nothing of what: names of places and no more."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(filter(None, map(_words, names)))

    def alone(self, text: str) -> bool:
        """Tell whether a text is a name, or several after commas."""
        return all(_words(part) in self._names for part in text.split(","))


def _words(text: str) -> str:
    return " ".join(WORD.findall(fold(text)))
