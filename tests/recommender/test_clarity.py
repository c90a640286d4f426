"""What counts as answered is learned from the catalogue's own titles."""

import numpy as np
import pytest

from recommender.text.clarity import Clarity, PlaceNames, Signs, best_answers


def signs(words, whole=0.8, spoken=3.0, practices=10):
    """Every practice answers the words so well, is so near as a whole; so much is recognised."""
    return Signs(
        np.arange(practices), np.full(practices, float(words)), np.full(practices, whole, np.float32), spoken
    )


def titles(reached, **others):
    """One title a practice, its words answered so well by every practice, and perfectly by its own."""
    for practice, value in enumerate(reached):
        asked = signs(value, practices=len(reached), **others)
        asked.words[practice] = 1.0
        yield practice, asked


def test_a_title_is_not_answered_by_its_own_practice():
    learned = Clarity.learn(titles([0.4] * 30))

    assert learned.centre[0] == pytest.approx(0.4)


def test_all_but_the_weakest_twentieth_are_clear_and_below_a_fortieth_there_is_no_answer():
    learned = Clarity.learn(titles(np.linspace(0.3, 0.5, 41)))

    # answers to words are all that differs: the third of 41 titles is clear, the second is noise
    assert learned.of(signs(0.31001)) == 1.0
    assert learned.of(signs(0.3075)) == pytest.approx(0.325)  # half-way between: 0.1 + 0.9 / 4
    assert learned.of(signs(0.30499)) == pytest.approx(0.1)
    assert learned.of(signs(0.0)) == 0.1


def test_one_sign_makes_up_for_another_in_standard_deviations():
    every = list(titles([0.3] * 15 + [0.5] * 15, spoken=0.0))
    every = [(at, Signs(s.practices, s.words, s.whole, float(at % 2))) for at, s in every]

    learned = Clarity.learn(every)  # both signs have two values: one standard deviation each side

    assert learned.clear == pytest.approx(-2.0)
    assert learned.of(signs(0.3, spoken=0.0)) == 1.0
    assert learned.of(signs(0.21, spoken=0.0)) == pytest.approx(0.1)
    assert learned.of(signs(0.21, spoken=1.0)) == 1.0
    assert learned.of(signs(0.3, whole=-0.3, spoken=0.0)) == pytest.approx(0.1)


def test_with_too_few_titles_nothing_is_called_vague():
    assert Clarity.learn(titles([0.4] * 5)).of(signs(0.01)) == 1.0


def test_nothing_compared_is_as_vague_as_can_be():
    assert Clarity.learn(titles([0.4] * 30)).of(signs(np.nan, practices=3)) == 0.1


def test_the_best_are_at_most_ten_and_at_most_one_in_twenty_five():
    assert best_answers(np.arange(100.0)) == pytest.approx(97.5)
    assert best_answers(np.arange(1000.0)) == pytest.approx(994.5)
    assert best_answers(np.array([0.2, np.nan, 0.9])) == 0.9


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Santa Elena", True),
        ("santa elena, MACARA.", True),
        ("La Paz", True),
        ("paz", False),
        ("vivienda en Macará", False),
        ("", False),
        ("渡り", False),
    ],
)
def test_names_of_places_alone_say_where_and_nothing_of_what(text, alone):
    assert PlaceNames(["Santa Elena", "Macará", "La Paz", "渡"]).alone(text) is alone
