"""An organisation at work in several places gets each practice where it fits best, and is told where."""

import numpy as np
import pytest

from recommender.pipeline import Pipeline
from recommender.query import Filters, OrganisationProfile, Query
from recommender.text.embedding import Embedder, VectorCache
from tests.recommender.conftest import HashEncoder
from tests.world import COAST, MOUNTAIN, world

PLACES = (COAST[0], MOUNTAIN[0])


@pytest.fixture(scope="module")
def pipeline(taxonomy, tmp_path_factory):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    return Pipeline.build(world().catalogue, taxonomy, embedder)


def ask(pipeline, *places, **more):
    profile = OrganisationProfile(type="civil_society", territory_ids=places)
    return pipeline.recommend(Query(organisation=profile, k=12, diversify=False, **more))


def test_a_practice_stands_with_its_best_place_at_the_figure_it_has_there(pipeline):
    profile = OrganisationProfile(type="civil_society", territory_ids=PLACES)
    there = {
        place: {
            row.practice_id: row.score
            for row in pipeline.recommend(
                Query(place, profile, k=12, diversify=False, include_present=True)
            ).recommendations
        }
        for place in PLACES
    }

    found = ask(pipeline, *PLACES, include_present=True).recommendations

    assert len(found) == 12
    for row in found:
        assert row.score == pytest.approx(max(there[place][row.practice_id] for place in PLACES), abs=1e-9)
        assert row.score == pytest.approx(there[row.territory_id][row.practice_id], abs=1e-9)


def test_a_place_where_it_already_runs_is_not_the_one_it_is_ranked_for(pipeline):
    found = {row.practice_id: row for row in ask(pipeline, *PLACES).recommendations}

    # coast-1 runs in every coastal canton but COAST[1]: of these two places only the mountain is open to it
    assert found["coast-1"].territory_id == MOUNTAIN[0]
    assert found["coast-0"].territory_id == COAST[0]
    assert found["mountain-0"].territory_id == MOUNTAIN[0]


def test_only_what_runs_in_all_its_places_is_told_as_already_there(pipeline):
    assert ask(pipeline, *PLACES).already_here == ()
    assert set(ask(pipeline, COAST[0], COAST[1]).already_here) == {f"coast-{n}" for n in range(2, 6)}


def test_the_row_names_the_place_it_speaks_of(pipeline):
    row = next(r for r in ask(pipeline, *PLACES).recommendations if r.practice_id == "coast-0")

    named = pipeline.catalogue.territories[COAST[0]].name
    assert named in row.remarks[0].get("es") and "de los 2 territorios de la organización" in row.remarks[
        0
    ].get("es")
    assert named in row.remarks[0].get("en")


def test_one_place_is_answered_as_that_place(pipeline):
    profile = OrganisationProfile(type="civil_society", territory_ids=(COAST[0],))
    own = pipeline.recommend(Query(organisation=profile, k=12, diversify=False))
    named = pipeline.recommend(Query(COAST[0], profile, k=12, diversify=False))

    assert [row.practice_id for row in own.recommendations] == [
        row.practice_id for row in named.recommendations
    ]
    assert np.allclose(
        [row.score for row in own.recommendations], [row.score for row in named.recommendations], atol=1e-9
    )
    assert own.already_here == named.already_here
    assert {row.territory_id for row in own.recommendations} == {COAST[0]}
    assert not any(
        "territorios de la organización" in r.get("es") for row in own.recommendations for r in row.remarks
    )


def test_filters_that_nothing_passes_give_an_empty_answer(pipeline):
    found = ask(pipeline, *PLACES, filters=Filters(year_from=2200))

    assert (found.recommendations, found.already_here, found.eligible) == ((), (), 0)


def test_where_only_some_are_scored_the_figures_stay(pipeline, monkeypatch):
    whole = ask(pipeline, *PLACES).recommendations
    monkeypatch.setattr("recommender.pipeline.SCORE_ALL", 1)

    assert [(row.practice_id, row.score) for row in ask(pipeline, *PLACES).recommendations] == [
        (row.practice_id, row.score) for row in whole
    ]


def test_a_place_named_twice_counts_once(pipeline):
    once, twice = ask(pipeline, *PLACES), ask(pipeline, *PLACES, PLACES[0])

    assert twice.recommendations == once.recommendations
    assert "2 territories" in twice.recommendations[0].remarks[0].get("en")
