"""How much may be asked: ranges of numbers, lengths of texts and lists.

The one place where they stand: the core refuses by them and the doors document them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sized
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
"""Entries of a list: more than any vocabulary has codes, about as many cantons as a country has."""
MAX_PAST = 100
"""Past practices of an organisation."""


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


def check_entries(field: str, entries: Sized, maximum: int = MAX_ENTRIES) -> None:
    """Refuse a list of more than `maximum` entries.

    Raises
    ------
    OutOfRange
        With its length and the maximum.
    """
    if len(entries) > maximum:
        raise OutOfRange(
            es=f"«{field}» tiene {len(entries)} elementos; el máximo es {maximum}.",
            en=f"'{field}' has {len(entries)} entries; the most is {maximum}.",
            field=field,
            value=len(entries),
            maximum=maximum,
        )


def out_of_range(field: str, value: float, low: float, high: float, *, above: bool = False) -> OutOfRange:
    """Return the error for a number that is not finite or outside its range."""
    if above:
        es, en = f"mayor que {low:g} y hasta {high:,g}", f"above {low:g} and up to {high:,g}"
    else:
        es, en = f"entre {low:g} y {high:,g}", f"from {low:g} to {high:,g}"
    return OutOfRange(
        es=f"«{field}» vale {value}; debe ser un número {es}.",
        en=f"'{field}' is {value}; it must be a number {en}.",
        field=field,
        value=str(value),
        minimum=low,
        maximum=high,
    )
