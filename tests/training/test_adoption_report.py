"""What is reported of the learned model, and that a trained one is measured on what came later only."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from recommender.adoption.model import SPECS
from recommender.artifact import Manifest, read_model, write_model
from recommender.domain import DataError, ModelError, UnknownValue
from training.adoption_report import LEFT_OUT, SYSTEM, document, make_task, markdown, measure
from training.aid_tasks import scaling
from training.card import card
from training.cli import evaluate, train
from training.ground import Sight
from training.reference_table import REFERENCES
from training.reliability import reliability_svg
from training.tables import Provenance
from training.train import is_dated, measure_all, measure_left_out, tasks_of, training_histories
from training.train import train as train_on

WORDS = Sight(None)


def test_the_strongest_reference_is_what_others_are_compared_with(projects):
    outcome = measure(scaling(projects), "made up", WORDS)

    means = {n: outcome.measurement.systems[n]["nDCG@10"].mean() for n in REFERENCES["scaling"]}
    assert means[outcome.best_reference] == max(means.values())
    assert set(SYSTEM.values()) <= set(outcome.measurement.systems)


def test_peers_and_ablations_answer_the_same_queries(projects):
    outcome = measure(scaling(projects), "made up", WORDS, full=True)

    queries = {tuple(frame.index) for frame in outcome.measurement.systems.values()}
    assert len(queries) == 1
    for name in ("BM25 kNN (bm25s)", "logistic hybrid of the reference methods", "without geography"):
        assert name in outcome.measurement.systems


def test_a_country_can_be_left_out_beside_the_refitted_model(projects):
    outcome = measure(scaling(projects), "made up", WORDS, country_left_out=True)

    assert LEFT_OUT in outcome.measurement.systems


def test_the_report_names_where_it_comes_from_and_is_plain_data(projects):
    outcome, provenance = measure(scaling(projects), "made up", WORDS), Provenance("made up", "v1", 7, 200)

    written = markdown("scaling", outcome, provenance)
    plain = json.loads(json.dumps(document(outcome, provenance)))

    assert "made up" in written and "Seed 7" in written and "ECE" in written
    assert plain["calibration"]["ECE"] == pytest.approx(outcome.promise.ece)
    assert np.mean(outcome.promise.promised) == pytest.approx(np.mean(outcome.promise.observed), abs=0.2)


def test_probabilities_over_five_years_are_not_held_against_ten(dated):
    outcome = measure(make_task("new-practice", dated), "made up", WORDS)

    assert outcome.promise is None
    assert "another span" in markdown("new practices", outcome, Provenance("made up", "v1", 0, 200))
    assert document(outcome, Provenance("made up", "v1", 0, 200))["calibration"] is None


def test_years_of_whole_projects_are_not_years_of_adoption(projects, dated):
    assert not is_dated(projects)
    assert is_dated(dated)
    assert set(tasks_of(projects)) == {"placement", "scaling"}


def test_a_trained_model_is_the_same_each_time_and_answers_from_disk(projects, dated, tmp_path):
    packages = {"projects": projects, "policies": dated}
    for name in ("one", "two"):
        write_model(train_on(packages, WORDS, "v"), Manifest("v", "e", {}, 0, {}), tmp_path / name)

    model, _ = read_model(tmp_path / "one")
    reached = measure_all(model, {"projects": projects}, WORDS)

    assert (tmp_path / "one/tables.json").read_bytes() == (tmp_path / "two/tables.json").read_bytes()
    assert set(reached) == {"placement, projects", "scaling, projects"}
    assert model.countries == {"X", "Y"}
    held = measure_left_out(packages, WORDS)
    assert set(held) == {"placement, projects", "scaling, projects"}  # the policies are of one country
    written = card(model, Manifest("v", "e", {"projects": "made up"}, 0, {}, reached, held))
    assert "scaling, projects" in written
    unseen = written.split("## In countries it has not seen")[1]
    assert f"| {held['scaling, projects']['ece']:.3f} |" in unseen
    assert all(spec.name in written for spec in SPECS["adopters"])


def test_a_model_is_trained_on_nothing_later_than_its_packages_first_test(projects, dated):
    histories = training_histories({"projects": projects, "policies": dated})

    assert {history.cutoff for history in histories["adopters"]} == {1990}
    tested = {key for episode in scaling(projects).episodes for key in episode.subjects}
    for history in histories["sites"]:
        assert not tested & set(history.practice_ids)


def test_what_a_model_never_learned_is_refused_by_name(projects, dated):
    model = train_on({"policies": dated}, WORDS, "v")

    with pytest.raises(ModelError, match="--refit"):
        measure(scaling(projects), "made up", WORDS, model)


def test_cutoffs_belong_to_dated_tasks_only(projects):
    with pytest.raises(UnknownValue, match="no cutoffs"):
        make_task("scaling", projects, [1990])


def test_a_package_without_queries_is_refused(dated):
    with pytest.raises(DataError):
        measure(make_task("fit", dated, [1800]), "made up", WORDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--task", "fit", "--cutoffs", "soon"], "not a list of years"),
        (["--task", "fit", "--refit", "--model", "."], "exclude each other"),
        (["--task", "divination"], "Invalid value"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_read(tmp_path, arguments, said):
    result = CliRunner().invoke(evaluate, [str(tmp_path), *arguments])

    assert result.exit_code == 2
    assert said in result.output


def test_training_needs_a_package(tmp_path):
    assert CliRunner().invoke(train, ["--out", str(tmp_path / "v")]).exit_code == 2


def test_the_diagram_draws_a_line_per_task_and_escapes_names():
    drawn = reliability_svg({"a & b": ([0.0, 1.0], [0.0, 0.5])})

    root = ElementTree.fromstring(drawn)
    lines = [line.get("points") for line in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert lines[1] == "50.0,410.0 410.0,230.0"
    assert "a & b" in [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
