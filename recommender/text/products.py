"""Products of rounded vectors: exact sums of integers, by the fastest way at hand."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

Rounded = NDArray[np.int8]

BLOCK = 8192
"""Rows multiplied at a time where whole numbers have to be multiplied as floating point numbers."""


def integer_products(left: Rounded, right: Rounded) -> NDArray[np.float32]:
    """Return ``left @ right.T`` as whole numbers, exactly.

    PyTorch multiplies 8-bit integers some ten times as fast as numpy multiplies the same vectors in single
    precision, and is loaded wherever a text was just read. It is never loaded for this alone: without
    it numpy gives the same numbers, because sums below 2^24 are exact in single precision.

    Parameters
    ----------
    left : int8 [q, d]
    right : int8 [n, d]
        With d at most 1,040, so that no sum reaches 2^24.

    Returns
    -------
    float32 [q, n]
    """
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "_int_mm") and len(left) and len(right):
        sums = torch._int_mm(torch.from_numpy(left), torch.from_numpy(right).T)
        exact: NDArray[np.float32] = sums.to(torch.float32).numpy()
        return exact
    out = np.empty((len(left), len(right)), np.float32)
    numbers = left.astype(np.float32)
    for start in range(0, len(right), BLOCK):
        out[:, start : start + BLOCK] = numbers @ right[start : start + BLOCK].astype(np.float32).T
    return out
