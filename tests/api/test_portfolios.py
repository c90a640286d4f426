"""Portfolios as a client and the command line see them."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner

from api import portfolios
from api.app import create_app
from api.cli import main
from api.engine import Engine
from api.snapshot import Snapshot
from recommender.allocation import fund
from recommender.allocation.query import AssumedCost, PortfolioQuery
from recommender.pairs import PairScorer
from recommender.territory.context import ContextIndex
from tests.world import COAST, MOUNTAIN, world

ASK = "/api/v1/portfolios"
BODY = {"budget_usd": 120_000, "assumed_cost_usd": {"value": 10_000}, "max_per_territory": 1, "more_usd": 0}
WITHHELD = {
    (f"{kind}-{n}", place)
    for kind, all_ in (("coast", COAST), ("mountain", MOUNTAIN))
    for n, place in enumerate(all_)
}


@pytest.fixture(scope="module")
def board(snapshot):
    """The checkerboard with the relevance its texts were written to have."""
    catalogue, relevance = world()
    context = ContextIndex.build(snapshot.pipeline.matrix, catalogue, relevance)
    builder = replace(snapshot.pipeline.builder, context=context)
    reverse = replace(snapshot.pipeline.reverse, scorer=PairScorer(builder, snapshot.pipeline.ranker))
    return Snapshot.build(replace(snapshot.pipeline, builder=builder, reverse=reverse))


@pytest.fixture
def client(board):
    return create_app(engine=Engine.of(board)).test_client()


def pairs(answer):
    return {(grant["practice"]["id"], grant["territory"]["id"]) for grant in answer.json["grants"]}


def test_every_canton_of_the_checkerboard_gets_the_practice_it_lacks(client):
    answer = client.post(ASK, json=BODY)

    assert answer.status_code == 200, answer.json
    assert pairs(answer) == WITHHELD
    assert answer.json["status"] == "optimal"
    assert answer.json["total_usd"] + answer.json["left_usd"] == answer.json["budget_usd"]


def test_what_already_runs_there_is_a_stated_exclusion(client):
    answer = client.post(ASK, json=BODY).json

    assert answer["excluded"]["already_there"] == 60
    assert len(answer["already_there"]) == 60
    assert answer["considered"] == 144


def test_assumed_costs_are_said_to_be_assumptions_wherever_they_count(client):
    answer = client.post(f"{ASK}?lang=en", json=BODY).json

    assert {grant["cost_basis"] for grant in answer["grants"]} == {"assumed"}
    assert all("ASSUMPTION" in grant["cost_note"] for grant in answer["grants"])
    assert answer["assumed_usd"] == answer["total_usd"]
    assert any("USD 10,000" in sentence for sentence in answer["assumptions"])
    assert "people_reached" not in json.dumps(answer)


def test_without_an_assumption_practices_of_unknown_cost_are_left_out_and_counted(client):
    answer = client.post(ASK, json={"budget_usd": 1000}).json

    assert answer["grants"] == []
    assert answer["excluded"]["cost_unknown"] == 84


def test_a_value_is_the_fit_of_the_territorys_own_answer_times_the_need_percentile(ecuador, shipped):
    answer = ecuador.post(
        ASK, json={"budget_usd": 500_000, "assumed_cost_usd": {"value": 50_000}, "draws": 0}
    ).json
    pipeline = shipped.pipeline
    matrix, relevance = pipeline.matrix, pipeline.builder.context.relevance

    assert len(answer["grants"]) == 10
    for grant in answer["grants"]:
        place, practice = grant["territory"]["id"], grant["practice"]["id"]
        rows = ecuador.get(f"/api/v1/territories/{place}/recommendations?k=500&diversify=false").json[
            "recommendations"
        ]
        fit = next(row["fit"] for row in rows if row["practice_id"] == practice)
        above = below = 0.0
        for column, direction in enumerate(matrix.direction):
            here = pipeline.territory_rows[place]
            percentile, trust = matrix.percentile[here, column], matrix.trust[here, column]
            weight = relevance[pipeline.practice_ids.index(practice), column]
            if direction and np.isfinite(percentile):
                above += weight * trust * (percentile if direction > 0 else 1 - percentile)
                below += weight * trust
        assert grant["fit"] == pytest.approx(fit, abs=0.05001)  # shown with one decimal
        assert grant["need_percentile"] == pytest.approx(above / below, abs=1e-5)
        assert grant["value"] == pytest.approx(grant["fit"] * grant["need_percentile"], rel=1e-9)


def test_a_minimum_share_is_kept(client):
    share = {"dimension": "region", "code": "sierra", "share": 0.5}
    answer = client.post(ASK, json={**BODY, "budget_usd": 40_000, "minimum_shares": [share]}).json

    assert answer["minimum_shares"][0]["granted_usd"] >= answer["minimum_shares"][0]["needed_usd"] == 20_000


def test_limits_that_conflict_are_named_in_both_languages(client):
    share = {"dimension": "province", "code": "XX-C1", "share": 0.9}
    asked = {**BODY, "minimum_shares": [share]}

    spanish, english = client.post(ASK, json=asked), client.post(f"{ASK}?lang=en", json=asked)

    assert spanish.status_code == english.status_code == 422
    assert english.json["code"] == "infeasible-portfolio"
    assert set(english.json["conflict"]) == {"province:XX-C1", "max_per_territory"}
    assert english.json["missing_usd"] == {"province:XX-C1": 78_000}
    assert "Infeasible because" in english.json["detail"]
    assert "a lo sumo 1 por territorio" in spanish.json["detail"]
    assert "XX-C1" not in spanish.json["detail"] + english.json["detail"]


def test_a_refusal_names_places_and_themes_as_people_do(ecuador):
    shares = [
        {"dimension": "province", "code": "Sucumbíos", "share": 0.5},
        {"dimension": "theme", "code": "economic_inclusion", "share": 0.2},
    ]
    asked = {
        "budget_usd": 2_000_000,
        "assumed_cost_usd": {"value": 50_000},
        "filters": {"budget_max_usd": 50_000},
        "max_per_territory": 1,
        "draws": 0,
        "minimum_shares": shares,
    }

    spanish, english = ecuador.post(ASK, json=asked), ecuador.post(f"{ASK}?lang=en", json=asked)

    assert spanish.status_code == english.status_code == 422
    assert "al menos 50 % para la provincia de Sucumbíos" in spanish.json["detail"]
    assert "at least 50% for Sucumbíos province" in english.json["detail"]
    assert "650.000 USD para la provincia de Sucumbíos" in spanish.json["detail"]
    assert "EC-" not in spanish.json["detail"] + english.json["detail"]
    assert "economic_inclusion" not in spanish.json["detail"] + english.json["detail"]


def test_a_share_that_nothing_counts_for_is_said_alone_with_what_would_help(ecuador):
    share = {"dimension": "province", "code": "EC-2101", "share": 0.5}
    asked = {"budget_usd": 1000, "minimum_shares": [share]}

    spanish, english = (ecuador.post(f"{ASK}?lang={x}", json=asked).json["detail"] for x in ("es", "en"))

    assert "al menos 50 % para Lago Agrio (Sucumbíos)" in spanish
    assert "a la vez" not in spanish
    assert "costo supuesto" in spanish
    assert "at least 50% for Lago Agrio (Sucumbíos)" in english
    assert "assumed cost" in english


def test_shares_that_add_up_to_too_much_are_named_as_people_do(ecuador):
    shares = [{"dimension": "province", "code": code, "share": 0.6} for code in ("Sucumbíos", "Orellana")]

    refused = ecuador.post(ASK, json={"budget_usd": 1000, "minimum_shares": shares}).json["detail"]

    assert "las provincias suman 120 %" in refused
    assert "la provincia de Sucumbíos y la provincia de Orellana" in refused


def test_more_portfolios_than_there_are_desks_are_told_when_to_come_back(client):
    taken = [portfolios._DESKS.acquire(blocking=False) for _ in range(portfolios.AT_ONCE)]
    try:
        refused = client.post(f"{ASK}?lang=en", json=BODY)
    finally:
        for _ in filter(None, taken):
            portfolios._DESKS.release()

    assert (refused.status_code, refused.json["code"]) == (503, "portfolios-busy")
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json["limit"] == portfolios.AT_ONCE
    assert client.post(ASK, json=BODY).status_code == 200


def test_a_refused_portfolio_leaves_its_desk(client):
    for _ in range(portfolios.AT_ONCE + 1):
        assert client.post(ASK, json={**BODY, "budget_usd": 0}).status_code == 422
        assert client.post(ASK, json={**BODY, "region": "Luna"}).status_code == 422
    assert client.post(ASK, json=BODY).status_code == 200


def test_shares_are_named_in_the_answer(client):
    share = {"dimension": "province", "code": "XX-C1", "share": 0.1}

    told = client.post(ASK, json={**BODY, "minimum_shares": [share]}).json["minimum_shares"][0]

    assert told["code"] == "XX-C1"
    assert told["name"] != "XX-C1"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"budget_usd": 0}, "out-of-range", "budget_usd"),
        ({"budget_usd": -5}, "out-of-range", "budget_usd"),
        ({"budget_usd": 0.001}, "out-of-range", "budget_usd"),
        ({"minimum_shares": [{"dimension": "theme", "code": "x", "share": 1.5}]}, "out-of-range", None),
        ({"minimum_shares": [{"dimension": "theme", "code": "x", "share": 0.5}]}, "unknown-value", None),
        ({"minimum_shares": [{"dimension": "region", "code": "Luna", "share": 0.5}]}, "unknown-value", None),
        ({"minimum_shares": [{"dimension": "planet", "code": "Mars", "share": 0.5}]}, "unknown-value", None),
        ({"territories": ["Atlantis"]}, "unknown-id", None),
        ({"region": "Luna"}, "unknown-value", "territories"),
        (
            {
                "minimum_shares": [
                    {"dimension": "region", "code": c, "share": 0.6} for c in ("Costa", "Sierra")
                ]
            },
            "out-of-range",
            "minimum_shares",
        ),
        ({"assumed_cost_usd": {"value": 10, "low": 20}}, "out-of-range", "assumed_cost_usd.low"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(client, change, code, field):
    answer = client.post(ASK, json={**BODY, **change})

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["detail"]
    if field:
        assert answer.json["field"] == field


def test_a_province_is_told_from_the_canton_of_the_same_name(ecuador):
    share = {"dimension": "province", "code": "Pichincha", "share": 0.5}
    body = {"budget_usd": 200_000, "assumed_cost_usd": {"value": 50_000}, "draws": 0, "more_usd": 0}

    answer = ecuador.post(ASK, json={**body, "minimum_shares": [share]}).json

    assert answer["minimum_shares"][0]["code"] == "EC-P"
    assert sum(grant["territory"]["parent"] == "Pichincha" for grant in answer["grants"]) >= 2


def test_money_between_cents_is_never_rounded_up(client):
    answer = client.post(ASK, json={**BODY, "budget_usd": 19_999.999}).json

    assert answer["budget_usd"] == 19_999.99
    assert len(answer["grants"]) == 1


def test_csv_and_spreadsheet_have_the_rows_of_the_json_answer(client):
    grants = client.post(ASK, json=BODY).json["grants"]
    rows = list(
        csv.DictReader(io.StringIO(client.post(f"{ASK}?format=csv", json=BODY).get_data(as_text=True)))
    )
    book = openpyxl.load_workbook(io.BytesIO(client.post(f"{ASK}?format=xlsx", json=BODY).data))

    assert [row["practice.id"] for row in rows] == [grant["practice"]["id"] for grant in grants]
    assert book["grants"].max_row == len(grants) + 1
    assert {"summary", "minimum_shares", "excluded", "already_there"} <= set(book.sheetnames)


def test_more_money_is_told_by_what_it_adds(client):
    answer = client.post(ASK, json={**BODY, "budget_usd": 110_000, "more_usd": 10_000}).json

    assert len(answer["grants"]) == 11
    assert len(answer["more"]["added"]) == 1
    assert answer["more"]["value"] == pytest.approx(
        min(grant["value"] for grant in client.post(ASK, json=BODY).json["grants"])
    )


def test_equal_questions_have_equal_answers(client):
    first, second = (client.post(ASK, json=BODY).json for _ in range(2))

    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_weighing_by_people_leaves_out_pairs_where_nobody_is_counted(snapshot):
    query = PortfolioQuery(
        budget=12_000_000, assumed=AssumedCost(1_000_000, 500_000, 2_000_000), by_population=True
    )

    portfolio = fund(snapshot.pipeline, query)

    assert portfolio.excluded["people_unknown"] > 0
    for grant in portfolio.grants:
        assert grant.value == pytest.approx(grant.fit * grant.need * grant.people)


def test_the_command_answers_as_the_address_does(deployment, ecuador, tmp_path):
    options = [
        "allocate",
        "--budget",
        "300000",
        "--assumed-cost",
        "50000,25000,100000",
        "--max-per-territory",
        "1",
    ]
    options += ["--min-share", "region:Costa=0.3", "--draws", "5"]
    body = {
        "budget_usd": 300_000.0,
        "assumed_cost_usd": {"value": 50_000.0, "low": 25_000.0, "high": 100_000.0},
        "max_per_territory": 1,
        "minimum_shares": [{"dimension": "region", "code": "Costa", "share": 0.3}],
        "draws": 5,
    }

    told = CliRunner().invoke(main, [*options, "--json"])
    table = CliRunner().invoke(main, [*options, "--language", "en"])
    CliRunner().invoke(main, [*options, "--xlsx", str(tmp_path / "grants.xlsx")])

    assert told.exit_code == 0, told.output
    assert {**json.loads(told.stdout), "seconds": 0} == {**ecuador.post(ASK, json=body).json, "seconds": 0}
    assert "Proven optimal" in table.stdout
    assert (tmp_path / "grants.xlsx").stat().st_size > 0


@pytest.mark.parametrize("option", [["--min-share", "Costa"], ["--assumed-cost", "many"], ["--budget", "0"]])
def test_a_wrong_option_of_the_command_is_one_line(option):
    done = CliRunner().invoke(main, ["allocate", "--budget", "1", *option])

    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
