"""What the OpenAPI document allows is what the core allows, field by field."""

from collections.abc import Iterator

import pytest

from recommender.domain import OutOfRange
from recommender.features import NAMES
from recommender.query import Filters, OrganisationProfile, Query

ASK = "/api/v1/recommendations"
STEP = {"integer": 1, "number": 1e-9}
"""How far outside a bound a value is surely outside."""


def resolved(schema, document):
    """Follow a reference, and take the form beside null."""
    for one in schema.get("anyOf", schema.get("allOf", [schema])):
        if one.get("type") != "null":
            schema = one if one is schema else {**schema, **one}
    if "$ref" in schema:
        for step in schema["$ref"].removeprefix("#/").split("/"):
            document = document[step]
        return document
    return schema


def bounded(document) -> Iterator[tuple[str, dict]]:
    """Yield (dotted field, its schema) of everything a question may carry."""
    top = document["components"]["schemas"]["RecommendationsIn"]
    for name, given in top["properties"].items():
        schema = resolved(given, document)
        if "properties" in schema:
            for inner, part in schema["properties"].items():
                yield f"{name}.{inner}", resolved(part, document)
        else:
            yield name, schema


def core_question(field, value) -> Query:
    """Put a value where the core expects it, past every check of the doors."""
    head, _, inner = field.partition(".")
    inner = {"territories": "territory_ids"}.get(inner, inner)
    if head == "filters":
        return Query(territory_id="XX-C1-1", filters=Filters(**{inner: value}))
    if head == "organisation":
        return Query(territory_id="XX-C1-1", organisation=OrganisationProfile(**{inner: value}))
    return Query(**{"territory_id": "XX-C1-1", head: value})


def edges(schema) -> Iterator[tuple[object, bool]]:
    """Yield (value, whether it is allowed) at and just outside every bound of a number, text or list."""
    step = STEP.get(schema.get("type"), 0)
    for name, sign, inside in (
        ("minimum", -1, True),
        ("maximum", 1, True),
        ("exclusiveMinimum", -1, False),
    ):
        if name in schema:
            bound = schema[name]
            yield bound, inside
            yield bound + sign * max(step, abs(bound) * 1e-9 if step != 1 else 1), False
    if "maxLength" in schema:
        yield "palabras " * (schema["maxLength"] // 9) + "a" * (schema["maxLength"] % 9), True
        yield "a " * schema["maxLength"], False


def test_every_number_of_a_question_is_bounded_in_the_document(client):
    document = client.get("/openapi.json").json

    for field, schema in bounded(document):
        if schema.get("type") in STEP:
            assert {"minimum", "exclusiveMinimum"} & set(schema), field
            assert "maximum" in schema, field


def test_every_text_and_list_of_a_question_is_bounded_in_the_document(client):
    document = client.get("/openapi.json").json

    for field, schema in bounded(document):
        if schema.get("type") == "string":
            assert "maxLength" in schema or "enum" in schema, field
        if schema.get("type") == "array":
            assert "maxItems" in schema, field
            assert {"maxLength", "enum"} & set(resolved(schema["items"], document)), field


def test_the_core_refuses_just_what_the_document_rules_out(client, snapshot):
    document, asked = client.get("/openapi.json").json, 0

    for field, schema in bounded(document):
        if field.startswith("territory"):
            continue  # names are looked up before the core is asked
        for value, allowed in edges(schema):
            asked += 1
            question = core_question(field, value)
            if allowed:
                snapshot.pipeline.score(question)
            else:
                with pytest.raises(OutOfRange):
                    snapshot.pipeline.score(question)
    assert asked > 20


def test_a_weights_bounds_are_the_rankers(client, snapshot):
    schema = client.get("/openapi.json").json["components"]["schemas"]["RecommendationsIn"]
    factor = schema["properties"]["weights"]["additionalProperties"]

    for value, allowed in edges(factor):
        question = Query(territory_id="XX-C1-1", weights={NAMES[0]: value})
        if allowed:
            snapshot.pipeline.score(question)
        else:
            with pytest.raises(OutOfRange):
                snapshot.pipeline.score(question)


@pytest.mark.parametrize(
    "organisation",
    [
        {"about": "a " * 900, "past_practices": ["una feria " * 50]},
        {"past_practices": ["una feria " * 50] * 5},
        {"past_practices": ["palabra" * 300]},
        {"past_practices": ["una feria"] * 101},
        {"name": "n" * 201},
        {"territories": ["Manabí"] * 501},
        {"territories": ["x" * 100_000]},
        {"themes": ["health"] * 501},
    ],
)
def test_no_field_of_an_organisation_gets_round_the_limits(client, organisation):
    answer = client.post(ASK, json={"organisation": organisation})

    assert (answer.status_code, answer.json["code"]) == (422, "out-of-range")
    assert len(answer.data) < 4_000


def test_an_organisations_name_is_said_back_and_changes_nothing(client):
    asked = {"type": "civil_society", "themes": ["health"], "budget_usd": 80_000}
    nameless = client.post(ASK, json={"organisation": asked}).json
    named = client.post(ASK, json={"organisation": {"name": "Fundación Río", **asked}}).json

    assert named["query"]["organisation"]["name"] == "Fundación Río"
    assert named["recommendations"] == nameless["recommendations"]


def test_a_name_alone_asks_nothing(client):
    answer = client.post(ASK, json={"organisation": {"name": "Fundación Río"}})

    assert (answer.status_code, answer.json["code"]) == (422, "empty-query")


def test_every_address_documents_that_a_form_may_not_be_available(client):
    document = client.get("/openapi.json").json

    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert ("406" in operation["responses"]) == path.startswith("/api"), path


def test_whose_question_it_is_is_documented_as_changing_nothing(client):
    fields = client.get("/openapi.json").json["components"]["schemas"]["RecommendationsIn"]["properties"]
    answers = [
        client.post(ASK, json={"need": "salud", **who}).json["recommendations"]
        for who in ({}, {"asker": "local_government"}, {"asker": "cooperation_agency"})
    ]

    assert "does not change the ranking" in fields["asker"]["description"]
    assert answers[0] == answers[1] == answers[2]
