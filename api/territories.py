"""Territories: search and profiles."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import place_brief
from api.language import current_language
from api.negotiation import API, snapshot
from api.paging import page_of
from api.profiles import territory_out
from api.responses import dump, refusals
from api.schemas_catalogue import TerritoriesOut, TerritoriesQuery, TerritoryOut, TerritoryPath

territories = APIBlueprint(
    "territories", __name__, url_prefix=API, abp_tags=[Tag(name="territories", description="Places.")]
)


@territories.get("/territories", responses={200: TerritoriesOut, **refusals(304, 422, 503)})
def list_territories(query: TerritoriesQuery) -> Response:
    """List territories, by name where `q` is given; accents, aliases and capitals are forgiven."""
    pipeline = snapshot().pipeline
    catalogue = pipeline.catalogue
    places = catalogue.territories.values()
    found = pipeline.gazetteer.search(query.q, len(places)) if query.q and query.q.strip() else list(places)
    kept = [
        place
        for place in found
        if query.level in (None, place.level) and query.country in (None, place.country_id)
    ]
    page, fields = page_of(kept, query)
    briefs = [place_brief(catalogue, place.id) for place in page]
    return dump(TerritoriesOut(territories=briefs, data_version=pipeline.data_version, **fields))


@territories.get("/territories/<id>", responses={200: TerritoryOut, **refusals(304, 404, 422, 503)})
def show_territory(path: TerritoryPath) -> Response:
    """Show a territory: what is known of it, with unit, year, source and standing among its like."""
    state = snapshot()
    place = state.pipeline.gazetteer.resolve(path.id)
    return dump(territory_out(place, state, current_language()))
