"""The whole walk, asked about the checkerboard with the real text model.

Every canton runs every practice of its kind but the one with its own number: that one must come
first, the other kind last.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.domain import EmptyQuery, UnknownId, UnknownValue
from recommender.pipeline import Pipeline
from recommender.query import Filters, OrganisationProfile, Query
from recommender.taxonomy import read_taxonomy
from recommender.text.encoders import open_embedder
from tests.world import COAST, MOUNTAIN, world

pytestmark = pytest.mark.model

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pipeline():
    embedder = open_embedder(HOME / "var" / "cache")
    return Pipeline.build(world().catalogue, read_taxonomy(HOME / "data" / "taxonomy"), embedder)


def ids(ranking):
    return [row.practice_id for row in ranking.recommendations]


@pytest.mark.parametrize(("kind", "cantons"), [("coast", COAST), ("mountain", MOUNTAIN)])
def test_the_withheld_practice_comes_first_and_the_wrong_kind_after_it(pipeline, kind, cantons):
    for number, canton in enumerate(cantons):
        ranking = pipeline.recommend(Query(territory_id=canton))

        assert ids(ranking)[0] == f"{kind}-{number}"
        assert not any(found.startswith(kind) for found in ids(ranking)[1:])
        assert set(ranking.already_here) == {f"{kind}-{n}" for n in range(6) if n != number}


def test_what_already_runs_here_is_ranked_too_when_asked_for_and_said_so(pipeline):
    ranking = pipeline.recommend(Query(territory_id=COAST[0], k=500, include_present=True, diversify=False))

    assert len(ranking.recommendations) == 12
    assert ranking.already_here == ()
    present = next(row for row in ranking.recommendations if row.practice_id == "coast-1")
    assert "ya se hace" in present.remarks[0].get("es").lower()
    assert all(found.startswith("coast") for found in ids(ranking)[:6])


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("Our potatoes freeze at night", "mountain-0"),
        ("vender pescado por teléfono antes de desembarcar", "coast-3"),
        ("VENDER PESCADO POR TELEFONO", "coast-3"),
        ("lend hardy seeds to farmers", "mountain-3"),
    ],
)
def test_a_need_in_either_language_finds_its_practice(pipeline, need, first):
    assert ids(pipeline.recommend(Query(need=need)))[0] == first


def test_contributions_sum_to_the_score_and_unknown_ones_are_nothing(pipeline):
    query = Query(
        territory_id=MOUNTAIN[0],
        need="frost",
        organisation=OrganisationProfile(
            type="public_institution", budget_usd=1000.0, about="Highland council"
        ),
        k=500,
        include_present=True,
    )

    for row in pipeline.recommend(query).recommendations:
        assert sum(c.value for c in row.contributions) == pytest.approx(row.score, abs=1e-6)
        assert all(c.value == 0.0 for c in row.contributions if c.feature_value is None)
        assert all(c.sentence.get("es") and c.sentence.get("en") for c in row.contributions)
        assert 0.0 <= row.coverage <= 1.0


def test_moves_made_for_variety_are_recorded_and_scores_unchanged(pipeline):
    query = Query(need="fish", k=12)

    varied = pipeline.recommend(query).recommendations
    plain = pipeline.recommend(replace(query, diversify=False)).recommendations

    assert {row.practice_id: row.score for row in varied} == {row.practice_id: row.score for row in plain}
    assert [row.score for row in plain] == sorted((row.score for row in plain), reverse=True)
    assert all(row.moved_from is None for row in plain)
    by_score = {row.practice_id: row.rank for row in plain}
    for row in varied:
        assert (row.moved_from or row.rank) == by_score[row.practice_id]


def test_an_organisation_changes_the_ranking_and_the_reasons_say_so(pipeline):
    alone = pipeline.recommend(Query(need="storage", k=12, diversify=False))
    council = OrganisationProfile(type="public_institution", about="We help mountain farms against frost")
    asked = pipeline.recommend(Query(need="storage", organisation=council, k=12, diversify=False))

    assert ids(alone) != ids(asked)
    names = {c.name for row in asked.recommendations[:3] for c in row.reasons}
    assert names & {"type_fit", "about_text"}
    assert any("competencia legal" in q.get("es") for q in asked.recommendations[0].questions)


def test_a_caller_can_reweight_and_filter(pipeline):
    without_text = pipeline.recommend(
        Query(
            territory_id=COAST[0],
            need="frost nets",
            weights={
                n: 0.0 for n in pipeline.ranker.tables if n.startswith("need_") and n != "need_alignment"
            },
        )
    )
    filtered = pipeline.recommend(
        Query(need="fish", filters=Filters(organisation_types=("public_institution",)))
    )

    assert ids(without_text)[0] == "coast-0"
    assert ids(filtered)
    assert all(found.startswith("mountain") for found in ids(filtered))
    with pytest.raises(UnknownValue):
        pipeline.recommend(Query(need="fish", filters=Filters(themes=("fishing",))))


def test_nothing_and_nobody_known_is_refused_by_name(pipeline):
    with pytest.raises(EmptyQuery):
        pipeline.recommend(Query())
    with pytest.raises(UnknownId):
        pipeline.recommend(Query(territory_id="XX-C9"))
    with pytest.raises(UnknownId):
        pipeline.similar("coast-99")


def test_similar_practices_are_of_the_same_kind_and_never_itself(pipeline):
    found = pipeline.similar("coast-1", k=4)

    assert all(other.startswith("coast") and other != "coast-1" for other, _ in found)
    assert [likeness for _, likeness in found] == sorted((x for _, x in found), reverse=True)


def test_every_answer_names_data_and_model(pipeline):
    ranking = pipeline.recommend(Query(need="fish"))

    assert ranking.data_version == "checkerboard"
    assert re.fullmatch(r"prior-\d+\+[0-9a-f]{8}", ranking.model_version)


def test_past_practices_count_by_id_and_in_words(pipeline):
    by_id = OrganisationProfile(past_practices=("mountain-1",))
    in_words = OrganisationProfile(past_practices=("We lent frost resistant seed to mountain farms",))

    assert ids(pipeline.recommend(Query(organisation=by_id, k=3, diversify=False)))[0].startswith("mountain")
    assert ids(pipeline.recommend(Query(organisation=in_words, k=3, diversify=False)))[0] == "mountain-3"


def test_what_an_organisation_already_ran_is_not_recommended_to_it(pipeline):
    council = OrganisationProfile(past_practices=("mountain-1",))

    assert "mountain-1" not in ids(pipeline.recommend(Query(organisation=council, k=12)))
    assert "mountain-1" in ids(pipeline.recommend(Query(organisation=council, k=12, include_present=True)))
