"""Late interaction: how well the words of a question find a counterpart among the words of each practice.

Every word carries the vector an encoder gave it in its context. A question's word is as well met by a
practice as by the nearest of the practice's words, in whichever language; a question is as well met as its
words are on average, rare words counting more. Languages are compared like with like: each language's mean
vector is taken away first, on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.text.products import Rounded, integer_products
from recommender.text.readings import Readings, rounded

Vectors = NDArray[np.float32]

RESIDENT_WORDS = 480_000
"""Up to this many words are kept in memory as int8 (180 MB at 384 dimensions); more stay on disk."""
SAMPLED_WORDS = 50_000
BLOCK = 16_384  # words whose lengths are worked out at a time


def unit(vectors: Vectors) -> Vectors:
    """Return rows of length 1 (rows of zeros stay)."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(length, 1e-12)).astype(np.float32, copy=False)
    return scaled


@dataclass(frozen=True)
class Comparison:
    """A question's words against the words of some practices.

    Parameters
    ----------
    practices : int64 [n]
        Ascending.
    edges : int64 [n + 1]
        The words of ``practices[i]`` are columns ``edges[i] : edges[i + 1]`` of `likeness`.
    likeness : float32 [q, words]
        Cosines.
    """

    practices: NDArray[np.int64]
    edges: NDArray[np.int64]
    likeness: Vectors

    def best(self) -> Vectors:
        """Return how near the nearest word of each practice is, float32 [q, n]; NaN where it has no word."""
        out = np.full((len(self.likeness), len(self.practices)), np.nan, np.float32)
        some = np.diff(self.edges) > 0
        if some.any() and len(out):
            out[:, some] = np.maximum.reduceat(self.likeness, self.edges[:-1][some], axis=1)
        return out

    def of(self, practice: int) -> Vectors | None:
        """Return the cosines with one practice's words, float32 [q, its words]; None if not compared."""
        at = int(np.searchsorted(self.practices, practice))
        if at == len(self.practices) or self.practices[at] != practice:
            return None
        return self.likeness[:, self.edges[at] : self.edges[at + 1]]


class WordIndex:
    """The words of all practices, in the order of practices.

    Parameters
    ----------
    readings : Readings
        Of the documents, in any order.
    practice : int [n]
        The practice each document belongs to, ascending.
    language : int [n]
        A number for the language of each document.
    kept : sequence of int arrays
        For each document, which of its words (positions) take part.
    size : int
        Number of practices; some may have no document.
    """

    def __init__(
        self,
        readings: Readings,
        practice: NDArray[np.int64],
        language: NDArray[np.int64],
        kept: Sequence[NDArray[np.int64]],
        size: int,
    ) -> None:
        self.size, self._readings = size, readings
        kept = [words[words < count] for words, count in zip(kept, readings.counts, strict=True)]
        lengths = np.array([len(words) for words in kept], dtype=np.int64)
        self.document_counts = lengths
        starts = np.repeat(readings.starts, lengths)
        self._rows = starts + np.concatenate([*kept, np.empty(0, np.int64)])
        self._language = np.repeat(language, lengths).astype(np.int8)
        self.counts = np.bincount(np.repeat(practice, lengths), minlength=size)
        self._starts = np.cumsum(self.counts) - self.counts
        self._means = self._language_means()
        self._resident: Rounded | None = None
        self._inverse: Vectors = np.full(len(self._rows), np.nan, np.float32)
        if len(self._rows) <= RESIDENT_WORDS:
            self._resident = self._readings.words[self._rows]
            self._inverse_lengths(np.arange(len(self._rows)))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def large(self) -> bool:
        """Tell whether there are too many words to compare every one with a question."""
        return self._resident is None

    def _raw(self, rows: NDArray[np.int64]) -> Vectors:
        return self._readings.words[rows] * self._readings.scales[rows, None]

    def _language_means(self) -> Vectors:
        """Return float32 [languages, d], each from a sample spread over all practices."""
        count = int(self._language.max(initial=0)) + 1
        means = np.zeros((count, self._readings.words.shape[1]), np.float32)
        for language in range(count):
            of_language = np.flatnonzero(self._language == language)
            sample = of_language[:: max(1, len(of_language) // SAMPLED_WORDS)]
            if len(sample):
                means[language] = self._raw(self._rows[sample]).mean(axis=0)
        return means

    def _inverse_lengths(self, at: NDArray[np.int64]) -> Vectors:
        """Return one by the lengths of words' vectors without their language's mean, float32 [n].

        Each is worked out once: at the start, or, of words on disk, when one is first compared. Two threads
        that do it at the same time write the same number.
        """
        for start in range(0, len(at), BLOCK):
            some = at[start : start + BLOCK]
            some = some[np.isnan(self._inverse[some])]
            if len(some):
                vectors = self._raw(self._rows[some]) - self._means[self._language[some]]
                length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
                self._inverse[some] = 1 / np.maximum(length, 1e-12)
        inverse: Vectors = self._inverse[at]
        return inverse

    def _likeness(self, question: Vectors, at: NDArray[np.int64] | None) -> Vectors:
        """Return the cosines of a question's words with words of practices (all), float32 [q, n].

        Stored vectors are multiplied as they are, in whole numbers; what taking the mean away changes follows
        from the product of the question with the means.
        """
        if at is None and self._resident is not None:
            stored, rows, language, inverse = self._resident, self._rows, self._language, self._inverse
        else:
            at = np.arange(len(self._rows)) if at is None else at
            rows, language, inverse = self._rows[at], self._language[at], self._inverse_lengths(at)
            stored = self._readings.words[rows] if self._resident is None else self._resident[at]
        spoken, scales = rounded(question)
        likeness = integer_products(spoken, stored)
        likeness *= self._readings.scales[rows]
        likeness *= scales[:, None]
        likeness -= np.take(question @ self._means.T, language, axis=1)
        likeness *= inverse
        return likeness

    def compare(self, question: Vectors, practices: NDArray[np.int64] | None = None) -> Comparison:
        """Compare the words of a question with those of practices.

        Parameters
        ----------
        question : float32 [q, d]
            Unit vectors, the mean of their language taken away.
        practices : int [n], optional
            Ascending; all where None.
        """
        if practices is None:
            edges = np.append(self._starts, len(self._rows))
            return Comparison(np.arange(self.size), edges, self._likeness(question, None))
        counts = self.counts[practices]
        edges = np.concatenate([[0], np.cumsum(counts)])
        at = np.repeat(self._starts[practices] - edges[:-1], counts) + np.arange(edges[-1])
        return Comparison(practices, edges, self._likeness(question, at))
