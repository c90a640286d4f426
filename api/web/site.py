"""The site: languages in the address, headers, compression and refusals that say what to do next."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_compress import Compress
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as Answered

from api.answers import NOTICE
from api.engine import current_engine
from api.errors import HTTP_DETAILS, RETRY_SECONDS, TITLES, refuse_http, status_of
from api.language import choose_language, current_language
from api.negotiation import RELEASE
from api.validation import invalid_input
from api.web.formats import FILTERS
from recommender.domain import LANGUAGES, ArraigoError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing runs or is drawn but what this service sends; no inline script, no inline style."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # the address holds the question: it goes to no other site
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
PERSONAL = ("need", "about", "past")
"""Parameters in a person's own words: an answer to them is kept by no cache."""
ASSET_SECONDS = 3600
COMPRESSED = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "application/geo+json",
    "image/svg+xml",
)

TRANSLATIONS = Path(__file__).with_name("translations")

web = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets"
)
compress = Compress()


def page(es: str, en: str, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Register a view under one address in each language."""

    def register(view: Any) -> Any:  # noqa: ANN401
        for language, address in zip(LANGUAGES, (es, en), strict=True):
            web.add_url_rule(
                f"/{language}/{address}", view.__name__, view, defaults={"language": language}, **options
            )
        return view

    return register


def register_web(app: Flask) -> None:
    """Serve the pages; the bare address leads to the reader's language."""
    from api.web import (  # noqa: F401  # they register their views
        catalogue,
        comparison,
        destinations,
        ecosystem,
        method,
        organisations,
        places,
        portfolio,
        shortlist,
    )

    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    app.config.update(
        COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_MIMETYPES=list(COMPRESSED)
    )
    Babel(app, locale_selector=current_language)
    compress.init_app(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(web)
    app.add_url_rule("/", "start", lambda: redirect(url_for("web.start", language=choose_language())))


@web.url_value_preprocessor
def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Make the language in the address that of the page."""
    if values and "language" in values:
        g.language = values.pop("language")


@web.url_defaults
def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the language of the page unless they name another."""
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = current_language()


@web.context_processor
def _common() -> dict[str, Any]:
    """Names every template may use."""
    return {
        "language": current_language(),
        "other": {"es": "en", "en": "es"}[current_language()],
        "release": RELEASE,
        "contact": current_engine().settings.contact,
        "tiles": current_engine().settings.tiles,
        "asset": lambda name: url_for("web.static", filename=name, v=RELEASE),
        "in_language": in_language,
        "notice": NOTICE[current_language()],
    }


def in_language(language: str) -> str:
    """Return the address of this very view in another language, question and all."""
    if request.endpoint is None or not current_app.url_map.is_endpoint_expecting(
        request.endpoint, "language"
    ):
        return url_for("web.start", language=language)
    address = url_for(request.endpoint, **{**(request.view_args or {}), "language": language})
    query = request.query_string.decode("ascii", "ignore")
    return f"{address}?{query}" if query else address


@web.after_request
def _finish(response: Response) -> Response:
    """Set the headers of a page and compress it."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    tiles = current_engine().settings.tiles
    if tiles:
        host = urlsplit(tiles.replace("{s}", "*"))
        pictures = f"img-src {host.scheme}://{host.netloc} "
        response.headers["Content-Security-Policy"] = POLICY.replace("img-src ", pictures)
    if request.endpoint == "web.static":
        response.cache_control.no_cache = None
        response.cache_control.max_age = ASSET_SECONDS
    elif any(name in request.args for name in PERSONAL):
        response.cache_control.no_store = True
    else:
        response.cache_control.no_cache = True
    if response.direct_passthrough and response.mimetype in COMPRESSED:
        response.direct_passthrough = False
        response.get_data()  # a file read whole is compressed with gzip too, a streamed one is not
    return compress.after_request(response)


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
    response = _error_page(status, error.code, error.message(language), error.facts)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


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


def _error_page(status: int, code: str, sentence: str, facts: Any) -> Answered:  # noqa: ANN401
    title = TITLES.get(code, (code, code))[current_language() == "en"]
    body = render_template(
        "error.html",
        status=status,
        code=code,
        title=title,
        sentence=sentence,
        facts=facts,
        again=request.full_path,
    )
    return make_response(body, status)
