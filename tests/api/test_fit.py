"""A council asks whether a practice would take root with it, reads the answer and hands it on."""

import io
import json
import logging

import docx
import pytest
from pypdf import PdfReader

from api.negotiation import DOCX, PDF
from api.schemas_fit import FitOut
from recommender.discretion import is_shelter

ASK = "/api/v1/practices/{}/fit/{}"
REAL = ASK.format("esquel-ser-inclusion", "EC-2101")
NOTICES = {
    "es": "no es un aval ni un pronóstico de éxito",
    "en": "not an endorsement, not a forecast of success",
}


def factor(answer, code):
    return next(row for row in answer.json["factors"] if row["code"] == code)


def pages(answer):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def paragraphs(answer):
    file = docx.Document(io.BytesIO(answer.data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_council_reads_29_factors_with_values_years_and_sources(ecuador, language):
    answer = ecuador.get(f"{REAL}?lang={language}")

    assert answer.status_code == 200
    assert NOTICES[language] in answer.json["notice"]
    assert [row["number"] for row in answer.json["factors"]] == list(range(1, 30))
    assert {row["status"] for row in answer.json["factors"]} == {"alike", "differs", "unknown", "ask"}
    for row in answer.json["factors"]:
        assert row["title"] and row["sentence"] and row["formula"] and row["framework"]
        assert 0 <= row["importance"] <= 1
        for part in row["parts"]:
            for side in (part["here"], part["there"]):
                assert side["year"] and side["source"] and side["territory"]["id"]
    assert answer.json["sources"]
    assert answer.json["practice"]["source"]["url"].startswith("https://esquel.org.ec")
    assert answer.json["data_date"] == "2026-11-23"


def test_places_may_be_named_and_the_answer_has_its_documented_form(ecuador):
    answer = ecuador.get(ASK.format("esquel-ser-inclusion", "lago agrio"))

    assert answer.data == ecuador.get(REAL).data
    assert FitOut.model_validate_json(answer.data).model_dump_json().encode() == answer.data


def test_an_organisation_and_its_answers_change_the_result_and_are_not_kept(ecuador, caplog):
    plain = ecuador.get(REAL)
    body = {
        "organisation": {
            "type": "public_institution",
            "budget_usd": 80000.0,
            "horizon_months": 36,
            "staff": 4,
        },
        "answers": {"legal_competence": "no", "requirement-2": "yes"},
    }

    with caplog.at_level(logging.DEBUG):
        told = ecuador.post(REAL, json=body)

    assert factor(told, "legal_competence")["status"] == "differs"
    assert factor(told, "time")["status"] == "alike"
    assert {link["code"]: link["level"] for link in told.json["chain"]}["ability"] == "weak"
    assert told.json["plan"]["requirements"][1]["status"] == "met"
    assert told.json["answers"] == body["answers"]
    assert told.headers["Cache-Control"] == "no-store"
    assert "80000" not in caplog.text
    assert ecuador.get(REAL).data == plain.data


def test_an_empty_body_asks_the_same_as_the_link(ecuador):
    assert ecuador.post(REAL, json={}).data == ecuador.get(REAL).data


def test_what_a_body_may_do_is_asked_and_never_asserted(ecuador):
    for kind in ("civil_society", "public_institution", "university"):
        told = ecuador.post(f"{REAL}?lang=en", json={"organisation": {"type": kind}})

        row = factor(told, "legal_competence")
        assert row["status"] == "ask"
        assert row["sentence"].endswith("?")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_pdf_is_two_pages_with_accents_sources_and_the_notice(ecuador, language):
    answer = ecuador.get(f"{REAL}?lang={language}&format=pdf")
    first, second = pages(answer)

    assert answer.content_type == PDF
    assert "arraigo-esquel-ser-inclusion-EC-2101.pdf" in answer.headers["Content-Disposition"]
    assert NOTICES[language] in first and NOTICES[language] in second
    assert "Lago Agrio (Sucumbíos)" in first
    assert {"es": "Qué cambiar o comprobar", "en": "What to change or check"}[language] in first
    assert {"es": "Los 29 factores", "en": "The 29 factors"}[language] in second
    assert {"es": "Competencia legal", "en": "Legal or policy competence"}[language] in second
    assert "INEC Censo 2022" in second
    assert ecuador.get(REAL).json["data_version"] in second


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_docx_says_the_same(ecuador, language):
    answer = ecuador.get(f"{REAL}?lang={language}", headers={"Accept": DOCX})
    text = paragraphs(answer)

    assert answer.content_type == DOCX
    assert NOTICES[language] in text
    assert "Lago Agrio (Sucumbíos)" in text
    for row in ecuador.get(f"{REAL}?lang={language}").json["factors"]:
        assert row["title"] in text
    assert "INEC Censo 2022" in text


def test_the_docx_starts_its_second_page_with_the_factors(ecuador):
    file = docx.Document(io.BytesIO(ecuador.get(f"{REAL}?format=docx").data))

    (breaking,) = [p for p in file.paragraphs if p.paragraph_format.page_break_before]
    assert breaking.text == "Los 29 factores"


def test_a_shelters_places_are_told_by_province(ecuador, shipped):
    hidden = next(p for p in shipped.pipeline.catalogue.practices.values() if is_shelter(p))

    answer = ecuador.get(ASK.format(hidden.id, "EC-1701") + "?lang=en").json

    assert "by province" in answer["remarks"][0]
    assert all(place["level"] in ("country", "admin1") for place in answer["places"])


def test_pdf_is_given_to_who_accepts_it_and_equal_questions_give_equal_files(ecuador):
    one, two = (ecuador.get(REAL, headers={"Accept": PDF}) for _ in range(2))

    assert one.content_type == PDF
    assert one.data == two.data


@pytest.mark.parametrize("territory", ["EC-1701", "EC-2003", "EC-O", "EC-0807"])
def test_every_shipped_practice_fits_two_pages(ecuador, shipped, territory):
    for practice in shipped.practice_ids[::23]:
        answer = ecuador.get(f"{ASK.format(practice, territory)}?format=pdf")

        assert len(PdfReader(io.BytesIO(answer.data)).pages) == 2, practice


def test_a_practice_that_already_runs_there_is_said_so(client):
    answer = client.get(ASK.format("coast-1", "XX-C1-1") + "?lang=en")

    assert "already on record" in answer.json["verdict"]
    assert len(answer.json["already_here"]) == 1
    assert answer.json["compared_with"]["id"] != "XX-C1-1"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (ASK.format("coast-99", "XX-C1-1"), 404, "unknown-id"),
        (ASK.format("coast-1", "Atlantis"), 404, "unknown-id"),
        (ASK.format("coast-1", "XX-C1-1") + "?format=odt", 422, "unknown-value"),
        (ASK.format("coast-1", "XX-C1-1") + "?lengua=es", 422, "unknown-field"),
    ],
)
def test_bad_addresses_get_named_refusals(client, path, status, code):
    answer = client.get(path)

    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"answers": {"legal": "yes"}}, "unknown-value"),
        ({"answers": {"need": "perhaps"}}, "unknown-value"),
        ({"answers": {"need": True}}, "wrong-type"),
        ({"organisation": {"budget_usd": -5.0}}, "out-of-range"),
        ({"organisation": {"type": "army"}}, "unknown-value"),
        ({"organization": {}}, "unknown-field"),
    ],
)
def test_bad_bodies_get_named_refusals(client, body, code):
    answer = client.post(ASK.format("coast-0", "XX-C1-1"), json=body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert "detail" in answer.json


def test_a_wrong_answer_is_told_what_may_be_answered(client):
    answer = client.post(ASK.format("coast-0", "XX-C1-1"), json={"answers": {"legal": "yes"}})

    assert "legal_competence" in json.dumps(answer.json["allowed"])


def test_the_document_lists_the_files_beside_json(client):
    path = client.get("/openapi.json").json["paths"]["/api/v1/practices/{id}/fit/{territory_id}"]

    for operation in path.values():
        assert set(operation["responses"]["200"]["content"]) == {"application/json", PDF, DOCX}


NEED = "jóvenes venezolanos sin empleo formal"
ORGANISATION = {
    "type": "civil_society",
    "themes": ["economic_inclusion"],
    "populations": ["youth"],
    "territories": ["EC-1701"],
    "budget_usd": 80_000.0,
    "staff": 12,
    "about": "Trabajamos con cooperativas y ferias de empleo.",
    "past_practices": ["Cursos de panadería para jóvenes"],
}
QUESTIONS = [
    {},
    {"need": NEED},
    {"need": NEED, "weights": {"need_dense": 3.0, "likeness_nearest": 0.0}},
    {"organisation": ORGANISATION},
    {"need": NEED, "mode": "likely"},
    {"need": NEED, "organisation": ORGANISATION, "asker": "organisation", "weights": {"need_alignment": 2.0}},
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_comparison_says_the_fit_of_the_list_for_the_same_question(ecuador, question):
    listed = ecuador.post(
        "/api/v1/recommendations", json={"territory": "EC-2101", "k": 20, "diversify": False, **question}
    ).json["recommendations"]
    assert len(listed) == 20

    for row in listed[::4]:
        compared = ecuador.post(ASK.format(row["practice_id"], "EC-2101"), json=question).json

        for name in ("fit", "band", "probability", "probability_low", "probability_high"):
            assert compared[name] == row[name]
        assert compared["need"] == question.get("need")
        assert compared["weights"] == question.get("weights", {})


def test_a_link_carries_need_and_weights_to_the_comparison(ecuador):
    asked = {"need": NEED, "weights": "need_dense=3,likeness_nearest=0"}
    body = {"need": NEED, "weights": {"need_dense": 3.0, "likeness_nearest": 0.0}}

    linked = ecuador.get(REAL, query_string=asked)

    assert linked.data == ecuador.post(REAL, json=body).data
    assert linked.json["fit"] != ecuador.get(REAL).json["fit"]
    assert [row["status"] for row in linked.json["factors"]] == [
        row["status"] for row in ecuador.get(REAL).json["factors"]
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"weights": "no_such_feature=1"}, "unknown-value"),
        ({"weights": "need_dense=many"}, "wrong-type"),
        ({"mode": "sure"}, "unknown-value"),
        ({"need": "…"}, "empty-query"),
        ({"asker": "nobody"}, "unknown-value"),
    ],
)
def test_a_question_that_cannot_be_compared_is_refused_by_name(ecuador, asked, code):
    refused = ecuador.get(REAL, query_string=asked)

    assert refused.status_code == 422
    assert refused.json["code"] == code


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_document_names_the_need_its_fit_is_for_and_what_decides(ecuador, language):
    asked = {"need": NEED, "lang": language}

    first, _ = pages(ecuador.get(REAL, query_string={**asked, "format": "pdf"}))
    plain, _ = pages(ecuador.get(REAL, query_string={"lang": language, "format": "pdf"}))

    assert NEED in first and NEED not in plain
    assert NEED in paragraphs(ecuador.get(REAL, query_string={**asked, "format": "docx"}))
    assert {"es": "eslabón más débil", "en": "weakest link"}[language] in plain
    assert {"es": "Pesa en contra o falta saber", "en": "Weighs against it"}[language] in plain
