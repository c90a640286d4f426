from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from recommender.package import read_packages
from recommender.territory.indicators import IndicatorMatrix, standing
from tests.world import COAST, row, world

ECUADOR = Path(__file__).parents[2] / "data" / "ecuador"


@cache
def matrix() -> IndicatorMatrix:
    return IndicatorMatrix.build(world().catalogue)


@cache
def ecuador() -> IndicatorMatrix:
    return IndicatorMatrix.build(read_packages([ECUADOR]))


def at(made: IndicatorMatrix, territory: str, indicator: str) -> tuple[int, int]:
    return row(made.territory_ids, territory), row(made.indicator_ids, indicator)


def test_the_latest_year_counts_and_keeps_its_source():
    cell = at(matrix(), "XX-C1-1", "fish_spoiled_share")
    assert matrix().values[cell] == 50  # 99 in 2010
    assert matrix().years[cell] == 2022
    assert matrix().source(*cell) == "invented"


def test_until_a_year_later_observations_do_not_exist():
    past = IndicatorMatrix.build(world().catalogue, until=2010)
    assert past.values[at(past, "XX-C1-1", "fish_spoiled_share")] == 99
    assert np.isfinite(past.values).sum() == 1


def test_standing_is_distance_from_the_median_in_robust_deviations():
    # 50, 52 ... 60 and 10, 12 ... 20: median 35, absolute deviations 15, 15, 17, 17 ... 25, 25: median 20
    assert matrix().z[at(matrix(), "XX-C1-1", "fish_spoiled_share")] == pytest.approx(15 / (1.4826 * 20))
    assert matrix().z[at(matrix(), "XX-S1-1", "fish_spoiled_share")] == pytest.approx(-25 / (1.4826 * 20))


def test_percentile_is_the_share_below_with_half_of_the_ties():
    assert matrix().percentile[at(matrix(), "XX-C1-1", "fish_spoiled_share")] == pytest.approx(6.5 / 12)
    assert matrix().percentile[at(matrix(), "XX-C2-3", "fish_spoiled_share")] == pytest.approx(11.5 / 12)
    # eleven of twelve cantons have 10,000 people: ranks 2 to 12, mean 7
    assert matrix().percentile[at(matrix(), "XX-C2-3", "population")] == pytest.approx(6.5 / 12)


def test_provinces_stand_among_provinces_and_cantons_among_cantons():
    assert matrix().percentile[at(matrix(), "XX-C1", "fish_spoiled_share")] == pytest.approx(2.5 / 4)
    assert matrix().median[matrix().group[row(matrix().territory_ids, "XX-C1")]][3] == 35


def test_a_canton_borrows_its_provinces_value_and_says_so():
    cell = at(matrix(), "XX-C1-1", "documents_share")
    assert matrix().values[cell] == 40
    assert matrix().borrowed[cell]
    assert matrix().trust[cell] == 0.5
    assert matrix().territory_ids[matrix().origin[cell]] == "XX-C1"
    assert matrix().percentile[cell] == pytest.approx(0.5 / 4)  # among the provinces
    assert matrix().z[cell] == pytest.approx(-15 / (1.4826 * 10))


def test_what_neither_canton_nor_province_knows_stays_unknown():
    cell = at(matrix(), "XX-S2-3", "school_attendance")
    assert np.isnan(matrix().values[cell])
    assert np.isnan(matrix().z[cell])
    assert matrix().trust[cell] == 0
    assert matrix().years[cell] == 0
    assert matrix().source(*cell) is None


def test_the_national_value_is_never_borrowed():
    made = world().catalogue
    only_national = [o for o in made.observations if o.territory_id == "XX"]
    small = IndicatorMatrix.build(replace(made, observations=only_national))
    assert np.isfinite(small.values).sum() == 2


def test_a_country_alone_has_values_but_no_standing():
    cell = at(matrix(), "XX", "fish_spoiled_share")
    assert matrix().values[cell] == 35
    assert np.isnan(matrix().z[cell])
    assert matrix().trust[cell] == 0


