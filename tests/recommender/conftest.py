"""Fixtures of the core's tests: the real text encoder, rebuilt once and kept in ``var/`` between runs."""

import hashlib

import numpy as np
import pytest

from recommender.taxonomy import read_taxonomy
from recommender.text.embedding import Embedder, VectorCache
from recommender.text.readings import Readings, text_words
from recommender.text.sentence_encoder import SentenceEncoder
from recommender.text.weights import rebuild_weights, weights_fingerprint


class HashEncoder:
    """Words become random directions, texts the mean of their words: fast, and no meaning at all."""

    fingerprint = "hash-8"
    dimension = 8

    def __init__(self):
        self.texts_read = []

    def read(self, texts, kind, progress=None):
        self.texts_read += texts
        words = [[self._direction(word) for word in text_words(text)] for text in texts]
        whole = np.array([self._unit(np.sum(part, axis=0) if part else np.ones(8)) for part in words])
        counts = np.array([len(part) for part in words], dtype=np.int64)
        rows = np.array([word for part in words for word in part]).reshape(-1, 8)
        return Readings(
            whole.astype(np.float32),
            np.cumsum(counts) - counts,
            counts,
            np.rint(rows * 127).astype(np.int8),
            np.full(len(rows), 1 / 127, np.float32),
        )

    def encode(self, texts, kind, progress=None):
        return self.read(texts, kind, progress).whole

    def _direction(self, word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return self._unit(np.random.default_rng(seed).normal(size=8))

    def _unit(self, vector):
        return vector / np.linalg.norm(vector)


@pytest.fixture
def hash_encoder():
    return HashEncoder()


@pytest.fixture(scope="session")
def taxonomy(pytestconfig):
    return read_taxonomy(pytestconfig.rootpath / "data" / "taxonomy")


@pytest.fixture(scope="session")
def model_folder(pytestconfig):
    return rebuild_weights(pytestconfig.rootpath / "var" / "models" / "multilingual-e5-small")


@pytest.fixture(scope="session")
def encoder(model_folder):
    return SentenceEncoder(model_folder, fingerprint=weights_fingerprint())


@pytest.fixture(scope="session")
def embedder(encoder, pytestconfig):
    folder = pytestconfig.rootpath / "var" / "test-vectors"
    return Embedder(lambda: encoder, VectorCache(folder, weights_fingerprint()))
