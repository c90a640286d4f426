"""Every bad input has a named refusal, in the caller's language, and changes nothing."""

import pytest

ASK = "/api/v1/recommendations"

BODIES = [
    ("{}", 422, "empty-query", "vacía"),
    ('{"need": "   "}', 422, "empty-query", "vacía"),
    ('{"organisation": {}}', 422, "empty-query", "vacía"),
    ('{"territory": "Atlantis"}', 422, "unknown-id", "Atlantis"),
    ('{"need": "work", "k": 0}', 422, "out-of-range", "mínimo es 1"),
    ('{"need": "work", "k": 501}', 422, "out-of-range", "máximo es 500"),
    ('{"need": "work", "k": "5"}', 422, "wrong-type", "número entero"),
    ('{"need": "work", "k": 5.0}', 422, "wrong-type", "número entero"),
    ('{"need": "work", "k": true}', 422, "wrong-type", "número entero"),
    ('{"need": 5}', 422, "wrong-type", "texto"),
    ('{"need": "\\ud800"}', 422, "wrong-type", "texto"),
    ('{"need": "work", "diversify": "yes"}', 422, "wrong-type", "true o false"),
    ('{"need": "work", "teritory": "x"}', 422, "unknown-field", "¿Quiso decir «territory»?"),
    ('{"need": "work", "filters": {"theme": []}}', 422, "unknown-field", "filters.theme"),
    ('{"need": "work", "filters": {"themes": "health"}}', 422, "wrong-type", "lista"),
    ('{"need": "work", "filters": {"themes": ["helth"]}}', 422, "unknown-value", "¿Quiso decir «health»?"),
    ('{"need": "work", "filters": {"sdgs": [18]}}', 422, "unknown-value", "filters.sdgs[0]"),
    ('{"need": "work", "filters": {"countries": ["ZZ"]}}', 422, "unknown-value", "ZZ"),
    ('{"need": "work", "filters": {"budget_max_usd": -1}}', 422, "out-of-range", "mínimo es 0"),
    ('{"need": "work", "filters": {"year_from": 2020, "year_to": 2010}}', 422, "out-of-range", "2020"),
    ('{"need": "work", "asker": "king"}', 422, "unknown-value", "local_government"),
    ('{"need": "work", "weights": {"nope": 1}}', 422, "unknown-value", "nope"),
    ('{"need": "work", "weights": {"need_dense": NaN}}', 422, "out-of-range", "finito"),
    ('{"need": "work", "weights": {"need_dense": Infinity}}', 422, "out-of-range", "finito"),
    ('{"need": "work", "weights": {"need_dense": 1e999}}', 422, "out-of-range", "finito"),
    ('{"need": "work", "weights": {"need_dense": "2"}}', 422, "wrong-type", "número"),
    ('{"organisation": {"budget_usd": -5}}', 422, "out-of-range", "organisation.budget_usd"),
    ('{"organisation": {"budget_usd": 0}}', 422, "out-of-range", "mayor que 0."),
    ('{"need": "work", "weights": {"need_dense": 11}}', 422, "out-of-range", "máximo es 10."),
    ('{"need": "work", "filters": {"year_from": 1850}}', 422, "out-of-range", "mínimo es 1900."),
    ('{"organisation": {"staff": 1.5}}', 422, "wrong-type", "organisation.staff"),
    ('{"organisation": {"type": "company"}}', 422, "unknown-value", "private_enterprise"),
    ('{"territory": "a", "territory_id": "b"}', 422, "invalid-input", "no los dos"),
    ("[1]", 422, "wrong-type", "objeto"),
    ("null", 422, "wrong-type", "objeto"),
    ('"{}"', 422, "wrong-type", "objeto"),
    ("nonsense", 400, "bad-request", "JSON"),
    ("", 400, "bad-request", "JSON"),
    ("[" * 100_000, 400, "bad-request", "JSON"),
    ('{"need": "' + "x" * 1_048_577 + '"}', 413, "request-entity-too-large", "1048576"),
]


