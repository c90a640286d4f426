"""Products of whole numbers are exact, with PyTorch and without."""

import sys

import numpy as np
import pytest

from recommender.text.products import BLOCK, integer_products

RNG = np.random.default_rng(7)


@pytest.mark.parametrize("loaded", [True, False])
@pytest.mark.parametrize(("left", "right"), [(1, 1), (9, 3), (17, BLOCK + 5), (0, 4), (4, 0)])
def test_every_sum_is_exact(monkeypatch, loaded, left, right):
    if loaded:
        import torch  # noqa: F401
    else:
        monkeypatch.delitem(sys.modules, "torch", raising=False)
    first = RNG.integers(-127, 128, (left, 384), dtype=np.int8)
    second = RNG.integers(-127, 128, (right, 384), dtype=np.int8)

    sums = integer_products(first, second)

    assert sums.shape == (left, right)
    assert (sums == first.astype(np.int64) @ second.astype(np.int64).T).all()
