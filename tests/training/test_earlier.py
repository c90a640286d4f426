"""The training part cut once more: something to develop on that no test asks about."""

import numpy as np
import pytest

from training.aid_tasks import placement
from training.calibration_choice import ONE_TAIL, SIGMOID, VENN_ABERS, compare, compare_cuts, markdown
from training.earlier import earlier_cuts
from training.ground import Sight
from training.learning import Pairs

WORDS = Sight(None)


def test_dated_records_are_cut_five_ten_and_fifteen_years_before_the_first_test(dated):
    cuts = list(earlier_cuts(dated))

    assert {(cut.situation, cut.label) for cut in cuts} == {
        (situation, year) for situation in ("adopters", "momentum") for year in ("1975", "1980", "1985")
    }
    for cut in cuts:
        assert [episode.history.cutoff for episode in cut.asked] == [float(cut.label)]


def test_nothing_that_is_learned_on_is_later_than_the_cut_and_nothing_asked_later_than_the_training(dated):
    for cut in earlier_cuts(dated):
        year = float(cut.label)
        known = np.where(np.isnan(dated.years), np.inf, dated.years)
        for lesson in cut.lessons:
            row = np.searchsorted(dated.practice_ids, lesson.history.practice_ids)
            if cut.situation == "adopters":
                asked = np.searchsorted(dated.practice_ids, lesson.subjects)
                assert (known[asked][lesson.relevant] <= year).all()
            assert (known[row][lesson.history.sites] <= year).all()
        for episode in cut.asked:
            if cut.situation == "adopters":
                asked = np.searchsorted(dated.practice_ids, episode.subjects)
                assert (known[asked][episode.relevant] <= min(year + 5, 1990)).all()


def test_projects_that_a_test_asks_about_are_in_no_earlier_cut(projects):
    tested = {key for episode in placement(projects).episodes for key in episode.subjects}

    cuts = list(earlier_cuts(projects))

    assert {(cut.situation, cut.label) for cut in cuts} == {
        (situation, share)
        for situation in ("text", "sites")
        for share in ("50% of the years", "70% of the years")
    }
    for cut in cuts:
        for episode in (*cut.lessons, *cut.asked):
            assert not tested & set(episode.subjects)
            assert not tested & set(episode.history.practice_ids)


def test_every_way_finds_a_law_that_is_logistic():
    rng = np.random.default_rng(3)

    def drawn(queries):
        n = queries * 20
        values = rng.normal(size=(n, 1))
        adopted = rng.uniform(size=n) < 1 / (1 + np.exp(1.5 - values[:, 0]))
        query, side = np.repeat(np.arange(queries), 20), rng.integers(0, 4, size=n).astype(np.int8)
        return Pairs(values, adopted, query, np.zeros(n), np.ones(n), side)

    held = compare("drawn", "text", drawn(600), drawn(600))

    for ece, _ in held.promises.values():
        assert ece < 0.02
    assert 0.88 < held.intervals[ONE_TAIL][0] < 0.94
    assert 0 < held.venn_abers_width < 0.05


def test_the_table_has_a_row_for_every_cut_and_their_mean(projects):
    rows = list(compare_cuts("invented", projects, WORDS))

    written = markdown(rows, "invented")

    assert len(rows) == 4
    assert written.count("| invented, ") == 4
    mean = np.mean([row.promises[SIGMOID] for row in rows], axis=0)
    assert "| mean |  | {:.3f} / {:.4f} |".format(*mean) in written
    assert VENN_ABERS in written


def test_a_package_without_earlier_years_has_no_cut(catalogue_of):
    from training.history import read_records

    places = {f"t{i}": ("X", float(i), 0.0) for i in range(9)}
    same_year = {
        f"p{i:02}": (f"project {'abcdefghij'[i % 10]}", 2000, ["t1", f"t{i % 9}"]) for i in range(40)
    }

    assert all(not cut.asked for cut in earlier_cuts(read_records(catalogue_of(places, same_year))))


@pytest.mark.parametrize("situation", ["adopters", "momentum"])
def test_a_query_asked_counts_once_whatever_its_year(dated, situation):
    assert all(e.weight == 1 for cut in earlier_cuts(dated) if cut.situation == situation for e in cut.asked)
