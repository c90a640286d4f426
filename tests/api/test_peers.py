"""Peers as a client sees them."""

import pytest

from api.schemas_peers import PeersOut

ASK = "/api/v1/territories/{}/peers"


def test_a_coastal_canton_sees_the_other_coast_and_the_practice_it_lacks(client):
    answer = client.get(ASK.format("XX-C1-1") + "?k=5")

    assert answer.status_code == 200
    assert all(peer["territory"]["id"].startswith("XX-C") for peer in answer.json["peers"])
    assert [found["practice"]["id"] for found in answer.json["practices"]] == ["coast-0"]
    assert answer.json["theme"] is None
    assert answer.json["relevant"] == []


def test_a_deviation_names_both_medians_its_year_and_source_in_both_languages(ecuador):
    for language, words in (("es", "mediana de sus pares"), ("en", "median of its peers")):
        answer = ecuador.get(ASK.format("Nueva Loja") + f"?theme=education&lang={language}")
        first = answer.json["deviations"][0]

        assert answer.json["theme"]["code"] == "education"
        assert words in first["sentence"]
        assert first["source"]
        assert abs(first["sd"]) > 0.5
        assert first["peers_known"] >= 3
        assert sum(one["weight"] for one in answer.json["relevant"]) == pytest.approx(1, abs=1e-3)


def test_with_a_theme_every_practice_named_has_it(ecuador):
    answer = ecuador.get(ASK.format("EC-2101") + "?theme=economic_inclusion&k=15").json

    assert len(answer["peers"]) == 15
    for found in answer["practices"]:
        practice = ecuador.get(f"/api/v1/practices/{found['practice']['id']}").json
        assert "economic_inclusion" in [theme["code"] for theme in practice["themes"]]
        assert found["territories"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (ASK.format("XX-C9-9"), 404, "unknown-id"),
        (ASK.format("XX-C1-1") + "?theme=charm", 422, "unknown-value"),
        (ASK.format("XX-C1-1") + "?k=4", 422, "out-of-range"),
        (ASK.format("XX-C1-1") + "?k=16", 422, "out-of-range"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(client, address, status, code):
    answer = client.get(address)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_the_answer_has_the_form_the_document_gives_it(client):
    answer = client.get(ASK.format("XX-C1-1"))

    assert PeersOut.model_validate_json(answer.data, strict=True).model_dump_json().encode() == answer.data


def test_a_country_is_told_why_it_has_no_peers(ecuador):
    spanish, english = (ecuador.get(f"/api/v1/territories/EC/peers?lang={x}").json for x in ("es", "en"))

    assert spanish["peers"] == english["peers"] == []
    assert "país" in spanish["remark"] and "country" in english["remark"]
    assert ecuador.get("/api/v1/territories/EC-2101/peers").json["remark"] is None
