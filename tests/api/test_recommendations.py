"""Ranked practices as a client sees them."""

import csv
import io
import json
import logging

import pytest

ASK = "/api/v1/recommendations"
LINK = "/api/v1/territories/{}/recommendations"


def ids(answer):
    return [row["practice_id"] for row in answer.json["recommendations"]]


def test_a_coastal_canton_is_told_the_practice_it_lacks_first(client):
    answer = client.post(ASK, json={"territory": "XX-C1-1", "k": 12, "diversify": False})

    assert answer.status_code == 200
    assert ids(answer)[0].startswith("coast")
    assert all(id.startswith("mountain") for id in ids(answer)[6:])


def test_the_plain_link_gives_the_same_answer_as_the_body(client):
    body = client.post(ASK, json={"territory_id": "XX-S1-2", "k": 5, "filters": {"sdgs": [13]}})
    link = client.get(LINK.format("XX-S1-2") + "?k=5&sdgs=13")

    assert link.data == body.data


def test_contributions_sum_to_the_score(client):
    answer = client.post(ASK, json={"territory": "XX-C2-1", "need": "pescado fresco", "k": 12})

    for row in answer.json["recommendations"]:
        assert sum(part["value"] for part in row["contributions"]) == pytest.approx(row["score"], abs=1e-6)
        unknown = [part for part in row["contributions"] if part["feature_value"] is None]
        assert all(part["value"] == 0 for part in unknown)


def test_a_row_says_all_that_is_promised(client):
    row = client.post(ASK, json={"territory": "XX-C1-1", "k": 1}).json["recommendations"][0]

    assert row["rank"] == 1
    assert 0 <= row["fit"] <= 100
    assert 0 <= row["coverage"] <= 1
    assert row["evidence"] is None
    assert row["evidence_label"] == "no calificada"
    assert row["origin"]["organisation"] == {
        "id": "fishers",
        "name": "Fishers' Union",
        "type": "civil_society",
    }
    assert {place["country"] for place in row["origin"]["territories"]} == {"XX"}
    assert set(row["source"]) == {"name", "url", "retrieved"}
    assert all(part["sentence"] for part in row["reasons"])


def test_the_answer_can_be_reproduced_from_what_it_says(client):
    answer = client.post(ASK, json={"territory": "XX-C1-1", "weights": {}, "filters": {"themes": ["health"]}})

    assert answer.json["query"]["territory"]["name"] == "Costa 1.1"
    assert answer.json["query"]["filters"]["themes"] == ["health"]
    assert answer.json["data_version"] == "checkerboard"
    assert answer.json["model_version"]
    assert answer.json["considered"] == 12
    assert answer.json["eligible"] == 0
    assert answer.json["recommendations"] == []


@pytest.mark.parametrize(("language", "notice"), [("es", "no es un aval"), ("en", "not an endorsement")])
def test_every_sentence_is_in_the_language_asked_for(client, language, notice):
    by_header = client.post(ASK, json={"territory": "XX-C1-1"}, headers={"Accept-Language": f"{language}-EC"})
    by_parameter = client.post(f"{ASK}?lang={language}", json={"territory": "XX-C1-1"})

    assert notice in by_header.json["notice"]
    assert by_header.headers["Content-Language"] == language
    assert by_header.data == by_parameter.data


def test_without_a_word_on_language_the_answer_is_in_spanish(client):
    answer = client.get(LINK.format("XX-C1-1"), headers={"Accept-Language": "fr"})

    assert answer.headers["Content-Language"] == "es"
    assert answer.json["language"] == "es"


def test_a_need_alone_is_a_question(client):
    answer = client.post(ASK, json={"need": "harvest frost", "k": 3}, headers={"Accept-Language": "en"})

    assert all(id.startswith("mountain") for id in ids(answer)[:1])


def test_an_organisation_alone_is_a_question_and_its_places_are_forgiven(client):
    profile = {"type": "civil_society", "themes": ["food_agriculture"], "territories": ["costa 1.2"]}

    answer = client.post(ASK, json={"organisation": profile})

    assert answer.status_code == 200
    assert answer.json["query"]["organisation"]["territories"][0]["id"] == "XX-C1-2"


def test_filters_keep_only_what_was_asked_for(client):
    answer = client.post(ASK, json={"territory": "XX-C1-1", "filters": {"themes": ["climate_environment"]}})

    assert answer.json["eligible"] == 6
    assert all(id.startswith("mountain") for id in ids(answer))


def test_a_weight_of_zero_takes_a_feature_out(client):
    before = client.get(LINK.format("XX-C1-1") + "?diversify=false").json["recommendations"][0]
    name = max(before["contributions"], key=lambda part: abs(part["value"]))["name"]

    after = client.get(LINK.format("XX-C1-1") + f"?diversify=false&k=12&weights={name}=0").json

    assert after["query"]["weights"] == {name: 0.0}
    for row in after["recommendations"]:
        assert [part["value"] for part in row["contributions"] if part["name"] == name] in ([], [0.0])


