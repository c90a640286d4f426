"""Probabilities that keep what they promise."""

import numpy as np
import pytest

from recommender.calibration import Calibration, brier_score, calibrate, expected_calibration_error


def test_a_known_logistic_law_is_found_again():
    rng = np.random.default_rng(0)
    score, rate = rng.normal(size=50_000), np.log(rng.uniform(0.02, 0.5, size=50_000))
    law = Calibration(-0.5, 1.5, 0.8)
    adopted = rng.uniform(size=50_000) < law.probability(score, rate)

    found = calibrate(score, rate, adopted)

    assert (found.intercept, found.slope, found.rate_slope) == pytest.approx((-0.5, 1.5, 0.8), abs=0.08)
    assert expected_calibration_error(found.probability(score, rate), adopted) < 0.01


def test_a_higher_score_never_means_a_lower_probability():
    score = np.linspace(-5, 5, 200)

    found = calibrate(score, np.zeros(200), score < 0)  # the world is upside down

    assert (np.diff(found.probability(score, np.zeros(200))) >= 0).all()


def test_probabilities_stay_within_bounds_whatever_the_score():
    chances = Calibration(0, 100, 1).probability(np.array([-1e9, 0, 1e9]), np.zeros(3))

    assert ((chances > 0) & (chances < 1)).all()


def test_calibration_errors_worked_by_hand():
    promised, happened = np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, False, True, False])

    assert expected_calibration_error(promised, happened, bins=2) == pytest.approx((0.1 + 0.4) / 2)
    assert brier_score(promised, happened) == pytest.approx((0.01 + 0.01 + 0.01 + 0.81) / 4)
