"""The checkerboard seen from the practice: the canton that withholds it must come first."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.discretion import is_shelter, veil
from recommender.domain import Adoption, Observation, OutOfRange, Practice, Text, UnknownId, UnknownValue
from recommender.features import SPECS
from recommender.pipeline import Pipeline
from recommender.query import Query
from recommender.reverse import PlaceQuery
from recommender.text.embedding import Embedder, VectorCache
from tests.recommender.conftest import HashEncoder
from tests.world import COAST, MOUNTAIN, world


@pytest.fixture(scope="module")
def make(taxonomy, tmp_path_factory):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    return lambda catalogue: Pipeline.build(catalogue, taxonomy, embedder)


@pytest.fixture(scope="module")
def pipeline(make):
    return make(world().catalogue)


def places(ranking):
    return [place.territory_id for place in ranking.places]


@pytest.mark.parametrize(("kind", "cantons"), [("coast", COAST), ("mountain", MOUNTAIN)])
def test_the_canton_that_withholds_a_practice_is_its_first_and_the_wrong_kind_comes_after(
    pipeline, kind, cantons
):
    for number, canton in enumerate(cantons):
        ranking = pipeline.rank_territories(PlaceQuery(f"{kind}-{number}"))

        assert places(ranking)[0] == canton
        assert not set(places(ranking)[1:]) & set(cantons)
        assert set(ranking.already_here) == set(cantons) - {canton}
        assert (ranking.ranked, ranking.eligible, ranking.considered) == (7, 12, 17)
        assert ranking.levels == ("admin2",)


def test_a_territorys_row_is_the_practices_row_in_the_territorys_own_answer(pipeline):
    ranking = pipeline.rank_territories(PlaceQuery("coast-0"))

    for place in ranking.places:
        own = pipeline.recommend(Query(territory_id=place.territory_id, k=500, diversify=False))
        row = next(row for row in own.recommendations if row.practice_id == "coast-0")
        assert place.fit.score == pytest.approx(row.score, abs=1e-9)
        assert [r.sentence for r in place.fit.reasons] == [r.sentence for r in row.reasons]
        assert place.fit.differences == row.differences
        assert place.fit.remarks == row.remarks


def test_need_and_present_supply_stand_side_by_side(pipeline):
    first = pipeline.rank_territories(PlaceQuery("coast-0")).places[0]

    assert first.supply == ("coast-1", "coast-2", "coast-3", "coast-4", "coast-5")
    assert first.need == pytest.approx(
        next(c.feature_value for c in first.fit.contributions if c.name == "need_alignment")
    )


def test_pages_follow_each_other_without_gap_or_repetition(pipeline):
    whole = pipeline.rank_territories(PlaceQuery("coast-0", k=7))
    parts = [pipeline.rank_territories(PlaceQuery("coast-0", k=3, start=start)) for start in (0, 3, 6)]

    assert [place for part in parts for place in places(part)] == places(whole)
    assert [place.fit.rank for part in parts for place in part.places] == [1, 2, 3, 4, 5, 6, 7]


def test_filters_keep_level_region_and_country(pipeline):
    provinces = pipeline.rank_territories(PlaceQuery("coast-0", level="admin1"))
    assert places(provinces)[:2] in (["XX-C1", "XX-C2"], ["XX-C2", "XX-C1"])
    sierra = pipeline.rank_territories(PlaceQuery("coast-0", region="SIERRA"))
    assert sorted(places(sierra)) == sorted(MOUNTAIN)
    assert pipeline.rank_territories(PlaceQuery("coast-0", country="XX")).eligible == 12


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (PlaceQuery("coast-9"), UnknownId),
        (PlaceQuery("coast-0", level="parish"), UnknownValue),
        (PlaceQuery("coast-0", region="Selva"), UnknownValue),
        (PlaceQuery("coast-0", country="YY"), UnknownValue),
        (PlaceQuery("coast-0", weights={"charm": 2.0}), UnknownValue),
        (PlaceQuery("coast-0", k=0), OutOfRange),
        (PlaceQuery("coast-0", start=-1), OutOfRange),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(pipeline, asked, error):
    with pytest.raises(error):
        pipeline.rank_territories(asked)


def without_volatile_rates(catalogue):
    indicators = {id: replace(one, shrink_persons=None) for id, one in catalogue.indicators.items()}
    return replace(catalogue, indicators=indicators)


def with_population(catalogue, sizes):
    kept = [o for o in catalogue.observations if (o.territory_id, o.indicator_id) not in sizes]
    grown = [Observation(*key, 2022, value, "invented") for key, value in sizes.items()]
    return replace(catalogue, observations=tuple(kept + grown))


def test_a_city_a_thousand_times_as_large_gets_no_bonus(make):
    # only the number of people changes: theft is not pulled to the province's rate here
    small = without_volatile_rates(world().catalogue)
    large = with_population(small, {("XX-S1-1", "population"): 10_000_000.0})

    before = {p.territory_id: p.fit for p in make(small).rank_territories(PlaceQuery("coast-0")).places}
    after = {p.territory_id: p.fit for p in make(large).rank_territories(PlaceQuery("coast-0")).places}

    assert after["XX-S1-1"].score <= before["XX-S1-1"].score
    assert after["XX-S1-1"].rank >= before["XX-S1-1"].rank
    assert after["XX-C1-1"].rank == 1
    rest = set(before) - {"XX-S1-1"}
    assert {p: after[p].score for p in rest} == pytest.approx({p: before[p].score for p in rest}, abs=0.02)


def test_what_follows_size_is_not_asked_about(pipeline):
    names = {c.name for c in pipeline.rank_territories(PlaceQuery("coast-0")).places[0].fit.contributions}

    assert not names & {spec.name for spec in SPECS if spec.group == "exposure"}


def of_population(catalogue):
    """The checkerboard with a share of young people that says whom it is a share of."""
    youth = replace(catalogue.indicators["age_15_29_share"], unit="% of population")
    return replace(catalogue, indicators={**catalogue.indicators, youth.id: youth})


def test_people_of_a_group_are_share_times_population_with_year_and_source(make):
    first = make(of_population(world().catalogue)).rank_territories(PlaceQuery("coast-0")).places[0]
    youth, host = first.groups

    assert first.territory_id == "XX-C1-1"
    assert (youth.share, youth.per, youth.population) == (30.0, 100.0, 1000.0)
    assert youth.persons == 300.0
    assert (youth.share_year, youth.population_year, youth.share_source) == (2022, 2022, "invented")
    assert host.group == "host_community"
    assert host.persons is None  # no statistic counts them


def test_a_share_of_nobody_knows_whom_gives_no_number_of_people(pipeline):
    youth = pipeline.rank_territories(PlaceQuery("coast-0")).places[0].groups[0]

    assert (youth.group, youth.persons, youth.share) == ("youth", None, None)  # its unit is a bare "%"


def sheltering(catalogue):
    """The checkerboard where coast-0 is a shelter for survivors, recorded in one canton."""
    shelter = replace(catalogue.practices["coast-0"], populations=("survivors_of_gbv",), themes=("housing",))
    others = [a for a in catalogue.adoptions if a.practice_id != "coast-0"]
    own = [Adoption("coast-0", "XX-C1-2", 2020, None, None, None)]
    return replace(
        catalogue,
        practices={**catalogue.practices, "coast-0": shelter},
        adoptions=tuple(others + own),
    )


def test_a_shelter_for_survivors_is_told_and_ranked_by_province(make):
    pipeline = make(sheltering(world().catalogue))

    for asked in (PlaceQuery("coast-0"), PlaceQuery("coast-0", level="admin2")):
        ranking = pipeline.rank_territories(asked)
        assert ranking.veiled
        assert ranking.levels == ("admin1",)
        assert ranking.already_here == ("XX-C1",)
    origin = pipeline.recommend(Query(territory_id="XX-C1-1", k=500)).recommendations
    row = next(row for row in origin if row.practice_id == "coast-0")
    assert row.origin_territory_ids == ("XX-C1",)
    assert "Costa 1.2" not in str(row)
    assert "coast-0" not in pipeline.recommend(Query(territory_id="XX-C1-2")).already_here


def test_other_practices_keep_their_places_and_the_version_stays():
    before = world().catalogue
    after = veil(before)

    assert after.adoptions == before.adoptions
    assert after.version == before.version


@pytest.mark.parametrize(
    ("populations", "themes", "title", "expected"),
    [
        (("survivors_of_gbv",), ("housing",), "Support", True),
        (("victims_of_trafficking",), (), "A safe house for girls", True),
        (("survivors_of_gbv",), (), "Casa de acogida La Paz", True),
        (("survivors_of_gbv",), ("health",), "Medical care", False),
        (("migrants",), ("housing",), "Albergue del Buen Pastor", False),
    ],
)
def test_a_shelter_serves_survivors_and_gives_a_place_to_stay(populations, themes, title, expected):
    practice = Practice("p", Text({"en": title}), Text(), populations=populations, themes=themes)

    assert is_shelter(practice) is expected


def test_equal_scores_stay_in_order_of_ids(pipeline):
    ranking = pipeline.rank_territories(PlaceQuery("coast-0", weights={spec.name: 0.0 for spec in SPECS}))

    assert places(ranking) == sorted(places(ranking))
    assert np.unique([place.fit.score for place in ranking.places]).tolist() == [0.0]


def test_where_it_failed_it_is_ranked_and_the_row_says_so(make):
    catalogue = world().catalogue
    failed = Adoption("coast-0", "XX-C1-1", 2018, None, "failed", None)
    ranking = make(replace(catalogue, adoptions=(*catalogue.adoptions, failed))).rank_territories(
        PlaceQuery("coast-0")
    )

    first, *others = ranking.places
    assert first.territory_id == "XX-C1-1"
    assert any("in 2018 and failed" in remark.get("en") for remark in first.fit.remarks)
    assert not any("failed" in remark.get("en") for place in others for remark in place.fit.remarks)
    assert "XX-C1-1" not in ranking.already_here
