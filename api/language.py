"""Which of Spanish and English an answer speaks: ``?lang=``, else ``Accept-Language``, else Spanish."""

from __future__ import annotations

from flask import g, has_request_context, request

from recommender.domain import LANGUAGES

DEFAULT = "es"


def choose_language() -> str:
    """Return the language of the answer to the current request.

    An unknown ``?lang=`` is refused where the query string is checked; here it is passed over so
    that the refusal itself can be written in a language the caller reads.
    """
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default=DEFAULT) or DEFAULT


def current_language() -> str:
    """Return the language chosen for this request; Spanish outside of one."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        g.language = choose_language()
    return str(g.language)
