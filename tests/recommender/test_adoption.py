"""What recorded adoptions say of who is next: answers known by construction."""

import numpy as np
import pytest

from recommender.adoption.model import SPECS, columns_of, log_rate
from recommender.adoption.pairs import (
    Asked,
    Ground,
    alike_in_what_may_speak,
    centred,
    dense_likeness,
    lexical_likeness,
    standardised,
    strongest,
)


def ground_of(sites, years=None, km=None, borders=None, standings=None, cutoff=2000.0):
    sites = np.array(sites, dtype=float)
    rows, places = sites.shape
    return Ground(
        sites=sites,
        years=np.where(sites > 0, 1990.0, np.nan) if years is None else np.array(years, dtype=float),
        start_years=np.full(rows, 1990.0),
        cutoff=cutoff,
        distance_km=np.full((places, places), np.nan) if km is None else np.array(km, dtype=float),
        borders=np.zeros((places, places), bool) if borders is None else np.array(borders, bool),
        standings=np.empty((places, 0)) if standings is None else np.array(standings, dtype=float),
    )


def asked_of(ground, known, lexical=None, dense=None, usable=None):
    known = np.array(known, dtype=bool)
    shape = (len(known), len(ground.sites))
    return Asked(
        known=known,
        lexical=np.zeros(shape) if lexical is None else np.array(lexical, dtype=float),
        dense=np.zeros(shape) if dense is None else np.array(dense, dtype=float),
        usable=np.ones(shape, bool) if usable is None else np.array(usable, bool),
        late=np.full(shape[0], np.nan),
    )


def test_every_situation_gives_exactly_the_columns_it_declares():
    ground = ground_of(np.eye(4), km=100 * (1 - np.eye(4)))
    asked = asked_of(ground, [[True, False, False, False]])

    for situation, specs in SPECS.items():
        candidates = np.ones((4, 4), bool) if situation == "momentum" else ~asked.known
        columns = columns_of(situation, ground, asked, candidates)
        assert list(columns) == [spec.name for spec in specs]
        assert all(values.shape == candidates.shape for values in columns.values())


def test_what_is_not_known_is_nan_and_not_zero():
    ground = ground_of([[1, 1, 0], [0, 1, 1]])  # neither coordinates nor indicators
    asked = asked_of(ground, [[True, False, False]])

    columns = columns_of("adopters", ground, asked, ~asked.known)

    for name in ("near_adopters", "nearest_standing", "mean_standing", "main_standing", "standing_of_all"):
        assert np.isnan(columns[f"{name}_few"][~asked.known]).all()
    assert np.isfinite(columns["co_adoption_few"]).all()


