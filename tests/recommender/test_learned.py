"""The learned model beside the prior: the checkerboard again, its answers known in both modes."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.adoption.calibration import Calibration
from recommender.adoption.model import SPECS, AdoptionModel, Situation
from recommender.artifact import Manifest, open_model, write_model
from recommender.domain import ModelError, Text, UnknownValue
from recommender.features import LEARNED, NAMES
from recommender.features import SPECS as FEATURES
from recommender.pipeline import Pipeline
from recommender.query import Query
from recommender.ranker import FitRanker, Learned, Table, read_prior
from recommender.reverse import PlaceQuery
from recommender.text.embedding import Embedder, VectorCache
from tests.recommender.conftest import HashEncoder
from tests.recommender.test_reverse import with_population, without_volatile_rates
from tests.world import COAST, MOUNTAIN, world

EXPOSURE = {"recorded_exposure", "neighbour_practice", "province_practice"}


@pytest.fixture(scope="module")
def model():
    situations = {}
    for name in ("text", "sites"):
        tables = {
            s.name: Table(np.array([s.low, s.high]), 0.3 * np.array([s.low, s.high]), "learned", "seen")
            for s in SPECS[name]
        }
        situations[name] = Situation(FitRanker(tables, 1.0, (55.0, 70.0), "v"), Calibration(0, 1, 1))
    return AdoptionModel("v", situations, frozenset({"YYY"}))


@pytest.fixture(scope="module")
def make(taxonomy, tmp_path_factory, model):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    return lambda catalogue, **given: Pipeline.build(
        catalogue, taxonomy, embedder, **{"model": model} | given
    )


@pytest.fixture(scope="module")
def joined(make):
    return make(world().catalogue)


@pytest.fixture(scope="module")
def alone(make):
    return make(world().catalogue, model=None)


@pytest.mark.parametrize("mode", ["fit", "likely"])
@pytest.mark.parametrize(("kind", "cantons"), [("coast", COAST), ("mountain", MOUNTAIN)])
def test_the_canton_that_withholds_a_practice_comes_first_in_both_modes(joined, kind, cantons, mode):
    for number, canton in enumerate(cantons):
        assert (
            joined.rank_territories(PlaceQuery(f"{kind}-{number}", mode=mode)).places[0].territory_id
            == canton
        )
        ranking = joined.recommend(Query(territory_id=canton, mode=mode, diversify=False))
        assert ranking.recommendations[0].practice_id == f"{kind}-{number}"


@pytest.mark.parametrize("mode", ["fit", "likely"])
@pytest.mark.parametrize("need", [None, "fish"])
def test_contributions_sum_to_the_score_in_both_modes(joined, mode, need):
    for canton in (*COAST, "XX-S1"):
        for row in joined.recommend(Query(territory_id=canton, need=need, mode=mode, k=12)).recommendations:
            assert sum(part.value for part in row.contributions) == pytest.approx(row.score, abs=1e-6)


def test_exposure_is_asked_in_likely_only_and_only_there_a_probability_is_told(joined):
    fit, likely = (
        joined.recommend(Query(territory_id="XX-C1-1", mode=mode)).recommendations[0]
        for mode in ("fit", "likely")
    )

    assert {p.name for p in likely.contributions} - {p.name for p in fit.contributions} == EXPOSURE
    assert fit.chance is None
    assert 0 < likely.chance.low <= likely.chance.probability <= likely.chance.high <= 1
    recorded = joined.builder.recorded
    place = joined.territory_rows["XX-C1-1"]
    row = joined.practice_ids.index(likely.practice_id)
    assert likely.chance.probability == pytest.approx(float(recorded.probability[row, place]))


def test_what_is_learned_is_marked_with_its_version_and_the_rest_with_the_priors(joined, alone):
    parts = {
        part.name: part
        for part in joined.recommend(Query(territory_id="XX-C1-1")).recommendations[0].contributions
    }

    assert (parts["recorded_adoptions"].basis, parts["recorded_adoptions"].model) == ("learned", "v")
    assert (parts["need_alignment"].basis, parts["need_alignment"].model) == ("prior", alone.model_version)
    assert joined.model_version == f"{alone.model_version}+v"


def test_an_answer_says_that_the_country_is_new_to_the_model(joined):
    ranking = joined.recommend(Query(territory_id="XX-C1-1"))
    places = joined.rank_territories(PlaceQuery("coast-0"))

    for use in (ranking.model_use, places.model_use):
        assert (use.learned, use.new_countries) == ("v", ("XX",))
        assert "XX" in use.remarks[0].get("es")


def test_without_a_model_nothing_learned_is_asked_and_nothing_is_missing(alone):
    ranking = alone.recommend(Query(territory_id="XX-C1-1", mode="likely"))

    assert not {p.name for r in ranking.recommendations for p in r.contributions} & set(LEARNED)
    assert ranking.recommendations[0].chance is None
    assert ranking.model_use.learned is None


def test_a_catalogue_of_too_few_records_is_answered_by_the_prior_and_says_so(make):
    few = replace(world().catalogue, adoptions=world().catalogue.adoptions[:3])

    pipeline = make(few)

    assert "+v" not in pipeline.model_version
    remarks = pipeline.recommend(Query(territory_id="XX-C1-1")).model_use.remarks
    assert "too few adoptions" in remarks[0].get("en")


def test_why_there_is_no_model_is_said_in_every_answer(make):
    pipeline = make(world().catalogue, model=None, without_model=Text({"en": "Another encoder."}))

    assert pipeline.recommend(Query(need="fish")).model_use.remarks == (Text({"en": "Another encoder."}),)
    assert (
        pipeline.rank_territories(PlaceQuery("coast-0")).model_use.remarks[0].get("en") == "Another encoder."
    )


def test_a_city_a_thousand_times_as_large_gets_no_bonus_from_what_is_learned(make):
    small = without_volatile_rates(world().catalogue)
    large = with_population(small, {("XX-S1-1", "population"): 10_000_000.0})

    before = {p.territory_id: p.fit for p in make(small).rank_territories(PlaceQuery("coast-0")).places}
    after = {p.territory_id: p.fit for p in make(large).rank_territories(PlaceQuery("coast-0")).places}

    assert after["XX-S1-1"].score <= before["XX-S1-1"].score
    assert after["XX-C1-1"].rank == 1


def test_a_need_is_answered_by_what_its_text_asks_for_whatever_records_say(joined, alone):
    need = "frost nets over potato plots"

    for pipeline in (joined, alone):
        first = pipeline.recommend(Query(territory_id="XX-C1-1", need=need)).recommendations[0]
        assert first.practice_id == "mountain-0"


def test_pairs_and_answers_give_the_same_figures_in_both_modes(joined):
    for mode in ("fit", "likely"):
        fits = joined.score_pairs(query=Query(mode=mode))
        place = joined.territory_rows["XX-S2-1"]
        for row in joined.recommend(Query(territory_id="XX-S2-1", mode=mode, k=12)).recommendations:
            assert fits.score[joined.practice_ids.index(row.practice_id), place] == pytest.approx(row.score)


def test_an_unknown_mode_is_refused_by_name(joined):
    for ask in (
        lambda: joined.recommend(Query(territory_id="XX-C1-1", mode="sure")),
        lambda: joined.rank_territories(PlaceQuery("coast-0", mode="sure")),
        lambda: joined.score_pairs(query=Query(mode="sure")),
    ):
        with pytest.raises(UnknownValue) as caught:
            ask()
        assert caught.value.facts["allowed"] == ["fit", "likely"]


def test_what_records_tell_is_not_counted_twice():
    alone, beside = read_prior(FEATURES), read_prior(FEATURES, learned=Learned("v", LEARNED))

    for name in ("origin_nearness", "like_territories", "replications"):
        assert beside.tables[name].span == pytest.approx(alone.tables[name].span / 2)
    for name in ("neighbour_practice", "province_practice"):
        assert beside.tables[name].span == 0 < alone.tables[name].span
    kept = set(NAMES) - {*LEARNED, "origin_nearness", "like_territories", "replications"} - EXPOSURE
    assert all(beside.tables[name].span == alone.tables[name].span for name in kept)


def test_records_move_a_score_no_further_than_the_needs_presence_may():
    tables = read_prior(FEATURES, learned=Learned("v", LEARNED)).tables

    assert tables["recorded_adoptions"].span <= tables["need_alignment"].span


@pytest.fixture
def written(model, tmp_path):
    situations = {name: replace(model.situations["text"]) for name in ("text",)}
    manifest = Manifest("m1", "hash-8", {}, 0, {})
    write_model(AdoptionModel("m1", situations, frozenset()), manifest, tmp_path / "m1")
    return tmp_path / "m1"


def test_a_model_of_this_encoder_is_opened_and_its_version_carries_its_digest(written):
    opened = open_model(written, "hash-8")

    assert opened.without is None
    assert opened.model.version.startswith("m1+")
    assert len(opened.model.version) == len("m1+") + 8


def test_another_encoder_or_no_model_leaves_the_prior_and_says_why(written):
    for path, encoder, said in (
        (written, "other", "another text encoder"),
        (None, "hash-8", "No learned model"),
    ):
        opened = open_model(path, encoder)
        assert opened.model is None
        assert said in opened.without.get("en")
        assert opened.without.get("es")


def test_a_model_that_was_changed_or_is_missing_is_refused_whatever_the_encoder(written):
    tables = written / "tables.json"
    tables.write_text(tables.read_text(encoding="utf-8").replace("0", "1", 1), encoding="utf-8")

    for path in (written, written.parent / "nowhere", written.parent / "CURRENT"):
        with pytest.raises(ModelError):
            open_model(path, "other")


def test_a_model_beside_the_prior_has_no_text_encoded_twice(taxonomy, tmp_path, model):
    texts = {}
    for name, given in (("alone", None), ("joined", model)):
        encoder = HashEncoder()
        embedder = Embedder(lambda encoder=encoder: encoder, VectorCache(tmp_path / name, "hash-8"))
        Pipeline.build(world().catalogue, taxonomy, embedder, model=given)
        texts[name] = sorted(encoder.texts_read)

    assert texts["joined"] == texts["alone"]


def test_sentences_say_where_records_point_and_which_of_them(joined):
    ranking = joined.recommend(Query(territory_id="XX-C1-1", mode="likely", k=12, diversify=False))
    said = {
        row.practice_id: {part.name: part for part in row.contributions} for row in ranking.recommendations
    }

    wanted, foreign = (said[id]["recorded_adoptions"] for id in ("coast-0", "mountain-3"))
    assert wanted.value > 0 > foreign.value
    assert wanted.sentence.get("es").startswith("Las adopciones registradas apuntan hacia aquí más")
    assert ", going by: " in wanted.sentence.get("en")
    assert foreign.sentence.get("en").startswith("Recorded adoptions point to other places")
    assert said["coast-0"]["recorded_exposure"].sentence.get("es").startswith("Exposición: ")
