"""From the fields of a form in an address to the schemas that check every other question."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel

from api.snapshot import Snapshot
from recommender.query import FIT
from recommender.taxonomy import VOCABULARIES

S = TypeVar("S", bound=BaseModel)

GROUPED = re.compile(r"([1-9]\d{0,2}(?:[.,\s]\d{3})+)(?:[.,](\d{1,2}))?")
"""A figure in groups of three digits, as the pages write it; the script that exports profiles has it too."""


def figure(form: type[float] | type[int], text: str) -> object:
    """Read a figure as people write it, with a point or a comma; what is none stays text.

    Groups of three digits are thousands in either language: nobody writes dollars to three decimals, and
    taking 200.000 for two hundred would be a wrong answer without a sign of it.

    Examples
    --------
    >>> figure(float, "200.000"), figure(float, "USD 1,200.50"), figure(float, "12,5"), figure(int, "x")
    (200000.0, 1200.5, 12.5, 'x')
    """
    plain = text.strip().removeprefix("USD").strip("$ \u00a0")
    grouped = GROUPED.fullmatch(plain)
    if grouped:
        plain = re.sub(r"\D", "", grouped[1]) + (f".{grouped[2]}" if grouped[2] else "")
    try:
        return form(plain.replace(",", "."))
    except ValueError:
        return text


def read_form(schema: type[S], **fixed: object) -> S:
    """Read the parameters a schema knows; a field left blank was not given, others are passed over.

    Raises
    ------
    ValidationError
        A value cannot be used.
    """
    given: dict[str, Any] = {}
    for name, field in schema.model_fields.items():
        values = [value for value in request.args.getlist(name) if value.strip()]
        if values:
            given[name] = values if isinstance(field.default, list) else values[-1]
    return schema.model_validate(given | fixed)


def carried(asked: BaseModel) -> dict[str, Any]:
    """Return what of a ranking's question a comparison takes along, as parameters of its address."""
    given = {name: getattr(asked, name, None) for name in ("need", "asker", "weights")}
    mode = getattr(asked, "mode", FIT)
    return {name: value for name, value in given.items() if value} | ({"mode": mode} if mode != FIT else {})


def choices(state: Snapshot, vocabulary: str, language: str) -> list[tuple[str, str]]:
    """List the codes of a vocabulary with their names, by name."""
    title = state.pipeline.taxonomy.title
    named = [(str(code), title(vocabulary, code, language)) for code in VOCABULARIES[vocabulary]]
    return sorted(named, key=lambda pair: pair[1])
