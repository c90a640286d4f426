from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from recommender.domain import Adoption, Catalogue, Practice, Text
from recommender.package import read_packages
from recommender.territory.comparison import compare
from recommender.territory.context import FEATURES, ContextIndex
from recommender.territory.indicators import IndicatorMatrix
from tests.world import COAST, MOUNTAIN, row, world

ECUADOR = Path(__file__).parents[2] / "data" / "ecuador"


class Made(NamedTuple):
    catalogue: Catalogue
    index: ContextIndex

    def territory(self, id: str) -> int:
        return row(self.catalogue.territories, id)

    def practice(self, id: str) -> int:
        return row(self.catalogue.practices, id)


def build(catalogue: Catalogue, relevance: np.ndarray | None = None) -> Made:
    weights = world().relevance if relevance is None else relevance
    return Made(catalogue, ContextIndex.build(IndicatorMatrix.build(catalogue), catalogue, weights))


@cache
def made() -> Made:
    return build(world().catalogue)


def with_practice(adoptions: tuple[str, ...] = (), populations: tuple[str, ...] = ()) -> Made:
    """The checkerboard and a thirteenth practice, ``zz``, whose text names no indicator."""
    catalogue, relevance = world()
    practice = Practice("zz", Text({"en": "Another"}), Text({"en": "Another."}), populations=populations)
    more = [Adoption("zz", territory, None, None, None, None) for territory in adoptions]
    larger = replace(
        catalogue,
        practices={**catalogue.practices, "zz": practice},
        adoptions=[*catalogue.adoptions, *more],
    )
    return build(larger, np.vstack([relevance, np.zeros((1, relevance.shape[1]), dtype=np.float32)]))


@pytest.mark.parametrize("number", range(6))
def test_the_withheld_practice_is_aligned_and_alike_and_the_wrong_kind_is_not(number):
    for kind, other, cantons in (("coast", "mountain", COAST), ("mountain", "coast", MOUNTAIN)):
        features = made().index.features(made().territory(cantons[number]))
        withheld = made().practice(f"{kind}-{number}")
        wrong = [made().practice(f"{other}-{n}") for n in range(6)]
        for name in ("need_alignment", "likeness_nearest", "likeness_mean"):
            assert features[name][withheld] > features[name][wrong].max()


def test_need_alignment_is_the_weighted_standing_on_the_need_indicators():
    # XX-C1-1, coast-0: fish (weight 0.6, own value) stands at 6.5/12, so 2 x 6.5/12 - 1 = 1/12;
    # documents (0.2, borrowed: trusted half), fewer documents are more need: 1 - 2 x 0.5/4 = 3/4;
    # altitude (0.2) is no need, so four fifths of the text speak of needs
    found = made().index.features(made().territory("XX-C1-1"))["need_alignment"]
    assert found[made().practice("coast-0")] == pytest.approx(0.8 * (0.6 / 12 + 0.1 * 0.75) / 0.7, abs=1e-6)
    # mountain-0: frost stands at 0.5/12
    assert found[made().practice("mountain-0")] == pytest.approx(
        0.8 * (-0.6 * 11 / 12 + 0.1 * 0.75) / 0.7, abs=1e-6
    )


def test_the_drivers_of_need_carry_figures_and_sum_to_the_feature():
    territory, practice = made().territory("XX-C1-1"), made().practice("coast-0")
    drivers = made().index.need_drivers(practice, territory)
    assert [driver.indicator_id for driver in drivers] == ["documents_share", "fish_spoiled_share"]
    assert sum(driver.share for driver in drivers) == pytest.approx(
        made().index.features(territory)["need_alignment"][practice], abs=1e-6
    )
    documents, fish = drivers
    assert (documents.value, documents.borrowed, documents.from_id, documents.need) == (40, True, "XX-C1", -1)
    assert (fish.value, fish.year, fish.borrowed, fish.median, fish.weight) == (50, 2022, False, 35, 1.0)


