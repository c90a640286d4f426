"""Which indicators a theme speaks of: what its description says, and what its practices' texts say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Catalogue
from recommender.taxonomy import THEMES, Taxonomy
from recommender.text.embedding import Embedder, Progress
from recommender.text.relevance import KEPT, indicator_relevance
from recommender.text.word_index import unit


def theme_relevance(
    catalogue: Catalogue,
    taxonomy: Taxonomy,
    practices: NDArray[np.float32],
    embedder: Embedder,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Weigh every indicator for every theme.

    Half comes from the likeness of the theme's description to the indicators' (as for a practice's
    text), half from how much more the theme's practices speak of an indicator than the others do: a
    description of two lines alone is easily misread. A theme no practice carries has the first only.

    Parameters
    ----------
    practices : float32 [P, I]
        How much each practice's text says each indicator matters.

    Returns
    -------
    float64 [themes, I]
        In the order of `THEMES`; rows sum to 1, or are all 0 where nothing is known.
    """
    indicators = list(catalogue.indicators.values())
    told = indicator_relevance(theme_vectors(taxonomy, embedder, progress), indicators, embedder, progress)
    carried = np.array(
        [[theme in practice.themes for practice in catalogue.practices.values()] for theme in THEMES],
        dtype=bool,
    ).reshape(len(THEMES), -1)
    shown = np.array([_excess(practices.astype(np.float64), row) for row in carried])
    both = shown.any(axis=1, keepdims=True)
    return np.where(both, 0.5 * told + 0.5 * shown, told.astype(np.float64))


def _excess(relevance: NDArray[np.float64], carried: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return what some practices speak of more than the rest does, the few largest, as shares of 1."""
    weights = np.zeros(relevance.shape[1])
    if carried.any() and not carried.all():
        excess = np.maximum(relevance[carried].mean(axis=0) - relevance[~carried].mean(axis=0), 0.0)
        largest = np.argsort(-excess, kind="stable")[:KEPT]
        weights[largest] = excess[largest]
    total = float(weights.sum())
    return weights / total if total else weights


def theme_vectors(
    taxonomy: Taxonomy, embedder: Embedder, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Return centred unit vectors of the themes' titles and descriptions, float32 [themes, d]."""
    terms = [taxonomy.terms("themes")[code] for code in THEMES]
    total: NDArray[np.float32] | None = None
    for language in LANGUAGES:
        texts: Sequence[str] = [f"{t.title.get(language)}. {t.description.get(language)}" for t in terms]
        vectors = embedder.passages(texts, progress)
        centred = unit(vectors - vectors.mean(axis=0))
        total = centred if total is None else total + centred
    return unit(total if total is not None else np.zeros((len(terms), 0), np.float32))
