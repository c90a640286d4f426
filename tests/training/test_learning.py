"""Fitting weights: answers known by construction, nothing leaks, the same data give the same model."""

import numpy as np
import pytest

from recommender.adoption.model import SPECS
from recommender.domain import DataError
from training.aid_tasks import placement, scaling
from training.dated_tasks import fit, new_practice, new_territory, next_practice
from training.ground import Sight
from training.learned import given, learned, left_out, refitted
from training.learning import Pairs, Pull, episode_columns, fit_weights, learn, pairs_of
from training.lessons import LESSONS
from training.task import run_of

WORDS = Sight(None)


def _pairs(values, adopted, query):
    n = len(adopted)
    return Pairs(
        np.array(values), np.array(adopted), np.array(query), np.zeros(n), np.ones(n), np.ones(n, np.int8)
    )


def test_the_feature_that_tells_adopters_apart_gets_the_weight():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(4000, 3))
    query = np.repeat(np.arange(400), 10)
    best = (values[:, 0] + 0.3 * rng.normal(size=4000)).reshape(400, 10).argmax(axis=1)
    adopted = (np.arange(10) == best[:, None]).ravel()

    weights = fit_weights(_pairs(values, adopted, query), pull=Pull(0.01))

    assert weights[0] > 1
    assert weights[0] > 5 * weights[1:].max()


def test_no_weight_is_negative_and_the_unknown_says_nothing():
    values = np.tile([[1.0, np.nan], [-1.0, np.nan]], (50, 1))
    adopted, query = np.tile([False, True], 50), np.repeat(np.arange(50), 2)

    np.testing.assert_array_equal(fit_weights(_pairs(values, adopted, query), pull=Pull(0.1)), [0, 0])


def test_the_sides_share_neither_practices_nor_places(projects):
    history = next(scaling(projects).episodes).history
    lessons = list(LESSONS["text"](history))
    pairs = pairs_of("text", lessons, WORDS)
    practice = np.concatenate([e.subjects[np.nonzero(e.candidates)[0]] for e in lessons])
    place = np.concatenate([e.item_ids[np.nonzero(e.candidates)[1]] for e in lessons])

    assert set(pairs.side) == {0, 1, 2, 3}
    for quarter in (0, 1):
        for names in (practice, place):
            assert not set(names[pairs.side == quarter]) & set(names[pairs.side == 3 - quarter])


def test_where_little_is_known_weights_stay_where_they_are_pulled_to():
    pairs = _pairs(np.array([[1.0], [-1.0]]), [False, True], [0, 0])

    assert fit_weights(pairs, Pull(0.0, fixed=1e6, towards=0.25)) == pytest.approx([0.25], abs=1e-3)


def test_what_happened_lately_counts_more(dated):
    history = next(fit(dated, [1985]).episodes).history

    weights = {int(e.name): e.weight for e in LESSONS["adopters"](history)}

    last = max(weights)
    assert weights[last] == 1
    assert weights[last - 8] == pytest.approx(0.5)


@pytest.mark.parametrize("task", [fit, next_practice, new_practice, new_territory])
def test_dated_tasks_are_answered_in_both_modes(dated, task):
    asked = task(dated) if task is new_practice else task(dated, [1985])
    for mode in ("likely", "fit"):
        run = run_of(asked, learned(asked, refitted(asked, WORDS), WORDS, mode))
        assert np.isfinite(run.frame["score"]).all()


@pytest.mark.parametrize("task", [scaling, placement])
def test_the_same_records_give_the_same_answers(projects, task):
    asked = task(projects)

    one, other = (run_of(asked, learned(asked, refitted(asked, WORDS), WORDS)) for _ in range(2))

    np.testing.assert_array_equal(one.frame["score"], other.frame["score"])


def test_a_given_model_is_not_refitted(projects):
    asked = scaling(projects)
    model = learn({"sites": [episode.history for episode in asked.episodes]}, WORDS, "v")
    before = {k: t.values.copy() for k, t in model.situations["sites"].ranker.tables.items()}

    run_of(asked, learned(asked, given(model), WORDS))

    for name, table in model.situations["sites"].ranker.tables.items():
        np.testing.assert_array_equal(table.values, before[name])
    assert model.countries == {"X", "Y"}


def test_contributions_sum_to_the_score(projects):
    episode = next(scaling(projects).episodes)
    model = learn({"sites": [episode.history]}, WORDS)
    columns, _ = episode_columns("sites", episode, WORDS)

    scored = model.score("sites", columns, episode.candidates)
    fit_only = model.score("sites", columns, episode.candidates, "fit")

    np.testing.assert_allclose(scored.contributions.sum(axis=1), scored.score, atol=1e-9)
    exposure = [i for i, spec in enumerate(SPECS["sites"]) if spec.group == "exposure"]
    assert (fit_only.contributions[:, exposure] == 0).all()


def test_the_new_country_teaches_no_weights(projects):
    asked = scaling(projects)
    episodes = {episode.name: episode for episode in asked.episodes}
    choose = left_out(asked, WORDS)

    assert choose(episodes["X"]).countries == {"Y"}
    assert choose(episodes["Y"]).countries == {"X"}


def test_too_little_to_learn_from_is_refused_by_name(catalogue_of):
    with pytest.raises(DataError, match="nothing to learn from"):
        learn({"adopters": []}, WORDS)
