"""Where the pages are registered: one blueprint, each view under an address in each language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from recommender.domain import LANGUAGES

PERSONAL = ("need", "about", "past")
"""Parameters in a person's own words: an answer to them is kept by no cache."""

web = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets"
)


def page(es: str, en: str, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Register a view under one address in each language."""

    def register(view: Any) -> Any:  # noqa: ANN401
        for language, address in zip(LANGUAGES, (es, en), strict=True):
            web.add_url_rule(
                f"/{language}/{address}", view.__name__, view, defaults={"language": language}, **options
            )
        return view

    return register
