"""Text -> unit vectors: an encoder, the cache in front of it, and both together behind one class."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.domain import ModelError, NotReady
from recommender.vector_cache import VectorCache, content_key

Vectors = NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""

E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
BATCH = 32


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


def model_fingerprint(name_or_folder: str | Path) -> str:
    """Tell a model apart from others without loading it.

    A folder is known by its small files and by the size and the ends of its large ones (reading hundreds of
    megabytes would cost the start-up); a name on a model hub by the name.
    The rebuilt default carries its own.
    """
    folder = Path(name_or_folder)
    if not folder.is_dir():
        return f"hub/{name_or_folder}"
    mark = folder / "fingerprint"
    if mark.is_file():
        return mark.read_text(encoding="utf-8").strip()
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
        size, ends = path.stat().st_size, 1 << 20
        digest.update(f"{path.relative_to(folder)}\0{size}\0".encode())
        with path.open("rb") as handle:
            digest.update(handle.read(ends))
            if size > ends:
                handle.seek(max(ends, size - ends))
                digest.update(handle.read(ends))
    return f"folder/{digest.hexdigest()[:32]}"


class SentenceEncoder:
    """Any sentence-transformers model, by name or folder, on the CPU.

    Parameters
    ----------
    name_or_folder : str or Path
        A folder, or a name on a model hub (which then must be reachable or have been visited before).
    threads : int, optional
        Threads torch may use; its own choice where None.

    Raises
    ------
    ModelError
        There is no such model, or it cannot be loaded.
    """

    def __init__(self, name_or_folder: str | Path, threads: int | None = None) -> None:
        # Imported here: torch takes seconds, and who answers from cached vectors never needs it.
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as chatter

        chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
        if threads is not None:
            torch.set_num_threads(threads)
        try:
            self._model: Any = SentenceTransformer(str(name_or_folder), device="cpu")
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise _unloadable(name_or_folder, error) from error
        self._model.eval()
        self.fingerprint = model_fingerprint(name_or_folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._prompts = _prompts(self._model.prompts, str(name_or_folder))
        self._alone = threading.Lock()  # a fast tokenizer cannot be used by two threads at once

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return float32 [len(texts), dimension], each row of length 1; texts of a length go together."""
        cleaned = [clean_text(text) for text in texts]
        out = np.empty((len(cleaned), self.dimension), np.float32)
        order = np.argsort([-len(text) for text in cleaned], kind="stable")
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            with self._alone:
                out[rows] = self._model.encode(
                    [cleaned[row] for row in rows],
                    prompt=self._prompts[kind],
                    batch_size=BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress:
                progress(min(start + BATCH, len(order)), len(order))
        return out


def _prompts(known: Mapping[str, str | None], name: str) -> dict[str, str]:
    """Return what is put before queries and passages: the model's own prompts, else E5's for an E5."""
    if not any(known.values()) and "e5-" in name.lower():
        return E5_PROMPTS
    return {"query": known.get("query") or "", "passage": known.get("passage") or known.get("document") or ""}


def _unloadable(name: str | Path, error: Exception) -> ModelError:
    return ModelError(
        es=f"No se pudo cargar el modelo de texto «{name}»: {error}. Compruebe el nombre o la carpeta, "
        "o vuelva al modelo por omisión.",
        en=f"The text model “{name}” could not be loaded: {error}. Check the name or folder, "
        "or go back to the default model.",
        model=str(name),
    )


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

    def start_loading(self) -> None:
        """Begin to load the encoder in the background, unless it is loaded or loading."""
        with self._starting:
            if self._encoder is None and (self._loading is None or not self._loading.is_alive()):
                self._failure = None
                self._loading = threading.Thread(target=self._load_encoder, name="text-encoder", daemon=True)
                self._loading.start()

    def query(self, text: str) -> Vectors:
        """Return the unit vector of a question, float32 [d]; it is not kept anywhere.

        Raises
        ------
        NotReady
            The encoder still loads after `patience` seconds.
        ModelError
            The encoder cannot be loaded.
        """
        vector: Vectors = self._wait(self._patience).encode([text], "query")[0]
        return vector

    def passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit vectors of texts that stay: float32 [len(texts), d], each text encoded once ever.

        Raises
        ------
        ModelError
            The encoder is needed and cannot be loaded.
        """
        cleaned = [clean_text(text) for text in texts]
        keys = [content_key(text, "passage") for text in cleaned]
        found, known = self.cache.get(keys)
        if found is not None and known.all():
            return found
        missing = {keys[row]: cleaned[row] for row in np.flatnonzero(~known)}
        encoder = self._wait(None)
        if found is None:
            found = np.zeros((len(keys), encoder.dimension), np.float32)
        vectors = encoder.encode(list(missing.values()), "passage", progress)
        fresh = dict(zip(missing, vectors, strict=True))
        self.cache.add(fresh)
        for row in np.flatnonzero(~known):
            found[row] = fresh[keys[row]]
        return found

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
