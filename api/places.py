"""Where a practice would take root: the reverse ranking."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.language import current_language
from api.negotiation import API, CSV, GEOJSON, JSON, XLSX, chosen_format, snapshot
from api.paging import page_fields
from api.place_answers import places_out
from api.place_tables import places_csv, places_geojson, places_xlsx
from api.responses import csv_response, dump, file_response, refusals
from api.schemas_catalogue import IdPath
from api.schemas_places import PlaceFilters, PlacesOut, PlacesQuery, PlaceWeights
from api.snapshot import Snapshot
from recommender.reverse import PlaceQuery

places = APIBlueprint(
    "places",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="places", description="Territories for a practice.")],
)

FORMATS = {"json": JSON, "csv": CSV, "xlsx": XLSX, "geojson": GEOJSON}


@places.get("/practices/<id>/territories", responses={200: PlacesOut, **refusals(304, 404, 422, 503)})
def list_places(path: IdPath, query: PlacesQuery) -> Response:
    """Rank the territories where a practice would take root, with need and present supply beside the fit.

    The same scorer as everywhere: each row is the practice's row in the territory's own answer. Where
    it already runs is listed apart.
    """
    state = snapshot()
    answer = answer_for(path.id, query, state, current_language(), linked=True)
    form = query.format or chosen_format(FORMATS)
    if form in ("csv", "csv-excel"):
        return csv_response(places_csv(answer, excel=form == "csv-excel"), "arraigo.csv")
    if form == "xlsx":
        return file_response(places_xlsx(answer), XLSX, "arraigo.xlsx")
    if form == "geojson":
        return file_response(places_geojson(answer), GEOJSON, "arraigo.geojson")
    return dump(answer)


def answer_for(
    practice_id: str, filters: PlaceFilters, state: Snapshot, language: str, linked: bool
) -> PlacesOut:
    """Rank as the filters say; `linked` where there is an address whose pages can be linked.

    Raises
    ------
    QueryError
        When the question cannot be answered as asked.
    """
    question = PlaceQuery(
        practice_id=practice_id,
        level=filters.level,
        region=filters.region,
        country=filters.country,
        weights=PlaceWeights.of(filters),
        mode=filters.mode,
        k=filters.k,
        start=(filters.page - 1) * filters.k,
    )
    ranking = state.rank_territories(question)
    fields = page_fields(ranking.ranked, filters.page, filters.k, linked)
    return places_out(ranking, state, language, filters.page, fields["pages"], fields["links"])
