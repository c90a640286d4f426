"""Vectors that were computed once and are never computed again: one memory-mapped file."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.domain import ForeignCache

LOG = logging.getLogger(__name__)
MAGIC = b"ARVC1\n"
HEADER_BYTES = 1024  # keys start here, so they and the vectors are aligned
KEY_BYTES = 16
_FRAME = struct.Struct("<II")  # length of the header's JSON, its CRC-32

Keys = NDArray[np.void]
Vectors = NDArray[np.float32]


class _Damaged(Exception):
    """The file is not what its own checksums say; internal: the cache starts again from nothing."""


def content_key(text: str, kind: str) -> bytes:
    """Return the 16-byte hash by which the vector of `text`, encoded as `kind`, is found again."""
    return blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


class VectorCache:
    """Content hash -> float32 vector, in ``<folder>/vectors.bin``.

    The file holds a header (model fingerprint, dimension, count, checksums), the keys, the vectors. It is
    replaced in one step and never edited, so readers of the old file are not disturbed; a lock file makes
    two processes that add at the same time take turns, the second keeping what the first added.

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
        self._vectors: Vectors | None = None
        self._stamp: tuple[int, int] | None = None
        self._refresh()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, keys: Sequence[bytes]) -> tuple[Vectors | None, NDArray[np.bool_]]:
        """Look up many keys.

        Returns
        -------
        vectors : float32 [len(keys), d] or None
            Rows of keys not known are zero; None while the cache is empty (its dimension is not known).
        known : bool [len(keys)]
            Which rows were found.
        """
        rows = np.array([self._rows.get(key, -1) for key in keys], dtype=np.int64)
        known = rows >= 0
        if self._vectors is None:
            return None, known
        found = np.zeros((len(keys), self._vectors.shape[1]), np.float32)
        found[known] = self._vectors[rows[known]]
        return found, known

    def add(self, fresh: Mapping[bytes, Vectors]) -> None:
        """Add vectors (each float32 [d]); what another process added meanwhile is kept."""
        if not fresh:
            return
        with self._lock():
            self._refresh()
            new = {key: vector for key, vector in fresh.items() if key not in self._rows}
            if new:
                self._write(new)
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
            keys, vectors = self._read()
        except _Damaged as damage:
            LOG.warning("%s is damaged (%s): its vectors will be computed again", self.path, damage)
            self._rows, self._vectors, self._stamp = {}, None, None
            return
        self._rows = {key: row for row, key in enumerate(keys.tolist())}
        self._vectors, self._stamp = vectors, (status.st_ino, status.st_mtime_ns)

    def _read(self) -> tuple[Keys, Vectors]:
        with open(self.path, "rb") as handle:
            head = handle.read(HEADER_BYTES)
        start = len(MAGIC) + _FRAME.size
        if len(head) < HEADER_BYTES or not head.startswith(MAGIC):
            raise _Damaged("no header")
        length, checksum = _FRAME.unpack_from(head, len(MAGIC))
        raw = head[start : start + length]
        if zlib.crc32(raw) != checksum:
            raise _Damaged("header checksum")
        header = json.loads(raw)
        if header["fingerprint"] != self.fingerprint:
            raise self._foreign(header["fingerprint"])
        count, dimension = header["count"], header["dimension"]
        size = HEADER_BYTES + count * (KEY_BYTES + 4 * dimension)
        if self.path.stat().st_size != size:
            raise _Damaged(f"not {size} bytes")
        body = np.memmap(self.path, np.uint8, "r", HEADER_BYTES)
        if zlib.crc32(body.data) != header["crc32"]:
            raise _Damaged("checksum")
        keys: Keys = body[: count * KEY_BYTES].view(f"V{KEY_BYTES}")
        vectors: Vectors = body[count * KEY_BYTES :].view(np.float32).reshape(count, dimension)
        return keys, vectors

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

    def _write(self, new: Mapping[bytes, Vectors]) -> None:
        """Write old and new rows to a fresh file beside the old one, then put it in its place."""
        added = np.stack(list(new.values())).astype(np.float32, copy=False)
        old = self._vectors if self._vectors is not None else np.empty((0, added.shape[1]), np.float32)
        keys = b"".join([*self._rows, *new])
        parts = (keys, np.ascontiguousarray(old).data, added.data)
        checksum = 0
        for part in parts:
            checksum = zlib.crc32(part, checksum)
        header = json.dumps(
            {
                "fingerprint": self.fingerprint,
                "dimension": added.shape[1],
                "count": len(old) + len(added),
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
