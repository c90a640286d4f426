"""How much may be asked: ranges of numbers, lengths of texts and lists.

The one place where they stand: the core refuses by them and the doors document them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from recommender.domain import OutOfRange

MAX_ROWS = 500
MAX_TEXT = 2_000
"""Characters of a need, and of all that an organisation says of itself: some three paragraphs, more
than an encoder reads."""
MAX_NAME = 200
"""Characters of a name or an id; the longest official name of a place in the data has 60."""
MAX_ENTRIES = 500
"""Entries of a list that somebody sends: more than any vocabulary has codes or a country cantons.
What the house itself puts together, as for an organisation of the catalogue, may have more."""
MAX_PAST = 100
"""Past practices that somebody sends."""


@dataclass(frozen=True, slots=True)
class Range:
    """Finite numbers from `low` to `high`; without `low` itself where `above`."""

    low: float
    high: float
    above: bool = False

    def __contains__(self, value: float) -> bool:
        if not math.isfinite(value):
            return False
        return (self.low < value if self.above else self.low <= value) and value <= self.high


RANGES: Mapping[str, Range] = MappingProxyType(
    {
        "k": Range(1, MAX_ROWS),
        "organisation.budget_usd": Range(0, 1e12, above=True),
        "organisation.staff": Range(1, 10**7),
        "organisation.horizon_months": Range(1, 600),
        "filters.budget_max_usd": Range(0, 1e12),
        "filters.year_from": Range(1900, 2200),
        "filters.year_to": Range(1900, 2200),
    }
)
"""Field of a question -> what it may be. Money in US dollars, a horizon in months. An organisation
without money, staff or time has nothing to hold against a practice: it leaves the field out."""


def check_range(field: str, value: float | None) -> None:
    """Refuse a number that is not finite or outside the range of its field; None is not known.

    Raises
    ------
    OutOfRange
        With the field's range.
    """
    span = RANGES[field]
    if value is not None and value not in span:
        raise out_of_range(field, value, span.low, span.high, above=span.above)


def check_text(field: str, text: str, maximum: int = MAX_TEXT) -> None:
    """Refuse a text of more than `maximum` characters.

    Raises
    ------
    OutOfRange
        With its length and the maximum.
    """
    if len(text) > maximum:
        raise OutOfRange(
            es=f"«{field}» tiene {len(text)} caracteres; el máximo es {maximum}: resúmalo.",
            en=f"'{field}' has {len(text)} characters; the most is {maximum}: shorten it.",
            field=field,
            value=len(text),
            maximum=maximum,
        )


def out_of_range(field: str, value: float, low: float, high: float, *, above: bool = False) -> OutOfRange:
    """Return the error for a number that is not finite or outside its range."""
    (low_es, low_en), (high_es, high_en) = _written(low), _written(high)
    if above:
        es, en = f"mayor que {low_es} y hasta {high_es}", f"above {low_en} and up to {high_en}"
    else:
        es, en = f"entre {low_es} y {high_es}", f"from {low_en} to {high_en}"
    return OutOfRange(
        es=f"«{field}» vale {value}; debe ser un número {es}.",
        en=f"'{field}' is {value}; it must be a number {en}.",
        field=field,
        value=str(value),
        minimum=low,
        maximum=high,
    )


def _written(number: float) -> tuple[str, str]:
    """Write a limit in Spanish and English; up to four digits, as years have, without separators."""
    if number != int(number):
        return f"{number:g}".replace(".", ","), f"{number:g}"
    english = f"{number:,.0f}" if abs(number) >= 10_000 else f"{number:.0f}"
    return english.replace(",", "."), english
