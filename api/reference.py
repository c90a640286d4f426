"""The OpenAPI document and its browsable reference, which needs no other host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_openapi3_swagger  # type: ignore[import-untyped]
from flask import Blueprint, Response, jsonify, render_template_string, url_for
from flask_openapi3.openapi import OpenAPI

from api.language import current_language
from api.negotiation import API
from api.responses import refusals

STATIC = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"

PAGE = """<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Arraigo API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{{ css }}">
</head>
<body>
<noscript><p>{{ noscript }} <a href="{{ document }}">openapi.json</a></p></noscript>
<div id="reference" data-document="{{ document }}"></div>
<script src="{{ bundle }}"></script>
<script src="{{ start }}"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({
  dom_id: "#reference",
  url: document.getElementById("reference").dataset.document,
  validatorUrl: null,
  deepLinking: true
});
"""
"""`validatorUrl` null: the reference must not call home to have the document judged."""

NOSCRIPT = {
    "es": "La referencia interactiva usa JavaScript. El documento:",
    "en": "The interactive reference uses JavaScript. The document:",
}


def _without_invented_refusals(document: dict[str, Any]) -> dict[str, Any]:
    """Take out the 422 in plain JSON that flask-openapi3 adds to operations which name none."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]
    return document


def _with_what_every_address_refuses(document: dict[str, Any]) -> dict[str, Any]:
    """Say of every address of the service that it refuses a form in which it does not answer."""
    for path, operations in document["paths"].items():
        if path.startswith(API):
            for operation in operations.values():
                operation["responses"] |= {str(status): said for status, said in refusals(406).items()}
    return document


def register_reference(app: OpenAPI) -> None:
    """Serve ``/openapi.json`` and ``/docs``."""
    pages = Blueprint("reference", __name__, static_folder=str(STATIC), static_url_path="/docs/static")

    @pages.get("/openapi.json")
    def show_document() -> Response:
        document = _without_invented_refusals(app.api_doc)
        return jsonify(_with_what_every_address_refuses(document))

    @pages.get("/docs")
    def show_reference() -> str:
        return render_template_string(
            PAGE,
            language=current_language(),
            noscript=NOSCRIPT[current_language()],
            document=url_for("reference.show_document"),
            css=url_for("reference.static", filename="css/swagger-ui.css"),
            bundle=url_for("reference.static", filename="js/swagger-ui-bundle.js"),
            start=url_for("reference.show_start"),
        )

    @pages.get("/docs/start.js")
    def show_start() -> Response:
        return Response(START, content_type="text/javascript; charset=utf-8")

    app.register_blueprint(pages)