def test_likeness_is_one_where_places_are_equal_and_says_nothing_at_that_of_random_places():
    catalogue = world().catalogue
    others = [o for o in catalogue.observations if o.territory_id != "XX-C1-2"]
    copies = [o._replace(territory_id="XX-C1-2") for o in others if o.territory_id == "XX-C1-1"]
    equal = build(replace(catalogue, observations=[*others, *copies]))
    found = equal.index.features(equal.territory("XX-C1-1"))
    assert found["likeness_nearest"][equal.practice("coast-2")] == pytest.approx(1.0, abs=1e-5)
    spec = next(spec for spec in FEATURES if spec.name == "likeness_nearest")
    assert spec.neutral == pytest.approx(np.exp(-1), abs=1e-4)


def test_likeness_is_worked_by_hand_for_one_place():
    # zz ran in XX-C1-2 only and names nothing, so that all eight indicators count evenly. Differences
    # of standing between XX-C1-1 and XX-C1-2, from the matrix; documents are borrowed on both sides.
    found = with_practice(("XX-C1-2",))
    matrix = found.index.matrix
    here, there = found.territory("XX-C1-1"), found.territory("XX-C1-2")
    trust = np.ones(8)
    trust[row(matrix.indicator_ids, "documents_share")] = 0.25
    squared = (matrix.z[here].astype(float) - matrix.z[there]) ** 2
    expected = np.exp(-0.5 * (trust * squared).sum() / trust.sum())
    features = found.index.features(here)
    assert features["likeness_nearest"][found.practice("zz")] == pytest.approx(expected, abs=1e-5)
    assert features["likeness_mean"][found.practice("zz")] == pytest.approx(expected, abs=1e-5)


def test_the_nearest_place_is_more_alike_than_the_mean_of_unlike_places():
    found = with_practice(("XX-C2-3", "XX-S2-3"))
    here = found.territory("XX-C2-2")
    features, practice = found.index.features(here), found.practice("zz")
    assert features["likeness_mean"][practice] < features["likeness_nearest"][practice]
    assert found.index.origin(practice, here) == found.territory("XX-C2-3")


def test_a_place_is_never_its_own_origin():
    found = with_practice(("XX-C1-1",))
    here, practice = found.territory("XX-C1-1"), found.practice("zz")
    assert np.isnan(found.index.features(here)["likeness_nearest"][practice])
    assert found.index.origin(practice, here) is None
    assert found.index.differences(practice, here) == []
    assert np.isfinite(found.index.features(found.territory("XX-C1-2"))["likeness_nearest"][practice])


def test_a_practice_known_only_for_the_whole_country_has_no_origin_context():
    found = with_practice(("XX",))
    here, practice = found.territory("XX-C1-1"), found.practice("zz")
    block = found.index.block(None, np.array([here]))
    assert np.isnan(block.features["likeness_nearest"][practice, 0])
    assert np.isnan(block.features["likeness_mean"][practice, 0])
    assert np.isnan(block.coverage["likeness"][practice, 0])
    assert found.index.differences(practice, here) == []
    assert found.index.alikes(practice, here) == []


def test_a_place_where_it_failed_is_no_origin():
    catalogue, relevance = world()
    failed = [a._replace(outcome="failed") if a.practice_id == "coast-0" else a for a in catalogue.adoptions]
    found = build(replace(catalogue, adoptions=failed), relevance)
    features = found.index.features(found.territory("XX-C1-1"))
    assert np.isnan(features["likeness_nearest"][found.practice("coast-0")])


def test_a_text_that_names_no_indicator_has_no_need_alignment():
    found = with_practice(("XX-C1-2",))
    here, practice = found.territory("XX-C1-1"), found.practice("zz")
    block = found.index.block(None, np.array([here]))
    assert np.isnan(block.features["need_alignment"][practice, 0])
    assert np.isnan(block.coverage["need"][practice, 0])
    assert found.index.need_drivers(practice, here) == []


