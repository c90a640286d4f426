"""Partners, practices for an organisation and the ecosystem as a client sees them."""

import csv
import io

import pytest

from api.schemas_network import EcosystemOut, PartnersOut

BODY = "/api/v1/organisations/{}"


def test_partners_come_with_reasons_in_both_languages(ecuador):
    for language, words in (("es", "Trabajan en los mismos temas"), ("en", "Both work on")):
        answer = ecuador.get(BODY.format("acnur-ecuador") + f"/partners?lang={language}&k=5").json

        assert len(answer["families"]) == 5
        first = answer["families"][0]["partners"][0]
        assert any(words in reason for reason in first["reasons"])
        assert first["score"] == pytest.approx(
            0.5 * first["need"] + 0.3 * (first["place"] or 0) + 0.2 * first["complement"], abs=1e-3
        )
        assert answer["own_family"]
        assert "acnur-ecuador" not in {
            p["organisation"]["id"] for f in answer["families"] for p in f["partners"]
        }


def test_a_profile_told_in_a_body_finds_partners_too(client):
    asked = {"organisation": {"type": "public_institution", "themes": ["food_agriculture"]}}

    answer = client.post("/api/v1/partners?lang=en", json=asked)

    assert answer.status_code == 200
    assert answer.json["organisation"] is None
    first = answer.json["families"][0]["partners"][0]
    assert first["organisation"]["id"] == "fishers"
    assert "Both work on" in first["reasons"][0]
    assert client.post("/api/v1/partners", json={}).status_code == 422
    assert client.post("/api/v1/partners", json={"organisation": {"themes": ["x"]}}).status_code == 422


def test_a_family_is_shown_together(ecuador):
    answer = ecuador.get(BODY.format("care-ecuador") + "/partners?k=500").json
    names = [family["network"] for family in answer["families"] if family["network"]]

    assert len(names) == len(set(names))
    assert any(len(family["partners"]) > 1 for family in answer["families"])


def test_partners_of_one_type_only(ecuador):
    answer = ecuador.get(BODY.format("care-ecuador") + "/partners?type=university&k=500").json

    kinds = {one["organisation"]["type"] for family in answer["families"] for one in family["partners"]}
    assert kinds == {"university"}


def test_practices_for_an_organisation_leave_out_its_own(client):
    answer = client.get(BODY.format("fishers") + "/recommendations?k=12&diversify=false")

    assert answer.status_code == 200
    assert {row["practice_id"] for row in answer.json["recommendations"]} == {
        f"mountain-{n}" for n in range(6)
    }
    assert answer.json["query"]["organisation"]["past_practices"] == [f"coast-{n}" for n in range(6)]
    assert [row["rank"] for row in answer.json["recommendations"]] == [1, 2, 3, 4, 5, 6]


def test_practices_for_an_organisation_are_a_table_too_and_keep_to_filters(client):
    asked = BODY.format("fishers") + "/recommendations?format=csv&themes=climate_environment"
    rows = list(csv.DictReader(io.StringIO(client.get(asked).text, newline="")))

    assert len(rows) == 6
    none = client.get(BODY.format("fishers") + "/recommendations?themes=health").json
    assert (none["eligible"], none["recommendations"]) == (0, [])


def test_the_ecosystem_says_who_where_and_how(client):
    answer = client.get("/api/v1/ecosystem?lang=en").json

    assert (answer["practices"], answer["organisations"]) == (12, 2)
    assert {c["code"]: c["practices"] for c in answer["types"] if c["practices"]} == {
        "civil_society": 6,
        "public_institution": 6,
    }
    assert answer["themes"][0]["code"] == "food_agriculture"
    assert answer["themes"][0]["practices"] == 12
    assert answer["territories_total"] == 12
    assert answer["territories"][0]["practices"] == 5
    assert len(client.get("/api/v1/ecosystem?k=3").json["territories"]) == 3


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (BODY.format("nobody") + "/partners", 404, "unknown-id"),
        (BODY.format("nobody") + "/recommendations", 404, "unknown-id"),
        (BODY.format("fishers") + "/partners?type=charm", 422, "unknown-value"),
        (BODY.format("fishers") + "/partners?k=0", 422, "out-of-range"),
        ("/api/v1/ecosystem?theme=charm", 422, "unknown-value"),
        ("/api/v1/ecosystem?country=YY", 422, "unknown-value"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(client, address, status, code):
    answer = client.get(address)

    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("address", "form"),
    [(BODY.format("fishers") + "/partners", PartnersOut), ("/api/v1/ecosystem", EcosystemOut)],
)
def test_the_answers_have_the_form_the_document_gives_them(client, address, form):
    answer = client.get(address)

    assert form.model_validate_json(answer.data, strict=True).model_dump_json().encode() == answer.data
