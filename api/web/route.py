"""A learning route: chosen practices as visits on a map, in a table and as files."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import gettext  # type: ignore[import-untyped]

from api.language import current_language
from api.negotiation import snapshot
from api.place_answers import practice_ref
from api.route_answers import plan_route
from api.schemas_routes import RouteQuery
from api.web.blueprint import page
from api.web.forms import read_form
from recommender.domain import QueryError
from recommender.network.itinerary import MOST_PRACTICES

FILES = ("csv", "csv-excel", "geojson")


@page("ruta", "route")
def route() -> tuple[str, int]:
    """Ask which practices to visit and from where; with some, show the way.

    What cannot be planned as asked is said beside the form, where it can be changed.
    """
    state, language = snapshot(), current_language()
    asked = read_form(RouteQuery)
    catalogue = state.pipeline.catalogue
    chosen = list(dict.fromkeys(asked.practice))
    asked = asked.model_copy(update={"practice": chosen})
    for id in chosen:
        state.practice(id)  # an unknown one has no title to be unticked by: it is refused
    answer = refusal = None
    try:
        answer = plan_route(asked, state, language) if chosen else None
    except QueryError as error:
        refusal = error.message(language)
    if len(chosen) > MOST_PRACTICES:
        refusal = gettext("Choose %(n)s practices at most: take some out above.", n=MOST_PRACTICES)
    titles = {id: practice.title.get(language) for id, practice in catalogue.practices.items()}
    shown = render_template(
        "route.html",
        asked=asked,
        answer=answer,
        refusal=refusal,
        start=catalogue.territories[answer.start.id] if answer and answer.start else None,
        chosen=[practice_ref(catalogue, id, language) for id in chosen],
        others=sorted(
            ((id, title) for id, title in titles.items() if id not in chosen), key=lambda pair: pair[1]
        ),
        most=MOST_PRACTICES,
        files={form: _file(form) for form in FILES},
    )
    return shown, 422 if refusal else 200


def _file(form: str) -> str:
    """Return the address of the same route as a file."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if value.strip()]
    kept = [(name, value) for name, value in asked if name in RouteQuery.model_fields and name != "lang"]
    address = url_for("routes.show_route")
    return f"{address}?{urlencode([*kept, ('lang', current_language()), ('format', form)])}"
