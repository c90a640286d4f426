"""Reverse rankings as tables and as points on a map: exactly the rows of the JSON answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from api.csv_rows import BYTE_ORDER_MARK, flat, write_csv
from api.schemas_places import PlacesOut
from api.spreadsheet import write_xlsx


def place_rows(answer: PlacesOut) -> list[Mapping[str, Any]]:
    """Return an answer's rows flattened; every row names the practice, the data and the model version."""
    return [
        {
            "practice_id": answer.practice.id,
            **flat(row.model_dump()),
            "data_version": answer.data_version,
            "model_version": answer.model_version,
            "notice": answer.notice,
        }
        for row in answer.places
    ]


def places_csv(answer: PlacesOut, excel: bool = False) -> str:
    """Return an answer's rows as CSV text."""
    return (BYTE_ORDER_MARK if excel else "") + write_csv(place_rows(answer))


def places_xlsx(answer: PlacesOut) -> bytes:
    """Return an answer's rows as a spreadsheet of one sheet."""
    return write_xlsx({"territories": place_rows(answer)})


def places_geojson(answer: PlacesOut) -> str:
    """Return an answer's rows as points (RFC 7946); a territory of unknown position has no geometry."""
    features = []
    for row in place_rows(answer):
        where = (row["longitude"], row["latitude"])
        geometry = None if None in where else {"type": "Point", "coordinates": where}
        features.append(
            {"type": "Feature", "id": row["territory.id"], "geometry": geometry, "properties": row}
        )
    document = {
        "type": "FeatureCollection",
        "features": features,
        "notice": answer.notice,
        "data_version": answer.data_version,
        "model_version": answer.model_version,
    }
    return json.dumps(document, ensure_ascii=False)
