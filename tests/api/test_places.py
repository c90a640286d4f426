"""Territories for a practice, as a client and a person at the command line meet them."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from api.cli import main
from api.negotiation import GEOJSON, XLSX
from api.schemas_places import PlacesOut

ASK = "/api/v1/practices/coast-0/territories"


def ids(answer):
    return [row["territory"]["id"] for row in answer.json["places"]]


def test_a_practice_is_told_the_canton_that_lacks_it_first_and_where_it_runs_apart(client):
    answer = client.get(ASK)

    assert answer.status_code == 200
    assert ids(answer)[0] == "XX-C1-1"
    assert {place["id"] for place in answer.json["already_here"]} == {
        f"XX-C{province}-{canton}" for province in (1, 2) for canton in (1, 2, 3)
    } - {"XX-C1-1"}
    assert (answer.json["total"], answer.json["eligible"], answer.json["considered"]) == (7, 12, 17)
    assert answer.json["levels"] == ["admin2"]


def test_a_row_is_the_practices_row_in_the_territorys_own_answer(client):
    row = client.get(ASK).json["places"][0]
    own = client.get("/api/v1/territories/XX-C1-1/recommendations?k=12&diversify=false")
    expected = next(r for r in own.json["recommendations"] if r["practice_id"] == "coast-0")

    assert row["score"] == pytest.approx(expected["score"], abs=1e-9)
    for name in ("fit", "band", "coverage", "differences", "remarks"):
        assert row[name] == expected[name]
    assert [r["sentence"] for r in row["reasons"]] == [r["sentence"] for r in expected["reasons"]]


def test_need_supply_and_people_stand_beside_the_fit_in_both_languages(client):
    for language, words in (("es", "sobre sus temas"), ("en", "on its themes")):
        row = client.get(f"{ASK}?lang={language}&k=1").json["places"][0]

        assert row["need"]["sentence"]
        assert words in row["supply"]["sentence"].lower()
        assert [practice["id"] for practice in row["supply"]["practices"]] == [
            f"coast-{number}" for number in range(1, 6)
        ]
        assert row["supply"]["practices"][0]["organisation"]["name"] == "Fishers' Union"
        assert [group["persons"] for group in row["target_population"]] == [None, None]


def test_people_are_told_with_formula_year_and_source(ecuador):
    answer = ecuador.get("/api/v1/practices/acnur-utpl-certificacion-competencias/territories?k=1&lang=en")
    group = next(g for g in answer.json["places"][0]["target_population"] if g["persons"])

    assert group["persons"] == round(group["share"] * group["population"] / group["share_per"])
    assert str(group["share_year"]) in group["sentence"]
    assert group["share_source"] in group["sentence"]


def test_pages_follow_each_other_and_are_linked(client):
    first = client.get(f"{ASK}?k=4")
    second = client.get(first.json["links"]["next"])

    assert ids(first) + ids(second) == ids(client.get(f"{ASK}?k=7"))
    assert [row["rank"] for row in second.json["places"]] == [5, 6, 7]
    assert second.json["links"]["next"] is None
    beyond = client.get(f"{ASK}?k=4&page=3")
    assert (beyond.status_code, beyond.json["code"]) == (422, "out-of-range")


def test_filters_are_kept_to(client):
    assert set(ids(client.get(f"{ASK}?level=admin1"))) == {"XX-C1", "XX-C2", "XX-S1", "XX-S2"}
    assert all(id.startswith("XX-S") for id in ids(client.get(f"{ASK}?region=sierra&country=xx")))


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/practices/coast-9/territories", 404, "unknown-id"),
        (f"{ASK}?level=parish", 422, "unknown-value"),
        (f"{ASK}?region=Selva", 422, "unknown-value"),
        (f"{ASK}?country=YY", 422, "unknown-value"),
        (f"{ASK}?k=0", 422, "out-of-range"),
        (f"{ASK}?k=501", 422, "out-of-range"),
        (f"{ASK}?format=pdf", 422, "unknown-value"),
        (f"{ASK}?colour=red", 422, "unknown-field"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(client, address, status, code):
    answer = client.get(address)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_csv_has_the_rows_of_the_json(client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{ASK}?format=csv").text, newline="")))
    answer = client.get(ASK).json["places"]

    assert [row["territory.id"] for row in rows] == [row["territory"]["id"] for row in answer]
    assert [float(row["score"]) for row in rows] == [row["score"] for row in answer]
    assert "coast-1" in rows[0]["supply.practices"]
    assert rows[0]["target_population"]
    assert client.get(f"{ASK}?format=csv-excel").text.startswith("\ufeff")
    assert client.get(ASK, headers={"Accept": "text/csv"}).mimetype == "text/csv"


def test_geojson_has_a_point_for_every_row(client):
    answer = client.get(ASK, headers={"Accept": GEOJSON})
    document = json.loads(answer.data)

    assert answer.mimetype == GEOJSON
    assert document["type"] == "FeatureCollection"
    assert document["features"][0]["geometry"] == {"type": "Point", "coordinates": [-81.0, 0.8]}
    assert [f["id"] for f in document["features"]] == ids(client.get(ASK))
    assert "endorsement" in json.loads(client.get(f"{ASK}?format=geojson&lang=en").data)["notice"]


def test_a_spreadsheet_has_the_rows_with_numbers_as_numbers(client):
    answer = client.get(f"{ASK}?format=xlsx")

    assert answer.mimetype == XLSX
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        strings = book.read("xl/sharedStrings.xml").decode()
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    rows = sheet.findall(f"{name}sheetData/{name}row")
    assert len(rows) == 8
    scores = [float(v.text) for v in sheet.iter(f"{name}v")]
    assert any(score == pytest.approx(client.get(ASK).json["places"][0]["score"]) for score in scores)
    assert "XX-C1-1" in strings


def test_the_answer_has_the_form_the_document_gives_it(client):
    answer = client.get(ASK)

    assert PlacesOut.model_validate_json(answer.data, strict=True).model_dump_json().encode() == answer.data
    document = client.get("/openapi.json").json
    forms = document["paths"]["/api/v1/practices/{id}/territories"]["get"]["responses"]["200"]["content"]
    assert set(forms) == {"application/json", "text/csv", GEOJSON, XLSX}


def test_shelters_for_survivors_are_told_by_province(ecuador):
    answer = ecuador.get("/api/v1/practices/casa-digna-santo-domingo/territories?level=admin2&k=500")

    assert answer.json["levels"] == ["admin1"]
    assert [place["level"] for place in answer.json["already_here"]] == ["admin1"]
    assert "provincia" in answer.json["discretion"]
    practice = ecuador.get("/api/v1/practices/casa-digna-santo-domingo").json
    assert [adoption["territory"]["level"] for adoption in practice["adoptions"]] == ["admin1"]
    assert "casa-digna-santo-domingo" not in ecuador.get("/api/v1/territories/EC-2301").json["practices"]


@pytest.mark.usefixtures("deployment")
def test_the_command_gives_the_rows_of_http(ecuador, tmp_path):
    practice = "acnur-utpl-certificacion-competencias"
    over_http = ecuador.get(f"/api/v1/practices/{practice}/territories?k=3&region=Costa").json
    typed = CliRunner().invoke(
        main,
        ["places", practice, "-k", "3", "--region", "costa", "--json", "--xlsx", str(tmp_path / "out.xlsx")],
    )

    assert typed.exit_code == 0, typed.stderr
    assert json.loads(typed.stdout) == {**over_http, "links": None}
    assert (tmp_path / "out.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.usefixtures("deployment")
def test_the_command_shows_a_table_and_refuses_in_one_line():
    shown = CliRunner().invoke(main, ["places", "casa-digna-santo-domingo", "-k", "2", "--language", "en"])
    refused = CliRunner().invoke(main, ["places", "no-such-practice", "--language", "en"])

    assert "Already there" in shown.stdout
    assert "by province" in " ".join(shown.stdout.split())
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1


def test_weights_change_the_order_as_they_do_in_the_territorys_own_answer(ecuador):
    ask = "/api/v1/practices/esquel-ser-inclusion/territories"
    weights = "need_alignment=3,likeness_nearest=0"
    plain, weighed = ecuador.get(f"{ask}?k=50"), ecuador.get(f"{ask}?k=50&weights={weights}")
    first = weighed.json["places"][0]

    assert ids(plain) != ids(weighed)
    assert weighed.json["weights"] == {"need_alignment": 3.0, "likeness_nearest": 0.0}
    assert plain.json["weights"] == {}
    own = ecuador.get(
        f"/api/v1/territories/{first['territory']['id']}/recommendations?k=500&diversify=false&weights={weights}"
    )
    row = next(r for r in own.json["recommendations"] if r["practice_id"] == "esquel-ser-inclusion")
    assert (first["fit"], first["score"]) == (row["fit"], pytest.approx(row["score"], abs=1e-9))


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ("nothing=1", "unknown-value"),
        ("need_alignment=much", "wrong-type"),
        ("need_alignment=-1", "out-of-range"),
    ],
)
def test_weights_that_mean_nothing_are_refused_by_name(client, weights, code):
    refused = client.get(f"{ASK}?weights={weights}")

    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_the_command_takes_weights_and_names_countries_in_its_language(deployment):
    options = "--weights need_alignment=3 --level country --json --language es -k 500"
    told = CliRunner().invoke(main, ["places", "esquel-ser-inclusion", *options.split()])
    answer = json.loads(told.stdout)
    named = {row["territory"]["id"]: row["territory"]["name"] for row in answer["places"]}
    named |= {place["id"]: place["name"] for place in answer["already_here"]}

    assert told.exit_code == 0
    assert answer["weights"] == {"need_alignment": 3.0}
    assert named.get("BR", "Brasil") == "Brasil"
    assert named.get("ES", "España") == "España"
