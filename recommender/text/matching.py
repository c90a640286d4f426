"""What a text asks for against what practices say: named, comparable features of every practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Catalogue, Text
from recommender.taxonomy import VOCABULARIES, Taxonomy
from recommender.text.concepts import ConceptIndex, Mentions
from recommender.text.documents import (
    best_sentence,
    lay_out,
    practice_documents,
    practice_fields,
    spoken,
)
from recommender.text.embedding import Embedder, Progress, clean_text
from recommender.text.lexical import LexicalIndex, question_stems
from recommender.text.practice_arrays import nearest_practices, standardised, tag_matrix, whole_vectors
from recommender.text.question import QuestionReader, Spoken
from recommender.text.readings import text_words
from recommender.text.relevance import indicator_relevance
from recommender.text.word_index import WordIndex

Vectors = NDArray[np.float32]
Scores = NDArray[np.float64]

CONCEPT_FEATURES: Mapping[str, str] = MappingProxyType(
    {
        "need_themes": "themes",
        "need_populations": "populations",
        "need_gcm_objectives": "gcm_objectives",
        "need_sdgs": "sdgs",
        "need_actor": "organisation_types",
    }
)
CONCEPT_SHARE = 0.2
"""What a concept counts beside the words where practices are seen as neighbours of good answers."""
CANDIDATES = 300  # of a large catalogue, how many are compared word by word
REFERENCE = 100  # and how many, whatever they are, say what is usual
KEPT_NEIGHBOURS = 3000  # up to so many practices, neighbours are computed once


BEST, SHARE_OF_BEST = 10, 25  # at most ten, at most one in twenty-five
NOISE, CLEAR, VAGUEST = 0.25, 0.37, 0.1
"""Mean likeness, word by word, of the best answers. Letters without sense reach .24 to .33, a need on
the catalogue's matters more than .37. Below that every text column is taken back in proportion: some
practice is always the nearest, which is no answer yet."""


@dataclass(frozen=True)
class Evidence:
    """Why a practice answers a text: for sentences, not for scoring.

    Parameters
    ----------
    words : tuple of str
        Words both have, the rarest first (folded).
    passage : Text
        Per language, the sentence of the practice that answers most of the text.
    concepts : mapping of str to tuple of str
        Vocabulary -> codes that the text speaks of and the practice carries.
    """

    words: tuple[str, ...]
    passage: Text
    concepts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TextMatch:
    """A text against every practice.

    Parameters
    ----------
    text : str
        The text, cleaned.
    features : mapping of str to float64 [P]
        Each standardised over the catalogue (mean 0, standard deviation 1, or `clarity`); NaN where
        it is not known:
        the practice has no text or no tags of that kind, or the text speaks of none.
    clarity : float
        How clearly the best practices answer, 0.1-1; below 1 the text columns are taken back by it.
    mentions : Mentions
        Themes, groups, goals and actors recognised in the text.
    """

    text: str
    features: Mapping[str, Scores]
    clarity: float
    mentions: Mentions
    _index: TextIndex
    _question: Spoken
    _stems: Mapping[str, str]

    def evidence(self, practice_index: int) -> Evidence:
        """Return what the text and one practice share."""
        return self._index.evidence(self, practice_index)


class TextIndex:
    """Everything precomputed that a text is compared with; built once a catalogue.

    Attributes
    ----------
    lexical : LexicalIndex
        Also for catalogue search.
    words : WordIndex
        The practices' words in their contexts.
    indicator_relevance : float32 [P, I]
        How much a practice's text says each indicator matters; rows sum to 1, or are all 0.
    """

    def __init__(
        self, catalogue: Catalogue, taxonomy: Taxonomy, embedder: Embedder, progress: Progress | None = None
    ) -> None:
        practices = list(catalogue.practices.values())
        organisations = catalogue.organisations
        names = {key: value.name for key, value in organisations.items()}
        types = {key: value.type for key, value in organisations.items()}
        self._titles = [practice.title for practice in practices]
        self.lexical = LexicalIndex([practice_fields(practice, names) for practice in practices])
        self._concepts = ConceptIndex(taxonomy)
        carried: dict[str, list[Sequence[object]]] = {
            name: [getattr(practice, name) for practice in practices]
            for name in VOCABULARIES
            if name != "organisation_types"
        }
        carried["organisation_types"] = [(types.get(p.organisation_id or ""),) for p in practices]
        self._tags = {name: tag_matrix(name, codes) for name, codes in carried.items()}
        self._tagged = {name: tags.any(axis=1) for name, tags in self._tags.items()}
        self._rarity = {
            name: np.log1p(self._tagged[name].sum() / (1 + tags.sum(axis=0)))
            for name, tags in self._tags.items()
        }
        documents = [practice_documents(practice) for practice in practices]
        self._documents = [
            (row, language, text) for row, texts in enumerate(documents) for language, text in texts.items()
        ]
        self._owner = np.array([row for row, _, _ in self._documents], dtype=np.int64)
        numbers = {name: at for at, name in enumerate(LANGUAGES)}
        language = np.array([numbers.get(name, len(numbers)) for _, name, _ in self._documents], np.int64)
        texts = [text for *_, text in self._documents]
        readings = embedder.read(texts, "passage", progress)
        self._layouts = [
            lay_out(text, len(clean_text(practices[row].title.values.get(name, ""))))
            for row, name, text in self._documents
        ]
        kept = [layout.places for layout in self._layouts]
        self.words = WordIndex(readings, self._owner, language, kept, len(practices))
        self._vectors = whole_vectors(readings.whole, self._owner, language, len(practices))
        self._neighbours = nearest_practices(self._vectors) if len(practices) <= KEPT_NEIGHBOURS else None
        self._reader = QuestionReader(self._titles, taxonomy, embedder, self.lexical, progress)
        self.indicator_relevance = indicator_relevance(
            self._vectors, list(catalogue.indicators.values()), embedder, progress
        )

    @classmethod
    def build(
        cls, catalogue: Catalogue, taxonomy: Taxonomy, embedder: Embedder, progress: Progress | None = None
    ) -> TextIndex:
        """Build the index; texts not seen before are encoded, the others come from the cache."""
        return cls(catalogue, taxonomy, embedder, progress)

    def match(self, text: str, asker: str | None = None) -> TextMatch:
        """Compare a text (in Spanish, English or both) with every practice.

        Parameters
        ----------
        text : str
            A need, or what an organisation says of itself. Not kept.
        asker : str, optional
            Whose question it is. Not used: who asks made no measurable difference to what answers a need.

        Raises
        ------
        NotReady, ModelError
            The text encoder is still loading, or cannot be loaded.
        """
        cleaned = spoken(text)
        question, stems = self._reader.read(cleaned), question_stems(cleaned)
        mentions = self._concepts.mentions(cleaned)
        dense = standardised((self._vectors @ question.whole).astype(np.float64))
        known = ~np.isnan(self._vectors[:, 0])
        lexical = standardised(np.where(known, self.lexical.scores(stems), np.nan))
        words, clarity = self._word_scores(question, dense + lexical)
        concepts = {
            name: self._concept_scores(vocabulary, mentions.weights[vocabulary])
            for name, vocabulary in CONCEPT_FEATURES.items()
        }
        answers = words + CONCEPT_SHARE * np.sum([np.nan_to_num(x) for x in concepts.values()], axis=0)
        features = {
            "need_words": clarity * words,
            "need_neighbours": clarity * self._neighbour_scores(answers),
            "need_dense": clarity * dense,
            "need_lexical": clarity * lexical,
            **concepts,
        }
        return TextMatch(cleaned, MappingProxyType(features), clarity, mentions, self, question, stems)

    def _word_scores(self, question: Spoken, rough: Scores) -> tuple[Scores, float]:
        """Return the standardised late interaction, and how clearly the best practices answer (0.1-1).

        In a large catalogue of the likeliest practices only.
        """
        out = np.full(len(self._vectors), np.nan)
        if not len(question.weights):
            return out, VAGUEST
        chosen = reference = np.arange(len(out))
        if self.words.large:
            reference = np.linspace(0, len(out) - 1, min(REFERENCE, len(out))).astype(np.int64)
            last = min(CANDIDATES, len(out)) - 1
            likely = np.argpartition(-np.nan_to_num(rough, nan=-np.inf), last)[:CANDIDATES]
            chosen = np.union1d(likely, reference)
        out[chosen] = question.weights @ self.words.nearest(question.vectors, chosen)
        compared = np.sort(out[~np.isnan(out)])
        best = compared[-max(1, min(BEST, len(compared) // SHARE_OF_BEST)) :]
        if not len(best):
            return out, VAGUEST
        clarity = float(np.clip((best.mean() - NOISE) / (CLEAR - NOISE), VAGUEST, 1.0))
        return standardised(out, reference), clarity

    def _concept_scores(self, vocabulary: str, mentioned: Scores) -> Scores:
        """Return how much of what a text speaks of each practice carries, rare codes counting more."""
        tags = self._tags[vocabulary]
        weights = (mentioned > 0) * self._rarity[vocabulary]
        if not weights.sum():
            return np.full(len(tags), np.nan)
        return standardised(np.where(self._tagged[vocabulary], tags @ weights / weights.sum(), np.nan))

    def _neighbour_scores(self, answers: Scores) -> Scores:
        """Return how well the practices most like each one answer: like practices answer like needs."""
        out = np.full(len(answers), np.nan)
        seen = np.flatnonzero(~np.isnan(answers))
        if len(seen) < 2:
            return out
        if self._neighbours is None:
            near = seen[nearest_practices(self._vectors[seen])]
        else:
            near = self._neighbours[seen]
        counted = ~np.isnan(answers[near])
        sums = np.nan_to_num(answers[near]).sum(axis=1)
        out[seen] = sums / np.maximum(counted.sum(axis=1), 1)
        return standardised(out)

    def similar(self, practice_index: int) -> Scores:
        """Return how alike the texts of all practices are to one's, float64 [P], cosine; NaN if no text."""
        likeness: Scores = (self._vectors @ self._vectors[practice_index]).astype(np.float64)
        return likeness

    def evidence(self, match: TextMatch, practice_index: int) -> Evidence:
        """Return what a matched text and one practice share."""
        carried = {
            vocabulary: tuple(
                code
                for code in match.mentions.codes(vocabulary)
                if self._tags[vocabulary][practice_index, VOCABULARIES[vocabulary].index(code)]
            )
            for vocabulary in VOCABULARIES
        }
        return Evidence(
            tuple(self.lexical.shared_words(match._stems, practice_index)),
            self._passage(match._question, practice_index),
            MappingProxyType({name: codes for name, codes in carried.items() if codes}),
        )

    def _passage(self, question: Spoken, practice_index: int) -> Text:
        """Return, per language, the sentence of a practice that answers most of a question."""
        if not len(question.weights) or not self.words.counts[practice_index]:
            return Text()
        answered = question.weights[:, None] * (question.vectors @ self.words.words_of(practice_index).T)
        found = {}
        at = 0
        first = int(np.searchsorted(self._owner, practice_index))
        for document in range(first, int(np.searchsorted(self._owner, practice_index, "right"))):
            _, language, text = self._documents[document]
            count = int(self.words.document_counts[document])
            sentence = best_sentence(text, self._layouts[document], answered[:, at : at + count])
            at += count
            if sentence and text_words(sentence):
                found[language] = sentence
        return Text(found)