def test_a_country_alone_is_compared_with_nothing():
    for name, values in made().index.features(made().territory("XX")).items():
        assert np.isnan(values).all(), name


def test_a_province_is_asked_about_like_a_canton():
    features = made().index.features(made().territory("XX-C1"))
    assert features["need_alignment"][made().practice("coast-0")] > 0.3
    assert features["need_alignment"][made().practice("mountain-0")] < -0.3


def test_coverage_is_the_share_of_weight_that_is_known():
    coverage = made().index.block(None, np.array([made().territory("XX-C1-1")])).coverage
    # fish 0.6 known, documents 0.2 borrowed (half): 0.7 of 0.8
    assert coverage["need"][made().practice("coast-0"), 0] == pytest.approx(0.7 / 0.8)


def test_an_unknown_indicator_lowers_the_coverage_and_is_not_zero():
    coverage = made().index.block(None, np.arange(len(made().catalogue.territories))).coverage["likeness"]
    whole = coverage[made().practice("mountain-1"), made().territory("XX-S1-1")]
    assert coverage[made().practice("mountain-1"), made().territory("XX-S2-3")] < whole


def test_groups_present_is_the_standing_pulled_to_the_middle_where_shares_hardly_vary():
    # youth in XX-C2-3 stands at 11.5/12; the shares 20..25 and 30..35 have mean 27.5 and standard
    # deviation 5.2836 = 0.192 of the mean, which tells 0.7685 of what a spread of 0.25 would
    found = made().index.features(made().territory("XX-C2-3"))["groups_present"]
    assert found[made().practice("coast-0")] == pytest.approx(
        0.5 + (11.5 / 12 - 0.5) * 5.28362 / 27.5 / 0.25, abs=1e-4
    )


def test_groups_that_no_statistic_counts_are_unknown():
    found = made().index.features(made().territory("XX-C2-3"))["groups_present"]
    assert np.isnan(found[made().practice("mountain-0")])  # host community only
    for groups in (("lgbtiq",), ("women",), ()):  # no statistic, one this package lacks, none named
        other = with_practice(populations=groups)
        assert np.isnan(other.index.features(0)["groups_present"][other.practice("zz")])


def test_the_groups_standing_carries_figures():
    (youth,) = made().index.groups_here(made().practice("coast-0"), made().territory("XX-C2-3"))
    assert (youth.indicator_id, youth.value, youth.year, youth.median) == ("age_15_29_share", 35, 2022, 27.5)
    assert youth.percentile == pytest.approx(11.5 / 12)


def test_differences_are_in_national_standard_deviations_most_important_first():
    territory, practice = made().territory("XX-S1-1"), made().practice("coast-0")
    origin = made().index.origin(practice, territory)
    differences = made().index.differences(practice, territory)
    fish = differences[0]
    assert fish.indicator_id == "fish_spoiled_share"
    assert fish.importance == 1.0
    assert fish.there_territory_id == list(made().catalogue.territories)[origin]
    assert (fish.here, fish.here_year, fish.unit) == (10, 2022, "%")
    assert fish.sd == pytest.approx((10 - fish.there) / np.sqrt(2470 / 6))
    assert fish.flagged
    assert [d.importance * abs(d.sd) for d in differences] == sorted(
        (d.importance * abs(d.sd) for d in differences), reverse=True
    )


def test_differences_are_as_many_as_the_data_give():
    found = with_practice(("XX-C1-2",))
    practice = found.practice("zz")
    same_province = found.index.differences(practice, found.territory("XX-C1-1"))
    # documents are the same province's on both sides: that says nothing and is left out
    assert {d.indicator_id for d in same_province} == set(found.index.matrix.indicator_ids) - {
        "documents_share"
    }
    elsewhere = found.index.differences(practice, found.territory("XX-S2-3"))
    assert "school_attendance" not in {d.indicator_id for d in elsewhere}
    assert len(found.index.differences(practice, found.territory("XX-S2-3"), limit=2)) == 2