@pytest.mark.parametrize(("body", "status", "code", "words"), BODIES, ids=[body[0][:50] for body in BODIES])
def test_a_bad_body_is_refused_by_name(client, body, status, code, words):
    answer = client.post(ASK, data=body, content_type="application/json")

    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert words in answer.json["detail"]
    assert answer.json["instance"] == ASK
    assert {"type", "title"} <= set(answer.json)


@pytest.mark.parametrize(("body", "status", "code", "words"), BODIES, ids=[body[0][:50] for body in BODIES])
def test_the_same_refusal_speaks_english(client, body, status, code, words):
    spanish = client.post(ASK, data=body, content_type="application/json").json
    english = client.post(f"{ASK}?lang=en", data=body, content_type="application/json").json

    assert english["code"] == code
    assert english["detail"] != spanish["detail"]
    assert "ñ" not in english["detail"] and "¿" not in english["detail"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v1/territories/Atlantis", 404, "unknown-id"),
        ("/api/v1/territories/Atlantis/recommendations", 404, "unknown-id"),
        ("/api/v1/practices/nope", 404, "unknown-id"),
        ("/api/v1/practices/nope/similar", 404, "unknown-id"),
        ("/api/v1/practices/coast-0/similar?k=0", 422, "out-of-range"),
        ("/api/v1/organisations/nope", 404, "unknown-id"),
        ("/api/v1/recommendations", 405, "method-not-allowed"),
        ("/api/v1/practices?theme=health", 422, "unknown-field"),
        ("/api/v1/practices?themes=helth", 422, "unknown-value"),
        ("/api/v1/practices?sort=beauty", 422, "unknown-value"),
        ("/api/v1/practices?page=0", 422, "out-of-range"),
        ("/api/v1/practices?page=99", 422, "out-of-range"),
        ("/api/v1/practices?per_page=x", 422, "wrong-type"),
        ("/api/v1/practices?year_from=19.5", 422, "wrong-type"),
        ("/api/v1/practices?budget_max_usd=inf", 422, "out-of-range"),
        ("/api/v1/territories?level=village", 422, "unknown-value"),
        ("/api/v1/territories?lang=fr", 422, "unknown-value"),
        ("/api/v1/territories/XX-C1-1/recommendations?format=pdf", 422, "unknown-value"),
        ("/api/v1/territories/XX-C1-1/recommendations?weights=need_dense=nan", 422, "out-of-range"),
        ("/api/v1/territories/XX-C1-1/recommendations?weights=need_dense", 422, "wrong-type"),
    ],
)
def test_a_bad_address_is_refused_by_name(client, address, status, code):
    answer = client.get(address)

    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_an_unknown_practice_is_answered_with_the_nearest(client):
    answer = client.get("/api/v1/practices/coast-9")

    assert any(near.startswith("coast-") for near in answer.json["nearest"])


def test_an_unknown_value_is_answered_with_the_allowed_ones(client):
    answer = client.get("/api/v1/practices?themes=helth")

    assert "health" in answer.json["allowed"]
    assert answer.json["nearest"] == ["health"]
    assert answer.json["field"] == "themes[0]"


def test_all_faults_are_told_at_once(client):
    answer = client.post(ASK, json={"need": 5, "k": 0, "asker": "king"})

    assert [fault["field"] for fault in answer.json["errors"]] == ["need", "asker", "k"]


def test_a_body_that_is_no_json_by_its_own_account_is_refused(client):
    answer = client.post(ASK, data="need=a", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json["code"]) == (415, "unsupported-media-type")


def test_a_format_there_is_not_is_refused(client):
    answer = client.get("/api/v1/practices", headers={"Accept": "application/xml"})

    assert (answer.status_code, answer.json["code"]) == (406, "not-acceptable")


def test_a_page_asked_for_by_browsers_is_answered_with_json(client):
    answer = client.get("/api/v1/practices", headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})

    assert answer.status_code == 200
