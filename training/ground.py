"""From a history to the ground that the features of recorded adoptions are computed on.

Only this module joins the two: what serving builds from the catalogue, training builds from a
history cut at a date, and both hand it to the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.model import RECENT
from recommender.adoption.pairs import Asked, Ground, dense_likeness, lexical_likeness
from training.aid_tasks import folded_title
from training.history import Flags, Floats, History, Names
from training.task import Episode

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, one row each."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What a model may look at.

    Parameters
    ----------
    vectors : callable or None
        None leaves the meaning of texts out: then nothing is alike in it.
    words : bool
        False leaves their words out too.
    without : frozenset of str
        Features that are not looked at (ablations).
    """

    vectors: Vectors | None
    words: bool = True
    without: frozenset[str] = frozenset()

    def likeness(self, texts: Names, known: Names) -> tuple[Floats, Floats]:
        """Return how alike the texts are to those known, by words and by meaning, each [Q, m]."""
        lexical, dense = np.zeros((2, len(texts), len(known)))
        if len(texts) and len(known):
            if self.words:
                lexical = lexical_likeness(list(texts), list(known))
            if self.vectors is not None:
                dense = dense_likeness(self.vectors(list(texts)), self.vectors(list(known)))
        return lexical, dense


_GROUNDS: WeakKeyDictionary[History, Ground] = WeakKeyDictionary()


def ground_of(history: History) -> Ground:
    """Return a history as ground; made once per history."""
    if history not in _GROUNDS:
        _GROUNDS[history] = Ground(
            sites=history.sites.astype(np.float64),
            years=history.years,
            start_years=history.start_years,
            cutoff=float(history.cutoff),
            distance_km=history.places.distance_km,
            borders=history.places.borders,
            standings=history.standings,
        )
    return _GROUNDS[history]


def asked_of(episode: Episode, sight: Sight) -> Asked:
    """Return who asks in an episode in which practices look for places."""
    history = episode.history
    lexical, dense = sight.likeness(episode.texts, history.texts)
    own = episode.subjects[:, None] == history.practice_ids[None, :]
    usable: Flags = ~own
    if np.isnan(history.years).all():  # projects come in phases under one title, policies do not
        usable &= _folded(episode.texts)[:, None] != _folded(history.texts)[None, :]
    late = np.where(
        own.any(axis=1), own @ history.adopters_since(history.cutoff - RECENT).sum(axis=1), np.nan
    )
    if np.isnan(history.years).all():
        late = np.full(len(late), np.nan)
    return Asked(episode.known, lexical, dense, usable, late)


def _folded(texts: Names) -> Names:
    return np.array([folded_title(text) for text in texts], dtype=object)
