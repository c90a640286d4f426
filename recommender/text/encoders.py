"""Opens the embedder of a model: the default one from its installed weights, or any other by name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from recommender.text.embedding import Embedder, Encoder, Progress
from recommender.text.sentence_encoder import SentenceEncoder, model_fingerprint
from recommender.text.vector_cache import VectorCache
from recommender.text.weights import rebuild_weights, weights_fingerprint

DEFAULT = "multilingual-e5-small"


def open_embedder(
    cache: Path,
    model: str | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    patience: float = 60.0,
) -> Embedder:
    """Return the embedder of a model; nothing is loaded until a text needs it.

    Parameters
    ----------
    cache : Path
        Folder of vectors and of the rebuilt default model. Vectors of each model lie in a folder of
        their own, so changing the model and back costs nothing.
    model : str, optional
        A sentence-transformers model by name or folder; multilingual-e5-small by default.
    progress : callable, optional
        Called while the default model's weights are rebuilt.
    threads : int, optional
        Threads of the encoder.
    patience : float
        Seconds a query waits for an encoder that is still loading.
    """
    fingerprint = model_fingerprint(model) if model else weights_fingerprint()

    def load() -> Encoder:
        if model:
            return SentenceEncoder(model, threads)
        return SentenceEncoder(rebuild_weights(cache / DEFAULT, progress), threads, fingerprint)

    folder = cache / "vectors" / hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
    return Embedder(load, VectorCache(folder, fingerprint), patience=patience)
