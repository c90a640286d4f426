"""The learned model over a catalogue whose right answers are known."""

import numpy as np
import pytest

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
