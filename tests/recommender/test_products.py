"""Products of whole numbers are exact, with PyTorch and without, on every processor."""

import os
import subprocess
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


LARGEST_ON_AN_OLDER_PROCESSOR = """
import numpy as np
import torch
from recommender.text.products import integer_products

vectors = np.full((9, 384), 127, np.int8)
vectors[::2] *= -1
print((integer_products(vectors, vectors) == vectors.astype(int) @ vectors.astype(int).T).all())
"""


@pytest.mark.parametrize("instructions", ["SSE41", "AVX2", "AVX512_CORE"])
def test_every_sum_is_exact_where_the_processor_has_no_sums_of_8_bit_products(instructions):
    ran = subprocess.run(  # the kernels are chosen once in a process
        [sys.executable, "-c", LARGEST_ON_AN_OLDER_PROCESSOR],
        env=os.environ | {"ONEDNN_MAX_CPU_ISA": instructions},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.strip() == "True"
