"""From the fields of a form in an address to the schemas that check every other question."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel

from api.snapshot import Snapshot
from recommender.query import FIT
from recommender.taxonomy import VOCABULARIES

S = TypeVar("S", bound=BaseModel)


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
