"""The texts by which practices are known, their words and sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Practice, Text
from recommender.text.embedding import clean_text
from recommender.text.lexical import fold, is_content
from recommender.text.readings import WORD, Readings, text_words

SENTENCE = re.compile(r"(?<=[.!?;])\s+")
SHOUTING = 0.7  # share of capitals among letters from which on capitals mean nothing


def practice_documents(practice: Practice) -> dict[str, str]:
    """Return language -> the text by which a practice is understood: title, summary, needs and results."""
    parts = (practice.title, practice.summary, practice.requirements, practice.results)
    languages = dict.fromkeys(language for part in parts for language in part.values)
    return {
        language: clean_text(
            ". ".join(part.values[language].rstrip(". ") for part in parts if language in part.values)
        )
        for language in languages
    }


def practice_fields(practice: Practice, organisations: Mapping[str, str]) -> dict[str, Text]:
    """Return field -> text, the fields of `recommender.text.lexical.FIELDS`."""
    organisation = organisations.get(practice.organisation_id or "")
    return {
        "title": practice.title,
        "summary": practice.summary,
        "requirements": practice.requirements,
        "results": practice.results,
        "organisation": Text({"": organisation} if organisation else {}),
    }


def spoken(text: str) -> str:
    """Return a question cleaned; one in capitals in small letters, which encoders know better."""
    cleaned = clean_text(text)
    letters = [c for c in cleaned if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return cleaned.lower() if letters and capitals >= SHOUTING * len(letters) else cleaned


@lru_cache(maxsize=1 << 16)
def _content(word: str) -> str:
    """Return a word folded if it says something by itself, else an empty string."""
    folded = fold(word)
    return folded if is_content(folded) else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of a cleaned text stand that say something by themselves, worked out once.

    Attributes
    ----------
    places : int64 [m]
        Which words of the text they are, by number, ascending.
    sentence : int32 [m]
        The sentence each stands in; -1 in the title.
    spans : int32 [sentences, 2]
        First character of each sentence and the one after its last; the title is none of them.
    """

    places: NDArray[np.int64]
    sentence: NDArray[np.int32]
    spans: NDArray[np.int32]


def lay_out(text: str, after: int) -> Layout:
    """Lay out a cleaned text whose title is its first `after` characters."""
    words = [
        (place, match.start()) for place, match in enumerate(WORD.finditer(text)) if _content(match.group())
    ]
    spans = []
    at = after
    for sentence in SENTENCE.split(text[after:]):
        at = text.index(sentence, at)
        spans.append((at, at + len(sentence)))
        at += len(sentence)
    edges = np.array(spans, dtype=np.int32)
    places, starts = np.array(words, dtype=np.int64).reshape(-1, 2).T
    within = np.searchsorted(edges[:, 0], starts, side="right") - 1
    return Layout(places.copy(), within.astype(np.int32), edges)


def content_rows(readings: Readings, at: int, text: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rows of `readings.words` that are content words of its cleaned text `at`; these, folded."""
    first = int(readings.starts[at])
    found = [
        (first + place, _content(word))
        for place, word in enumerate(text_words(text)[: int(readings.counts[at])])
        if _content(word)
    ]
    return np.array([row for row, _ in found], dtype=np.int64), [word for _, word in found]


def best_sentence(text: str, layout: Layout, answered: NDArray[np.float32]) -> str:
    """Return the sentence of `text` in which most of a question is answered; the title is none.

    Parameters
    ----------
    text : str
        Cleaned.
    layout : Layout
        Of the text.
    answered : float32 [q, m']
        How well each of its first content words, as many as were compared, answers each word of the
        question, weighted.
    """
    sentence = layout.sentence[: answered.shape[1]]
    title = int(np.searchsorted(sentence, 0))
    if title == len(sentence):
        return ""
    firsts = title + np.flatnonzero(np.diff(sentence[title:], prepend=-1))
    best = np.maximum.reduceat(answered, firsts, axis=1)
    scores = np.ascontiguousarray(best.T).sum(axis=1)
    start, end = layout.spans[sentence[firsts[scores.argmax()]]].tolist()
    return text[start:end].strip(" .;")
