from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from recommender.domain import Adoption, Catalogue
from recommender.territory.geography import coordinates, distances_km, nearness
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.surroundings import FEATURES, PEERS, SurroundingsIndex
from tests.world import COAST, MOUNTAIN, row, world


def build(catalogue: Catalogue) -> SurroundingsIndex:
    return SurroundingsIndex.build(IndicatorMatrix.build(catalogue), catalogue)


@cache
def made() -> SurroundingsIndex:
    return build(world().catalogue)


def territory(id: str) -> int:
    return row(world().catalogue.territories, id)


def practice(id: str) -> int:
    return row(world().catalogue.practices, id)


def with_places(id: str, *places: str) -> SurroundingsIndex:
    """The checkerboard where one practice is recorded in other places instead."""
    catalogue = world().catalogue
    others = [a for a in catalogue.adoptions if a.practice_id != id]
    own = [Adoption(id, place, None, None, None, None) for place in places]
    return build(replace(catalogue, adoptions=others + own))


@pytest.mark.parametrize("number", range(6))
def test_neighbours_and_like_territories_point_to_the_withheld_practice(number):
    features = made().features(territory(COAST[number]))
    withheld, wrong = practice(f"coast-{number}"), [practice(f"mountain-{n}") for n in range(6)]
    for name in ("origin_nearness", "like_territories", "organisation_here"):
        assert features[name][withheld] > features[name][wrong].max(), name


def test_each_bordering_example_halves_what_is_missing():
    # a chain: XX-C1-1, XX-C1-2, XX-C1-3, XX-C2-1 ...; XX-C1-2 borders XX-C1-1 and XX-C1-3
    found = made().features(territory("XX-C1-2"))["neighbour_practice"]
    assert found[practice("coast-1")] == 0.75  # both run it
    assert found[practice("coast-0")] == 0.5  # XX-C1-1 does not
    assert found[practice("mountain-0")] == 0.0


def test_the_same_province_counts_other_places_and_the_province_itself():
    found = made().features(territory("XX-C1-1"))["province_practice"]
    assert found[practice("coast-0")] == 0.75  # XX-C1-2, XX-C1-3
    assert found[practice("coast-1")] == 0.5  # XX-C1-3 only; here does not count
    assert found[practice("mountain-0")] == 0.0
    recorded = with_places("mountain-0", "XX-C1").features(territory("XX-C1-1"))
    assert recorded["province_practice"][practice("mountain-0")] == 0.5


def test_other_provinces_of_the_country_are_not_beside_each_other():
    found = made().features(territory("XX-C1"))["province_practice"]
    assert found[practice("mountain-0")] == 0.0
    assert found[practice("coast-0")] == 0.75  # in two of its own cantons


def test_what_a_practices_organisation_already_runs_here_counts_without_the_practice_itself():
    found = made().features(territory("XX-C1-1"))["organisation_here"]
    assert found[practice("coast-0")] == pytest.approx(1 - 2**-5)  # the union runs five others
    assert found[practice("coast-1")] == pytest.approx(1 - 2**-4)  # five, one of them this one
    assert found[practice("mountain-1")] == 0.0


def test_a_practice_without_an_organisation_leaves_it_unknown():
    catalogue = world().catalogue
    orphan = replace(catalogue.practices["coast-0"], organisation_id=None)
    found = build(replace(catalogue, practices={**catalogue.practices, "coast-0": orphan}))
    assert np.isnan(found.features(territory("XX-C1-1"))["organisation_here"][practice("coast-0")])


def test_theme_supply_is_the_mean_number_of_other_practices_per_theme():
    found = made().features(territory("XX-C1-1"))["theme_supply"]
    # here run coast-1 to coast-5, all food_agriculture and economic_inclusion
    assert found[practice("coast-0")] == pytest.approx(1 - 2**-5)
    assert found[practice("coast-1")] == pytest.approx(1 - 2**-4)
    assert found[practice("mountain-0")] == pytest.approx(1 - 2**-2.5)  # 5 on one theme, 0 on the other


def test_what_runs_in_a_canton_runs_in_its_province():
    found = made().features(territory("XX-C1"))["theme_supply"]
    assert found[practice("mountain-0")] == pytest.approx(1 - 2**-3)  # six on one of two themes


def test_nearness_is_that_of_the_closest_place():
    found = with_places("coast-0", "XX-C1-3", "XX-S2-3").features(territory("XX-C1-1"))
    # 0.4 degrees of latitude are 44.5 km
    assert found["origin_nearness"][practice("coast-0")] == pytest.approx(np.exp(-0.4448), abs=1e-3)


