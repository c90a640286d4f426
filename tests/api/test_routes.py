"""Learning routes as a client sees them."""

import csv
import io

import pytest

from api.schemas_routes import RouteOut

ROUTE = "/api/v1/routes?practice=coast-0&practice=mountain-0"


def test_a_route_names_its_stops_their_practices_and_that_lines_are_straight(client):
    answer = client.get(f"{ROUTE}&start=XX-C1-1&back=true&lang=en")

    assert RouteOut.model_validate_json(answer.data, strict=True)
    told = answer.json
    assert told["start"]["id"] == "XX-C1-1"
    assert [stop["rank"] for stop in told["stops"]] == [1, 2]
    assert {one["id"] for stop in told["stops"] for one in stop["practices"]} == {"coast-0", "mountain-0"}
    assert told["total_km"] == pytest.approx(sum(s["km"] for s in told["stops"]) + told["back_km"], abs=0.2)
    assert "straight lines" in told["notice"]
    assert "líneas rectas" in client.get(ROUTE).json["notice"]


def test_a_route_is_a_table_and_a_line_on_a_map_too(client):
    stops = client.get(ROUTE).json["stops"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{ROUTE}&format=csv").text, newline="")))
    drawn = client.get(f"{ROUTE}&format=geojson").get_json(force=True)["features"]

    assert [row["territory_id"] for row in rows] == [stop["territory"]["id"] for stop in stops]
    assert rows[0]["km"] == ""  # no start, no way to the first stop
    assert [one["geometry"]["type"] for one in drawn] == ["Point", "Point", "LineString"]
    assert drawn[-1]["geometry"]["coordinates"] == [[s["longitude"], s["latitude"]] for s in stops]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("", 422, "out-of-range"),
        ("?practice=nothing", 422, "unknown-id"),
        ("?practice=coast-0&start=nowhere", 422, "unknown-id"),
        ("?practice=coast-0&start=XX", 422, "unknown-value"),
        ("?practice=coast-0&format=pdf", 422, "unknown-value"),
    ],
)
def test_a_route_that_cannot_be_planned_is_refused_by_name(client, asked, status, code):
    answer = client.get(f"/api/v1/routes{asked}")

    assert (answer.status_code, answer.json["code"]) == (status, code)
