"""Text -> unit vectors: an encoder, the cache in front of it, and both together behind one class."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.domain import ModelError, NotReady
from recommender.text.readings import Readings
from recommender.text.vector_cache import VectorCache, content_key

Vectors = NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""

SAVED_AT_ONCE = 4096


def clean_text(text: str) -> str:
    """Return `text` in the form every model here reads it: NFKC, single spaces, no stray surrogates."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(unicodedata.normalize("NFKC", whole).split())


class Encoder(Protocol):
    """What turns texts into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Equal fingerprints mean equal vectors for equal texts."""
        ...

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        ...

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return float32 [len(texts), dimension], each row of length 1."""
        ...

    def read(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Readings:
        """Return the vectors of the texts and of their words, from the same pass."""
        ...


class Embedder:
    """Vectors of passages from the cache, of queries from the encoder, which is loaded only when needed.

    Parameters
    ----------
    load : callable
        Returns the encoder. Called at most once at a time, in a background thread or by who needs it first.
    cache : VectorCache
        Of the same model.
    patience : float
        Seconds a query waits for an encoder that is still loading.
    """

    def __init__(self, load: Callable[[], Encoder], cache: VectorCache, patience: float = 30.0) -> None:
        self._load, self.cache, self._patience = load, cache, patience
        self._encoder: Encoder | None = None
        self._failure: Exception | None = None
        self._loading: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """The model's fingerprint."""
        return self.cache.fingerprint

    @property
    def ready(self) -> bool:
        """Tell whether a query would be answered without waiting."""
        return self._encoder is not None

    @property
    def loading(self) -> bool:
        """Tell whether the encoder is being loaded at this moment."""
        return self._encoder is None and self._loading is not None and self._loading.is_alive()

    def start_loading(self) -> None:
        """Begin to load the encoder in the background, unless it is loaded or loading."""
        with self._starting:
            if self._encoder is None and (self._loading is None or not self._loading.is_alive()):
                self._failure = None
                self._loading = threading.Thread(target=self._load_encoder, name="text-encoder", daemon=True)
                self._loading.start()

    def query(self, text: str) -> Readings:
        """Return what is read in a question (one text and its words); it is not kept anywhere.

        Raises
        ------
        NotReady
            The encoder still loads after `patience` seconds.
        ModelError
            The encoder cannot be loaded.
        """
        return self._wait(self._patience).read([text], "query")

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit vectors of texts that stay, float32 [len(texts), d]: `read` without the words."""
        return self.read(texts, "passage", progress).whole

    def read(
        self, texts: Sequence[str], kind: Kind = "passage", progress: Progress | None = None
    ) -> Readings:
        """Return what is read in texts that stay; each is encoded once ever.

        Raises
        ------
        ModelError
            The encoder is needed and cannot be loaded.
        """
        cleaned = [clean_text(text) for text in texts]
        keys = [content_key(text, kind) for text in cleaned]
        missing = {key: text for key, text in zip(keys, cleaned, strict=True) if key not in self.cache}
        todo = list(missing)
        for start in range(0, len(todo), SAVED_AT_ONCE):  # who is interrupted keeps what was done
            some = todo[start : start + SAVED_AT_ONCE]
            fresh = self._wait(None).read([missing[key] for key in some], kind, _after(start, todo, progress))
            self.cache.add(some, fresh)
        return self.cache.get(keys)

    def _load_encoder(self) -> None:
        try:
            encoder = self._load()
            if encoder.fingerprint != self.fingerprint:
                raise ModelError(
                    es=f"El modelo cargado, «{encoder.fingerprint}», no es el de los vectores guardados, "
                    f"«{self.fingerprint}». Cargue ese modelo o indique otra carpeta de vectores.",
                    en=f"The model loaded, “{encoder.fingerprint}”, is not that of the stored vectors, "
                    f"“{self.fingerprint}”. Load that model or name another folder of vectors.",
                )
            self._encoder = encoder
        except Exception as failure:  # noqa: BLE001 - it is raised again in the thread that asks
            self._failure = failure

    def _wait(self, patience: float | None) -> Encoder:
        if self._encoder is None:
            self.start_loading()
            if self._loading is not None:
                self._loading.join(patience)
        if self._failure is not None:
            raise self._failure
        if self._encoder is None:
            raise NotReady(
                es="El modelo de texto todavía se está cargando; vuelva a preguntar en unos segundos.",
                en="The text model is still loading; ask again in a few seconds.",
                seconds=patience,
            )
        return self._encoder


def _after(done: int, todo: Sequence[bytes], progress: Progress | None) -> Progress | None:
    """Return `progress` as seen from one batch of several: `done` texts came before it."""
    return None if progress is None else lambda more, _: progress(done + more, len(todo))
