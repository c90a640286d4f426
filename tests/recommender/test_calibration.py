"""Probabilities that keep what they promise."""

import numpy as np
import pytest

from recommender.adoption.calibration import (
    Calibration,
    brier_score,
    calibrate,
    coverage,
    expected_calibration_error,
    tens,
)


def test_a_known_logistic_law_is_found_again():
    rng = np.random.default_rng(0)
    score, rate = rng.normal(size=50_000), np.log(rng.uniform(0.02, 0.5, size=50_000))
    law = Calibration(-0.5, 1.5, 0.8)
    adopted = rng.uniform(size=50_000) < law.probability(score, rate)

    found = calibrate(score, rate, adopted, np.arange(50_000) // 20)

    assert (found.intercept, found.slope, found.rate_slope) == pytest.approx((-0.5, 1.5, 0.8), abs=0.08)
    assert expected_calibration_error(found.probability(score, rate), adopted) < 0.01


def test_a_higher_score_never_means_a_lower_probability():
    score = np.linspace(-5, 5, 200)

    found = calibrate(score, np.zeros(200), score < 0, np.zeros(200, int))  # the world is upside down

    assert (np.diff(found.probability(score, np.zeros(200))) >= 0).all()


def test_probabilities_stay_within_bounds_whatever_the_score():
    chances = Calibration(0, 100, 1).probability(np.array([-1e9, 0, 1e9]), np.zeros(3))

    assert ((chances > 0) & (chances < 1)).all()


def test_calibration_errors_worked_by_hand():
    promised, happened = np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, False, True, False])

    assert expected_calibration_error(promised, happened, bins=2) == pytest.approx((0.1 + 0.4) / 2)
    assert brier_score(promised, happened) == pytest.approx((0.01 + 0.01 + 0.01 + 0.81) / 4)


def test_the_interval_holds_what_it_promises_on_pairs_it_has_not_seen():
    rng = np.random.default_rng(1)
    score, rate = rng.normal(size=40_000), np.zeros(40_000)
    adopted = rng.uniform(size=40_000) < Calibration(-1, 1, 1).probability(score, rate)
    query, half = np.arange(40_000) // 40, np.arange(40_000) < 20_000

    found = calibrate(score[half], rate[half], adopted[half], query[half])
    chance = found.probability(score[~half], rate[~half])
    inside, width = coverage(found, chance, adopted[~half], query[~half])

    assert 0.88 < inside < 0.92
    assert 0 < width < 0.6


@pytest.mark.parametrize("rate", [0.1, 0.2])
def test_an_interval_that_begins_at_nobody_holds_no_more_than_it_promises(rate):
    rng = np.random.default_rng(2)
    score, rates = rng.normal(size=80_000) / 2, np.full(80_000, np.log(rate / (1 - rate)))
    adopted = rng.uniform(size=80_000) < Calibration(0, 1, 1).probability(score, rates)
    query, half = np.arange(80_000) // 40, np.arange(80_000) < 40_000

    found = calibrate(score[half], rates[half], adopted[half], query[half])
    chance = found.probability(score[~half], rates[~half])
    inside, _ = coverage(found, chance, adopted[~half], query[~half])

    assert found.interval(np.array([rate]))[0] == 0  # more than a twentieth of the groups saw nobody
    assert 0.88 < inside < 0.94  # shares of ten come in tenths: hardly ever 90 % to the point


def test_groups_of_ten_are_made_within_a_question_best_first():
    chance = np.concatenate([np.linspace(0, 1, 20), np.full(4, 0.5)])
    query = np.repeat([0, 1], [20, 4])  # four pairs are too few for a group

    promised, observed, pairs = tens(chance, chance > 0.5, query)

    assert list(pairs) == [10, 10]
    assert promised[0] > promised[1]
    assert list(observed) == [1.0, 0.0]


def test_the_interval_stays_within_bounds():
    low, high = Calibration(0, 1, 1).interval(np.array([0.0, 0.5, 1.0]))

    assert (low >= 0).all() and (high <= 1).all() and (low < high).all()
