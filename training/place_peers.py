"""Peers for places that look for practices: like places by indicators, like practices by their texts.

A place of which nothing is known has no record to compare. What is left to a peer is what places with
like indicators did, and how practices of a like text have been moving.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec

import numpy as np

from recommender.adoption.likeness import complete, standing_likeness
from recommender.adoption.pairs import dense_likeness, divided, strongest
from training.ground import Sight
from training.history import Floats, History, Names
from training.references import MOST_SIMILAR_PLACES, RECENT, momentum, summed
from training.task import Episode, Method

NEIGHBOURS = 20
Likeness = Callable[[Names], Floats]
"""Texts to how alike each is to each, [n, n]."""


def place_peers(sight: Sight) -> dict[str, Method]:
    """Return the peers that answer for a place, also one without any record."""
    found: dict[str, Method] = {
        "indicator kNN": by_like_indicators,
        "indicator kNN + momentum": summed(by_like_indicators, momentum),
    }
    if find_spec("bm25s"):
        found["momentum of the alike (bm25s)"] = partial(by_like_texts, bm25_likeness)
    if sight.vectors is not None:
        found["momentum of the alike (dense)"] = partial(by_like_texts, partial(_dense, sight))
    return found


def by_like_indicators(episode: Episode) -> Floats:
    """Score practices by the share of the ten places most alike in indicators that have them.

    Zero where the package has no indicators.
    """
    history = episode.history
    likeness = _place_likeness(history)
    if likeness is None:
        return np.zeros(episode.known.shape)
    asker = np.searchsorted(history.places.ids, episode.subjects)
    weights = strongest(likeness[asker], MOST_SIMILAR_PLACES)
    return divided(weights @ history.sites.T.astype(float), weights.sum(axis=1, keepdims=True))


def by_like_texts(likeness: Likeness, episode: Episode) -> Floats:
    """Score practices by the adopters of the last five years of the twenty most alike in text.

    A practice is among its own neighbours: its own momentum counts most.
    """
    history = episode.history
    weights = strongest(np.maximum(likeness(history.texts), 0.0), NEIGHBOURS)
    recent = history.adopters_since(history.cutoff - RECENT).sum(axis=1).astype(float)
    moving = divided(weights @ recent, weights.sum(axis=1))
    return np.tile(moving, (len(episode.query_ids), 1))


def bm25_likeness(texts: Names, among: Names | None = None) -> Floats:
    """Return BM25 scores of texts among others (among themselves by default), [texts, among]."""
    import bm25s

    index = bm25s.BM25()
    words = bm25s.tokenize(list(texts if among is None else among), stopwords=None, show_progress=False)
    index.index(words, show_progress=False)
    asked = bm25s.tokenize(list(texts), stopwords=None, return_ids=False, show_progress=False)
    return np.array([index.get_scores(list(each)) for each in asked], dtype=float)


def _dense(sight: Sight, texts: Names) -> Floats:
    assert sight.vectors is not None
    vectors = sight.vectors(list(texts))
    return dense_likeness(vectors, vectors)


def _place_likeness(history: History) -> Floats | None:
    return standing_likeness(complete(history.standings))
