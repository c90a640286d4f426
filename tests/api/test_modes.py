"""Both modes over HTTP and on the command line, and what a service does about its learned model."""

import csv
import io
import json
import shutil

import pytest
from click.testing import CliRunner

from api.app import create_app
from api.cli import main
from api.cli_rank import chance_words
from api.config import HOME, read_settings
from api.engine import Engine
from api.schemas_answer import RankingOut
from tests.api.test_engine import settings, until  # noqa: F401  # a fixture

ASK = "/api/v1/recommendations"
PLACES = "/api/v1/practices/{}/territories"
CHANCE = ("probability", "probability_low", "probability_high")
PRACTICE = "woccu-proyecto-inclusion-economica"


@pytest.fixture
def arraigo():
    """Run a command; the answer has `exit_code`, `stdout` and `stderr`."""
    return lambda *args: CliRunner().invoke(main, args)


def rows(answer):
    return answer.json["recommendations"]


@pytest.mark.parametrize("need", [None, "jóvenes sin empleo"])
def test_lago_agrio_is_answered_in_both_modes(ecuador, need):
    asked = {"territory": "Lago Agrio", "k": 20} | ({"need": need} if need else {})

    fit, likely = (ecuador.post(ASK, json=asked | {"mode": mode}) for mode in ("fit", "likely"))

    assert (fit.status_code, likely.status_code) == (200, 200)
    assert (fit.json["query"]["mode"], likely.json["query"]["mode"]) == ("fit", "likely")
    for row in (*rows(fit), *rows(likely)):
        assert sum(part["value"] for part in row["contributions"]) == pytest.approx(row["score"], abs=1e-6)
    assert all(row[name] is None for row in rows(fit) for name in CHANCE)
    for row in rows(likely):
        assert 0 <= row["probability_low"] <= row["probability"] <= row["probability_high"] <= 1


def test_the_mode_is_fit_unless_asked_otherwise(ecuador):
    link = "/api/v1/territories/EC-2101/recommendations"

    assert (
        ecuador.get(link).json["recommendations"] == ecuador.get(f"{link}?mode=fit").json["recommendations"]
    )
    assert ecuador.get(f"{link}?mode=likely").json["recommendations"][0]["probability"] > 0


def test_an_answer_names_the_learned_model_and_that_ecuador_is_new_to_it(ecuador):
    answer = ecuador.post(ASK, json={"territory": "Quito", "mode": "likely"}).json

    assert answer["learned_model"] in answer["model_version"]
    assert answer["model_version"].startswith("prior-")
    assert answer["new_to_model"] == ["EC"]
    assert any("no de que tenga éxito" in remark for remark in answer["model_remarks"])
    assert any("Ecuador" in remark for remark in answer["model_remarks"])
    parts = {part["name"]: part for part in answer["recommendations"][0]["contributions"]}
    assert parts["recorded_adoptions"]["basis"] == "learned"
    assert parts["recorded_adoptions"]["model"] == answer["learned_model"]
    assert parts["need_alignment"]["basis"] == "prior"


def test_an_unknown_mode_is_refused_with_those_there_are(ecuador):
    for answer in (
        ecuador.post(ASK, json={"territory": "Quito", "mode": "sure"}),
        ecuador.get("/api/v1/territories/EC-2101/recommendations?mode=sure"),
        ecuador.get(PLACES.format(PRACTICE) + "?mode=sure"),
    ):
        assert answer.status_code == 422
        assert "likely" in json.dumps(answer.json)


def test_places_of_a_practice_are_ranked_in_both_modes(ecuador):
    fit, likely = (ecuador.get(PLACES.format(PRACTICE) + f"?mode={mode}").json for mode in ("fit", "likely"))

    assert (fit["mode"], likely["mode"]) == ("fit", "likely")
    assert [p["territory"]["id"] for p in fit["places"]] != [p["territory"]["id"] for p in likely["places"]]
    assert all(place["probability"] is None for place in fit["places"])
    assert all(0 <= p["probability_low"] <= p["probability"] <= 1 for p in likely["places"])
    own = ecuador.post(
        ASK,
        json={"territory_id": likely["places"][0]["territory"]["id"], "mode": "likely", "k": 300},
    )
    row = next(row for row in rows(own) if row["practice_id"] == PRACTICE)
    assert row["score"] == pytest.approx(likely["places"][0]["score"], abs=1e-9)
    assert row["probability"] == likely["places"][0]["probability"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/territories/EC-2101/recommendations?mode=likely&format=csv",
        PLACES.format(PRACTICE) + "?mode=likely&format=csv",
    ],
)
def test_tables_have_the_probability_and_its_ends_as_columns(ecuador, address):
    found = list(csv.DictReader(io.StringIO(ecuador.get(address).get_data(as_text=True))))

    assert found
    for row in found:
        low, middle, high = (float(row[f"probability{end}"]) for end in ("_low", "", "_high"))
        assert low <= middle <= high


