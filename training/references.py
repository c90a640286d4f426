"""The reference methods every claim is measured against, as the benchmark packages define them.

H is the history (practices x places, 0/1), v what is known of a query. A method takes an episode
and gives scores of shape (Q, n_items). z-scores run over all items, before candidates are chosen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from training.history import Floats
from training.task import Episode, Method

NEIGHBOURS_IN_TEXT = 20
MOST_SIMILAR_PLACES = 10
POPULARITY_TIE_BREAK = 0.001
TEXT_FLOOR = 0.2
RECENT, CURRENT = 5, 10
# Bounds the memory of one similarity matrix per query.
QUERIES_AT_ONCE = 100
# A spread this small beside the mean is rounding, not information.
ROUNDING = 1e-9

Key = Callable[[Episode, str, str], str]


def standardised(scores: Floats, unseen: int = 0) -> Floats:
    """Return z-scores along the items; a constant row becomes 0.

    Parameters
    ----------
    scores : ndarray of shape (Q, n_items)
    unseen : int
        Further items that score 0 and only count in the mean and the spread.
    """
    items = scores.shape[1] + unseen
    centre = scores.sum(axis=1, keepdims=True) / items
    squares = ((scores - centre) ** 2).sum(axis=1, keepdims=True) + unseen * centre**2
    spread = np.sqrt(squares / items)
    constant = spread <= ROUNDING * np.abs(centre)
    scaled: Floats = np.where(constant, 0.0, (scores - centre) / np.where(constant, 1.0, spread))
    return scaled


def summed(*methods: Method) -> Method:
    """Combine methods by the sum of their z-scores."""

    def scores(episode: Episode) -> Floats:
        return _floats(sum(standardised(method(episode), episode.unseen) for method in methods))

    return scores


def random(episode: Episode, key: Key) -> Floats:
    """Score by the first 8 hex digits of SHA-256 of a key: the same for everybody."""
    digits = [
        [hashlib.sha256(key(episode, subject, item).encode()).hexdigest()[:8] for item in episode.item_ids]
        for subject in episode.subjects
    ]
    return np.array([[int(digit, 16) for digit in row] for row in digits], dtype=float)


def popularity(episode: Episode) -> Floats:
    """Score places by the share of practices they have."""
    return _to_all(episode, episode.history.sites.mean(axis=0))


def prevalence(episode: Episode) -> Floats:
    """Score practices by the share of places that have them."""
    return _to_all(episode, episode.history.sites.mean(axis=1))


def innovativeness(episode: Episode) -> Floats:
    """Score places by what they adopted in the last ten years."""
    history = episode.history
    return _to_all(episode, history.adopters_since(history.cutoff - CURRENT).sum(axis=0))


def momentum(episode: Episode) -> Floats:
    """Score practices by their adopters of the last five years."""
    history = episode.history
    return _to_all(episode, history.adopters_since(history.cutoff - RECENT).sum(axis=1))


def text_neighbours(episode: Episode, *, mean: bool = True) -> Floats:
    """Score places by the sites of the 20 practices most alike in wording (text kNN).

    Parameters
    ----------
    mean : bool
        The cosine-weighted mean of their sites, else the sum.
    """
    likeness = _text_likeness(episode)
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :NEIGHBOURS_IN_TEXT]
    weights = np.zeros_like(likeness)
    np.put_along_axis(weights, order, np.take_along_axis(likeness, order, axis=1), axis=1)
    return _weighted_sites(episode, weights, mean=mean)


def text_then_popularity(episode: Episode) -> Floats:
    """Score by text kNN; popularity orders what the text leaves equal."""
    return text_neighbours(episode) + POPULARITY_TIE_BREAK * popularity(episode)


def co_adoption(episode: Episode) -> Floats:
    """Score places by their likeness to the known ones in what they did (CF): C v."""
    return episode.known @ _place_likeness(episode.history.sites.astype(float))


def co_adoption_without_own(episode: Episode, *, most_similar: int | None = None) -> Floats:
    """Score places by C v, with C made without the row of the practice that asks.

    Parameters
    ----------
    most_similar : int or None
        None divides by the row sum of C. A number sums over each place's most similar places
        only, undivided.
    """
    rows = np.searchsorted(episode.history.practice_ids, episode.subjects)
    sites = episode.history.sites.astype(float)
    together = sites.T @ sites
    scores = np.empty(episode.known.shape)
    for part in np.array_split(np.arange(len(rows)), len(rows) // QUERIES_AT_ONCE + 1):
        own = sites[rows[part]]
        likeness = _cosine(together - own[:, :, None] * own[:, None, :])
        known = episode.known[part].astype(float)
        if most_similar is None:
            scores[part] = _divided(np.einsum("qij,qj->qi", likeness, known), likeness.sum(axis=2))
        else:
            scores[part] = np.einsum("qij,qj->qi", _strongest(likeness, most_similar), known)
    return scores


def similar_places(episode: Episode) -> Floats:
    """Score practices by the ten places most like the one that asks (CF top 10)."""
    sites = episode.history.sites.astype(float)
    return _floats(_strongest(_place_likeness(sites), MOST_SIMILAR_PLACES)[_askers(episode)] @ sites.T)


def distance(episode: Episode) -> Floats:
    """Score places by nearness to the known ones: the sum of exp(-km / (median km / 2)).

    The median is over all pairs, a place with itself included, as the reference figures have it.
    Places without coordinates are near to nothing.
    """
    km = episode.history.places.distance_km
    known = km[~np.isnan(km)]
    half = np.median(known) / 2 if known.size else 0.0
    if half <= 0:
        return np.zeros(episode.known.shape)
    nearness = np.nan_to_num(np.exp(-km / half)) * ~np.eye(len(km), dtype=bool)
    return _floats(episode.known @ nearness)


def bordering(episode: Episode) -> Floats:
    """Score places by the share of bordering places that have the practice that asks."""
    return _floats(episode.known @ _border_shares(episode).T)


def bordering_the_asker(episode: Episode) -> Floats:
    """Score practices by the share of places bordering the one that asks that have them."""
    return _floats(_border_shares(episode)[_askers(episode)] @ episode.history.sites.T)


def items_by_text(episode: Episode) -> Floats:
    """Score places by practices alike in sites and in wording (item-item x text)."""
    sites = episode.history.sites.astype(float)
    known = episode.known.astype(float)
    norms = np.sqrt(known.sum(axis=1)[:, None] * sites.sum(axis=1))
    overlap = _divided(known @ sites.T, norms)
    return _weighted_sites(episode, (overlap * (TEXT_FLOOR + _text_likeness(episode))) ** 2)


def _to_all(episode: Episode, scores: NDArray[Any]) -> Floats:
    """Give every query the same scores."""
    return np.tile(scores.astype(float), (len(episode.query_ids), 1))


def _askers(episode: Episode) -> NDArray[np.intp]:
    """Return the columns of the places that ask."""
    return np.searchsorted(episode.history.places.ids, episode.subjects)


def _border_shares(episode: Episode) -> Floats:
    """Return borders with rows that sum to 1; a place without neighbours has a row of 0."""
    borders = episode.history.places.borders.astype(float)
    return _divided(borders, borders.sum(axis=1, keepdims=True))


def _text_likeness(episode: Episode) -> Floats:
    """Return TF-IDF cosines of the queries with the history, fitted on the history alone."""
    if not any(re.search(r"\w\w", text) for text in episode.history.texts):
        return np.zeros((len(episode.texts), len(episode.history.texts)))
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), strip_accents="unicode")
    known = words.fit_transform(episode.history.texts)
    return _floats((words.transform(episode.texts) @ known.T).toarray())


def _weighted_sites(episode: Episode, weights: Floats, *, mean: bool = True) -> Floats:
    """Return the weighted mean (or sum) of the sites of the history's practices."""
    total = _floats(weights @ episode.history.sites)
    return _divided(total, weights.sum(axis=1, keepdims=True)) if mean else total


def _place_likeness(sites: Floats) -> Floats:
    """Return C, the cosine between the places' columns of H, with a diagonal of 0."""
    return _cosine(sites.T @ sites)


def _cosine(together: Floats) -> Floats:
    """Turn counts of common practices (..., n, n) into cosines with a diagonal of 0."""
    size = np.sqrt(np.diagonal(together, axis1=-2, axis2=-1))
    norms = size[..., :, None] * size[..., None, :]
    return _divided(together, norms) * ~np.eye(together.shape[-1], dtype=bool)


def _strongest(likeness: Floats, count: int) -> Floats:
    """Keep the `count` largest values of each row, 0 elsewhere.

    Of equal ones the last id is kept, as the reference figures have it.
    """
    order = np.argsort(likeness, axis=-1, kind="stable")[..., ::-1][..., :count]
    kept = np.zeros_like(likeness)
    np.put_along_axis(kept, order, np.take_along_axis(likeness, order, axis=-1), axis=-1)
    return kept


def _divided(part: Floats, whole: Floats) -> Floats:
    """Divide, with 0 where there is nothing to divide by."""
    return _floats(np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0))


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
