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
from recommender.text.readings import Readings, Words, packed, rounded, word_vectors
from recommender.text.vector_cache import VectorCache, content_key

Vectors = NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""

E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
BATCH = 4  # on a processor larger batches are no faster, and take more memory
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


def model_fingerprint(name_or_folder: str | Path) -> str:
    """Tell a model apart from others without loading it.

    A folder is known by its small files and by the size and the ends of its large ones (reading hundreds of
    megabytes would cost the start-up); a name on a model hub by the name. What a folder says of itself
    is not believed: a copy of the rebuilt default that somebody changed still says it is the default.
    """
    folder = Path(name_or_folder)
    if not folder.is_dir():
        return f"hub/{name_or_folder}"
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
    fingerprint : str, optional
        Where it is known from elsewhere, as that of the default model; see `model_fingerprint` else.

    Raises
    ------
    ModelError
        There is no such model, or it cannot be loaded.
    """

    def __init__(
        self, name_or_folder: str | Path, threads: int | None = None, fingerprint: str | None = None
    ) -> None:
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
        self.fingerprint = fingerprint or model_fingerprint(name_or_folder)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._prompts = _prompts(self._model.prompts, str(name_or_folder))
        self._alone = threading.Lock()  # a fast tokenizer cannot be used by two threads at once

    def encode(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Vectors:
        """Return float32 [len(texts), dimension], each row of length 1."""
        return self.read(texts, kind, progress).whole

    def read(self, texts: Sequence[str], kind: Kind, progress: Progress | None = None) -> Readings:
        """Return the vectors of the texts and of their words, from the same pass.

        A word's vector is the mean of those of its pieces, as the last layer gives them in this context.
        """
        cleaned = [clean_text(text) for text in texts]
        whole = np.empty((len(cleaned), self.dimension), np.float32)
        words: list[Words] = [rounded(np.empty((0, self.dimension), np.float32))] * len(cleaned)
        order = np.argsort([-len(text) for text in cleaned], kind="stable")  # texts of a length together
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            vectors, parts = self._forward([cleaned[row] for row in rows], kind)
            whole[rows] = vectors
            for row, part in zip(rows, parts, strict=True):
                words[row] = rounded(part)
            if progress:
                progress(min(start + BATCH, len(order)), len(order))
        return packed(whole, words)

    def _forward(self, texts: list[str], kind: Kind) -> tuple[Vectors, list[Vectors]]:
        """Return float32 [n, d] of the texts and, for each, float32 [words, d] of its words.

        Passages are many, and encoded once: where the processor multiplies bfloat16 itself they take less
        than half the time so; texts stay within 0.0001 (cosine) of the slower way, words within 0.001.
        """
        import torch

        prompt = self._prompts[kind]
        prompted = [prompt + text for text in texts]
        short = kind == "passage" and _multiplies_bfloat16()
        with self._alone, torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=short):
            batch = self._model.tokenizer(
                prompted,
                padding=True,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
            offsets = batch.pop("offset_mapping").numpy()
            out = self._model(dict(batch))
            whole: Vectors = torch.nn.functional.normalize(out["sentence_embedding"].float(), dim=1).numpy()
            pieces: Vectors = out["token_embeddings"].float().numpy()
        words = [
            word_vectors(prompted[row], len(prompt), offsets[row], pieces[row]) for row in range(len(texts))
        ]
        return whole, words


def _multiplies_bfloat16() -> bool:
    """Tell whether this processor has instructions for bfloat16; without them it would be slower."""
    import torch

    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in names)


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
