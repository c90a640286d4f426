"""One application over the checkerboard, one over the shipped data; no model, no network.

Texts are embedded by hashing their words, so that equal words are alike in both languages' sense
of nothing more: enough to ask the doors everything but how well the text model understands.
"""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from api.app import create_app
from api.config import HOME, Settings
from api.engine import Engine
from api.snapshot import Snapshot
from recommender.artifact import open_model
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.taxonomy import Taxonomy, folded, read_taxonomy
from recommender.text.embedding import Embedder, clean_text
from recommender.text.encoders import open_embedder
from recommender.text.readings import Readings, text_words
from recommender.text.vector_cache import VectorCache
from tests.world import world


class HashingEncoder:
    """Bags of hashed words as unit vectors."""

    def __init__(self, fingerprint: str = "hashing", dimension: int = 64) -> None:
        self.fingerprint, self.dimension = fingerprint, dimension

    def encode(self, texts, kind, progress=None):
        return self.read(texts, kind, progress).whole

    def read(self, texts, kind, progress=None):
        words = [np.array([self._vector(w) for w in text_words(clean_text(text))]) for text in texts]
        counts = np.array([len(rows) for rows in words], dtype=np.int64)
        whole = np.array(
            [rows.sum(axis=0) + 1e-3 if len(rows) else np.ones(self.dimension) for rows in words]
        )
        whole = (whole / np.linalg.norm(whole, axis=1, keepdims=True)).astype(np.float32)
        together = np.concatenate([rows.reshape(-1, self.dimension) for rows in words])
        scales = np.full(len(together), 1 / 127, dtype=np.float32)
        return Readings(whole, np.cumsum(counts) - counts, counts, (together * 127).astype(np.int8), scales)

    def _vector(self, word):
        vector = np.zeros(self.dimension)
        vector[zlib.crc32(folded(word).encode()) % self.dimension] = 1.0
        return vector


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return read_taxonomy(HOME / "data" / "taxonomy")


@pytest.fixture(scope="session")
def snapshot(taxonomy, tmp_path_factory) -> Snapshot:
    """The checkerboard, ready to answer."""
    cache = VectorCache(tmp_path_factory.mktemp("vectors"), "hashing")
    embedder = Embedder(HashingEncoder, cache)
    return Snapshot.build(Pipeline.build(world().catalogue, taxonomy, embedder))


@pytest.fixture(scope="session")
def shipped_settings(tmp_path_factory) -> Settings:
    """Settings of a deployment of the shipped data, in folders of its own."""
    folder = tmp_path_factory.mktemp("deployment")
    return Settings(registry=f"sqlite:///{folder / 'registry.db'}", cache=folder / "cache")


@pytest.fixture(scope="session")
def shipped(shipped_settings, taxonomy) -> Snapshot:
    """The shipped data, its vectors left in the deployment's cache under the default model's name.

    A later start of the same deployment thus finds every vector of a practice and loads no model.
    """
    cache = open_embedder(shipped_settings.cache).cache
    embedder = Embedder(lambda: HashingEncoder(cache.fingerprint), cache)
    model, _ = open_model(shipped_settings.model, embedder.fingerprint)
    catalogue = read_packages(shipped_settings.packages)
    return Snapshot.build(Pipeline.build(catalogue, taxonomy, embedder, model=model))


@pytest.fixture
def client(snapshot):
    """A client of the checkerboard."""
    return create_app(engine=Engine.of(snapshot)).test_client()


@pytest.fixture
def ecuador(shipped, shipped_settings):
    """A client of the shipped data."""
    return create_app(engine=Engine.of(shipped, shipped_settings)).test_client()


@pytest.fixture
def deployment(shipped, shipped_settings, monkeypatch) -> Settings:
    """The environment of a deployment whose vectors are all in the cache."""
    monkeypatch.setenv("ARRAIGO_REGISTRY", shipped_settings.registry)
    monkeypatch.setenv("ARRAIGO_CACHE", str(shipped_settings.cache))
    return shipped_settings
