"""A failed try is told as one and is no place where a practice ran, whoever counts."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.domain import Adoption
from recommender.network import NetworkIndex
from recommender.network.ecosystem import ecosystem
from recommender.places import Places
from recommender.record import record_features
from recommender.retrieval import practice_countries
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.surroundings import SurroundingsIndex
from tests.world import world
from training.history import read_records

PRACTICE, PLACE = "coast-0", "XX-S1-1"


@pytest.fixture(scope="module")
def catalogues():
    """The checkerboard, and the same with one try more that failed."""
    plain = world().catalogue
    failed = Adoption(PRACTICE, PLACE, 2020, None, "failed", None)
    return plain, replace(plain, adoptions=(*plain.adoptions, failed))


@pytest.mark.parametrize("outcome", ["tried", "adopted", "sustained", None])
def test_every_outcome_but_failure_counts_as_having_run(outcome):
    assert Adoption(PRACTICE, PLACE, None, None, outcome, None).ran
    assert not Adoption(PRACTICE, PLACE, None, None, "failed", None).ran


def test_a_failed_try_changes_no_place_no_count_and_no_country(catalogues):
    plain, tried = catalogues

    assert np.array_equal(Places.build(plain).territory, Places.build(tried).territory)
    for name, column in record_features(plain).items():
        assert np.array_equal(column, record_features(tried)[name], equal_nan=True)
    assert practice_countries(plain) == practice_countries(tried)


def test_a_failed_try_adds_nothing_to_the_ecosystem(catalogues):
    counted = []
    for catalogue in catalogues:
        surroundings = SurroundingsIndex.build(IndicatorMatrix.build(catalogue), catalogue)
        counted.append(ecosystem(catalogue, NetworkIndex.build(catalogue, surroundings)).territories)

    assert counted[0] == counted[1]


def test_a_failed_try_is_no_adoption_to_learn_from(catalogues):
    plain, tried = (read_records(catalogue, "es") for catalogue in catalogues)

    assert np.array_equal(plain.sites, tried.sites)
