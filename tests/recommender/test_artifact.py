"""Models on disk: read back as they were written, and nothing strange is taken in."""

import json

import numpy as np
import pytest

from recommender.adoption.calibration import Calibration
from recommender.adoption.model import SPECS, AdoptionModel, Situation
from recommender.artifact import CURRENT, MANIFEST, TABLES, Manifest, read_model, write_model
from recommender.domain import ModelError
from recommender.ranker import FitRanker, Table

MADE = Manifest("v1", "encoder-1", {"pack": "abc"}, 0, {"numpy": "2"}, {"scaling": 0.7})


@pytest.fixture
def model():
    situations = {}
    for name, specs in SPECS.items():
        tables = {
            spec.name: Table(np.array([-1.0, 1.0]), np.array([-0.1, 0.1]) * place, "learned", "seen")
            for place, spec in enumerate(specs)
        }
        situations[name] = Situation(FitRanker(tables, 2.0, (55.0, 70.0), "v1"), Calibration(-1, 1, 0.5))
    return AdoptionModel("v1", situations, frozenset({"EC"}))


def test_a_model_is_read_back_as_it_was_written(model, tmp_path):
    write_model(model, MADE, tmp_path / "v1")
    (tmp_path / CURRENT).write_text("v1\n", encoding="utf-8")

    read, manifest = read_model(tmp_path / CURRENT, encoder="encoder-1")

    assert manifest == MADE
    assert read.countries == {"EC"}
    for name, situation in model.situations.items():
        other = read.situations[name]
        assert other.calibration == situation.calibration
        assert other.ranker.feature_names == situation.ranker.feature_names
        for feature, table in situation.ranker.tables.items():
            np.testing.assert_array_equal(other.ranker.tables[feature].values, table.values)


def test_the_same_model_makes_the_same_bytes(model, tmp_path):
    for name in ("one", "two"):
        write_model(model, MADE, tmp_path / name)

    for file in (MANIFEST, TABLES):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("file", [MANIFEST, TABLES])
def test_a_changed_file_is_refused(model, tmp_path, file):
    write_model(model, MADE, tmp_path)
    path = tmp_path / file
    path.write_text(path.read_text(encoding="utf-8").replace("0", "1", 1), encoding="utf-8")

    with pytest.raises(ModelError, match="not as it was written"):
        read_model(tmp_path)


@pytest.mark.parametrize("contents", ["{}", "[]", '{"format": "another/1"}'])
def test_a_foreign_file_is_refused(model, tmp_path, contents):
    write_model(model, MADE, tmp_path)
    (tmp_path / MANIFEST).write_text(contents, encoding="utf-8")

    with pytest.raises(ModelError, match="not a model of Arraigo"):
        read_model(tmp_path)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="arraigo train"):
        read_model(tmp_path / "nowhere")


def test_bytes_that_are_no_json_are_refused(model, tmp_path):
    write_model(model, MADE, tmp_path)
    (tmp_path / MANIFEST).write_bytes(b"\x80\x04\x95not json")

    with pytest.raises(ModelError):
        read_model(tmp_path)


def test_another_encoder_is_refused(model, tmp_path):
    write_model(model, MADE, tmp_path)

    with pytest.raises(ModelError, match="encoder-2"):
        read_model(tmp_path, encoder="encoder-2")


def test_a_model_of_other_features_is_refused(model, tmp_path):
    strange = dict(model.situations)
    ranker = strange["sites"].ranker
    tables = {("oracle" if n == 0 else k): t for n, (k, t) in enumerate(ranker.tables.items())}
    strange["sites"] = Situation(FitRanker(tables, 1, (1, 2), "v1"), strange["sites"].calibration)
    write_model(AdoptionModel("v1", strange, frozenset()), MADE, tmp_path)

    with pytest.raises(ModelError, match="oracle"):
        read_model(tmp_path)


def test_the_files_hold_plain_json_only(model, tmp_path):
    write_model(model, MADE, tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [MANIFEST, TABLES]
    for path in tmp_path.iterdir():
        json.loads(path.read_text(encoding="utf-8"))
