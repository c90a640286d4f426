"""Tasks with a year per place, on seven states whose history is written out below."""

import numpy as np
import pytest

from training.dated_tasks import fit, new_practice, new_territory, next_practice
from training.history import read_records
from training.reference_table import REFERENCES

STATES = {f"US-{letter}": ("US", float(number), 0.0) for number, letter in enumerate("ABCDEFG")}
PRACTICES = {
    # Three adopters by 1990, the last in 1990 itself; 1995 is within five years, 1996 is not.
    "bins": {"US-A": 1980, "US-B": 1985, "US-C": 1990, "US-D": 1991, "US-E": 1995, "US-F": 1996},
    # Two adopters by 1990: asks nothing, but is current.
    "dues": {"US-A": 1981, "US-B": 1982, "US-F": 1994},
    # Nobody in (1980, 1990]: no candidate of anybody.
    "oath": {"US-C": 1970, "US-D": 1975, "US-E": 1980, "US-A": 1992},
    # Not begun by 1990.
    "wifi": {"US-A": 1999, "US-B": 2000, "US-C": 2000, "US-D": 2005},
}


@pytest.fixture
def records_of(catalogue_of):
    def build(practices):
        rows = {key: (key.title(), min(years.values()), years) for key, years in practices.items()}
        return read_records(catalogue_of(STATES, rows, borders=[("US-A", "US-B"), ("US-B", "US-A")]))

    return build


@pytest.fixture
def records(records_of):
    return records_of(PRACTICES)


def states(episode, flags):
    return [place.removeprefix("US-") for place in episode.item_ids[flags]]


def test_fit_asks_practices_of_three_adopters_for_the_next_five_years(records):
    (episode,) = fit(records, [1990]).episodes

    assert episode.query_ids.tolist() == ["bins@1990", "oath@1990"]
    assert states(episode, episode.known[0]) == ["A", "B", "C"]
    assert states(episode, episode.candidates[0]) == ["D", "E", "F", "G"]
    assert states(episode, episode.relevant[0]) == ["D", "E"]
    assert states(episode, episode.relevant[1]) == ["A"]


def test_a_history_ends_at_its_cutoff(records):
    (episode,) = fit(records, [1990]).episodes

    assert episode.history.practice_ids.tolist() == ["bins", "dues", "oath"]
    assert np.nanmax(episode.history.years) == 1990
    assert episode.history.start_years.tolist() == [1980, 1981, 1970]
    assert episode.history.sites.sum() == 3 + 2 + 3


def test_next_asks_states_for_practices_adopted_in_the_last_ten_years(records):
    (episode,) = next_practice(records, [1990]).episodes

    # D and E lack both current practices and take up one of them, F the other. A, B and C lack one
    # at most and G takes up none: nothing to tell apart.
    assert episode.query_ids.tolist() == ["US-D@1990", "US-E@1990", "US-F@1990"]
    assert episode.item_ids.tolist() == ["bins", "dues", "oath"]
    assert episode.candidates.tolist() == [[True, True, False]] * 3
    assert episode.relevant.tolist() == [[True, False, False], [True, False, False], [False, True, False]]
    assert episode.unseen == 1


def test_a_new_territory_asks_the_same_of_a_history_without_itself(records):
    episodes = list(new_territory(records, [1990]).episodes)

    assert [episode.query_ids[0] for episode in episodes] == ["US-D@1990", "US-E@1990", "US-F@1990"]
    first = episodes[0]
    assert first.candidates.tolist() == [[True, True, False]]
    assert first.relevant.tolist() == [[True, False, False]]
    assert not first.known.any()
    assert not first.history.sites[:, 3].any() and np.isnan(first.history.years[:, 3]).all()
    assert first.history.sites.sum() == 8 - 1


def test_a_new_practice_is_known_up_to_the_year_of_its_third_adoption(records_of):
    tied = {"US-A": 1980, "US-B": 1981, "US-C": 1982, "US-D": 1982, "US-E": 1992}
    (_, episode) = new_practice(records_of(PRACTICES | {"tied": tied})).episodes

    assert episode.query_ids.tolist() == ["tied"]
    assert episode.history.cutoff == 1982
    assert states(episode, episode.known[0]) == ["A", "B", "C", "D"]
    assert states(episode, episode.candidates[0]) == ["E", "F", "G"]
    assert states(episode, episode.relevant[0]) == ["E"]


def test_a_new_practice_sees_every_other_practice_up_to_that_year(records):
    (episode,) = [e for e in new_practice(records).episodes if e.name == "bins"]

    assert episode.history.practice_ids.tolist() == ["dues", "oath"]
    assert np.nanmax(episode.history.years) <= 1990


def test_new_practices_have_four_adopters_and_ten_years_to_spread(records):
    # dues has three adopters; wifi has its third in 2000, past 2005 - 10; oath found nobody in the
    # ten years after its third.
    assert [episode.name for episode in new_practice(records).episodes] == ["bins"]


def test_a_package_without_years_gives_no_queries(catalogue_of):
    undated = read_records(catalogue_of(STATES, {"a": ("A", 1990, list(STATES))}))

    assert [task(undated).queries for task in (fit, next_practice, new_territory, new_practice)] == [0] * 4


@pytest.mark.parametrize(
    ("make", "method"),
    [
        pytest.param(make, method, id=f"{task}-{name}")
        for make, task in ((fit, "fit"), (next_practice, "next"), (new_territory, "new-territory"))
        for name, method in REFERENCES[task].items()
    ],
)
def test_no_reference_method_sees_what_came_after_the_cutoff(records_of, make, method):
    later = {
        "bins": {"US-D": 2003, "US-E": 1993, "US-G": 1992},
        "dues": {"US-C": 1994, "US-D": 1992},
        "oath": {"US-A": 1991, "US-F": 1999},
        "wifi": {"US-F": 1998},
    }
    changed = {
        key: later[key] | {state: year for state, year in years.items() if year <= 1990}
        for key, years in PRACTICES.items()
    }
    before, after = (scores_by_query(make(records_of(p), [1990]), method) for p in (PRACTICES, changed))

    common = set(before) & set(after)
    assert len(common) >= 1
    assert {key: before[key] for key in common} == {key: after[key] for key in common}


@pytest.mark.parametrize("name", REFERENCES["new-practice"])
def test_a_new_practice_is_scored_from_its_own_past_alone(records_of, name):
    changed = PRACTICES | {"wifi": {"US-F": 1998, "US-E": 2005}}
    method = REFERENCES["new-practice"][name]

    before, after = (scores_by_query(new_practice(records_of(p)), method) for p in (PRACTICES, changed))

    assert before["bins"] == after["bins"]


def scores_by_query(task, method):
    return {
        query: scores.tolist()
        for episode in task.episodes
        for query, scores in zip(episode.query_ids, method(episode), strict=True)
    }
