"""Answers as bytes, and what the OpenAPI document says of refusals."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.errors import HTTP_DETAILS, MEDIA_TYPE
from api.negotiation import CSV, JSON
from api.schemas import Answer, Problem

MEANINGS = {
    304: "Unchanged since the version the caller holds (If-None-Match).",
    404: "No such territory, practice or organisation; the nearest are named.",
    422: "The question cannot be answered as asked; field, value and what is allowed are named.",
    503: "Still loading; Retry-After says when to ask again.",
}


def dump(answer: Answer) -> Response:
    """Return an answer as JSON."""
    return Response(answer.model_dump_json(), content_type=JSON)


def csv_response(text: str, filename: str) -> Response:
    """Return rows as a CSV attachment."""
    response = Response(text, content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def file_response(content: bytes | str, media: str, filename: str) -> Response:
    """Return a file as an attachment."""
    response = Response(content, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def refusals(*statuses: int) -> dict[int | str, Any]:
    """Return the OpenAPI entries of a route's refusals, all problem details (RFC 9457)."""
    schema = Problem.model_json_schema()
    return {
        status: {"description": MEANINGS.get(status) or HTTP_DETAILS[status][1]}
        | ({"content": {MEDIA_TYPE: {"schema": schema}}} if status >= 400 else {})
        for status in statuses
    }