def test_distances_on_the_globe():
    assert distances_km(np.array([[0.0, 0.0]]), np.array([[0.0, 180.0], [90.0, 0.0]])) == pytest.approx(
        np.array([[np.pi * 6371.0088, np.pi * 6371.0088 / 2]])
    )
    assert nearness(np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]])) == 1.0


def test_the_middle_of_a_country_is_no_place():
    assert np.isnan(coordinates([world().catalogue.territories["XX"]])).all()


def test_a_practice_recorded_for_the_whole_country_runs_at_unknown_places():
    features = with_places("coast-0", "XX").features(territory("XX-C1-1"))
    for name in ("origin_nearness", "like_territories", "neighbour_practice", "province_practice"):
        assert np.isnan(features[name][practice("coast-0")]), name


def test_a_territory_whose_borders_are_unknown_has_unknown_neighbours():
    found = build(replace(world().catalogue, neighbours=()))
    assert np.isnan(found.features(territory("XX-C1-1"))["neighbour_practice"]).all()


def test_peers_are_of_the_same_level_and_never_oneself():
    weights = made().peers(np.array([territory("XX-C1-1"), territory("XX-C1")]))
    cantons = [territory(id) for id in (*COAST, *MOUNTAIN)]
    assert set(np.flatnonzero(weights[0])) == set(cantons) - {territory("XX-C1-1")}
    assert set(np.flatnonzero(weights[1])) == {territory(id) for id in ("XX-C2", "XX-S1", "XX-S2")}
    assert weights.sum(axis=1) == pytest.approx([1, 1])
    assert np.argmax(weights[1]) == territory("XX-C2")


def test_at_most_fifteen_peers_are_asked():
    catalogue = world().catalogue
    cantons = {f"YY-{n:02}": replace(catalogue.territories["XX-C1-1"], id=f"YY-{n:02}") for n in range(30)}
    seen = [
        o._replace(territory_id=id, value=o.value + n)
        for n, id in enumerate(cantons)
        for o in catalogue.observations
        if o.territory_id == "XX-C1-1"
    ]
    large = replace(
        catalogue,
        territories={**catalogue.territories, **cantons},
        observations=[*catalogue.observations, *seen],
    )
    assert np.count_nonzero(build(large).peers(np.array([territory("XX-C1-1")]))) == PEERS


def test_like_territories_is_the_share_of_peers_by_likeness():
    weights = made().peers(np.array([territory("XX-C1-1")]))[0]
    found = made().features(territory("XX-C1-1"))["like_territories"]
    runs = [territory(id) for id in COAST if id not in ("XX-C1-1", "XX-C1-3")]
    assert found[practice("coast-2")] == pytest.approx(weights[runs].sum())


def test_masks_say_where_it_runs_already():
    here = np.array([territory("XX-C1-1")])
    already = made().already_here(None, here)[:, 0]
    assert [id for id, runs in zip(world().catalogue.practices, already, strict=True) if runs] == [
        f"coast-{n}" for n in range(1, 6)
    ]
    asked = np.array([practice("coast-0"), practice("mountain-0")])
    assert made().in_same_province(asked, here)[:, 0].tolist() == [True, False]


def test_every_door_gives_the_same_figures():
    territories = np.arange(len(world().catalogue.territories))
    whole = made().block(None, territories)
    reverse = made().block(np.array([3]), territories)
    forward = made().features(5)
    p, t = (grid.ravel() for grid in np.meshgrid(np.arange(12)[::-1], territories, indexing="ij"))
    pairs = made().features_for_pairs(p, t)
    for name, values in whole.items():
        np.testing.assert_allclose(forward[name], values[:, 5], atol=1e-9)
        np.testing.assert_allclose(reverse[name][0], values[3], atol=1e-9)
        np.testing.assert_allclose(pairs[name], values[p, t], atol=1e-9)


def test_features_are_declared_and_within_their_range():
    features = made().block(None, np.arange(len(world().catalogue.territories)))
    assert list(features) == [spec.name for spec in FEATURES]
    for spec in FEATURES:
        known = features[spec.name][np.isfinite(features[spec.name])]
        assert spec.low <= known.min() <= known.max() <= spec.high, spec.name


def test_a_catalogue_without_adoptions_knows_no_place():
    features = build(replace(world().catalogue, adoptions=())).features(territory("XX-C1-1"))
    assert np.isnan(features["like_territories"]).all()
    assert (features["theme_supply"] == 0).all()
