"""A learning route: chosen practices as visits on a map, in a table and as files."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request, url_for

from api.language import current_language
from api.negotiation import snapshot
from api.place_answers import practice_ref
from api.route_answers import plan_route
from api.schemas_routes import RouteQuery
from api.web.blueprint import page
from api.web.forms import read_form
from recommender.network.itinerary import MOST_PRACTICES

FILES = ("csv", "csv-excel", "geojson")


@page("ruta", "route")
def route() -> str:
    """Ask which practices to visit and from where; with some, show the way."""
    state, language = snapshot(), current_language()
    asked = read_form(RouteQuery)
    catalogue = state.pipeline.catalogue
    chosen = list(dict.fromkeys(asked.practice))
    asked = asked.model_copy(update={"practice": chosen})
    answer = plan_route(asked, state, language) if chosen else None
    titles = {id: practice.title.get(language) for id, practice in catalogue.practices.items()}
    return render_template(
        "route.html",
        asked=asked,
        answer=answer,
        start=catalogue.territories[answer.start.id] if answer and answer.start else None,
        chosen=[practice_ref(catalogue, id, language) for id in chosen],
        others=sorted(
            ((id, title) for id, title in titles.items() if id not in chosen), key=lambda pair: pair[1]
        ),
        most=MOST_PRACTICES,
        files={form: _file(form) for form in FILES},
    )


def _file(form: str) -> str:
    """Return the address of the same route as a file."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if value.strip()]
    kept = [(name, value) for name, value in asked if name in RouteQuery.model_fields and name != "lang"]
    address = url_for("routes.show_route")
    return f"{address}?{urlencode([*kept, ('lang', current_language()), ('format', form)])}"
