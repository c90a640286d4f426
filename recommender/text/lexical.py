"""Words as they are written: folding, stemming, stop words, and BM25 over the fields of practices."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import Stemmer
from numpy.typing import NDArray

from recommender.domain import Text
from recommender.text.stop_words import ALL_STOP_WORDS, STOP_WORDS

WORD = re.compile(r"[a-z0-9]+")
ACCENTS = re.compile(r"[\u0300-\u036f]+")
K1, B = 1.2, 0.75  # the customary values of BM25; the ranking hardly depends on them
FIELDS: Mapping[str, int] = MappingProxyType(
    {"title": 2, "summary": 1, "requirements": 1, "results": 1, "organisation": 1}
)
"""How often a word of a field counts: a title says in few words what a summary says in many."""

_ALGORITHMS = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese", "sv": "swedish"}


def fold(text: str) -> str:
    """Return `text` without case and accents (ñ counts as n: many keyboards and many forms lack it)."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def is_content(word: str) -> bool:
    """Tell whether a folded word says something by itself: no stop word, not one letter, not a number."""
    return len(word) > 1 and word not in ALL_STOP_WORDS and not word.isdecimal()


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _ALGORITHMS.get(language)
    return Stemmer.Stemmer(name) if name else None


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; in a language without a stemmer the word itself."""
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the content words of a text of known language, in order."""
    words = [word for word in WORD.findall(fold(text)) if is_content(word)]
    stemmer = _stemmer(language)
    return list(stemmer.stemWords(words)) if stemmer else words


def question_stems(text: str) -> dict[str, str]:
    """Return stem -> word for a text whose language is not known (or is several): every language's stem."""
    words = [word for word in WORD.findall(fold(text)) if is_content(word)]
    return {stem(word, language): word for word in words for language in STOP_WORDS}


class LexicalIndex:
    """BM25 over documents with fields; all languages of a document are one document.

    Parameters
    ----------
    documents : sequence of mapping of str to Text
        Field (a name of `FIELDS`) -> text.
    """

    def __init__(self, documents: Sequence[Mapping[str, Text]]) -> None:
        self._size = len(documents)
        self._vocabulary: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        counts: list[int] = []
        for row, fields in enumerate(documents):
            for word, count in _counts(fields).items():
                rows.append(row)
                columns.append(self._vocabulary.setdefault(word, len(self._vocabulary)))
                counts.append(count)
        self._fill(np.array(rows, np.int64), np.array(columns, np.int64), np.array(counts, np.float64))

    def _fill(self, rows: NDArray[np.int64], columns: NDArray[np.int64], counts: NDArray[np.float64]) -> None:
        """Precompute every (word, document) weight, in the order of words."""
        size = self._size
        length = np.bincount(rows, counts, size)
        mean = length.mean() if size and length.any() else 1.0
        frequency = np.bincount(columns, minlength=len(self._vocabulary))
        self._idf = np.log1p((size - frequency + 0.5) / (frequency + 0.5))
        weight = counts * (K1 + 1) / (counts + K1 * (1 - B + B * length[rows] / mean))
        order = np.argsort(columns, kind="stable")
        self._rows = rows[order].astype(np.int32)
        self._weights = (weight * self._idf[columns])[order]
        self._ends = np.cumsum(frequency)

    def __len__(self) -> int:
        return self._size

    def scores(self, text: str | Mapping[str, str]) -> NDArray[np.float64]:
        """Return the BM25 score of every document, float64 [P], 0 where no word is shared.

        `text` may be given as its `question_stems`, where they are needed more than once.
        """
        out = np.zeros(len(self), np.float64)
        for word in question_stems(text) if isinstance(text, str) else text:
            part = self._postings(word)
            out[self._rows[part]] += self._weights[part]
        return out

    def _postings(self, word: str) -> slice:
        """Return where the documents of a stem lie in `_rows` (ascending) and `_weights`."""
        column = self._vocabulary.get(word)
        if column is None:
            return slice(0, 0)
        return slice(int(self._ends[column - 1]) if column else 0, int(self._ends[column]))

    def shared_words(self, text: str | Mapping[str, str], row: int) -> list[str]:
        """Return the (folded) words of `text` (or its stems) that document `row` has too, rarest first."""
        found: dict[str, float] = {}
        for word, written in (question_stems(text) if isinstance(text, str) else text).items():
            rows = self._rows[self._postings(word)]
            at = int(np.searchsorted(rows, row))
            if at < len(rows) and rows[at] == row:
                found[written] = max(found.get(written, 0.0), self._idf[self._vocabulary[word]])
        return sorted(found, key=lambda written: (-found[written], written))

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency of a folded word (of its commonest stem)."""
        known = [self._vocabulary[s] for s in question_stems(word) if s in self._vocabulary]
        return float(self._idf[known].min()) if known else float(np.log1p(2 * len(self) + 1))


def _counts(fields: Mapping[str, Text]) -> Counter[str]:
    """Return stem -> weighted count over the fields and languages of one document."""
    counts: Counter[str] = Counter()
    for field, weight in FIELDS.items():
        for language, text in fields.get(field, Text()).values.items():
            for word in stems(text, language):
                counts[word] += weight
    return counts
