"""Arrays with a row a practice: tags, vectors, neighbours; and how scores become comparable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.taxonomy import VOCABULARIES
from recommender.text.word_index import unit

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]


def standardised(values: Scores, reference: NDArray[np.int64] | None = None) -> Scores:
    """Return `values` with mean 0 and standard deviation 1 over those known (of `reference`)."""
    usual = values if reference is None else values[reference]
    usual = usual[~np.isnan(usual)]
    if not len(usual):
        return values
    spread = usual.std()
    scaled: Scores = (values - usual.mean()) / (spread if spread > 1e-9 else 1.0)
    return scaled


def tag_matrix(vocabulary: str, carried: Sequence[Sequence[object]]) -> Scores:
    """Return float64 [P, codes]: 1 where a practice carries a code of the vocabulary."""
    codes = {code: at for at, code in enumerate(VOCABULARIES[vocabulary])}
    matrix = np.zeros((len(carried), len(codes)), order="F")
    for row, tags in enumerate(carried):
        for tag in tags:
            if str(tag) in codes:
                matrix[row, codes[str(tag)]] = 1.0
    return matrix


def whole_vectors(
    whole: Vectors, owner: NDArray[np.int64], language: NDArray[np.int64], size: int
) -> Vectors:
    """Return one unit vector a practice, float32 [P, d]: languages centred, then averaged; NaN if no text."""
    centred = whole.copy()
    for number in np.unique(language):
        of_language = language == number
        centred[of_language] -= whole[of_language].mean(axis=0)
    sums = np.zeros((size, whole.shape[1]), np.float32)
    np.add.at(sums, owner, unit(centred))
    vectors = unit(sums)
    vectors[np.bincount(owner, minlength=size) == 0] = np.nan
    return vectors


def plain_vectors(whole: Vectors, owner: NDArray[np.int64], size: int) -> Vectors:
    """Return one unit vector a practice, float32 [P, d]: languages averaged as they are; NaN if no text."""
    sums = np.zeros((size, whole.shape[1]), np.float32)
    np.add.at(sums, owner, whole)
    vectors = unit(sums)
    vectors[np.bincount(owner, minlength=size) == 0] = np.nan
    return vectors
