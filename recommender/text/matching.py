"""What a text asks for against what practices say: named, comparable features of every practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Catalogue, Text
from recommender.taxonomy import VOCABULARIES, Taxonomy
from recommender.text.clarity import VAGUEST, Clarity, PlaceNames, Signs
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
from recommender.text.practice_arrays import plain_vectors, standardised, tag_matrix, whole_vectors
from recommender.text.question import QuestionReader, Spoken
from recommender.text.readings import text_words
from recommender.text.relevance import indicator_relevance
from recommender.text.word_index import Comparison, WordIndex

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
CANDIDATES = 300  # of a large catalogue, how many are compared word by word
REFERENCE = 100  # and how many, whatever they are, say what is usual


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
        How clearly the best practices answer, 0.1-1; below 1 all columns are taken back by it.
    mentions : Mentions
        Themes, groups, goals and actors recognised in the text.
    """

    text: str
    features: Mapping[str, Scores]
    clarity: float
    mentions: Mentions
    _index: TextIndex
    _question: Spoken
    _compared: Comparison
    _stems: Mapping[str, str]
    _codes: Mapping[str, tuple[str, ...]]

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
        self._reference = None  # of a large catalogue, practices that say what is usual, whatever they are
        if self.words.large:
            count = min(REFERENCE, len(practices))
            self._reference = np.linspace(0, len(practices) - 1, count).astype(np.int64)
        self._vectors = whole_vectors(readings.whole, self._owner, language, len(practices))
        self._plain = plain_vectors(readings.whole, self._owner, len(practices))
        self._places = PlaceNames(
            name for place in catalogue.territories.values() for name in (place.name, *place.aliases)
        )
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
        compared, words = self._word_scores(question, dense + lexical)
        signs = self._signs(question, compared, words, mentions)
        clarity = VAGUEST if self._places.alone(cleaned) else self.clarity.of(signs)
        concepts = {
            name: clarity * self._concept_scores(vocabulary, mentions.weights[vocabulary])
            for name, vocabulary in CONCEPT_FEATURES.items()
        }
        features = {
            "need_words": clarity * standardised(words, self._reference),
            "need_dense": clarity * dense,
            "need_lexical": clarity * lexical,
            **concepts,
        }
        codes = {vocabulary: mentions.codes(vocabulary) for vocabulary in VOCABULARIES}
        return TextMatch(
            cleaned,
            MappingProxyType(features),
            clarity,
            mentions,
            self,
            question,
            compared,
            stems,
            MappingProxyType({name: spoken_of for name, spoken_of in codes.items() if spoken_of}),
        )

    @cached_property
    def clarity(self) -> Clarity:
        """How clearly texts are answered; learned when the first text is asked, from titles read before."""
        return Clarity.learn(
            (row, self._signs(title, *self._word_scores(title, rough), self._concepts.mentions(text)))
            for row, text, title in self._reader.titles()
            for rough in [(self._vectors @ title.whole).astype(np.float64)]
        )

    def _signs(self, question: Spoken, compared: Comparison, words: Scores, mentions: Mentions) -> Signs:
        rows = compared.practices
        whole = (self._plain if self._reference is None else self._plain[rows]) @ question.plain
        spoken = sum(float(weights.sum()) for weights in mentions.weights.values())
        return Signs(rows, words[rows], whole, spoken)

    def _word_scores(self, question: Spoken, rough: Scores) -> tuple[Comparison, Scores]:
        """Compare word by word: the comparison, and how well each practice answers, cosines, float64 [P].

        In a large catalogue of the likeliest practices, and of some to compare with, only.
        """
        chosen = None
        if self._reference is not None:
            last = min(CANDIDATES, len(rough)) - 1
            likely = np.argpartition(-np.nan_to_num(rough, nan=-np.inf), last)[:CANDIDATES]
            chosen = np.union1d(likely, self._reference)
        compared = self.words.compare(question.vectors, chosen)
        out = np.full(len(rough), np.nan)
        if len(question.weights):
            out[compared.practices] = question.weights @ compared.best()
        return compared, out

    def _concept_scores(self, vocabulary: str, mentioned: Scores) -> Scores:
        """Return how much of what a text speaks of each practice carries; rare and clear codes count more."""
        spoken_of = np.flatnonzero(mentioned)
        weights = mentioned[spoken_of] * self._rarity[vocabulary][spoken_of]
        if not weights.sum():  # nothing is spoken of, or no practice has tags of the kind
            return np.full(len(self._tags[vocabulary]), np.nan)
        carried = self._tags[vocabulary][:, spoken_of] @ (weights / weights.sum())
        carried[~self._tagged[vocabulary]] = np.nan
        return standardised(carried)

    def similar(self, practice_index: int) -> Scores:
        """Return how alike the texts of all practices are to one's, float64 [P], cosine; NaN if no text."""
        likeness: Scores = (self._vectors @ self._vectors[practice_index]).astype(np.float64)
        return likeness

    def evidence(self, match: TextMatch, practice_index: int) -> Evidence:
        """Return what a matched text and one practice share."""
        carried = {
            vocabulary: tuple(
                code
                for code in codes
                if self._tags[vocabulary][practice_index, VOCABULARIES[vocabulary].index(code)]
            )
            for vocabulary, codes in match._codes.items()
        }
        return Evidence(
            tuple(self.lexical.shared_words(match._stems, practice_index)),
            self._passage(match, practice_index),
            MappingProxyType({name: codes for name, codes in carried.items() if codes}),
        )

    def _passage(self, match: TextMatch, practice_index: int) -> Text:
        """Return, per language, the sentence of a practice that answers most of a question."""
        question = match._question
        if not len(question.weights) or not self.words.counts[practice_index]:
            return Text()
        likeness = match._compared.of(practice_index)
        if likeness is None:
            likeness = self.words.compare(question.vectors, np.array([practice_index])).likeness
        answered = question.weights[:, None] * likeness
        found = {}
        at = 0
        first, last = np.searchsorted(self._owner, [practice_index, practice_index + 1])
        for document in range(first, last):
            _, language, text = self._documents[document]
            count = int(self.words.document_counts[document])
            sentence = best_sentence(text, self._layouts[document], answered[:, at : at + count])
            at += count
            if sentence and text_words(sentence):
                found[language] = sentence
        return Text(found)
