"""What a text speaks of, in the words of the vocabularies: themes, groups of people, goals, actors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES
from recommender.taxonomy import VOCABULARIES, Taxonomy
from recommender.text.lexical import fold, is_content

Phrase = tuple[str, ...]
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")  # letters, digits and accents that stand alone


@dataclass(frozen=True)
class Mentions:
    """What was recognised in one text.

    Parameters
    ----------
    weights : mapping of str to float64 [codes of the vocabulary]
        How clearly each code is spoken of: the sum over its phrases of the words in the phrase, shared
        among the codes of the vocabulary that claim the phrase. 0 where it is not spoken of.
    phrases : mapping of (vocabulary, code) to tuple of str
        The phrases found, as they are written in the text.
    """

    weights: Mapping[str, NDArray[np.float64]]
    phrases: Mapping[tuple[str, str], tuple[str, ...]]

    def codes(self, vocabulary: str) -> tuple[str, ...]:
        """Return the codes spoken of, the clearest first."""
        weight = self.weights[vocabulary]
        order = np.argsort(-weight, kind="stable")
        return tuple(VOCABULARIES[vocabulary][at] for at in order if weight[at] > 0)


class ConceptIndex:
    """Finds the phrases of a taxonomy in texts of any of its languages, accents and endings forgiven.

    Parameters
    ----------
    taxonomy : Taxonomy
        Titles and terms are the phrases; of those of one vocabulary the longest at a place wins.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._claims: dict[str, dict[Phrase, set[int]]] = {name: {} for name in VOCABULARIES}
        for vocabulary, codes in VOCABULARIES.items():
            terms = taxonomy.terms(vocabulary)
            for at, code in enumerate(codes):
                titles = terms[code].title.values
                for language in LANGUAGES:
                    for phrase in (*terms[code].terms.get(language, ()), titles.get(language, "")):
                        self._claim(vocabulary, phrase, at)
        self._longest = max((len(phrase) for claims in self._claims.values() for phrase in claims), default=0)

    def _claim(self, vocabulary: str, phrase: str, code: int) -> None:
        words = _words(phrase)
        # a phrase of stop words alone ("que", "it") would be found everywhere
        if any(is_content(word.folded) for word in words):
            key = tuple(word.form for word in words)
            self._claims[vocabulary].setdefault(key, set()).add(code)

    def mentions(self, text: str) -> Mentions:
        """Return what `text` speaks of, whatever language it is in."""
        words = _words(text)
        weights = {name: np.zeros(len(codes)) for name, codes in VOCABULARIES.items()}
        phrases: dict[tuple[str, str], list[str]] = {}
        for vocabulary, codes in VOCABULARIES.items():
            for first, last, claimed in self._matches(words, vocabulary):
                written = text[words[first].start : words[last - 1].end]
                for code in sorted(claimed):
                    weights[vocabulary][code] += (last - first) / len(claimed)
                    phrases.setdefault((vocabulary, codes[code]), []).append(written)
        return Mentions(
            MappingProxyType(weights),
            MappingProxyType({key: tuple(dict.fromkeys(found)) for key, found in phrases.items()}),
        )

    def _matches(self, words: Sequence[_Word], vocabulary: str) -> list[tuple[int, int, set[int]]]:
        """Return (first word, word after the last, codes), left to right, the longest phrase first."""
        forms = [word.form for word in words]
        claims = self._claims[vocabulary]
        matches = []
        at = 0
        while at < len(forms):
            for length in range(min(self._longest, len(forms) - at), 0, -1):
                codes = claims.get(tuple(forms[at : at + length]))
                if codes:
                    matches.append((at, at + length, codes))
                    at += length - 1
                    break
            at += 1
        return matches


class _Word(NamedTuple):
    folded: str
    form: str
    start: int
    end: int


# Words between the words of a phrase: "violencia de género", "violencia género" and "la violencia" are alike
_BETWEEN = frozenset(("a", "al", "con", "de", "del", "el", "en", "la", "las", "los", "para", "por", "y"))
_BETWEEN |= frozenset(("and", "for", "in", "of", "on", "the", "to", "with"))


def _words(text: str) -> list[_Word]:
    """Return the words that phrases are made of, with their places in `text`."""
    found = []
    for match in _WORD.finditer(text):
        folded = fold(match.group())
        if folded not in _BETWEEN:
            found.append(_Word(folded, _form(folded), *match.span()))
    return found


def _form(word: str) -> str:
    """Return a folded word without the ending of number and gender, in Spanish and in English.

    A stemmer would go too far: it makes one of "trabajadoras" and "trabajo", of "trans" and "tránsito".
    """
    if len(word) <= 3:
        return word
    if word.endswith("ces"):  # raices, veces
        word = word[:-3] + "z"
    elif word.endswith("ies"):  # cities, countries
        word = word[:-3] + "y"
    elif word.endswith("es") and word[-3] not in "aeiou":  # mujeres, redes; also houses, services
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "aeo" else word
