"""Learning routes: chosen practices as an itinerary of visits."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.language import current_language
from api.negotiation import API, CSV, GEOJSON, JSON, chosen_format, snapshot
from api.responses import csv_response, dump, file_response, refusals
from api.route_answers import plan_route, route_csv, route_geojson
from api.schemas_routes import RouteFileQuery, RouteOut

routes = APIBlueprint(
    "routes", __name__, url_prefix=API, abp_tags=[Tag(name="routes", description="Visits to practices.")]
)

FORMATS = {"json": JSON, "csv": CSV, "geojson": GEOJSON}


@routes.get("/routes", responses={200: RouteOut, **refusals(304, 404, 422, 503)})
def show_route(query: RouteFileQuery) -> Response:
    """Order visits to chosen practices so that the straight lines between them are shortest.

    A practice that ran in several places is visited in one of them; practices of which only the
    country is known are listed apart.
    """
    answer = plan_route(query, snapshot(), current_language())
    form = query.format or chosen_format(FORMATS)
    if form in ("csv", "csv-excel"):
        return csv_response(route_csv(answer, excel=form == "csv-excel"), "arraigo.csv")
    if form == "geojson":
        return file_response(route_geojson(answer), GEOJSON, "arraigo.geojson")
    return dump(answer)
