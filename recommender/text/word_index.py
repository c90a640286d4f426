"""Late interaction: how well the words of a question find a counterpart among the words of each practice.

Every word carries the vector an encoder gave it in its context. A question's word is as well met by a
practice as by the nearest of the practice's words, in whichever language; a question is as well met as its
words are on average, rare words counting more. Languages are compared like with like: each language's mean
vector is taken away first, on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.text.readings import Readings

Vectors = NDArray[np.float32]

RESIDENT_WORDS = 120_000
"""Up to this many words are kept in memory as float32 (180 MB at 384 dimensions); more stay on disk."""
SAMPLED_WORDS = 50_000


def unit(vectors: Vectors) -> Vectors:
    """Return rows of length 1 (rows of zeros stay)."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(length, 1e-12)).astype(np.float32, copy=False)
    return scaled


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
        self._resident: Vectors | None = None
        if len(self._rows) <= RESIDENT_WORDS:
            self._resident = self._centred(self._rows, self._language)

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

    def _centred(self, rows: NDArray[np.int64], language: NDArray[np.int8]) -> Vectors:
        """Return unit vectors without their language's mean, float32 [n, d]."""
        vectors = self._raw(rows)
        for number, mean in enumerate(self._means):
            vectors[language == number] -= mean
        length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        vectors *= (1 / np.maximum(length, 1e-12)).astype(np.float32)[:, None]
        return vectors

    def _stored_likeness(self, question: Vectors, at: NDArray[np.int64]) -> Vectors:
        """Return the cosines of a question's words with words that are not in memory, float32 [q, n].

        Each stored vector is touched as seldom as can be: what taking the mean away changes, in the
        products and in the lengths, follows from the products of the vectors with the means.
        """
        rows, language = self._rows[at], self._language[at]
        stored, scale = self._readings.words[rows].astype(np.float32), self._readings.scales[rows]
        products = np.concatenate([question, self._means]) @ stored.T
        products *= scale
        with_means, squares = products[len(question) :], (self._means**2).sum(axis=1)
        length = np.einsum("ij,ij->i", stored, stored) * scale**2
        length += squares[language] - 2 * with_means[language, np.arange(len(at))]
        shift = question @ self._means.T
        likeness: Vectors = products[: len(question)] - shift[:, language]
        likeness /= np.sqrt(np.maximum(length, 1e-24))
        return likeness

    def words_of(self, practice: int) -> Vectors:
        """Return the centred unit vectors of a practice's kept words, float32 [words, d]."""
        part = slice(int(self._starts[practice]), int(self._starts[practice] + self.counts[practice]))
        if self._resident is not None:
            return self._resident[part]
        return self._centred(self._rows[part], self._language[part])

    def nearest(self, question: Vectors, practices: NDArray[np.int64] | None = None) -> Vectors:
        """Return how near the nearest word of each practice is to each word of a question.

        Parameters
        ----------
        question : float32 [q, d]
            Centred unit vectors.
        practices : int [n], optional
            Ascending; all where None.

        Returns
        -------
        float32 [q, n]
            Cosines; NaN for a practice without words.
        """
        chosen = np.arange(self.size) if practices is None else practices
        counts = self.counts[chosen]
        out = np.full((len(question), len(chosen)), np.nan, np.float32)
        some = counts > 0
        if not some.any() or not len(question):
            return out
        if self._resident is not None and len(chosen) == self.size:
            likeness = question @ self._resident.T
        else:
            firsts = np.repeat(self._starts[chosen[some]], counts[some])
            before = np.cumsum(counts[some]) - counts[some]
            at = firsts + np.arange(len(firsts)) - np.repeat(before, counts[some])
            if self._resident is not None:
                likeness = question @ self._resident[at].T
            else:
                likeness = self._stored_likeness(question, at)
        edges = (np.cumsum(counts) - counts)[some]
        out[:, some] = np.maximum.reduceat(likeness, edges, axis=1)
        return out
