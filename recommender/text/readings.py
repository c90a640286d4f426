"""What an encoder reads in texts: a vector of each text and one of each of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Words = tuple[NDArray[np.int8], NDArray[np.float32]]
"""The words of one text: vectors [words, d] rounded to int8, and a scale a row."""

WORD = re.compile(r"\w+")


def text_words(text: str) -> list[str]:
    """Return the words of a cleaned text, as they are written, in the order of `Readings.words`."""
    return WORD.findall(text)


@dataclass(frozen=True)
class Readings:
    """What an encoder makes of texts: a vector of each text, and one of each of its words.

    Parameters
    ----------
    whole : float32 [n, d]
        Unit vectors of the texts.
    starts, counts : int64 [n]
        The words of text i are rows ``starts[i] : starts[i] + counts[i]`` of `words`, in the order of
        `text_words`; fewer than the text has where it is too long for the encoder.
    words : int8 [m, d]
        Word vectors in their context; ``words[j] * scales[j]`` has length 1. May lie on disk.
    scales : float32 [m]
    """

    whole: NDArray[np.float32]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    words: NDArray[np.int8]
    scales: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.whole)

    def word_rows(self, row: int) -> NDArray[np.float32]:
        """Return the word vectors of one text, float32 [counts[row], d]."""
        part = slice(int(self.starts[row]), int(self.starts[row] + self.counts[row]))
        return self.words[part] * self.scales[part, None]


def word_vectors(text: str, skipped: int, offsets: NDArray[np.int64], pieces: Vectors) -> Vectors:
    """Return unit vectors of the words of ``text[skipped:]``, from those of the pieces that make them up."""
    spans = [match.span() for match in WORD.finditer(text, skipped)]
    if not spans:
        return np.empty((0, pieces.shape[1]), np.float32)
    first, last = np.array(spans).T
    # a piece belongs to the word in which its last character lies (a piece may begin with a space)
    end = offsets[:, 1] - 1
    word = np.searchsorted(first, end, side="right") - 1
    inside = (offsets[:, 1] > offsets[:, 0]) & (word >= 0) & (end < last[np.maximum(word, 0)])
    if not inside.any():
        return np.empty((0, pieces.shape[1]), np.float32)
    length = np.linalg.norm(pieces[inside], axis=1, keepdims=True)
    count = int(word[inside].max()) + 1
    sums = np.zeros((count, pieces.shape[1]), np.float32)
    np.add.at(sums, word[inside], pieces[inside] / length)
    vectors: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return vectors


def rounded(words: Vectors) -> Words:
    """Round the words of one text to int8, with a scale a row: a quarter of the memory, at once."""
    scales = np.maximum(np.abs(words).max(axis=1, initial=0.0) / 127, 1e-12).astype(np.float32)
    return np.rint(words / scales[:, None]).astype(np.int8), scales


def packed(whole: Vectors, words: Sequence[Words]) -> Readings:
    """Put the words of all texts, rounded text by text, into one array."""
    counts = np.array([len(scales) for _, scales in words], dtype=np.int64)
    nothing = rounded(np.empty((0, whole.shape[1]), np.float32))
    vectors, scales = (np.concatenate(parts) for parts in zip(*words, nothing, strict=True))
    return Readings(whole, np.cumsum(counts) - counts, counts, vectors, scales)


def picked(readings: Readings, rows: Sequence[int]) -> Readings:
    """Return the readings of some texts, their words copied together in that order."""
    counts = readings.counts[rows]
    starts = np.cumsum(counts) - counts
    take = np.concatenate(
        [np.arange(readings.starts[row], readings.starts[row] + readings.counts[row]) for row in rows]
    )
    return Readings(readings.whole[rows], starts, counts, readings.words[take], readings.scales[take])
