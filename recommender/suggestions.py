"""What was probably meant by an id that does not exist: few suggestions, or none."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process

from recommender.limits import MAX_NAME
from recommender.taxonomy import folded

MOST = 3
LIKE = 70.0
"""Per cent of letters shared in order; below, a suggestion only puzzles (ids of one catalogue share
many letters by chance, and two of any two words some half)."""
BEHIND = 15.0
"""Suggestions so much worse than the best one are left out."""
TELLING = 4
"""Letters from which a word tells what is meant."""


def suggest(typed: str, names: Mapping[str, str]) -> list[str]:
    """Return the ids most like what was typed, best first; at most three, none where none is like it.

    Parameters
    ----------
    typed : str
        An id, misspelt or cut short, or words of a title; case, accents and hyphens do not matter.
    names : mapping of str to str
        Id -> title or name.

    Examples
    --------
    >>> suggest("woccu-inclusion", {"woccu-proyecto-inclusion": "Cooperativas", "unhcr-casa": "Casa"})
    ['woccu-proyecto-inclusion']
    >>> suggest("nope", {"woccu-proyecto-inclusion": "Cooperativas"})
    []
    """
    wanted = _words(typed[:MAX_NAME])
    telling = " ".join(word for word in wanted.split() if len(word) >= TELLING)
    best = {id_: 0.0 for id_ in names}
    for text, scorer, texts in (
        (wanted, fuzz.ratio, {id_: _words(id_) for id_ in names}),
        (telling, fuzz.token_set_ratio, {id_: _words(f"{id_} {name}") for id_, name in names.items()}),
    ):
        if text:
            for _, score, id_ in process.extract(text, texts, scorer=scorer, limit=MOST, score_cutoff=LIKE):
                best[id_] = max(best[id_], score)
    found = sorted((id_ for id_ in best if best[id_]), key=lambda id_: (-best[id_], id_))[:MOST]
    return [id_ for id_ in found if best[id_] >= best[found[0]] - BEHIND]


def _words(text: str) -> str:
    """Return words apart, folded: an id's are joined by hyphens or underscores."""
    return folded(text.replace("-", " ").replace("_", " "))