def test_a_practice_follows_those_that_share_its_places():
    # Two practices went to the first place: both went on to the second, none to the third.
    ground = ground_of([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    asked = asked_of(ground, [[True, False, False, False]])

    columns = columns_of("sites", ground, asked, ~asked.known)

    for name in ("alike_in_places_and_text", "goes_with_known_places"):
        assert columns[name][0, 1] > columns[name][0, 2]


def test_its_own_record_does_not_tell_where_a_practice_goes():
    ground = ground_of([[1, 1, 0], [1, 0, 1], [1, 0, 1]])
    open_ = asked_of(ground, [[True, False, False]])
    closed = asked_of(ground, [[True, False, False]], usable=[[False, True, True]])

    for situation in ("sites", "text", "adopters"):
        seen = columns_of(situation, ground, open_, ~open_.known)
        unseen = columns_of(situation, ground, closed, ~closed.known)
        without = ground_of([[1, 0, 1], [1, 0, 1]])
        alone = columns_of(situation, without, asked_of(without, [[True, False, False]]), ~closed.known)
        for name in seen:
            np.testing.assert_allclose(unseen[name], alone[name], err_msg=name)
        assert any(not np.allclose(seen[name], unseen[name], equal_nan=True) for name in seen)


def test_a_practice_follows_those_of_like_text():
    ground = ground_of([[1, 1, 0, 0], [0, 0, 1, 1]])
    asked = asked_of(ground, [[False] * 4], lexical=[[0.9, 0.0]], dense=[[0.8, 0.1]])

    columns = columns_of("text", ground, asked, ~asked.known)

    for name, values in columns.items():
        if name != "popularity":
            assert values[0, 0] > values[0, 2], name


def test_near_places_and_bordering_places_come_first():
    km = [[0, 10, 500, 900], [10, 0, 500, 900], [500, 500, 0, 900], [900, 900, 900, 0]]
    borders = np.zeros((4, 4), bool)
    borders[0, 1] = borders[1, 0] = True
    ground = ground_of([[1, 0, 1, 1], [0, 1, 1, 0]], km=km, borders=borders)
    asked = asked_of(ground, [[True, False, False, False]])

    columns = columns_of("adopters", ground, asked, ~asked.known)

    assert columns["near_adopters_few"][0].argmax() == 1
    assert columns["neighbours_with_it_few"][0, 1] > columns["neighbours_with_it_few"][0, 2]


def test_places_with_like_indicators_come_first():
    ground = ground_of(
        [[1, 0, 1, 0], [0, 1, 0, 1]], standings=[[2.0, 1.0], [1.9, 1.1], [-2.0, np.nan], [-1.5, -2.0]]
    )
    asked = asked_of(ground, [[True, False, False, False]])

    columns = columns_of("adopters", ground, asked, ~asked.known)

    for name in ("nearest_standing_few", "mean_standing_few", "standing_of_all_few"):
        assert np.where(~asked.known[0], columns[name][0], -np.inf).argmax() == 1


def test_a_practice_of_few_adopters_is_read_otherwise_than_one_of_many():
    sites = np.eye(50)
    ground = ground_of(sites, km=np.abs(np.subtract.outer(np.arange(50.0), np.arange(50.0))))
    known = np.zeros((3, 50), bool)
    known[0, :4], known[1, :10], known[2, :25] = True, True, True
    asked = asked_of(ground, known)

    columns = columns_of("adopters", ground, asked, ~known)
    few, many = (np.abs(columns[f"near_adopters_{stage}"]).max(axis=1) for stage in ("few", "many"))

    assert many[0] == 0 and few[2] == 0
    share = np.log(0.2 / 0.08) / np.log(0.5 / 0.08)
    assert many[1] / (few[1] + many[1]) == pytest.approx(share)


def test_what_is_expected_of_a_place_leaves_its_own_record_out():
    # Two and two alike places, one of each pair has it: nobody else speaks of the last place but its twin.
    ground = ground_of([[1, 1, 1, 1]], standings=[[2.0], [2.0], [-2.0], [-2.0]])
    asked = asked_of(ground, [[True, False, False, False]])

    expected = columns_of("adopters", ground, asked, np.ones((1, 4), bool))["standing_of_all_many"][0]

    assert expected[1] > expected[2] == pytest.approx(expected[3])


def test_momentum_counts_who_could_still_take_it_up():
    # Both practices won two places of late; the second had only three places left to win.
    years = np.full((2, 10), np.nan)
    years[0, :2] = 1999
    years[1, :7], years[1, 7:9] = 1950, 1999
    ground = ground_of(np.isfinite(years), years=years)
    candidates = np.zeros((10, 2), bool)
    candidates[9] = True

    columns = columns_of("momentum", ground, asked_of(ground, np.zeros((0, 10), bool)), candidates)

    assert columns["taken_up_5"][9, 1] > columns["taken_up_5"][9, 0]
    expected = np.log((2.1 / 5) / (2.1 / 12))
    assert columns["taken_up_5"][9, 1] - columns["taken_up_5"][9, 0] == pytest.approx(expected)


def test_relative_features_have_mean_zero_over_the_candidates():
    scores, candidates = np.array([[1.0, 2.0, 6.0]]), np.array([[True, True, False]])

    np.testing.assert_allclose(centred(scores, candidates)[0, :2], [-0.5, 0.5])
    np.testing.assert_allclose(standardised(scores, candidates)[0, :2], [-1, 1])
    np.testing.assert_allclose(standardised(np.full((1, 3), 0.3), candidates), 0)
    assert np.isnan(standardised(np.full((1, 3), np.nan), candidates)).all()


def test_the_strongest_weights_stay():
    np.testing.assert_array_equal(strongest(np.array([[3.0, 1.0, 2.0]]), 2), [[3, 0, 2]])
    np.testing.assert_array_equal(strongest(np.array([[3.0, 1.0]]), 5), [[3, 1]])


def test_queries_with_the_same_voices_are_answered_together():
    usable = np.array([[True, False], [True, True], [True, False]])

    groups = {tuple(rows): list(weights) for rows, weights in alike_in_what_may_speak(usable)}

    assert groups == {(0, 2): [1.0, 0.0], (1,): [1.0, 1.0]}


def test_likeness_of_texts_is_between_zero_and_one():
    assert lexical_likeness(["school water"], ["water school", "roads"])[0] == pytest.approx(
        [lexical_likeness(["school water"], ["water school", "roads"])[0, 0], 0]
    )
    assert (lexical_likeness(["x y"], ["", "1"]) == 0).all()
    vectors = np.array([[1.0, 0.2], [1.0, -0.2]])
    np.testing.assert_allclose(dense_likeness(vectors, vectors), np.eye(2), atol=1e-9)
    assert dense_likeness(vectors, vectors[:0]).shape == (2, 0)


def test_the_rate_expected_follows_what_is_known():
    ground = ground_of([[1, 1, 0, 0], [1, 0, 0, 0]])
    asked = asked_of(ground, [[True, True, False, False]])

    assert log_rate("sites", ground, asked, ~asked.known) == pytest.approx([np.log(2.5 / 3)])
    assert log_rate("text", ground, asked, np.ones((1, 4), bool)) == pytest.approx([np.log(2 / 5)])
    assert log_rate("adopters", ground, asked, ~asked.known) == pytest.approx([np.log(0.5 / 3)])


def test_practices_that_went_nearly_everywhere_do_not_raise_what_a_new_one_is_expected_to_reach():
    ground = ground_of([[1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 0, 0]])
    only_wide = ground_of([[1, 1, 1, 1], [1, 1, 1, 0]])
    every = np.ones((1, 4), bool)

    assert log_rate("text", ground, asked_of(ground, ~every), every) == pytest.approx([np.log(2 / 5)])
    assert log_rate("text", only_wide, asked_of(only_wide, ~every), every) == pytest.approx([np.log(4 / 5)])
