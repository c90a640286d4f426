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
from api.engine import Engine, make_embedder
from api.snapshot import Snapshot
from recommender.embedding import Embedder, Vectors
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.taxonomy import Taxonomy, folded, read_taxonomy
from recommender.vector_cache import VectorCache
from recommender.weights import weights_fingerprint
from tests.world import world


class HashingEncoder:
    """Bags of hashed words as unit vectors."""

    def __init__(self, fingerprint: str = "hashing", dimension: int = 64) -> None:
        self.fingerprint, self.dimension = fingerprint, dimension

    def encode(self, texts, kind, progress=None) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in folded(text).split():
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return read_taxonomy(HOME / "data" / "taxonomy")


def hashing_embedder(folder, fingerprint="hashing") -> Embedder:
    return Embedder(lambda: HashingEncoder(fingerprint), VectorCache(folder, fingerprint))


@pytest.fixture(scope="session")
def snapshot(taxonomy, tmp_path_factory) -> Snapshot:
    """The checkerboard, ready to answer."""
    embedder = hashing_embedder(tmp_path_factory.mktemp("vectors"))
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
    folder = make_embedder(shipped_settings).cache.folder
    embedder = hashing_embedder(folder, weights_fingerprint())
    return Snapshot.build(Pipeline.build(read_packages(shipped_settings.packages), taxonomy, embedder))


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