def test_a_volatile_rate_is_shrunk_for_its_standing_and_shown_as_published():
    # XX-C1-1: (1,000 people x 100 + 10,000 x 20) / 11,000 = 27.3, still the highest of the cantons
    made = world().catalogue
    cell = at(matrix(), "XX-C1-1", "theft_rate")
    high = [o._replace(value=60.0) if o[:2] == ("XX-C1-2", "theft_rate") else o for o in made.observations]
    shrunk = IndicatorMatrix.build(replace(made, observations=high))
    # XX-C1-2 has 10,000 people: (10,000 x 60 + 10,000 x 20) / 20,000 = 40 is more than 27.3
    assert shrunk.values[cell] == 100
    assert shrunk.percentile[cell] == pytest.approx(10.5 / 12)
    assert shrunk.percentile[at(shrunk, "XX-C1-2", "theft_rate")] == pytest.approx(11.5 / 12)


def test_without_spread_in_the_middle_ranks_are_used():
    values = np.array([[0.0], [0.0], [0.0], [0.0], [9.0]])
    z, percentile = standing(values)
    assert percentile[:, 0] == pytest.approx([0.4, 0.4, 0.4, 0.4, 0.9])
    assert z[4, 0] == pytest.approx(1.28155, abs=1e-4)  # the normal score of 0.9


def test_a_share_that_is_near_nothing_in_most_places_is_ranked_too():
    values = np.concatenate([np.linspace(0, 1, 80), np.linspace(50, 90, 20)])[:, None]
    z, _ = standing(values)
    assert np.abs(z).max() < 3  # not 4, 4, 4 ... for a fifth of the places
    assert len(np.unique(z)) == 100


def test_a_single_extreme_is_clipped():
    values = np.append(np.linspace(-1, 1, 50), 1000.0)[:, None]
    z, _ = standing(values)
    assert z.max() == 4


def test_equal_values_stand_in_the_middle():
    z, percentile = standing(np.full((6, 1), 7.0))
    assert z[:, 0] == pytest.approx([0] * 6)
    assert percentile[:, 0] == pytest.approx([0.5] * 6)


def test_two_territories_of_a_kind_give_no_standing():
    assert np.isnan(standing(np.array([[1.0], [2.0]]))[0]).all()


def test_standard_deviations_are_of_the_published_values_of_every_canton():
    kind = matrix().group[row(matrix().territory_ids, COAST[0])]
    # deviations from 35: 15, 17 ... 25 twice; squares sum to 2 x 2,470 over 12 cantons
    assert matrix().sd[kind, row(matrix().indicator_ids, "fish_spoiled_share")] == pytest.approx(
        np.sqrt(2470 / 6)
    )


def test_a_catalogue_without_observations_knows_nothing():
    empty = IndicatorMatrix.build(replace(world().catalogue, observations=()))
    assert not empty.trust.any()
    assert np.isnan(empty.values).all()


def test_ecuador_lago_agrio_has_48_percent_social_security_and_stands_in_the_middle():
    made = ecuador()
    cell = at(made, "EC-2101", "social_security_share")
    assert made.values[cell] == 48.441
    assert made.years[cell] == 2022
    assert made.source(*cell) == "cpv2022-trabajo-8.1"
    assert made.percentile[cell] == pytest.approx(114.5 / 221)  # 114 of 221 cantons are below it
    # median 47.825, median absolute deviation 6.882
    assert made.z[cell] == pytest.approx((48.441 - 47.825) / (1.4826 * 6.882), abs=1e-4)
    assert made.sd[made.group[cell[0]], cell[1]] == pytest.approx(9.85328, abs=1e-4)


def test_ecuador_income_poverty_of_a_canton_is_the_provinces():
    made = ecuador()
    cell = at(made, "EC-2101", "income_poverty")
    assert made.values[cell] == 58.283
    assert made.years[cell] == 2024
    assert made.territory_ids[made.origin[cell]] == "EC-U"


def test_ecuador_a_canton_newer_than_the_census_borrows_everything_it_has():
    made = ecuador()
    new = row(made.territory_ids, "EC-1413")
    known = made.origin[new] >= 0
    assert known.sum() > 50
    assert made.borrowed[new][known].all()


def test_the_latest_population_counts_and_not_the_one_of_2010():
    made = ecuador()
    assert made.values[at(made, "EC-2101", "population")] == 105044
