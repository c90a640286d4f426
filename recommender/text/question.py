"""How a question is read: what it says beyond what every question says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Text
from recommender.taxonomy import VOCABULARIES, Taxonomy
from recommender.text.documents import content_rows
from recommender.text.embedding import Embedder, Progress, clean_text
from recommender.text.lexical import LexicalIndex
from recommender.text.readings import Readings
from recommender.text.word_index import unit

Vectors = NDArray[np.float32]

MOST_WORDS = 48  # a longer question is represented by its rarest words
TITLES = 250  # practice titles that stand for questions in general, a language
ASKED = 60  # of these, how many are asked as questions of the practices
SHARPNESS = 100.0  # how decidedly a question counts as being in the language it is nearest to


@dataclass(frozen=True)
class Spoken:
    """A question in vectors, languages' means taken away.

    Parameters
    ----------
    plain, whole : float32 [d]
        Unit vector of the question, as it was read and without the means.
    vectors : float32 [q, d]
        Unit vectors of its content words, the rarest first.
    weights : float32 [q]
        What each counts; they sum to 1. Empty where the question has no content words.
    """

    plain: Vectors
    whole: Vectors
    vectors: Vectors
    weights: Vectors


class QuestionReader:
    """Reads questions, knowing what questions of a language have in common.

    That is learned from texts like questions: titles of practices, titles and descriptions of the
    vocabularies, read as questions. No question asked is kept.
    """

    def __init__(
        self,
        titles: Sequence[Text],
        taxonomy: Taxonomy,
        embedder: Embedder,
        lexical: LexicalIndex,
        progress: Progress | None = None,
    ) -> None:
        self._embedder, self._lexical = embedder, lexical
        wholes, words = [], []
        self._titles: list[tuple[int, str]] = []
        for language in LANGUAGES:
            named = [(row, t.values[language]) for row, t in enumerate(titles) if language in t.values]
            named = named[:: max(1, len(named) // TITLES)]
            self._titles += [(row, clean_text(title)) for row, title in named[:: max(1, len(named) // ASKED)]]
            texts = [title for _, title in named]
            for vocabulary in VOCABULARIES:
                for term in taxonomy.terms(vocabulary).values():
                    said = (term.title, term.description)
                    texts += [part.values[language] for part in said if language in part.values]
            texts = [clean_text(text) for text in texts]
            readings = embedder.read(texts, "query", progress)
            rows = np.concatenate([content_rows(readings, at, text)[0] for at, text in enumerate(texts)])
            wholes.append(readings.whole.mean(axis=0))
            words.append((readings.words[rows] * readings.scales[rows, None]).mean(axis=0))
        self._wholes, self._words = np.stack(wholes), np.stack(words)

    def read(self, text: str) -> Spoken:
        """Read one cleaned question.

        Raises
        ------
        NotReady, ModelError
            The text encoder is still loading, or cannot be loaded.
        """
        return self._spoken(self._embedder.query(text), 0, text)

    def titles(self) -> Iterator[tuple[int, str, Spoken]]:
        """Read titles of practices, a sample, as if they were asked: each after the row of its practice."""
        readings = self._embedder.read([title for _, title in self._titles], "query")
        for at, (row, title) in enumerate(self._titles):
            yield row, title, self._spoken(readings, at, title)

    def _spoken(self, readings: Readings, at: int, text: str) -> Spoken:
        rows, words = content_rows(readings, at, text)
        weights = np.array([self._lexical.rarity(word) for word in words], dtype=np.float32)
        order = np.argsort(-weights, kind="stable")[:MOST_WORDS]
        vectors = readings.words[rows[order]] * readings.scales[rows[order], None]
        mix = self._language_mix(readings.whole[at])
        total = weights[order].sum()
        return Spoken(
            readings.whole[at],
            unit(readings.whole[at] - mix @ self._wholes),
            unit(vectors - mix @ self._words),
            weights[order] / (total if total > 0 else 1.0),
        )

    def _language_mix(self, whole: Vectors) -> Vectors:
        """Return how much of each language a question is in, float32 [languages], summing to 1."""
        nearness = SHARPNESS * (unit(self._wholes) @ whole)
        share = np.exp(nearness - nearness.max())
        mix: Vectors = (share / share.sum()).astype(np.float32)
        return mix
