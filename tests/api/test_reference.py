"""The OpenAPI document tells the truth, and its reference needs no other host."""

import re

import pytest

from api.schemas_answer import RankingOut
from recommender.taxonomy import THEMES


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json


def references(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_in_the_document_resolves(document):
    found = list(references(document))

    assert found
    for reference in found:
        node = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


def test_the_document_is_openapi_3_1_and_names_every_operation_once(document):
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]

    assert document["openapi"].startswith("3.1")
    assert len(operations) == len(set(operations)) == 21


def test_every_route_is_in_the_document(client, document):
    rules = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(("/api", "/health"))
    }

    assert rules == set(document["paths"])


def test_vocabularies_and_limits_stand_in_the_document(document):
    filters = document["components"]["schemas"]["FiltersIn"]["properties"]
    rows = document["components"]["schemas"]["RecommendationsIn"]["properties"]["k"]

    assert filters["themes"]["items"]["enum"] == list(THEMES)
    assert (rows["minimum"], rows["maximum"]) == (1, 500)


def test_rankings_are_documented_as_json_and_csv(document):
    answers = document["paths"]["/api/v1/recommendations"]["post"]["responses"]["200"]["content"]

    assert set(answers) == {"application/json", "text/csv"}


def test_refusals_are_documented_as_problems(document):
    for path, operations in document["paths"].items():
        for operation in operations.values():
            refused = {status: r for status, r in operation["responses"].items() if int(status) >= 400}
            assert path.startswith("/health") or refused
            for response in refused.values():
                assert list(response["content"]) == ["application/problem+json"]


def test_answers_have_the_form_the_document_gives_them(client):
    answer = client.get("/api/v1/territories/XX-C1-1/recommendations")

    assert RankingOut.model_validate_json(answer.data, strict=True).model_dump_json().encode() == answer.data


def test_the_reference_page_asks_no_other_host(client):
    page = client.get("/docs").get_data(as_text=True)
    start = client.get("/docs/start.js").get_data(as_text=True)

    assert "//" not in page.replace("<!DOCTYPE html>", "")
    assert "validatorUrl: null" in start
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        with client.get(address) as answer:
            assert answer.status_code == 200


def test_the_bare_address_leads_to_the_pages_in_the_readers_language(client):
    assert client.get("/").headers["Location"] == "/es/"
    assert client.get("/", headers={"Accept-Language": "en-GB"}).headers["Location"] == "/en/"


def test_health_says_live_and_ready(client):
    assert client.get("/health/live").json["status"] == "live"
    assert client.get("/health/ready").json["practices"] == 12
