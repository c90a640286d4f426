import numpy as np

from recommender.rerank import diversify

SHELTER, JOBS = [1.0, 0.0], [0.0, 1.0]


def test_the_best_row_stays_first_and_a_nearly_equal_row_of_another_kind_comes_second():
    score = np.array([2.00, 1.99, 1.95])
    traits = np.array([SHELTER, SHELTER, JOBS])

    order = diversify(score, traits, k=3, strength=0.25)

    assert order.tolist() == [0, 2, 1]


def test_a_clearly_better_row_is_not_moved_for_variety():
    score = np.array([2.0, 1.9, 0.5])
    traits = np.array([SHELTER, SHELTER, JOBS])

    assert diversify(score, traits, k=3, strength=0.25).tolist() == [0, 1, 2]


def test_no_strength_leaves_the_order_by_score():
    score = np.array([3.0, 2.9, 2.8, 2.7])
    traits = np.array([SHELTER, SHELTER, SHELTER, JOBS])

    assert diversify(score, traits, k=4, strength=0.0).tolist() == [0, 1, 2, 3]


def test_rows_beyond_three_times_the_answer_never_jump_in():
    score = np.linspace(1.0, 0.99, 7)
    traits = np.array([SHELTER] * 6 + [JOBS])

    assert 6 not in diversify(score, traits, k=2, strength=5.0)


def test_rows_without_traits_lose_nothing():
    score = np.array([1.0, 0.9, 0.85])
    traits = np.array([SHELTER, SHELTER, [0.0, 0.0]])

    assert diversify(score, traits, k=3, strength=0.25).tolist() == [0, 2, 1]


def test_fewer_rows_than_wanted_gives_all_of_them():
    assert diversify(np.array([1.0]), np.array([SHELTER]), k=10).tolist() == [0]


def test_no_rows_gives_none():
    assert diversify(np.zeros(0), np.zeros((0, 2)), k=10).tolist() == []
