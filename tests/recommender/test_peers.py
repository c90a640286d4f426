"""Peers on the checkerboard: coastal cantons are like coastal cantons."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.domain import OutOfRange, UnknownId, UnknownValue
from recommender.network.peers import PeerIndex
from recommender.taxonomy import THEMES
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.peer_groups import distances
from recommender.territory.surroundings import SurroundingsIndex
from recommender.territory.theme_relevance import theme_relevance
from recommender.text.embedding import Embedder, VectorCache
from tests.recommender.conftest import HashEncoder
from tests.world import COAST, MOUNTAIN, row, world

FOOD = THEMES.index("food_agriculture")


def build(catalogue):
    matrix = IndicatorMatrix.build(catalogue)
    relevance = np.zeros((len(THEMES), len(matrix.indicator_ids)))
    relevance[FOOD, matrix.indicator_ids.index("fish_spoiled_share")] = 1.0
    return PeerIndex.build(catalogue, matrix, SurroundingsIndex.build(matrix, catalogue), relevance)


@pytest.fixture(scope="module")
def index():
    return build(world().catalogue)


def ids(group):
    return [peer.territory_id for peer in group.peers]


def test_the_peers_of_a_coastal_canton_are_coastal_first_and_of_its_level(index):
    group = index.peers("XX-C1-2", k=11)

    assert set(ids(group)[:5]) == set(COAST) - {"XX-C1-2"}
    assert set(ids(group)[5:]) <= set(MOUNTAIN)
    likeness = [peer.likeness for peer in group.peers]
    assert likeness == sorted(likeness, reverse=True)


def test_a_theme_moves_the_weight_to_what_it_speaks_of(index):
    group = index.peers("XX-C1-3", "food_agriculture", k=5)
    matrix = index.matrix
    weights = np.full(8, 0.3 / 8)
    weights[matrix.indicator_ids.index("fish_spoiled_share")] += 0.7

    here = matrix.territory_ids.index("XX-C1-3")
    there = matrix.territory_ids.index(group.peers[0].territory_id)
    # by hand: the weighted mean of squared differences of standing, over what is trusted at both
    trust = matrix.trust[here] * matrix.trust[there] * weights
    squares = np.nansum(trust * (matrix.z[here] - matrix.z[there]) ** 2)
    assert group.peers[0].likeness == pytest.approx(np.exp(-0.5 * squares / trust.sum()), abs=1e-3)
    assert group.relevant == (("fish_spoiled_share", 1.0),)


def test_deviations_give_own_value_peer_median_and_national_median():
    catalogue = world().catalogue
    spoiled = [
        o._replace(value=90.0)
        if (o.territory_id, o.indicator_id, o.year) == ("XX-C1-1", "fish_spoiled_share", 2022)
        else o
        for o in catalogue.observations
    ]
    index = build(replace(catalogue, observations=tuple(spoiled)))

    group = index.peers("XX-C1-1", k=5)
    found = next(d for d in group.deviations if d.indicator_id == "fish_spoiled_share")

    # peers are the other coast: 52, 54, 56, 58, 60; the country's cantons 10-20, 52-60 and 90
    assert set(ids(group)) == set(COAST) - {"XX-C1-1"}
    assert (found.here, found.year, found.peer_median, found.peers_known) == (90.0, 2022, 56.0, 5)
    values = [10, 12, 14, 16, 18, 20, 52, 54, 56, 58, 60, 90]
    assert found.national_median == 36.0
    assert found.sd == pytest.approx((90 - 56) / np.std(values))
    assert found.flagged
    assert found.need == 1
    assert "90" in found.sentence.get("es")
    assert "56" in found.sentence.get("en")


def test_values_of_the_territory_above_are_nobodys_deviation(index):
    for canton in (*COAST, *MOUNTAIN):
        assert all(d.indicator_id != "documents_share" for d in index.peers(canton).deviations)


def test_what_peers_do_and_it_does_not_is_the_withheld_practice(index):
    for number, canton in enumerate(COAST):
        practices = index.peers(canton, k=5).practices

        assert [p.practice_id for p in practices] == [f"coast-{number}"]
        assert set(practices[0].territory_ids) == set(COAST) - {canton}


def test_with_a_theme_only_its_practices_are_named(index):
    assert index.peers("XX-C1-1", "housing", k=5).practices == ()
    assert [p.practice_id for p in index.peers("XX-C1-1", "food_agriculture", k=5).practices] == ["coast-0"]


def test_a_territory_of_which_nothing_is_known_has_no_peers():
    catalogue = world().catalogue
    known = [o for o in catalogue.observations if not o.territory_id.startswith("XX-S2")]
    group = build(replace(catalogue, observations=tuple(known))).peers("XX-S2-1")

    assert group.peers == ()
    assert group.deviations == ()
    assert group.practices == ()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("XX-C9",), UnknownId),
        (("XX-C1-1", "charm"), UnknownValue),
        (("XX-C1-1", None, 4), OutOfRange),
        (("XX-C1-1", None, 16), OutOfRange),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(index, asked, error):
    with pytest.raises(error):
        index.peers(*asked)


def test_distance_is_the_weighted_mean_square_and_infinite_to_itself(index):
    matrix = index.matrix
    here, there = (row(world().catalogue.territories, id) for id in ("XX-C1-2", "XX-S1-1"))
    weights = np.arange(1.0, 9.0)

    found = distances(matrix, np.array([here]), np.array([here, there]), weights)

    trust = matrix.trust[here] * matrix.trust[there] * weights
    by_hand = np.nansum(trust * (matrix.z[here] - matrix.z[there]) ** 2) / trust.sum()
    assert found[0, 0] == np.inf
    assert found[0, 1] == pytest.approx(by_hand, rel=1e-5)


def test_a_theme_speaks_half_of_what_its_practices_speak_of(taxonomy, tmp_path):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path, "hash-8"))
    made = world()

    relevance = theme_relevance(made.catalogue, taxonomy, made.relevance, embedder)

    fish = row(made.catalogue.indicators, "fish_spoiled_share")
    # coastal practices give fish 0.6, the others nothing: it is all the excess of their own theme
    assert relevance[THEMES.index("economic_inclusion"), fish] >= 0.5
    assert relevance.sum(axis=1) == pytest.approx(np.ones(len(THEMES)), abs=1e-6)
