"""One scorer for pairs: what a block says of a pair is what a question about the territory says."""

import numpy as np
import pytest

from recommender import pairs
from recommender.domain import EmptyQuery, UnknownId, UnknownValue
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.query import OrganisationProfile, Query
from recommender.text.embedding import Embedder, VectorCache
from recommender.text.encoders import open_embedder
from tests.recommender.conftest import HashEncoder
from tests.world import COAST, MOUNTAIN, row, world

QUERIES = {
    "nothing but the place": Query(),
    "a need": Query(need="Fishing villages lose fresh fish to spoilage"),
    "an organisation with places of its own": Query(
        organisation=OrganisationProfile(
            type="civil_society", territory_ids=(MOUNTAIN[0],), budget_usd=5000.0, past_practices=("coast-1",)
        )
    ),
    "weights": Query(weights={"need_alignment": 3.0, "like_territories": 0.0}),
}


@pytest.fixture(scope="module")
def pipeline(taxonomy, tmp_path_factory):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    return Pipeline.build(world().catalogue, taxonomy, embedder)


def asked_alone(pipeline, query, place):
    """Score and coverage of every practice, in order of the catalogue, asked about one territory."""
    scored = pipeline.score(
        Query(
            territory_id=place,
            need=query.need,
            organisation=query.organisation,
            weights=query.weights,
            include_present=True,
        )
    )
    order = np.argsort(scored.frame.rows)
    return scored.fit.score[order], scored.fit.index[order], scored.fit.coverage[order]


@pytest.mark.parametrize("asked", QUERIES)
def test_a_block_says_of_every_pair_what_the_territorys_own_question_says(pipeline, asked):
    fits = pipeline.score_pairs(query=QUERIES[asked])

    assert fits.score.shape == (12, 17)
    for column, place in enumerate(pipeline.catalogue.territories):
        score, index, coverage = asked_alone(pipeline, QUERIES[asked], place)
        assert fits.score[:, column] == pytest.approx(score, abs=1e-9)
        assert fits.index[:, column] == pytest.approx(index, abs=1e-9)
        assert fits.coverage[:, column] == pytest.approx(coverage, abs=1e-9)


def test_some_practices_and_some_territories_are_the_same_figures_in_the_order_asked(pipeline):
    practices, territories = np.array([7, 0, 3]), np.array([9, 2])

    some, whole = pipeline.score_pairs(practices, territories), pipeline.score_pairs()

    for name in ("score", "index", "coverage", "need", "supply", "present"):
        part = getattr(whole, name)[np.ix_(practices, territories)]
        assert getattr(some, name) == pytest.approx(part, abs=1e-9, nan_ok=True), name


def test_the_size_of_the_steps_changes_nothing(pipeline, monkeypatch):
    whole = pipeline.score_pairs()
    monkeypatch.setattr(pairs, "PAIRS_AT_ONCE", 10)
    monkeypatch.setattr(pairs, "TERRITORIES_AT_ONCE", 4)

    stepwise = pipeline.score_pairs()

    assert stepwise.score == pytest.approx(whole.score, abs=1e-9)
    assert (stepwise.present == whole.present).all()


def test_need_supply_and_presence_stand_beside_the_fit(pipeline):
    fits = pipeline.score_pairs()
    coast, canton = row(pipeline.practice_ids, "coast-0"), pipeline.territory_rows["XX-C1-1"]

    assert not fits.present[coast, canton]
    assert fits.present[row(pipeline.practice_ids, "coast-1"), canton]
    assert fits.supply[coast, canton] == pytest.approx(1 - 2**-5)  # five others on both of its themes
    assert fits.need[coast, canton] == pytest.approx(
        pipeline.builder.context.features(canton)["need_alignment"][coast]
    )


def test_every_place_that_withholds_a_practice_is_its_best_new_place(pipeline):
    fits = pipeline.score_pairs()
    for number, canton in enumerate(COAST):
        practice = row(pipeline.practice_ids, f"coast-{number}")
        new = np.where(fits.present[practice], -np.inf, fits.score[practice])
        new[[pipeline.territory_rows[p] for p in ("XX", "XX-C1", "XX-C2", "XX-S1", "XX-S2")]] = -np.inf
        assert list(pipeline.territory_rows)[int(np.argmax(new))] == canton


def test_nothing_asked_for_is_an_empty_block(pipeline):
    none = np.array([], dtype=np.intp)

    assert pipeline.score_pairs(none, none).score.shape == (0, 0)
    assert pipeline.score_pairs(np.array([1]), none).score.shape == (1, 0)
    assert pipeline.score_pairs(none, np.array([1])).score.shape == (0, 1)


def test_what_cannot_be_used_is_refused_by_name(pipeline):
    with pytest.raises(UnknownValue):
        pipeline.score_pairs(query=Query(weights={"charm": 1.0}))
    with pytest.raises(UnknownId):
        pipeline.score_pairs(query=Query(organisation=OrganisationProfile(past_practices=("coast-9",))))
    with pytest.raises(EmptyQuery):
        pipeline.recommend(Query())


@pytest.mark.model
def test_ten_real_pairs_have_the_figures_of_their_territorys_own_question(pytestconfig, taxonomy):
    home = pytestconfig.rootpath
    catalogue = read_packages([home / "data" / "ecuador", home / "data" / "world"])
    real = Pipeline.build(catalogue, taxonomy, open_embedder(home / "var" / "cache"))
    generator = np.random.default_rng(20)
    practices = generator.choice(len(real.practice_ids), 10, replace=False)
    territories = generator.choice(len(real.territory_rows), 10, replace=False)

    fits = real.score_pairs(practices, territories)

    for place in range(10):
        name = list(real.territory_rows)[territories[place]]
        score, index, coverage = asked_alone(real, Query(), name)
        assert fits.score[place, place] == pytest.approx(score[practices[place]], abs=1e-9)
        assert fits.index[place, place] == pytest.approx(index[practices[place]], abs=1e-9)
        assert fits.coverage[place, place] == pytest.approx(coverage[practices[place]], abs=1e-9)
