"""Any sentence-transformers model as an encoder: fingerprint, prompts, one pass for texts and words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.domain import ModelError
from recommender.text.embedding import Kind, Progress, clean_text
from recommender.text.readings import Readings, Words, packed, rounded, word_vectors

Vectors = NDArray[np.float32]

E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
BATCH = 4  # on a processor larger batches are no faster, and take more memory


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
