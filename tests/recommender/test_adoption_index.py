"""The learned model over a catalogue whose right answers are known."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.adoption import blocks
from recommender.adoption.calibration import Calibration
from recommender.adoption.index import FEATURES, AdoptionIndex
from recommender.adoption.model import SPECS, AdoptionModel, Situation
from recommender.domain import Adoption, Catalogue, Practice, Territory, Text
from recommender.ranker import FitRanker, Table


@pytest.fixture
def catalogue():
    """Ten provinces in a row. Practices a0-a5 ran in the west, b0-b5 in the east, `words` nowhere."""
    territories = {"X": Territory("X", "X", "country", country_id="X")}
    for i in range(10):
        territories[f"x{i}"] = Territory(
            f"x{i}", f"x{i}", "admin1", "X", latitude=0.0, longitude=float(i), country_id="X"
        )
    practices, adoptions = {}, []
    for side, first, subject in (("a", 0, "water wells"), ("b", 5, "rural schools")):
        for number in range(6):
            key = f"{side}{number}"
            practices[key] = Practice(key, Text({"en": f"{subject} phase {number}"}), Text())
            ran = range(first, first + (2 if number == 0 else 5))
            adoptions += [Adoption(key, f"x{i}", 2010, None, None, None) for i in ran]
    practices["words"] = Practice("words", Text({"en": "water wells again"}), Text())
    return Catalogue(
        territories=territories,
        indicators={},
        practices=dict(sorted(practices.items())),
        organisations={},
        observations=(),
        adoptions=adoptions,
        neighbours=(),
        sources={},
        version="test",
    )


@pytest.fixture
def model():
    situations = {}
    for name in ("text", "sites"):
        tables = {
            s.name: Table(np.array([s.low, s.high]), 0.3 * np.array([s.low, s.high]), "learned", "seen")
            for s in SPECS[name]
        }
        situations[name] = Situation(FitRanker(tables, 1.0, (55.0, 70.0), "v"), Calibration(0, 1, 1))
    return AdoptionModel("v", situations, frozenset({"Y"}))


@pytest.fixture
def index(catalogue, model):
    vectors = np.array([[1.0, 0.1 if key[0] in "aw" else -0.1] for key in catalogue.practices])
    return AdoptionIndex.build(catalogue, model, vectors, 2020.0, "en")


def test_a_practice_goes_where_its_kind_went(index, catalogue):
    rows = {key: row for row, key in enumerate(catalogue.practices)}
    columns = {key: column for column, key in enumerate(catalogue.territories)}

    for practice in ("a0", "words"):
        west = [index.fit[rows[practice], columns[f"x{i}"]] for i in range(2, 5)]
        east = [index.fit[rows[practice], columns[f"x{i}"]] for i in range(5, 10)]
        assert min(west) > max(east)


def test_where_it_already_runs_and_for_whole_countries_nothing_is_said(index, catalogue):
    assert np.isnan(index.fit[0, list(catalogue.territories).index("x0")])
    assert np.isnan(index.fit[:, list(catalogue.territories).index("X")]).all()


def test_reasons_sum_to_the_score(index, catalogue):
    for practice in range(len(catalogue.practices)):
        for territory in range(len(catalogue.territories)):
            points = sum(points for _, points in index.reasons(practice, territory))
            both = index.fit[practice, territory] + index.exposure[practice, territory]
            assert points == pytest.approx(0.0 if np.isnan(both) else both, abs=1e-5)


def test_features_of_a_territory_are_the_columns_declared(index, catalogue):
    found = index.features(list(catalogue.territories).index("x3"))

    assert list(found) == [spec.name for spec in FEATURES]
    assert all(values.shape == (len(catalogue.practices),) for values in found.values())


def test_a_country_the_model_never_saw_is_named(index):
    assert index.new_countries == {"X"}


def test_too_few_records_say_nothing(catalogue, model):
    few = Catalogue(**{**vars(catalogue), "adoptions": catalogue.adoptions[:3]})

    index = AdoptionIndex.build(few, model, np.ones((13, 2)), 2020.0)

    assert np.isnan(index.fit).all()
    assert index.new_countries == frozenset()


def vectors_of(catalogue):
    return np.array([[1.0, 0.1 if key[0] in "aw" else -0.1] for key in catalogue.practices])


def test_fit_and_exposure_are_the_log_odds_but_for_one_constant(index):
    odds = np.log(index.probability) - np.log1p(-index.probability)

    apart = (odds - index.fit - index.exposure)[np.isfinite(index.fit)]

    assert apart.max() - apart.min() < 1e-4
    assert index.exposure[np.isfinite(index.exposure)].mean() == pytest.approx(0, abs=1e-4)


def test_a_place_where_everything_ran_gets_no_bonus_in_the_fit(catalogue, model):
    everywhere = [Adoption(key, "x9", 2012, None, None, None) for key in catalogue.practices if key != "a0"]
    crowded = replace(catalogue, adoptions=[*catalogue.adoptions, *everywhere])
    column, row = list(catalogue.territories).index("x9"), list(catalogue.practices).index("a0")

    found = AdoptionIndex.build(crowded, model, vectors_of(catalogue), 2020.0, "en")

    west = [list(catalogue.territories).index(f"x{i}") for i in (2, 3, 4)]
    assert found.fit[row, column] < found.fit[row, west].min()  # its own kind went west
    assert found.exposure[row, column] > found.exposure[row, west].max()  # what all go to is exposure
    assert found.probability[row, column] > 0


def test_features_are_told_within_their_range_and_never_for_what_is_unknown(index):
    for territory in range(index.fit.shape[1]):
        for spec, values in zip(FEATURES, index.features(territory).values(), strict=True):
            known = values[np.isfinite(values)]
            assert ((known >= spec.low) & (known <= spec.high)).all()
            assert np.array_equal(np.isnan(values), np.isnan(index.fit[:, territory]))


def test_a_chance_lies_in_its_interval_and_says_that_the_country_is_new(index, catalogue):
    row, column = list(catalogue.practices).index("a0"), list(catalogue.territories).index("x3")

    chance = index.chance(row, column)

    assert 0 <= chance.low <= chance.probability <= chance.high <= 1
    assert chance.probability == pytest.approx(float(index.probability[row, column]))
    assert chance.new_country
    assert index.chance(row, list(catalogue.territories).index("x0")) is None  # it runs there
    assert index.chance(row, list(catalogue.territories).index("X")) is None  # a whole country


def test_a_country_known_by_its_three_letters_is_not_new(catalogue, model):
    territories = {key: replace(t, country_id="CO") for key, t in catalogue.territories.items()}
    learned = replace(model, countries=frozenset({"COL"}))

    index = AdoptionIndex.build(
        replace(catalogue, territories=territories), learned, vectors_of(catalogue), 2020.0, "en"
    )

    assert index.new_countries == frozenset()


def test_a_place_where_it_failed_is_no_place_where_it_took_root(catalogue, model):
    failed = [a._replace(outcome="failed") if a.territory_id == "x0" else a for a in catalogue.adoptions]

    index = AdoptionIndex.build(
        replace(catalogue, adoptions=failed), model, vectors_of(catalogue), 2020.0, "en"
    )

    assert np.isfinite(index.fit[:, list(catalogue.territories).index("x0")]).all()


def test_many_practices_are_scored_in_steps_with_the_same_figures(catalogue, model, index, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS_AT_ONCE", 4)

    steps = AdoptionIndex.build(catalogue, model, vectors_of(catalogue), 2020.0, "en")

    np.testing.assert_allclose(steps.fit, index.fit, atol=1e-5)
    np.testing.assert_allclose(steps.probability, index.probability, atol=1e-6)


def test_what_an_answer_owes_to_the_model_is_said(index, catalogue):
    rows = np.array([list(catalogue.territories).index("x3")])

    fit, likely = index.use(rows, "fit"), index.use(rows, "likely")

    assert (fit.learned, fit.new_countries) == ("v", ("X",))
    assert len(fit.remarks) == 1
    assert "not that it succeeds" in likely.remarks[0].get("en")
    assert "(Y)" in likely.remarks[0].get("es")
    assert index.use(rows[:0], "fit").remarks == ()