def test_csv_has_exactly_the_rows_of_the_json(client):
    asked = {"territory": "XX-C1-1", "k": 12}
    rows = client.post(ASK, json=asked).json["recommendations"]

    answer = client.post(ASK, json=asked, headers={"Accept": "text/csv"})
    table = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))

    assert answer.content_type == "text/csv; charset=utf-8"
    assert len(table) == len(rows)
    for cells, row in zip(table, rows, strict=True):
        for name in ("practice_id", "title", "band", "evidence_label"):
            assert cells[name] == row[name]
        for name in ("rank", "fit", "score", "coverage"):
            assert float(cells[name]) == row[name]
        assert cells["evidence"] == ""
        assert cells["reasons"] == " | ".join(part["sentence"] for part in row["reasons"])
        assert cells["differences"] == " | ".join(part["sentence"] for part in row["differences"])
        for part in row["contributions"]:
            assert float(cells[f"contributions.{part['name']}.value"]) == part["value"]
            shown = cells[f"contributions.{part['name']}.feature_value"]
            assert shown == "" if part["feature_value"] is None else float(shown) == part["feature_value"]


def test_only_the_table_for_excel_starts_with_a_byte_order_mark(client):
    plain = client.get(LINK.format("XX-C1-1") + "?format=csv")
    excel = client.get(LINK.format("XX-C1-1") + "?format=csv-excel")

    assert excel.data == "\ufeff".encode() + plain.data


def test_a_held_answer_is_not_sent_again_until_something_changes(client):
    first = client.get(LINK.format("XX-C1-1"))
    held = {"If-None-Match": first.headers["ETag"]}

    same = client.get(LINK.format("XX-C1-1"), headers=held)
    other_language = client.get(LINK.format("XX-C1-1"), headers={**held, "Accept-Language": "en"})
    other_address = client.get(LINK.format("XX-C1-2"), headers=held)

    assert (same.status_code, same.data) == (304, b"")
    assert other_language.status_code == other_address.status_code == 200
    assert {"Accept", "Accept-Language"} <= {part.strip() for part in first.headers["Vary"].split(",")}


def test_nothing_of_a_question_is_logged_or_kept(client, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "Anahi busca refugio con sus tres hijos"

    body = client.post(ASK, json={"need": secret, "organisation": {"about": secret, "type": "university"}})
    link = client.get(LINK.format("XX-C1-1"), query_string={"need": secret})
    refused = client.post(ASK, data=json.dumps({"need": secret, "k": 0}), content_type="application/json")

    assert (body.status_code, link.status_code, refused.status_code) == (200, 200, 422)
    assert "Anahi" not in caplog.text
    assert body.headers["Cache-Control"] == link.headers["Cache-Control"] == "no-store"
    assert "ETag" not in link.headers


def test_a_defect_is_answered_with_a_problem_and_logged_without_the_question(client, caplog, monkeypatch):
    def broken(*_):
        raise RuntimeError("Anahi busca refugio")

    monkeypatch.setattr("api.recommendations.ranking_out", broken)

    answer = client.post(ASK, json={"need": "Anahi busca refugio"})

    assert (answer.status_code, answer.json["code"]) == (500, "internal-server-error")
    assert "RuntimeError" in caplog.text
    assert "Anahi" not in caplog.text


@pytest.mark.parametrize("name", ["Lago Agrio", "lago agrio", "Nueva Loja", "EC-2101"])
def test_an_officer_of_lago_agrio_is_understood_however_the_place_is_written(ecuador, name):
    answer = ecuador.get(LINK.format(name))

    assert answer.json["query"]["territory"]["id"] == "EC-2101"
    assert len(answer.json["recommendations"]) == 10
    assert answer.json["considered"] == 248


def test_a_name_that_several_places_bear_is_asked_back_with_their_provinces(ecuador):
    answer = ecuador.post(ASK, json={"territory": "Bolívar"})

    assert (answer.status_code, answer.json["code"]) == (422, "ambiguous-place")
    assert "Manabí" in answer.json["detail"]
    assert {"EC-0402", "EC-1302"} <= {place["id"] for place in answer.json["candidates"]}


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Ninguna práctica registrada"), ("en", "No registered practice")]
)
def test_an_answer_says_above_its_rows_that_nothing_answers_the_need(client, language, said):
    ask = {"territory": "XX-C2-1", "k": 2}
    vague = client.post(f"{ASK}?lang={language}", json=ask | {"need": "Tierra Nueva"})  # where, not what
    clear = client.post(f"{ASK}?lang={language}", json=ask | {"need": "pescado fresco"})

    assert vague.json["need_remark"].startswith(said)
    assert vague.json["need_remark"] in vague.json["recommendations"][0]["remarks"]
    assert clear.json["need_remark"] is None
    assert client.post(ASK, json=ask).json["need_remark"] is None


def test_the_nearest_passage_is_no_reason_where_nothing_answers_the_need(client):
    ask = {"territory": "XX-C2-1", "k": 12}
    vague = client.post(ASK, json=ask | {"need": "Tierra Nueva"}).json["recommendations"]
    clear = client.post(ASK, json=ask | {"need": "pescado fresco"}).json["recommendations"]

    assert not any(reason["name"].startswith("need_words") for row in vague for reason in row["reasons"])
    assert any(reason["name"].startswith("need_words") for row in clear for reason in row["reasons"])
