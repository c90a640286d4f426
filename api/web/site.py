"""The site: languages in the address, headers and compression around every page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    request,
    url_for,
)
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_compress import Compress

from api.answers import NOTICE
from api.engine import current_engine
from api.language import choose_language, current_language
from api.negotiation import RELEASE
from api.web import (  # noqa: F401  # they register their views
    catalogue,
    comparison,
    destinations,
    ecosystem,
    method,
    organisations,
    places,
    portfolio,
    refusals,
    route,
    shortlist,
)
from api.web.blueprint import PERSONAL, web
from api.web.formats import FILTERS, keep_together

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

compress = Compress()


def register_web(app: Flask) -> None:
    """Serve the pages; the bare address leads to the reader's language."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    app.config.update(
        COMPRESS_REGISTER=False, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_MIMETYPES=list(COMPRESSED)
    )
    Babel(app, locale_selector=current_language)
    compress.init_app(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.finalize = keep_together
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
