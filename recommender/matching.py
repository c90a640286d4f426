"""What a text asks for against what practices say: named, comparable features of every practice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.concepts import ConceptIndex, Mentions
from recommender.domain import LANGUAGES, Catalogue, Practice, Text
from recommender.embedding import Embedder, Progress, clean_text, text_words
from recommender.lexical import LexicalIndex, fold, is_content
from recommender.relevance import indicator_relevance
from recommender.taxonomy import VOCABULARIES, Taxonomy
from recommender.vector_cache import Readings
from recommender.word_index import WordIndex, unit

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
QUESTION_WORDS = 48  # a longer question is represented by its rarest words
BACKGROUND_TITLES = 250
CANDIDATES = 500
REFERENCE = 250
LANGUAGE_SHARPNESS = 100.0


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
    features : mapping of str to float64 [P]
        Each standardised over the catalogue (mean 0, standard deviation 1); NaN where it is not known:
        the practice has no text or no tags of that kind, or the text speaks of none.
    mentions : Mentions
        Themes, groups, goals and actors recognised in the text.
    """

    text: str
    features: Mapping[str, Scores]
    mentions: Mentions
    _index: TextIndex
    _reading: Readings

    def evidence(self, practice_index: int) -> Evidence:
        """Return what the text and one practice share."""
        return self._index.evidence(self, practice_index)


