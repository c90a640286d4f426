"""The list of what decides whether a practice can move: 29 factors of published frameworks, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from recommender.domain import Text

LINKS = ("need", "conditions", "evidence", "ability")
"""J-PAL's four links in their order: the chain is as strong as its weakest."""
WORSE = ("either", "less", "more")


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor.

    Attributes
    ----------
    number : int
        1-29, the order of the merged list.
    link : str
        One of `LINKS`.
    measure : str
        How it is known; ``ask`` where only by asking.
    weight : float
        0-1, how much the frameworks make of it.
    gate : bool
        Where it differs, its whole link is weak.
    needed : bool
        While it is not known, its link is not judged.
    question : Text
        Asked of the target; empty where an answer could add nothing. "Yes" is always favourable.
    origin : Text
        Asked of the team that ran the practice, where the record is silent.
    """

    number: int
    code: str
    link: str
    measure: str
    weight: float
    gate: bool
    needed: bool
    framework: tuple[str, ...]
    title: Text
    question: Text
    origin: Text
    change: Text
    formula: Text
    indicators: tuple[str, ...]
    worse: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Indicators whose difference asks for the same change: one where higher here, one where lower."""

    code: str
    indicators: tuple[str, ...]
    higher: Text
    lower: Text


@dataclass(frozen=True, slots=True)
class FactorTable:
    """The factors by code, in order, and the family of each indicator."""

    factors: Mapping[str, Factor]
    families: Mapping[str, Family]
    other: Family

    def family(self, indicator_id: str) -> Family:
        """Return the family of an indicator; the one for all others where it has none."""
        return self.families.get(indicator_id, self.other)

    def answerable(self) -> tuple[str, ...]:
        """Return the codes of the factors that an answer can decide."""
        return tuple(code for code, factor in self.factors.items() if factor.question)


@cache
def read_factors() -> FactorTable:
    """Read the table that ships with the program."""
    table = tomllib.loads(files("recommender.transfer").joinpath("factors.toml").read_text(encoding="utf-8"))
    factors = [_factor(row) for row in table["factor"]]
    families = [
        Family(row["code"], tuple(row["indicators"]), Text(row["higher"]), Text(row["lower"]))
        for row in table["family"]
    ]
    return FactorTable(
        factors=MappingProxyType({factor.code: factor for factor in factors}),
        families=MappingProxyType(
            {indicator: family for family in families for indicator in family.indicators}
        ),
        other=next(family for family in families if not family.indicators),
    )


def split_requirements(requirements: Text) -> tuple[Text, ...]:
    """Return what a practice needs, one text for each part between semicolons.

    Where the languages have different numbers of parts, they cannot be paired and stay one text.

    Examples
    --------
    >>> [part.get("en") for part in split_requirements(Text({"en": "A room; two teachers."}))]
    ['A room', 'two teachers']
    """
    parts = {
        language: [part.strip().rstrip(".") for part in text.split(";") if part.strip()]
        for language, text in requirements.values.items()
    }
    counts = {len(found) for found in parts.values()}
    if len(counts) != 1:
        return (requirements,) if requirements else ()
    return tuple(
        Text({language: found[place] for language, found in parts.items()}) for place in range(counts.pop())
    )


def spoken_of(words: Sequence[str], requirements: Sequence[Text]) -> tuple[Text, ...]:
    """Return the requirements in which one of the words' roots stands."""
    return tuple(
        part
        for part in requirements
        if any(word in text.casefold() for text in part.values.values() for word in words)
    )


def _factor(row: dict[str, Any]) -> Factor:
    return Factor(
        number=row["number"],
        code=row["code"],
        link=row["link"],
        measure=row["measure"],
        weight=row["weight"],
        gate=row.get("gate", False),
        needed=row.get("needed", False),
        framework=tuple(row["framework"]),
        title=Text(row["title"]),
        question=Text(row.get("question", {})),
        origin=Text(row.get("origin", {})),
        change=Text(row["change"]),
        formula=Text(row["formula"]),
        indicators=tuple(row.get("indicators", ())),
        worse=row.get("worse", "either"),
        words=tuple(row.get("words", ())),
    )
