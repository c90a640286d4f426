"""Refusals: the one place where an error becomes a status and problem details (RFC 9457)."""

from __future__ import annotations

import traceback
from typing import Any

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException

from api.language import current_language
from api.schemas import Problem
from api.validation import InvalidInput, invalid_input
from recommender.domain import ArraigoError, NotReady, QueryError, UnknownId

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2

TITLES = {
    "unknown-id": ("No existe", "Does not exist"),
    "ambiguous-place": ("Hay varios lugares con ese nombre", "Several places have this name"),
    "empty-query": ("Pregunta vacía", "Empty question"),
    "unknown-value": ("Valor no admitido", "Value not allowed"),
    "out-of-range": ("Fuera de rango", "Out of range"),
    "unknown-field": ("Campo desconocido", "Unknown field"),
    "missing-field": ("Falta un campo", "Missing field"),
    "wrong-type": ("Tipo incorrecto", "Wrong type"),
    "invalid-input": ("Entrada no válida", "Invalid input"),
    "infeasible-portfolio": ("Ninguna cartera cumple todos los límites", "No portfolio keeps all limits"),
    "portfolios-busy": ("Demasiadas carteras a la vez", "Too many portfolios at once"),
    "not-ready": ("Todavía no está listo", "Not ready yet"),
    "bad-request": ("Petición mal formada", "Malformed request"),
    "not-found": ("Página desconocida", "No such page"),
    "method-not-allowed": ("Método no admitido", "Method not allowed"),
    "not-acceptable": ("Formato no disponible", "Format not available"),
    "request-entity-too-large": ("Petición demasiado grande", "Request too large"),
    "unsupported-media-type": ("Formato de entrada no admitido", "Input format not supported"),
    "internal-server-error": ("Error interno", "Internal error"),
}
"""Code -> title in Spanish and English; a code without one is its own title."""

HTTP_DETAILS = {
    400: ("El cuerpo de la petición no es JSON válido.", "The body of the request is not valid JSON."),
    404: (
        "No hay nada en «{path}». La lista está en /docs.",
        'There is nothing at "{path}". The list is at /docs.',
    ),
    405: ("{method} no se admite aquí; sí: {allowed}.", "{method} is not allowed here; allowed: {allowed}."),
    406: ("Se responde en application/json o text/csv.", "Answers come as application/json or text/csv."),
    413: (
        "El cuerpo supera el máximo de {limit} bytes.",
        "The body is larger than the maximum of {limit} bytes.",
    ),
    415: ("Envíe JSON con Content-Type: application/json.", "Send JSON with Content-Type: application/json."),
    500: (
        "Algo falló en el servicio; no se guardó nada de la pregunta.",
        "Something failed in the service; nothing of the question was kept.",
    ),
}
"""Status -> sentence in Spanish and English."""


def register_errors(app: Flask) -> None:
    """Answer every failure of `app` with problem details."""
    app.register_error_handler(ArraigoError, refuse)
    app.register_error_handler(ValidationError, lambda error: refuse(invalid_input(error)))
    app.register_error_handler(HTTPException, refuse_http)
    app.register_error_handler(Exception, refuse_unexpected)


def status_of(error: ArraigoError) -> int:
    """Return the status of a refusal: 404 where the address itself names what does not exist."""
    if isinstance(error, UnknownId):
        named = {str(value).strip() for value in (request.view_args or {}).values()}
        return 404 if error.facts.get("value") in named else 422
    if isinstance(error, QueryError):
        return 422
    return 503 if isinstance(error, NotReady) else 500


def refuse(error: ArraigoError) -> Response:
    """Answer a named error."""
    language = current_language()
    status = status_of(error)
    facts = dict(error.facts)
    if isinstance(error, InvalidInput):
        facts["errors"] = [_in_language(fault, language) for fault in error.facts["errors"]]  # type: ignore[attr-defined]
    response = problem(status, error.code, error.message(language), facts)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def refuse_http(error: HTTPException) -> Response:
    """Answer what the web layer itself refuses: unknown page, method, size, form."""
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().get_data(), status, error.get_response().headers)
    allowed = sorted(getattr(error, "valid_methods", None) or [])
    words = {
        "path": request.path,
        "method": request.method,
        "allowed": ", ".join(allowed),
        "limit": current_app.config["MAX_CONTENT_LENGTH"],
    }
    es, en = HTTP_DETAILS.get(status, (error.description or "", error.description or ""))
    sentence = (es if current_language() == "es" else en).format_map(words)
    code = "-".join(error.name.lower().split())
    response = problem(status, code, sentence, {"allowed": allowed} if allowed else {})
    if allowed:
        response.headers["Allow"] = ", ".join(allowed)
    return response


def refuse_unexpected(error: Exception) -> Response:
    """Answer a defect of ours. The log gets the places in the code, never a value of the request."""
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    name = type(error).__name__
    current_app.logger.error("%s in %s\n  %s", name, request.endpoint, "\n  ".join(frames))
    es, en = HTTP_DETAILS[500]
    return problem(500, "internal-server-error", es if current_language() == "es" else en, {})


def problem(status: int, code: str, detail: str, facts: dict[str, Any]) -> Response:
    """Return problem details; facts must not shadow the standard members."""
    es, en = TITLES.get(code, (code, code))
    members = Problem(
        type=f"urn:arraigo:problem:{code}",
        title=es if current_language() == "es" else en,
        status=status,
        detail=detail,
        instance=request.path,
        code=code,
    ).model_dump()
    further = {name: value for name, value in facts.items() if name not in members}
    content = to_json({**members, **further}, fallback=str, inf_nan_mode="null")
    return Response(content, status, content_type=MEDIA_TYPE)


def _in_language(fault: dict[str, Any], language: str) -> dict[str, Any]:
    """Keep one of a fault's two sentences as its `detail`."""
    return {**{k: v for k, v in fault.items() if k not in ("es", "en")}, "detail": fault[language]}
