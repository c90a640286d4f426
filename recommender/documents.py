"""The texts by which practices are known, their words and sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Practice, Text
from recommender.embedding import WORD, clean_text, text_words
from recommender.lexical import fold, is_content
from recommender.vector_cache import Readings

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
    """Return field -> text, the fields of `recommender.lexical.FIELDS`."""
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


def content_places(text: str) -> NDArray[np.int64]:
    """Return which words of a cleaned text (by number) say something by themselves."""
    return np.flatnonzero([bool(_content(word)) for word in text_words(text)]).astype(np.int64)


def content_rows(readings: Readings, texts: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rows of `readings.words` that are content words of cleaned `texts`, and these, folded."""
    rows: list[int] = []
    words: list[str] = []
    for at, text in enumerate(texts):
        for place, word in enumerate(text_words(text)[: int(readings.counts[at])]):
            if _content(word):
                rows.append(int(readings.starts[at]) + place)
                words.append(_content(word))
    return np.array(rows, dtype=np.int64), words


def best_sentence(text: str, after: int, places: NDArray[np.int64], answered: NDArray[np.float32]) -> str:
    """Return the sentence of `text` in which most of a question is answered.

    Parameters
    ----------
    text : str
        Cleaned.
    after : int
        Characters to skip (the title).
    places : int [m]
        Numbers of the words of `text` that were compared, ascending.
    answered : float32 [q, m]
        How well each of them answers each word of the question, weighted.
    """
    starts = np.array([match.start() for match in WORD.finditer(text)], dtype=np.int64)[places]
    best, found = -np.inf, ""
    at = after
    for sentence in SENTENCE.split(text[after:]):
        at = text.index(sentence, at)
        inside = (starts >= at) & (starts < at + len(sentence))
        if inside.any():
            score = float(answered[:, inside].max(axis=1).sum())
            if score > best:
                best, found = score, sentence
        at += len(sentence)
    return found.strip(" .;")