def test_borrowed_values_are_marked_and_use_the_spread_of_provinces():
    found = with_practice(("XX-S1-1",))
    documents = next(
        d
        for d in found.index.differences(found.practice("zz"), found.territory("XX-C1-1"))
        if d.indicator_id == "documents_share"
    )
    assert (documents.here_borrowed, documents.there_borrowed) == (True, True)
    assert (documents.here_from_id, documents.there_from_id) == ("XX-C1", "XX-S1")
    assert documents.sd == pytest.approx((40 - 60) / np.sqrt((15**2 + 5**2 + 5**2 + 15**2) / 4))


def test_between_a_canton_and_a_province_the_larger_spread_counts():
    found = with_practice(("XX-S1",))
    fish = next(
        d
        for d in found.index.differences(found.practice("zz"), found.territory("XX-C1-1"))
        if d.indicator_id == "fish_spoiled_share"
    )
    # cantons: sqrt(2470/6) = 20.29; provinces 52, 58, 12, 18: sqrt((17^2 + 23^2 + 23^2 + 17^2) / 4) = 20.22
    assert (fish.here, fish.there) == (50, 12)
    assert fish.sd == pytest.approx((50 - 12) / np.sqrt(2470 / 6))


def test_alikes_matter_and_hardly_differ():
    alikes = made().index.alikes(made().practice("coast-0"), made().territory("XX-C1-1"))
    assert [a.indicator_id for a in alikes] == ["fish_spoiled_share", "altitude"]
    assert all(abs(a.sd) <= 0.5 for a in alikes)


def test_ecuador_fewer_workers_have_social_security_in_lago_agrio_than_in_esmeraldas():
    matrix = IndicatorMatrix.build(read_packages([ECUADOR]))
    here, there = (row(matrix.territory_ids, id) for id in ("EC-2101", "EC-0801"))
    compared = compare(matrix, here, there, np.zeros(len(matrix.indicator_ids)))
    found = next(c for c in compared if c.indicator_id == "social_security_share")
    assert (found.here, found.here_year, found.there, found.there_year) == (48.441, 2022, 52.498, 2022)
    # over 221 cantons the standard deviation is 9.8533
    assert found.sd == pytest.approx((48.441 - 52.498) / 9.8533, abs=1e-4)
    assert not found.flagged


def test_every_door_gives_the_same_figures():
    practices = np.arange(12)
    territories = np.arange(len(made().catalogue.territories))
    whole = made().index.block(None, territories)
    reverse = made().index.block(practices[3:4], territories)
    p, t = (grid.ravel() for grid in np.meshgrid(practices[::-1], territories, indexing="ij"))
    pairs = made().index.features_for_pairs(p, t)
    forward = made().index.features(5)
    for name, values in whole.features.items():
        np.testing.assert_allclose(forward[name], values[:, 5], atol=1e-6)
        np.testing.assert_allclose(reverse.features[name][0], values[3], atol=1e-6)
        np.testing.assert_allclose(pairs[name], values[p, t], atol=1e-6)


def test_features_are_declared_and_within_their_range():
    features = made().index.block(None, np.arange(len(made().catalogue.territories))).features
    assert list(features) == [spec.name for spec in FEATURES]
    for spec in FEATURES:
        known = features[spec.name][np.isfinite(features[spec.name])]
        assert spec.low <= known.min() <= known.max() <= spec.high
        assert set(spec.meaning.values) == {"es", "en"}


def test_a_catalogue_without_indicators_leaves_everything_unknown():
    catalogue = replace(world().catalogue, indicators={}, observations=())
    found = build(catalogue, np.zeros((12, 0), dtype=np.float32))
    for name, values in found.index.features(3).items():
        assert np.isnan(values).all(), name
    assert found.index.differences(0, 3) == []
