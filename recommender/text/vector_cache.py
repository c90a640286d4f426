"""Vectors that were computed once and are never computed again: one memory-mapped file."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.domain import ForeignCache
from recommender.text.readings import Readings, picked

LOG = logging.getLogger(__name__)
MAGIC = b"ARVC2\n"
HEADER_BYTES = 1024  # the arrays start here, so they are aligned
KEY_BYTES = 16
CHUNK = 1 << 24
_FRAME = struct.Struct("<II")  # length of the header's JSON, its CRC-32


class _Damaged(Exception):
    """The file is not what its own checksums say; internal: the cache starts again from nothing."""


def content_key(text: str, kind: str) -> bytes:
    """Return the 16-byte hash by which what was read in `text`, encoded as `kind`, is found again."""
    return blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


class VectorCache:
    """Content hash -> readings, in ``<folder>/vectors.bin``.

    The file holds a header (model fingerprint, sizes, checksums) and the arrays. It is replaced in one step
    and never edited, so readers of the old file are not disturbed; a lock file makes two processes that add
    at the same time take turns, the second keeping what the first added.

    Parameters
    ----------
    folder : Path
        Created where missing.
    fingerprint : str
        The model whose vectors these are.

    Raises
    ------
    ForeignCache
        The file there was made by another model.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.path = folder / "vectors.bin"
        self.fingerprint = fingerprint
        folder.mkdir(parents=True, exist_ok=True)
        self._rows: dict[bytes, int] = {}
        self._held: Readings | None = None
        self._stamp: tuple[int, int] | None = None
        self._refresh()

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: bytes) -> bool:
        return key in self._rows

    def get(self, keys: Sequence[bytes]) -> Readings:
        """Return what is kept under `keys`, every one of which must be there; words stay on disk.

        Raises
        ------
        KeyError
            A key is not there.
        """
        held = self._held
        if held is None:
            raise KeyError(keys[0] if keys else b"")
        rows = np.array([self._rows[key] for key in keys], dtype=np.int64)
        return Readings(held.whole[rows], held.starts[rows], held.counts[rows], held.words, held.scales)

    def add(self, keys: Sequence[bytes], fresh: Readings) -> None:
        """Add readings; what another process added meanwhile is kept."""
        if not keys:
            return
        with self._lock():
            self._refresh()
            new = [row for row, key in enumerate(keys) if key not in self._rows]
            if new:
                self._write([*self._rows, *(keys[row] for row in new)], picked(fresh, new))
                self._refresh()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with open(self.path.with_suffix(".lock"), "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield  # closing the file gives the lock back

    def _refresh(self) -> None:
        """Map the file as it is now; a damaged one counts as empty and is replaced at the next `add`."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return
        if self._stamp == (status.st_ino, status.st_mtime_ns):
            return
        try:
            keys, held = self._read()
        except _Damaged as damage:
            LOG.warning("%s is damaged (%s): its vectors will be computed again", self.path, damage)
            self._rows, self._held, self._stamp = {}, None, None
            return
        self._rows = {key: row for row, key in enumerate(keys)}
        self._held, self._stamp = held, (status.st_ino, status.st_mtime_ns)

    def _read(self) -> tuple[list[bytes], Readings]:
        with open(self.path, "rb") as handle:
            head = handle.read(HEADER_BYTES)
            header = self._header(head)
            size = HEADER_BYTES + sum(space for *_, space in _layout(header))
            if os.fstat(handle.fileno()).st_size != size:
                raise _Damaged(f"not {size} bytes")
            checksum = 0
            # read, not mapped: looking at every page would count all of them as this process's memory
            while block := handle.read(CHUNK):
                checksum = zlib.crc32(block, checksum)
        if checksum != header["crc32"]:
            raise _Damaged("checksum")
        arrays: dict[str, Any] = {}
        at = HEADER_BYTES
        for name, dtype, shape, space in _layout(header):
            mapped = np.memmap(self.path, dtype, "r", at, shape) if space else np.empty(shape, dtype)
            arrays[name] = mapped if name == "words" else np.array(mapped)
            at += space
        keys = [bytes(key) for key in arrays["keys"]]
        counts = arrays["counts"].astype(np.int64)
        starts = np.cumsum(counts) - counts
        return keys, Readings(arrays["whole"], starts, counts, arrays["words"], arrays["scales"])

    def _header(self, head: bytes) -> dict[str, Any]:
        start = len(MAGIC) + _FRAME.size
        if len(head) < HEADER_BYTES or not head.startswith(MAGIC):
            raise _Damaged("no header")
        length, checksum = _FRAME.unpack_from(head, len(MAGIC))
        raw = head[start : start + length]
        if zlib.crc32(raw) != checksum:
            raise _Damaged("header checksum")
        header: dict[str, Any] = json.loads(raw)
        if header["fingerprint"] != self.fingerprint:
            raise self._foreign(header["fingerprint"])
        return header

    def _foreign(self, found: str) -> ForeignCache:
        return ForeignCache(
            es=f"{self.path} guarda vectores del modelo «{found}», no de «{self.fingerprint}». "
            "Bórrelo para calcularlos de nuevo o indique otra carpeta.",
            en=f"{self.path} holds vectors of the model “{found}”, not of “{self.fingerprint}”. "
            "Delete it to have them computed again, or name another folder.",
            path=str(self.path),
            found=found,
            expected=self.fingerprint,
        )

    def _write(self, keys: Sequence[bytes], added: Readings) -> None:
        """Write old and new rows to a fresh file beside the old one, then put it in its place."""
        old = [] if self._held is None else [self._held]
        everything = [*old, added]
        columns: list[list[NDArray[Any]]] = [
            [np.frombuffer(b"".join(keys), np.uint8)],
            [part.counts.astype(np.int32) for part in everything],
            [part.whole for part in everything],
            [part.scales for part in everything],
            [part.words for part in everything],
        ]
        parts = [np.ascontiguousarray(array).data for column in columns for array in column if array.size]
        checksum = 0
        for part in parts:
            checksum = zlib.crc32(part, checksum)
        header = json.dumps(
            {
                "fingerprint": self.fingerprint,
                "dimension": added.whole.shape[1],
                "texts": len(keys),
                "words": sum(len(part.words) for part in everything),
                "crc32": checksum,
            }
        ).encode()
        frame = MAGIC + _FRAME.pack(len(header), zlib.crc32(header)) + header
        number, name = tempfile.mkstemp(prefix=".vectors-", dir=self.path.parent)
        try:
            with os.fdopen(number, "wb") as handle:
                handle.write(frame.ljust(HEADER_BYTES, b"\0"))
                for part in parts:
                    handle.write(part)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(name, self.path)
        except BaseException:
            os.unlink(name)
            raise


def _layout(header: dict[str, Any]) -> list[tuple[str, str, tuple[int, ...], int]]:
    """Return name, dtype, shape and bytes of every array in the order of the file."""
    texts, words, dimension = header["texts"], header["words"], header["dimension"]
    return [
        ("keys", f"V{KEY_BYTES}", (texts,), texts * KEY_BYTES),
        ("counts", "<i4", (texts,), 4 * texts),
        ("whole", "<f4", (texts, dimension), 4 * texts * dimension),
        ("scales", "<f4", (words,), 4 * words),
        ("words", "<i1", (words, dimension), words * dimension),
    ]