class TextIndex:
    """Everything precomputed that a text is compared with; built once a catalogue.

    Attributes
    ----------
    lexical : LexicalIndex
        Also for catalogue search.
    indicator_relevance : float32 [P, I]
        How much a practice's text says each indicator matters; rows sum to 1, or are all 0.
    """

    lexical: LexicalIndex
    indicator_relevance: NDArray[np.float32]

    def __init__(
        self, catalogue: Catalogue, taxonomy: Taxonomy, embedder: Embedder, progress: Progress | None = None
    ) -> None:
        self._embedder = embedder
        self._practices = list(catalogue.practices.values())
        types = {key: value.type for key, value in catalogue.organisations.items()}
        self._types = [types.get(p.organisation_id or "") for p in self._practices]
        names = {key: Text({"": value.name}) for key, value in catalogue.organisations.items()}
        self.lexical = LexicalIndex([_fields(p, names) for p in self._practices])
        self._concepts = ConceptIndex(taxonomy)
        self._tags = {name: self._tag_matrix(name) for name in VOCABULARIES}
        documents = [
            (row, LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES), document)
            for row, practice in enumerate(self._practices)
            for language, document in practice_documents(practice).items()
        ]
        self._owner = np.array([row for row, _, _ in documents], dtype=np.int64)
        language = np.array([number for _, number, _ in documents], dtype=np.int64)
        readings = embedder.read([document for *_, document in documents], "passage", progress)
        kept = [
            np.flatnonzero([is_content(fold(word)) for word in text_words(clean_text(document))])
            for *_, document in documents
        ]
        self.words = WordIndex(readings, self._owner, language, kept, len(self._practices))
        self._vectors = self._whole_vectors(readings.whole, language)
        self._read_background(taxonomy, progress)
        self.indicator_relevance = indicator_relevance(
            self._vectors, list(catalogue.indicators.values()), embedder, progress
        )

    @classmethod
    def build(
        cls, catalogue: Catalogue, taxonomy: Taxonomy, embedder: Embedder, progress: Progress | None = None
    ) -> TextIndex:
        """Build the index; texts not seen before are encoded, the others come from the cache."""
        return cls(catalogue, taxonomy, embedder, progress)

    def _tag_matrix(self, vocabulary: str) -> Scores:
        """Return float64 [P, codes]: 1 where a practice carries a code."""
        codes = {code: at for at, code in enumerate(VOCABULARIES[vocabulary])}
        matrix = np.zeros((len(self._practices), len(codes)))
        for row, practice in enumerate(self._practices):
            carried: Sequence[object] = (
                [self._types[row]] if vocabulary == "organisation_types" else getattr(practice, vocabulary)
            )
            for code in carried:
                if str(code) in codes:
                    matrix[row, codes[str(code)]] = 1.0
        return matrix

    def _whole_vectors(self, whole: Vectors, language: NDArray[np.int64]) -> Vectors:
        """Return one unit vector a practice, float32 [P, d]: languages centred, then averaged; else NaN."""
        centred = whole.copy()
        for number in np.unique(language):
            of_language = language == number
            centred[of_language] -= whole[of_language].mean(axis=0)
        centred = unit(centred)
        sums = np.zeros((len(self._practices), whole.shape[1]), np.float32)
        np.add.at(sums, self._owner, centred)
        vectors = unit(sums)
        vectors[np.bincount(self._owner, minlength=len(self._practices)) == 0] = np.nan
        return vectors

    def _read_background(self, taxonomy: Taxonomy, progress: Progress | None) -> None:
        """Learn the mean question of each language from titles: what all questions share says nothing."""
        wholes, words = [], []
        for language in LANGUAGES:
            titles = [p.title.values[language] for p in self._practices if language in p.title.values]
            titles = titles[:: max(1, len(titles) // BACKGROUND_TITLES)]
            for vocabulary in VOCABULARIES:
                for term in taxonomy.terms(vocabulary).values():
                    titles += [
                        t.values[language] for t in (term.title, term.description) if language in t.values
                    ]
            readings = self._embedder.read(titles, "query", progress)
            wholes.append(readings.whole.mean(axis=0))
            rows, _ = _content_rows(readings, titles)
            words.append((readings.words[rows] * readings.scales[rows, None]).mean(axis=0))
        self._whole_background, self._word_background = np.stack(wholes), np.stack(words)

    def match(self, text: str, asker: str | None = None) -> TextMatch:
        """Compare a text (in Spanish, English or both) with every practice.

        Raises
        ------
        NotReady, ModelError
            The text encoder is still loading, or cannot be loaded.
        """
        reading = self._embedder.query(text)
        mix = self._language_mix(reading.whole[0])
        whole = unit(reading.whole[0] - mix @ self._whole_background)
        dense = (self._vectors @ whole).astype(np.float64)
        lexical = self.lexical.scores(text)
        words = self._word_scores(reading, text, mix, standardised(dense) + standardised(lexical))
        mentions = self._concepts.mentions(text)
        features = {
            "need_words": words,
            "need_dense": standardised(dense),
            "need_lexical": standardised(np.where(self.words.counts > 0, lexical, np.nan)),
        }
        for name, vocabulary in CONCEPT_FEATURES.items():
            features[name] = self._concept_scores(vocabulary, mentions.weights[vocabulary])
        return TextMatch(text, MappingProxyType(features), mentions, self, reading)

    def _language_mix(self, whole: Vectors) -> Vectors:
        """Return how much of each language a question is in, float32 [languages], summing to 1."""
        nearness = LANGUAGE_SHARPNESS * (unit(self._whole_background) @ whole)
        share = np.exp(nearness - nearness.max())
        mix: Vectors = (share / share.sum()).astype(np.float32)
        return mix

    def _question(self, reading: Readings, text: str, mix: Vectors) -> tuple[Vectors, Vectors, list[str]]:
        """Return the centred vectors of a question's words, their weights and the words (rarest first)."""
        rows, words = _content_rows(reading, [text])
        weights = np.array([self.lexical.rarity(word) for word in words], dtype=np.float32)
        order = np.argsort(-weights, kind="stable")[:QUESTION_WORDS]
        vectors = reading.words[rows[order]] * reading.scales[rows[order], None]
        return unit(vectors - mix @ self._word_background), weights[order], [words[at] for at in order]

    def _word_scores(self, reading: Readings, text: str, mix: Vectors, rough: Scores) -> Scores:
        """Return the standardised late interaction; in a large catalogue of the likeliest practices only."""
        vectors, weights, _ = self._question(reading, text, mix)
        out = np.full(len(self._practices), np.nan)
        if not weights.sum():
            return out
        chosen = np.arange(len(out))
        reference = chosen
        if self.words.large:
            reference = np.linspace(0, len(out) - 1, REFERENCE).astype(np.int64)
            likely = np.argsort(-np.nan_to_num(rough, nan=-np.inf), kind="stable")[:CANDIDATES]
            chosen = np.union1d(likely, reference)
        out[chosen] = weights @ self.words.nearest(vectors, chosen) / weights.sum()
        known = out[reference][~np.isnan(out[reference])]
        return (out - known.mean()) / (known.std() or 1.0) if len(known) else out

    def _concept_scores(self, vocabulary: str, mentioned: Scores) -> Scores:
        """Return how much of what a text speaks of each practice carries, rare codes counting more."""
        tags = self._tags[vocabulary]
        tagged = tags.any(axis=1)
        rarity = np.log1p(tagged.sum() / (1 + tags.sum(axis=0)))
        weights = (mentioned > 0) * rarity
        if not weights.sum():
            return np.full(len(tags), np.nan)
        return standardised(np.where(tagged, tags @ weights / weights.sum(), np.nan))

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
            tuple(self.lexical.shared_words(match.text, practice_index)),
            Text({}),
            MappingProxyType({name: codes for name, codes in carried.items() if codes}),
        )


def standardised(values: Scores) -> Scores:
    """Return `values` with mean 0 and standard deviation 1 over the known; 0 where all are equal."""
    known = values[~np.isnan(values)]
    if not len(known):
        return values
    spread = known.std()
    scaled: Scores = (values - known.mean()) / (spread if spread > 1e-12 else 1.0)
    return scaled


def practice_documents(practice: Practice) -> dict[str, str]:
    """Return language -> the text by which a practice is understood: title, summary, needs and results."""
    parts = (practice.title, practice.summary, practice.requirements, practice.results)
    languages = dict.fromkeys(language for part in parts for language in part.values)
    return {
        language: ". ".join(part.values[language].rstrip(". ") for part in parts if language in part.values)
        for language in languages
    }


def _fields(practice: Practice, names: Mapping[str, Text]) -> dict[str, Text]:
    return {
        "title": practice.title,
        "summary": practice.summary,
        "requirements": practice.requirements,
        "results": practice.results,
        "organisation": names.get(practice.organisation_id or "", Text()),
    }


def _content_rows(readings: Readings, texts: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rows of `readings.words` that are content words of `texts`, and these words, folded."""
    rows, words = [], []
    for at, text in enumerate(texts):
        for place, word in enumerate(text_words(clean_text(text))[: int(readings.counts[at])]):
            if is_content(fold(word)):
                rows.append(int(readings.starts[at]) + place)
                words.append(fold(word))
    return np.array(rows, dtype=np.int64), words
