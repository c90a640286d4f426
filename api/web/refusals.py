"""Refusals as pages that say what to do next; a program below /api still gets problem details."""

from __future__ import annotations

import traceback
from typing import Any
from urllib.parse import urlencode

from flask import current_app, make_response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as Answered

from api.errors import HTTP_DETAILS, RETRY_SECONDS, TITLES, refuse_http, status_of
from api.language import current_language
from api.validation import invalid_input
from api.web.blueprint import PERSONAL, page, web
from api.web.waiting import ReaderLoading
from recommender.domain import ArraigoError


@page("<path:rest>", "<path:rest>")
def missing(rest: str) -> str:
    """Refuse an address below a language that is no page."""
    raise NotFound


@web.app_errorhandler(404)
def _missing_anywhere(error: HTTPException) -> Answered:
    """Answer a reader's wrong address with a page, a program's with problem details."""
    if request.path.startswith(("/es/", "/en/")) or "web" in request.blueprints:
        return _refuse_http(error)
    return refuse_http(error)


@web.errorhandler(ArraigoError)
def _refuse(error: ArraigoError) -> Answered:
    language, status = current_language(), status_of(error)
    if status == 503:
        return _waiting_page(error)
    return _error_page(status, error.code, error.message(language), error.facts)


@web.errorhandler(ValidationError)
def _refuse_form(error: ValidationError) -> Answered:
    return _refuse(invalid_input(error))


@web.errorhandler(HTTPException)
def _refuse_http(error: HTTPException) -> Answered:
    if isinstance(error.response, Answered):
        return error.response
    status = error.code or 500
    if status < 400:
        return error.get_response()
    code = "-".join(error.name.lower().split())
    return _error_page(status, code, "" if status == 404 else error.description or "", {})


@web.errorhandler(Exception)
def _refuse_unexpected(error: Exception) -> Answered:
    """Answer a defect of ours. The log gets the places in the code, never a value of the request."""
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    current_app.logger.error("%s in %s\n  %s", type(error).__name__, request.endpoint, "\n  ".join(frames))
    return _error_page(500, "internal-server-error", HTTP_DETAILS[500][current_language() == "en"], {})


def _waiting_page(error: ArraigoError) -> Answered:
    """Say what is being waited for; the page looks again by itself, and there is a way around a text."""
    texts = [name for name in PERSONAL if request.args.get(name, "").strip()]
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in PERSONAL and value]
    body = render_template(
        "waiting.html",
        reading=isinstance(error, ReaderLoading),
        sentence=error.message(current_language()),
        again=request.full_path.rstrip("?"),
        without=f"{request.path}?{urlencode(kept)}".rstrip("?") if texts else None,
        seconds=RETRY_SECONDS,
    )
    response = make_response(body, 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _error_page(status: int, code: str, sentence: str, facts: Any) -> Answered:  # noqa: ANN401
    title = TITLES.get(code, (code, code))[current_language() == "en"]
    body = render_template(
        "error.html",
        status=status,
        code=code,
        title=title,
        sentence=sentence,
        facts=facts,
    )
    return make_response(body, status)
