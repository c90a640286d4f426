"""TF-IDF likeness of texts, counted once and weighted anew for every set of known texts.

The figures are those of `recommender.adoption.pairs.lexical_likeness`, to rounding: a service that starts
neither imports scikit-learn for it (most of a second) nor reads every text again for every country.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Rows = NDArray[np.integer]

TOKEN = re.compile(r"\b\w\w+\b")


class Wording:
    """Words and pairs of words of some texts.

    Parameters
    ----------
    texts : sequence of str
    """

    def __init__(self, texts: Sequence[str]) -> None:
        number: dict[str, int] = {}
        starts, words, counts = [0], [], []
        for text in texts:
            for term, count in Counter(_terms(text)).items():
                words.append(number.setdefault(term, len(number)))
                counts.append(count)
            starts.append(len(words))
        shape = len(texts), len(number)
        tempered = 1.0 + np.log(np.array(counts, dtype=np.float64))
        self._terms = sparse.csr_array((tempered, np.array(words, dtype=np.int32), np.array(starts)), shape)

    def likeness(self, asked: Rows, known: Rows) -> Floats:
        """Return cosines of TF-IDF vectors, float64 [Q, m], 0-1; rarity is counted in the known texts alone.

        Parameters
        ----------
        asked, known : int [Q], int [m]
            Positions of texts.
        """
        spoken = self._terms[known]
        in_texts = np.bincount(spoken.indices, minlength=spoken.shape[1])
        rarity = np.where(in_texts > 0, np.log((1 + len(known)) / (1 + in_texts)) + 1.0, 0.0)
        vectors = [_unit(part @ sparse.diags_array(rarity)) for part in (self._terms[asked], spoken)]
        found: Floats = (vectors[0] @ vectors[1].T).toarray()
        return found


def _terms(text: str) -> list[str]:
    """Return words of two letters and more, without accents, and what stands side by side."""
    apart = unicodedata.normalize("NFKD", text.lower())
    words = TOKEN.findall("".join(letter for letter in apart if not unicodedata.combining(letter)))
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def _unit(rows: sparse.csr_array) -> sparse.csr_array:
    size = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1.0 / np.where(size > 0, size, 1.0)) @ rows)
