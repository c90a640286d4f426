"""What counts as answered is learned from the catalogue's own titles."""

import numpy as np
import pytest

from recommender.text.clarity import Clarity, best_answers


def titles(reached):
    """One title a practice, each answered so well by every practice, and perfectly by its own."""
    for practice, value in enumerate(reached):
        scores = np.full(len(reached), float(value))
        scores[practice] = 1.0
        yield practice, scores


def test_a_title_is_not_answered_by_its_own_practice():
    learned = Clarity.learn(titles([0.4] * 30))

    assert learned.clear == learned.usual == pytest.approx(0.4)


def test_all_but_the_weakest_twentieth_are_clear():
    learned = Clarity.learn(titles(np.linspace(0.3, 0.5, 21)))

    assert learned.clear == pytest.approx(0.31)  # the second of 21
    assert learned.usual == pytest.approx(0.4)
    assert learned.of(np.full(10, 0.31)) == 1.0
    # half as far below clear as usual is above it: half
    assert learned.of(np.full(10, 0.31 - 0.045)) == pytest.approx(0.5)
    assert learned.of(np.full(10, 0.0)) == 0.1


def test_with_too_few_titles_nothing_is_called_vague():
    assert Clarity.learn(titles([0.4] * 5)).of(np.full(10, 0.01)) == 1.0


def test_nothing_compared_is_as_vague_as_can_be():
    assert Clarity.learn(titles([0.4] * 30)).of(np.full(3, np.nan)) == 0.1


def test_the_best_are_at_most_ten_and_at_most_one_in_twenty_five():
    assert best_answers(np.arange(100.0)) == pytest.approx(97.5)
    assert best_answers(np.arange(1000.0)) == pytest.approx(994.5)
    assert best_answers(np.array([0.2, np.nan, 0.9])) == 0.9
