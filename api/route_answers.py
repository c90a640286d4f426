"""From a planned route to its schema, and to tables and points on a map of the same stops."""

from __future__ import annotations

import json
from typing import Any

from api.answers import place_brief
from api.csv_rows import BYTE_ORDER_MARK, SEPARATOR, write_csv
from api.place_answers import practice_ref
from api.schemas_routes import RouteOut, RouteQuery, StopOut
from api.snapshot import Snapshot
from recommender.network.itinerary import Itinerary, plan_visits

NOTICE = {
    "es": "Las distancias son líneas rectas: por carretera se recorre más. El punto de una provincia es su "
    "centro. Antes de viajar, acuerde la visita con el equipo de cada práctica. Estar en la ruta no es un "
    "aval.",
    "en": "Distances are straight lines: by road it is further. The point of a province is its middle. "
    "Agree each visit with the practice's team before you travel; being on the route is no endorsement.",
}


def plan_route(asked: RouteQuery, state: Snapshot, language: str) -> RouteOut:
    """Plan visits and write them in `language`.

    Raises
    ------
    QueryError
        When the practices or the start cannot be used as given.
    """
    pipeline = state.pipeline
    named = (asked.start or "").strip()
    start = pipeline.gazetteer.resolve(named).id if named else None
    found = plan_visits(pipeline.catalogue, asked.practice, start, asked.back)
    return route_out(found, state, language)


def route_out(found: Itinerary, state: Snapshot, language: str) -> RouteOut:
    """Return a route in `language`."""
    catalogue = state.pipeline.catalogue
    stops = []
    for rank, stop in enumerate(found.stops, 1):
        place = catalogue.territories[stop.territory_id]
        if place.latitude is None or place.longitude is None:
            continue  # a stop is a place on the map: there is none such
        stops.append(
            StopOut(
                rank=rank,
                territory=place_brief(catalogue, place.id),
                latitude=place.latitude,
                longitude=place.longitude,
                km=None if stop.km is None else round(stop.km, 1),
                practices=[practice_ref(catalogue, practice, language) for practice in stop.practice_ids],
            )
        )
    return RouteOut(
        language=language,
        notice=NOTICE[language],
        start=place_brief(catalogue, found.start) if found.start else None,
        stops=stops,
        back_km=None if found.back_km is None else round(found.back_km, 1),
        total_km=round(found.total_km, 1),
        unplaced=[practice_ref(catalogue, practice, language) for practice in found.unplaced],
        data_version=state.pipeline.data_version,
    )


def route_csv(answer: RouteOut, excel: bool = False) -> str:
    """Return the stops as CSV text, one row each; unplaced practices follow without rank and place."""
    rows = [
        *map(_row, answer.stops),
        *({"practice_ids": one.id, "practices": one.title} for one in answer.unplaced),
    ]
    kept = {"data_version": answer.data_version, "notice": answer.notice}
    return (BYTE_ORDER_MARK if excel else "") + write_csv([row | kept for row in rows])


def route_geojson(answer: RouteOut) -> str:
    """Return the stops as points and the way between them as a line (RFC 7946)."""
    at = [[stop.longitude, stop.latitude] for stop in answer.stops]
    features: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "id": stop.territory.id,
            "geometry": {"type": "Point", "coordinates": place},
            "properties": _row(stop),
        }
        for stop, place in zip(answer.stops, at, strict=True)
    ]
    if len(at) > 1:
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": at},
                "properties": {"total_km": answer.total_km},
            }
        )
    document = {
        "type": "FeatureCollection",
        "features": features,
        "notice": answer.notice,
        "data_version": answer.data_version,
    }
    return json.dumps(document, ensure_ascii=False)


def _row(stop: StopOut) -> dict[str, Any]:
    return {
        "rank": stop.rank,
        "territory_id": stop.territory.id,
        "territory": stop.territory.name,
        "parent": stop.territory.parent,
        "country": stop.territory.country,
        "latitude": stop.latitude,
        "longitude": stop.longitude,
        "km": stop.km,
        "practice_ids": SEPARATOR.join(one.id for one in stop.practices),
        "practices": SEPARATOR.join(one.title for one in stop.practices),
    }
