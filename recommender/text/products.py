"""Products of rounded vectors: exact sums of integers, by the fastest way at hand."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rounded = NDArray[np.int8]

BLOCK = 8192
"""Rows multiplied at a time where whole numbers have to be multiplied as floating point numbers."""
LARGEST = 127
"""Largest 8-bit number of the vectors, either way."""
TRIED = ((1, 64, 5), (16, 384, 64))
"""Rows, dimensions and rows again of the products that are tried before PyTorch is trusted."""


def integer_products(left: Rounded, right: Rounded) -> NDArray[np.float32]:
    """Return ``left @ right.T`` as whole numbers, exactly.

    PyTorch multiplies 8-bit integers some ten times as fast as numpy multiplies the same vectors in single
    precision, and is loaded wherever a text was just read. It is never loaded for this alone: without
    it numpy gives the same numbers, because sums below 2^24 are exact in single precision. So it does on
    processors on which PyTorch's sums are not exact.

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
    if torch is not None and len(left) and len(right) and _is_exact(torch):
        sums = torch._int_mm(torch.from_numpy(left), torch.from_numpy(right).T)
        exact: NDArray[np.float32] = sums.to(torch.float32).numpy()
        return exact
    out = np.empty((len(left), len(right)), np.float32)
    numbers = left.astype(np.float32)
    for start in range(0, len(right), BLOCK):
        out[:, start : start + BLOCK] = numbers @ right[start : start + BLOCK].astype(np.float32).T
    return out


@cache
def _is_exact(torch: Any) -> bool:  # noqa: ANN401
    """Tell whether PyTorch multiplies 8-bit integers exactly here, by products of the largest numbers.

    On processors without instructions for sums of 8-bit products (VNNI) its kernels add two products at
    a time in 16 bits, which hold no more than 32,767: two of 127 x 127 come out smaller, without a word.
    """
    if not hasattr(torch, "_int_mm"):
        return False
    for rows, dimensions, others in TRIED:
        left = torch.full((rows, dimensions), LARGEST, dtype=torch.int8)
        right = torch.full((dimensions, others), LARGEST, dtype=torch.int8)
        if not bool((torch._int_mm(left, right) == LARGEST**2 * dimensions).all()):
            return False
    return True
