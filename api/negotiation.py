"""What goes around every request: form of body and answer, language, version tags, no traces kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from api.engine import current_snapshot
from api.language import current_language
from api.snapshot import Snapshot
from api.validation import no_object

API = "/api/v1"
JSON, CSV, GEOJSON = "application/json", "text/csv", "application/geo+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFFERED = [JSON, CSV, GEOJSON, XLSX, PDF, DOCX, "application/problem+json"]
"""Every form in which some address answers."""
RELEASE = version("arraigo")


def register_negotiation(app: Flask) -> None:
    """Check every request before its route and label every answer after it."""
    app.before_request(check_form)
    app.before_request(answer_unchanged)
    app.after_request(label)


def check_form() -> None:
    """Refuse a body that is not JSON and an answer format there is not.

    Raises
    ------
    BadRequest, RequestEntityTooLarge, UnsupportedMediaType, NotAcceptable, InvalidInput
    """
    if not request.path.startswith(API) or request.routing_exception is not None:
        return
    if request.accept_mimetypes.best_match(OFFERED) is None and request.accept_mimetypes:
        raise NotAcceptable
    if request.method in ("POST", "PUT", "PATCH"):
        if not request.is_json:
            raise UnsupportedMediaType
        limit = request.max_content_length
        if request.content_length is None and limit is not None and len(request.get_data()) >= limit:
            raise RequestEntityTooLarge  # sent in pieces: what was read ends at the limit
        try:
            given = request.get_json()
        except RecursionError:  # thousands of nested brackets
            raise BadRequest from None
        if not isinstance(given, dict):
            raise no_object(given)


def answer_unchanged() -> Response | None:
    """Answer 304 where the caller already holds what this address says now."""
    if request.method not in ("GET", "HEAD") or not request.path.startswith(API):
        return None
    if request.routing_exception is not None:
        return None
    g.tag = _tag(snapshot())
    if g.tag in request.if_none_match:  # "*" is no tag that was given out
        return Response(status=304)
    return None


def label(response: Response) -> Response:
    """Say language, version tag and what the answer varies with; answers to questions are not to be kept."""
    response.headers["Content-Language"] = current_language()
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not request.path.startswith(API):
        return response
    response.vary.update(("Accept", "Accept-Language"))
    if (
        request.method in ("GET", "HEAD")
        and response.status_code in (200, 304)
        and "need" not in request.args
    ):
        response.set_etag(g.tag)
        response.cache_control.no_cache = True
    else:
        response.cache_control.no_store = True
    return response


def snapshot() -> Snapshot:
    """Return the state this request is answered from: one and the same from its start to its end."""
    if "snapshot" not in g:
        g.snapshot = current_snapshot()
    state: Snapshot = g.snapshot
    return state


def wants_csv(asked: str | None) -> bool:
    """Tell whether the rows are wanted as a table: by parameter, else by Accept."""
    if asked is not None:
        return asked != "json"
    return request.accept_mimetypes.best_match([JSON, CSV], default=JSON) == CSV


def chosen_format(forms: Mapping[str, str]) -> str:
    """Return which of an address's forms (name -> media type) is wanted by Accept, the first else."""
    first = next(iter(forms))
    best = request.accept_mimetypes.best_match(forms.values(), default=forms[first])
    return next(name for name, media in forms.items() if media == best)


def _tag(state: Snapshot) -> str:
    """Name what this address says now: it changes with data, model, release, language and format."""
    parts = (
        RELEASE,
        state.pipeline.data_version,
        state.pipeline.model_version,
        request.full_path,
        current_language(),
        request.headers.get("Accept", ""),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
