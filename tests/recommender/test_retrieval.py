import numpy as np
import pytest

from recommender import retrieval
from recommender.retrieval import candidates, fuse


def test_fusion_gives_the_fractions_of_the_paper():
    dense = np.array([0.9, 0.5, 0.1])
    lexical = np.array([2.0, 8.0, np.nan])

    fused = fuse([dense, lexical])

    assert fused == pytest.approx([1 / 61 + 1 / 62, 1 / 62 + 1 / 61, 1 / 63])


def test_a_small_catalogue_is_scored_whole_but_for_what_filters_leave_out():
    eligible = np.array([True, False, True])

    assert candidates(eligible, [np.array([0.1, 9.0, 0.2])]).tolist() == [0, 2]


def test_a_large_catalogue_sends_on_the_best_of_either_list(monkeypatch):
    monkeypatch.setattr(retrieval, "SCORE_ALL", 3)
    monkeypatch.setattr(retrieval, "CANDIDATES", 2)
    dense = np.array([0.9, 0.1, 0.2, 0.3])
    lexical = np.array([1.0, 2.0, 3.0, 9.0])

    rows = candidates(np.ones(4, dtype=bool), [dense, lexical])

    assert rows.tolist() == [0, 3]
