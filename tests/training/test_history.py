from dataclasses import replace

import numpy as np
import pytest

from recommender.domain import Indicator, Observation, Text
from training.history import read_records


@pytest.fixture
def records(catalogue_of):
    places = {"X-2": ("X", 0.0, 90.0), "X-1": ("X", 0.0, 0.0), "Y-1": ("Y", None, None)}
    practices = {"b": ("Wells", 1990, {"X-1": 1991, "Y-1": None}), "a": ("Roads", None, {"X-2": 1985})}
    return read_records(catalogue_of(places, practices, borders=[("X-1", "X-2")]))


def test_rows_and_columns_are_in_the_order_of_ids(records):
    assert records.practice_ids.tolist() == ["a", "b"]
    assert records.places.ids.tolist() == ["X-1", "X-2", "Y-1"]
    assert records.sites.tolist() == [[False, True, False], [True, False, True]]


def test_unknown_years_stay_unknown(records):
    assert np.isnan(records.start_years[0])
    assert records.sites[1, 2] and np.isnan(records.years[1, 2])


def test_a_text_is_title_space_summary(records):
    assert records.texts.tolist() == ["Roads ", "Wells "]


def test_borders_and_distances_follow_the_package(records):
    assert records.places.borders.tolist() == [
        [False, True, False],
        [False, False, False],
        [False, False, False],
    ]
    assert records.places.distance_km[0, 1] == pytest.approx(np.pi / 2 * 6371.0088)
    assert np.isnan(records.places.distance_km[0, 2])


def test_only_first_order_divisions_are_sites(catalogue_of):
    practices = {"a": ("Roads", 1990, ["X-1", "X"])}

    assert read_records(catalogue_of({"X-1": ("X", 0.0, 0.0)}, practices)).sites.tolist() == [[True]]


def test_an_earlier_cutoff_forgets_practices_and_adoptions(episode_of):
    years = [[1980, 1988], [1989, np.nan]]
    history = episode_of([[1, 1], [1, 0]], [[0, 0]], years=years).history

    earlier = history.until(1985)

    assert earlier.cutoff == 1985
    assert earlier.sites.tolist() == [[True, False], [False, False]]
    assert np.nanmax(earlier.years) == 1980
    assert history.until(2000).cutoff == 1990


def test_standings_are_those_observed_by_the_cutoff(catalogue_of):
    places = {f"t{i}": ("X", float(i), 0.0) for i in range(5)}
    plain = catalogue_of(places, {"p": ("policy", 1980, {"t0": 1980})})
    observed = [
        Observation(f"t{i}", "income", year, value * i, None)
        for i in range(5)
        for year, value in ((1980, 1.0), (1995, -1.0))
    ]
    income = Indicator("income", Text({"en": "income"}), Text(), "USD", "context", "made up")
    records = read_records(replace(plain, indicators={"income": income}, observations=observed))

    early, late = records.standings_at(1990), records.standings_at(1999)

    assert early.shape == (5, 1)
    assert early[4, 0] > 0 > late[4, 0]
