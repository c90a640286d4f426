"""Standardised mean differences and Tipton's index, where the answer is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from recommender.domain import Observation, Territory
from recommender.territory.indicators import IndicatorMatrix
from recommender.transfer.generality import bandwidth, generality, overlap
from tests.world import world


def matrix(values, level="admin2"):
    """One country of as many cantons as values, with one indicator."""
    places = [Territory("XX", "XX", "country", country_id="XX")]
    places += [Territory(f"XX-{n:03}", str(n), level, "XX", country_id="XX") for n in range(len(values))]
    observations = [
        Observation(place.id, "school_attendance", 2022, float(value), "invented")
        for place, value in zip(places[1:], values, strict=True)
    ]
    catalogue = replace(
        world().catalogue, territories={place.id: place for place in places}, observations=tuple(observations)
    )
    return IndicatorMatrix.build(catalogue)


def importance(table):
    return np.array([1.0 if id == "school_attendance" else 0.0 for id in table.indicator_ids])


@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0])
def test_the_index_of_two_normal_samples_is_the_one_in_the_books(apart):
    even = norm.ppf((np.arange(2000) + 0.5) / 2000)

    # Bhattacharyya coefficient of two normals of variance 1: exp(-distance^2 / 8)
    assert overlap(even, even + apart) == pytest.approx(np.exp(-(apart**2) / 8), abs=0.01)


def test_the_bandwidth_is_silvermans():
    values = np.arange(10.0)  # sd 3.0277, quartiles 2.25 and 6.75: 4.5 / 1.34 = 3.358

    assert bandwidth(values) == pytest.approx(0.9 * 3.0276503540974917 * 10**-0.2)


def test_values_without_spread_have_no_index():
    assert overlap(np.ones(12), np.arange(12.0)) is None


def test_places_like_all_others_generalise_and_places_apart_do_not():
    table = matrix(np.arange(60.0))
    every_fourth, lowest = np.arange(1, 49, 4), np.arange(1, 13)

    alike = generality(table, every_fourth, 60, importance(table))
    apart = generality(table, lowest, 60, importance(table))

    assert alike.places == apart.places == 12
    assert alike.index > 0.9 and alike.band == "very_high"
    assert apart.index < alike.index
    assert apart.target_inside is False
    assert apart.covariates[0].flagged


def test_the_standardised_mean_difference_is_worked_by_hand():
    table = matrix([0.0, 2.0] * 6 + [1.0, 3.0] * 6)  # the practice ran in the first twelve
    sample = np.arange(1, 13)

    found = generality(table, sample, 24, importance(table))

    # sample mean 1; population 1, 3, ... mean 2, sd 1: one less. The target has 3: one more
    (covariate,) = found.covariates
    assert covariate.smd == pytest.approx(-1.0)
    assert covariate.here == pytest.approx(1.0)
    assert (found.places, found.population) == (12, 12)


def test_nine_places_give_no_index_and_equal_questions_equal_answers():
    table = matrix(np.arange(60.0))

    assert generality(table, np.arange(1, 10), 60, importance(table)) is None
    first, second = (generality(table, np.arange(1, 13), 60, importance(table)) for _ in range(2))
    assert first == second