def test_the_description_of_the_service_tells_what_the_probability_is(ecuador):
    document = ecuador.get("/openapi.json").json["components"]["schemas"]

    for schema in ("RecommendationOut", "PlaceFitOut"):
        assert "Not success" in document[schema]["properties"]["probability"]["description"]
    for schema in ("RecommendationsIn",):
        assert document[schema]["properties"]["mode"]["enum"] == ["fit", "likely"]


def test_the_command_line_has_the_same_modes(arraigo, deployment, ecuador):
    typed = arraigo("rank", "--territory", "Lago Agrio", "--mode", "likely", "-k", "2", "--json")
    shown = arraigo("places", PRACTICE, "--mode", "likely", "-k", "2")
    refused = arraigo("rank", "--territory", "Lago Agrio", "--mode", "sure")

    over_http = ecuador.post(ASK, json={"territory": "Lago Agrio", "mode": "likely", "k": 2})
    assert typed.stdout == over_http.get_data(as_text=True) + "\n"
    assert "Prob." in shown.stdout
    assert "no de que tenga éxito" in " ".join(shown.stdout.split())
    assert (refused.exit_code, "likely" in refused.stderr) == (2, True)


@pytest.fixture
def own_model(tmp_path):
    """A copy of the shipped models' folder."""
    shutil.copytree(HOME / "models", tmp_path / "models")
    current = tmp_path / "models" / "CURRENT"
    return current, tmp_path / "models" / current.read_text(encoding="utf-8").strip()


def test_a_changed_model_is_a_named_problem_of_the_service(settings, own_model):  # noqa: F811
    current, folder = own_model
    tables = folder / "tables.json"
    tables.write_text(tables.read_text(encoding="utf-8").replace("0.", "1.", 1), encoding="utf-8")
    engine = Engine(settings.model_copy(update={"model": current, "reload_seconds": 0}))
    client = create_app(engine=engine).test_client()

    engine.start()
    until(lambda: client.get("/health/ready").json["code"] != "not-ready")

    answer = client.get("/api/v1/practices")
    assert (answer.status_code, answer.json["code"]) == (500, "model-error")
    assert "tables.json" in answer.json["detail"]


def test_a_missing_model_is_refused_in_one_line(arraigo, deployment, monkeypatch, tmp_path):
    monkeypatch.setenv("ARRAIGO_MODEL", str(tmp_path / "nowhere"))

    refused = arraigo("rank", "--territory", "Quito")

    assert refused.exit_code == 2
    assert "nowhere" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_model_of_another_encoder_leaves_the_prior_alone_and_says_so(settings, own_model):  # noqa: F811
    _, folder = own_model
    snapshot = Engine(settings.model_copy(update={"model": rewritten(folder, encoder="another")})).load()
    client = create_app(engine=Engine.of(snapshot)).test_client()

    answer = client.post(ASK, json={"territory": "Quito", "mode": "likely"}).json

    assert answer["learned_model"] is None
    assert "another" in answer["model_remarks"][0]
    assert all(row["probability"] is None for row in answer["recommendations"])
    assert not [p for p in answer["recommendations"][0]["contributions"] if p["basis"] == "learned"]


def rewritten(folder, **changes):
    """Write a model anew with another manifest."""
    from dataclasses import replace

    from recommender.artifact import read_model, write_model

    model, manifest = read_model(folder)
    write_model(model, replace(manifest, **changes), folder)
    return folder


@pytest.mark.parametrize("value", ["", "none"])
def test_a_service_may_be_set_to_do_without_a_model(settings, monkeypatch, value):  # noqa: F811
    monkeypatch.setenv("ARRAIGO_MODEL", value)

    assert read_settings().model is None
    snapshot = Engine(settings.model_copy(update={"model": None})).load()
    answer = create_app(engine=Engine.of(snapshot)).test_client().post(ASK, json={"territory": "Quito"}).json
    assert "ningún modelo aprendido" in answer["model_remarks"][0]


def test_a_comparison_and_a_portfolio_say_that_the_country_is_new_to_the_model(ecuador):
    compared = ecuador.get(f"/api/v1/practices/{PRACTICE}/fit/EC-2101").json
    asked = {"budget_usd": 200_000, "assumed_cost_usd": {"value": 50_000}, "level": "admin1", "draws": 0}
    funded = ecuador.post("/api/v1/portfolios", json=asked)

    assert any("no aprendió de Ecuador" in remark for remark in compared["remarks"])
    assert funded.status_code == 200
    assert any("no aprendió de Ecuador" in remark for remark in funded.json["assumptions"])


@pytest.mark.parametrize(("language", "written"), [("es", "1,2 % (0-9)"), ("en", "1.2 % (0-9)")])
def test_a_probability_is_written_as_the_language_writes_numbers(ecuador, language, written):
    answer = ecuador.post(ASK, json={"territory": "Quito", "mode": "likely", "k": 1}).json
    row = (
        RankingOut.model_validate(answer)
        .recommendations[0]
        .model_copy(update={"probability": 0.0119, "probability_low": 0.0, "probability_high": 0.094})
    )

    assert chance_words(row, language) == written
