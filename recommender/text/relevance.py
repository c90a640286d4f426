"""Which indicators matter for a practice, as its text tells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Indicator
from recommender.text.embedding import Embedder, Progress
from recommender.text.word_index import unit

KEPT = 6  # indicators a practice is about, at most
SOFTNESS = 0.05


def indicator_relevance(
    practices: NDArray[np.float32],
    indicators: Sequence[Indicator],
    embedder: Embedder,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Compare every practice with every indicator's name and description.

    The mean likeness of each indicator to all practices, and of each practice to all indicators, says
    nothing and is taken away; of what remains a practice keeps its few highest, softened.

    Parameters
    ----------
    practices : float32 [P, d]
        Centred unit vectors; NaN rows have no text.

    Returns
    -------
    float32 [P, I]
        Not negative; rows sum to 1, or are all 0 where the practice has no text.
    """
    if not indicators or not len(practices):
        return np.zeros((len(practices), len(indicators)), np.float32)
    sums = np.zeros((len(indicators), practices.shape[1]), np.float32)
    for language in LANGUAGES:
        texts = [_text(indicator, language) for indicator in indicators]
        vectors = embedder.passages(texts, progress)
        sums += unit(vectors - vectors.mean(axis=0))
    likeness = np.nan_to_num(practices) @ unit(sums).T
    excess = likeness - likeness.mean(axis=0) - likeness.mean(axis=1, keepdims=True) + likeness.mean()
    kept = min(KEPT, excess.shape[1])
    threshold = -np.partition(-excess, kept - 1, axis=1)[:, kept - 1 : kept]
    weights = np.exp((excess - excess.max(axis=1, keepdims=True)) / SOFTNESS) * (excess >= threshold)
    weights[np.isnan(practices).any(axis=1)] = 0.0
    total = weights.sum(axis=1, keepdims=True)
    shares: NDArray[np.float32] = (weights / np.maximum(total, 1e-12)).astype(np.float32)
    return shares


def _text(indicator: Indicator, language: str) -> str:
    name, description = indicator.name.get(language), indicator.description.values.get(language, "")
    return name if description in ("", name) else f"{name}. {description}"
