"""Placement and scaling on one country of eight divisions whose splits are worked out by hand.

Thirty dated projects: twenty of 2000, then 2001, 2004 and eight later ones. The 0.7 quantile lies
at position 0.7 x 29 = 20.3 of the sorted years, between 2001 and 2004: 2001.9.
"""

import dataclasses

import numpy as np
import pytest

from recommender.evaluation import AP, evaluate
from training.aid_tasks import folded_title, known_half, placement, scaling
from training.history import read_records
from training.reference_table import REFERENCES
from training.task import leave_one_out, qrels_of, run_of, task

DIVISIONS = [f"X-{number}" for number in range(1, 9)]


@pytest.fixture
def practices():
    found = {f"old-{n:02}": (f"Old project {n}", 2000, [DIVISIONS[n % 8]]) for n in range(20)}
    found |= {
        "edge": ("Edge", 2001, ["X-1"]),
        "beyond": ("Beyond", 2004, ["X-1"]),
        "wide": ("Wide", 2005, DIVISIONS[:5]),
        "huge": ("Huge", 2005, DIVISIONS[:7]),
        "small": ("Small", 2006, ["X-1", "X-2", "Y-1", "Y-2", "Y-3"]),
        "four": ("Four", 2007, DIVISIONS[:4]),
        "again": ("ÓLD-projéct 99", 2008, ["X-1"]),
        "late-1": ("Late water", 2009, ["X-3"]),
        "late-2": ("Late schools", 2009, ["X-4"]),
        "late-3": ("Late roads", 2009, ["X-5"]),
        "undated": ("Undated", None, ["X-1"]),
    }
    return found


@pytest.fixture
def places():
    found = {key: ("X", 0.0, float(number)) for number, key in enumerate(DIVISIONS)}
    return found | {f"Y-{number}": ("Y", 10.0, float(number)) for number in range(1, 4)}


@pytest.fixture
def records(catalogue_of, places, practices):
    return read_records(catalogue_of(places, practices))


def test_training_ends_at_the_linear_quantile_of_dated_projects(records):
    (episode,) = placement(records).episodes

    assert episode.history.cutoff == pytest.approx(2001.9)
    assert len(episode.history.practice_ids) == 21
    assert "edge" in episode.history.practice_ids and "beyond" not in episode.history.practice_ids
    assert "undated" not in episode.history.practice_ids


def test_projects_of_the_cutoff_year_itself_are_training(catalogue_of, places, practices):
    # 28 dated projects: position 0.7 x 27 = 18.9 lies among the twenty of 2000.
    fewer = {key: row for key, row in practices.items() if key not in ("beyond", "late-1")}

    (episode,) = placement(read_records(catalogue_of(places, fewer))).episodes

    assert episode.history.cutoff == 2000
    assert len(episode.history.practice_ids) == 20


def test_placement_asks_later_projects_of_at_most_six_tenths_of_the_divisions(records):
    (episode,) = placement(records).episodes

    assert episode.query_ids.tolist() == [
        f"{key}@X" for key in ["beyond", "four", "late-1", "late-2", "late-3", "small"]
    ]
    assert episode.candidates.all() and not episode.known.any()


def test_a_later_project_with_the_letters_of_a_training_title_is_no_test(records):
    assert folded_title("ÓLD-projéct 99") == folded_title("Old project 3") == "oldproject"
    assert "again" not in next(placement(records).episodes).subjects


def test_a_project_counts_in_each_country_with_that_countrys_sites_only(records):
    (episode,) = placement(records).episodes

    small = episode.relevant[episode.subjects.tolist().index("small")]
    assert episode.item_ids[small].tolist() == ["X-1", "X-2"]


def test_scaling_asks_projects_of_four_sites_to_eight_tenths_of_the_divisions(records):
    (episode,) = scaling(records).episodes

    assert episode.subjects.tolist() == ["four", "wide"]


def test_the_known_half_is_the_first_floor_half_by_sha_256(records):
    # SHA-256 of "wide|X-n" begins: X-4 12a2, X-3 522d, X-2 95aa, X-1 b480, X-5 bc5f.
    (episode,) = scaling(records).episodes

    known, relevant = episode.known[1], episode.relevant[1]
    assert known_half("wide", np.array(DIVISIONS[:5], dtype=object)).tolist() == ["X-4", "X-3"]
    assert episode.item_ids[known].tolist() == ["X-3", "X-4"]
    assert episode.item_ids[relevant].tolist() == ["X-1", "X-2", "X-5"]
    assert (episode.candidates[1] == ~known).all()


def test_a_country_of_24_dated_projects_is_skipped(catalogue_of, places, practices):
    few = {key: row for key, row in practices.items() if key not in [f"old-{n:02}" for n in range(6)]}

    assert placement(read_records(catalogue_of(places, few))).queries == 0


def test_a_country_of_four_test_projects_is_skipped(catalogue_of, places, practices):
    # 25 dated projects are left, cut at 2000; edge, huge, small and four are the later ones.
    gone = ("beyond", "wide", "late-1", "late-2", "late-3")
    few = {key: row for key, row in practices.items() if key not in gone}

    assert placement(read_records(catalogue_of(places, few))).queries == 0


def test_a_country_of_seven_divisions_is_skipped(catalogue_of, places, practices):
    seven = {key: place for key, place in places.items() if key != "X-8"}
    fewer = {k: (t, y, [s for s in sites if s != "X-8"]) for k, (t, y, sites) in practices.items()}

    assert placement(read_records(catalogue_of(seven, fewer))).queries == 0


def test_qrels_hold_every_candidate_and_run_files_name_project_and_country(records):
    asked = scaling(records)

    frame = qrels_of(asked).frame

    assert frame["query_id"].unique().tolist() == ["four@X", "wide@X"]
    assert len(frame) == 6 + 6
    assert frame["grade"].sum() == 2 + 3


def test_a_method_that_knows_the_answer_measures_one(records):
    asked = scaling(records)

    table = evaluate(run_of(asked, lambda episode: episode.relevant.astype(float)), qrels_of(asked), [AP])

    assert table["AP"].tolist() == [1.0, 1.0]


def test_progress_counts_episodes(records):
    seen = []

    run_of(scaling(records), REFERENCES["scaling"]["CF"], lambda done, total: seen.append((done, total)))

    assert seen == [(1, 1)]


@pytest.mark.parametrize("name", REFERENCES["scaling"])
def test_no_reference_method_sees_what_came_after_the_cutoff(catalogue_of, places, practices, name):
    changed = dict(practices)
    for key in ("beyond", "huge", "late-1", "late-2", "late-3", "undated"):
        changed[key] = ("Wide old project four", practices[key][1], ["X-8"])
    before, after = (scaling(read_records(catalogue_of(places, p))) for p in (practices, changed))

    scores = [REFERENCES["scaling"][name](next(task.episodes)) for task in (before, after)]

    assert next(before.episodes).subjects.tolist() == next(after.episodes).subjects.tolist()
    assert scores[0].tolist() == scores[1].tolist()


def test_a_new_country_is_fitted_on_the_others_as_they_stood_at_its_date(records):
    (first,) = scaling(records).episodes
    later = dataclasses.replace(first.history, cutoff=2015, start_years=first.history.start_years + 5)
    second = dataclasses.replace(first, name="Z", history=later)
    both = task("scaling", [lambda: first, lambda: second])

    (others, asked), (earlier, again) = leave_one_out(both)

    assert (asked.name, again.name) == ("X", "Z")
    assert [len(history.practice_ids) for history in others] == [0]
    assert [len(history.practice_ids) for history in earlier] == [21]
    assert others[0].cutoff == first.history.cutoff
