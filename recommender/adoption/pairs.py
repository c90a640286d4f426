"""What recorded adoptions say of who is next: the ground they lie on, and features of asked pairs.

Training asks it of a history cut at a date, serving of the whole catalogue; both get the same
columns. There is one set of columns for each situation, because what can be known differs:

``text``
    a practice of which only the words are known looks for places;
``sites``
    a practice with some known places looks for more, and records date whole practices only;
``adopters``
    the same where every adoption has its own year;
``momentum``
    a place looks for practices, and adoptions have years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Columns = dict[str, Floats]

ROUNDING = 1e-9
"""A spread this small beside the values is rounding, not information."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What is recorded up to a date, m practices by n places that are ranked together.

    Parameters
    ----------
    sites : float64 [m, n]
        1 where a practice was carried out in a place, else 0.
    years : float64 [m, n]
        Year of each adoption; NaN where there is none or it has no year of its own.
    start_years : float64 [m]
        First year of each practice; NaN where not known.
    cutoff : float
        The last year that is looked at.
    distance_km : float64 [n, n]
        NaN where a coordinate is unknown.
    borders : bool [n, n]
    standings : float64 [n, I]
        Robust standing of each place on each indicator within its country; NaN unknown.
    """

    sites: Floats
    years: Floats
    start_years: Floats
    cutoff: float
    distance_km: Floats
    borders: Flags
    standings: Floats


@dataclass(frozen=True, eq=False)
class Asked:
    """Practices that look for places.

    Parameters
    ----------
    known : bool [Q, n]
        Where each is known to be.
    lexical, dense : float64 [Q, m]
        Likeness of its words to those of the ground's practices, 0-1, by words and by meaning.
    usable : bool [Q, m]
        Which of the ground's practices may speak: not its own record, nor its double.
    late : float64 [Q]
        How many of the known places came in the last five years; NaN unknown.
    """

    known: Flags
    lexical: Floats
    dense: Floats
    usable: Flags
    late: Floats


def dense_likeness(asked: NDArray[np.floating], known: NDArray[np.floating]) -> Floats:
    """Return how alike texts are in meaning: cosines around the middle of the known ones, not below 0.

    Vectors of one encoder all point the same way; what tells texts apart is what is left of them
    once their common part is taken away.

    Parameters
    ----------
    asked : ndarray of shape (Q, d)
    known : ndarray of shape (m, d)

    Returns
    -------
    float64 [Q, m]
        Within 0 and 1.
    """
    if not len(known):
        return np.zeros((len(asked), 0))
    middle = known.mean(axis=0, dtype=np.float64)
    both = [vectors - middle for vectors in (asked, known)]
    a, b = (divided(v, np.linalg.norm(v, axis=1, keepdims=True)) for v in both)
    return np.clip(a @ b.T, 0.0, 1.0)


def lexical_likeness(asked: Sequence[str], known: Sequence[str]) -> Floats:
    """Return TF-IDF cosines of words and pairs of words, float64 [Q, m]; fitted on the known texts alone."""
    # Imported here: who starts from a stored model does not pay for it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), strip_accents="unicode")
    analyse = words.build_analyzer()
    if not any(analyse(text) for text in known):
        return np.zeros((len(asked), len(known)))
    vectors = words.fit_transform(known)
    return np.asarray((words.transform(asked) @ vectors.T).toarray(), dtype=np.float64)


def centred(scores: Floats, candidates: Flags) -> Floats:
    """Take each query's mean over its candidates away; unknown stays NaN."""
    return scores - _mean(scores, candidates)


def standardised(scores: Floats, candidates: Flags) -> Floats:
    """Return z-scores over each query's candidates; where all are equal, 0."""
    off = centred(scores, candidates)
    spread = np.sqrt(_mean(off**2, candidates))
    with np.errstate(invalid="ignore"):
        flat = spread <= ROUNDING * np.maximum(1e-3, np.abs(_mean(scores, candidates)))
    return np.where(
        flat, np.where(np.isnan(off), np.nan, 0.0), off / np.where(flat | (spread == 0), 1.0, spread)
    )


def divided(part: Floats, whole: Floats) -> Floats:
    """Divide, with 0 where there is nothing to divide by."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    positive = np.broadcast_to(whole > 0, shape)
    return np.asarray(np.divide(part, whole, out=np.zeros(shape), where=positive), dtype=np.float64)


def alike_in_what_may_speak(usable: Flags) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield the rows of queries for which the same practices may speak, with those as 0/1, [m]."""
    packed = np.packbits(usable, axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    for number, row in enumerate(first):
        yield np.flatnonzero(group.ravel() == number), usable[row].astype(np.float64)


def strongest(weights: Floats, count: int) -> Floats:
    """Keep the `count` largest values of each row (and what equals the last), 0 elsewhere."""
    if weights.shape[1] <= count:
        return weights
    least = np.partition(weights, -count, axis=1)[:, -count][:, None]
    return np.where(weights >= least, weights, 0.0)


def matrix(columns: Mapping[str, Floats], names: Sequence[str], candidates: Flags) -> Floats:
    """Lay the candidates' features side by side.

    Returns
    -------
    float64 [pairs, features]
        Pairs in the order of ``np.nonzero(candidates)``.
    """
    return np.column_stack([columns[name][candidates] for name in names])


def _mean(scores: Floats, candidates: Flags) -> Floats:
    count = candidates.sum(axis=1, keepdims=True)
    total = np.where(candidates, scores, 0.0).sum(axis=1, keepdims=True)
    return np.asarray(np.divide(total, count, out=np.zeros(total.shape), where=count > 0), dtype=np.float64)
