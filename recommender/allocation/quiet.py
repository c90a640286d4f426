"""Silence for a library that prints by itself: HiGHS writes a line of its own to the standard output."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OUTPUT = 1
"""File descriptor of the standard output; code outside Python writes there directly."""
_GATE = threading.Lock()
_SILENT: list[int] = []
"""Threads that ask for silence, each by the descriptor kept for all; the last one restores it."""


@contextmanager
def quiet_output() -> Iterator[None]:
    """Lead the process's standard output to nowhere meanwhile; nested and parallel calls are one silence.

    What Python itself has buffered for the output is written when the buffer is flushed, as ever. Where
    there is no standard output there is nothing to silence.
    """
    _hush()
    try:
        yield
    finally:
        _restore()


def _hush() -> None:
    with _GATE:
        if _SILENT:
            _SILENT.append(_SILENT[0])
            return
        try:
            kept = os.dup(OUTPUT)
        except OSError:  # closed: nothing can be printed
            kept = -1
        if kept >= 0:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, OUTPUT)
            os.close(nowhere)
        _SILENT.append(kept)


def _restore() -> None:
    with _GATE:
        kept = _SILENT.pop()
        if not _SILENT and kept >= 0:
            os.dup2(kept, OUTPUT)
            os.close(kept)
