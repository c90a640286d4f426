"""Measures worked by hand as fractions, and against scikit-learn."""

from math import log2

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from recommender.domain import DataError, OutOfRange
from recommender.evaluation import AP, AUC, NDCG_10, RECALL_20, Measure, bootstrap, compare, evaluate
from recommender.qrels import Qrels, Run, read_run, write_run


def run(**queries):
    rows = [(query, item, score) for query, items in queries.items() for item, score in items.items()]
    return Run(pd.DataFrame(rows, columns=["query_id", "item_id", "score"]))


def qrels(**queries):
    rows = [(query, item, grade) for query, items in queries.items() for item, grade in items.items()]
    return Qrels(pd.DataFrame(rows, columns=["query_id", "item_id", "grade"]))


def value(measure, answered, judged):
    return evaluate(answered, judged, [measure]).loc["q", str(measure)]


FOUR = {"a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}


def test_graded_ndcg_gains_two_to_the_grade_less_one():
    judged = qrels(q={"a": 0, "b": 3, "c": 1, "d": 0})

    got = value(NDCG_10, run(q=FOUR), judged)

    assert got == pytest.approx((7 / log2(3) + 1 / log2(4)) / (7 / log2(2) + 1 / log2(3)))


def test_binary_ndcg_gains_one_from_the_threshold_on():
    judged = qrels(q={"a": 1, "b": 3, "c": 2, "d": 0})

    got = value(Measure("nDCG", k=10, gain="binary", relevant_from=2), run(q=FOUR), judged)

    assert got == pytest.approx((1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3)))


def test_the_ideal_of_ndcg_stops_at_the_cutoff():
    judged = qrels(q={"a": 1, "b": 0, "c": 1, "d": 1})

    got = value(Measure("nDCG", k=2), run(q=FOUR), judged)

    assert got == pytest.approx(1 / (1 + 1 / log2(3)))


def test_recall_counts_what_was_found_among_all_relevant():
    judged = qrels(q={"a": 0, "b": 1, "c": 2, "d": 1})

    assert value(Measure("recall", k=2), run(q=FOUR), judged) == pytest.approx(1 / 3)
    assert value(Measure("recall", k=3, relevant_from=2), run(q=FOUR), judged) == 1.0


def test_average_precision_is_the_mean_precision_at_the_relevant_ranks():
    judged = qrels(q={"a": 0, "b": 1, "c": 0, "d": 2})

    assert value(AP, run(q=FOUR), judged) == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_auc_is_the_share_of_pairs_in_the_right_order():
    judged = qrels(q={"a": 1, "b": 0, "c": 1, "d": 0})

    assert value(AUC, run(q=FOUR), judged) == pytest.approx(3 / 4)


def test_equal_scores_are_ordered_by_ascending_item_id():
    tied = run(q={"d": 1.0, "c": 1.0, "b": 1.0, "a": 1.0})

    first = value(AUC, tied, qrels(q={"a": 1, "b": 0, "c": 0, "d": 0}))
    last = value(AUC, tied, qrels(q={"a": 0, "b": 0, "c": 0, "d": 1}))

    assert (first, last) == (1.0, 0.0)
    assert value(AP, tied, qrels(q={"a": 0, "b": 1, "c": 0, "d": 0})) == pytest.approx(1 / 2)


def test_unjudged_items_take_a_rank_and_give_nothing():
    assert value(AP, run(q=FOUR), qrels(q={"b": 1})) == pytest.approx(1 / 2)


def test_relevant_items_missing_from_the_run_count_as_not_found():
    judged = qrels(q={"a": 1, "b": 0, "elsewhere": 1})

    assert value(AP, run(q=FOUR), judged) == pytest.approx(1 / 2)
    assert value(RECALL_20, run(q=FOUR), judged) == pytest.approx(1 / 2)


def test_queries_without_a_relevant_or_an_irrelevant_candidate_are_dropped():
    answered = run(none={"a": 1.0, "b": 2.0}, all={"a": 1.0, "b": 2.0}, kept={"a": 1.0, "b": 2.0})
    judged = qrels(none={"a": 0, "b": 0}, all={"a": 1, "b": 1}, kept={"a": 1, "b": 0})

    assert list(evaluate(answered, judged).index) == ["kept"]


def test_a_measure_that_is_not_defined_is_unknown_and_not_zero():
    judged = qrels(q={"a": 1, "b": 0})

    assert np.isnan(value(Measure("recall", k=2, relevant_from=3), run(q=FOUR), judged))


def test_each_query_has_its_own_ranks():
    answered = run(p={"x": 1.0, "y": 2.0}, q={"x": 5.0, "y": 4.0, "z": 3.0})
    judged = qrels(q={"y": 1, "x": 0, "z": 0}, p={"x": 1, "y": 0})

    table = evaluate(answered, judged, [AP, AUC])

    assert table.loc["p"].tolist() == [1 / 2, 0.0]
    assert table.loc["q"].tolist() == [1 / 2, 1 / 2]


def test_nothing_judged_gives_an_empty_table():
    assert evaluate(run(q=FOUR), qrels()).shape == (0, 2)


def test_a_judged_query_without_an_answer_is_refused():
    with pytest.raises(DataError) as refused:
        evaluate(run(q=FOUR), qrels(q={"a": 1}, other={"a": 1}))

    assert refused.value.facts["queries"] == ["other"]


def test_scikit_learn_agrees_where_no_scores_are_tied():
    rng = np.random.default_rng(7)
    scores, grades = rng.permuted(np.tile(np.arange(30.0), (40, 1)), axis=1), rng.integers(0, 4, (40, 30))
    names = [f"i{item:02}" for item in range(30)]
    answered = run(**{f"q{q:02}": dict(zip(names, scores[q], strict=True)) for q in range(40)})
    judged = qrels(**{f"q{q:02}": dict(zip(names, grades[q], strict=True)) for q in range(40)})

    table = evaluate(answered, judged, [NDCG_10, AP, AUC])

    relevant = grades >= 1
    assert table["nDCG@10"].mean() == pytest.approx(ndcg_score(2.0**grades - 1, scores, k=10))
    expected = [average_precision_score(relevant[q], scores[q]) for q in range(40)]
    assert table["AP"].to_numpy() == pytest.approx(expected)
    expected = [roc_auc_score(relevant[q], scores[q]) for q in range(40)]
    assert table["AUC"].to_numpy() == pytest.approx(expected)


def test_measures_are_written_as_in_a_paper():
    measures = [NDCG_10, RECALL_20, AP, Measure("nDCG", k=5, gain="binary"), Measure("AP", relevant_from=2)]

    assert [str(measure) for measure in measures] == [
        "nDCG@10",
        "recall@20",
        "AP",
        "nDCG(binary)@5",
        "AP(rel=2)",
    ]


def test_a_constant_difference_has_an_interval_without_width():
    ours, theirs = pd.Series([0.5, 0.7], ["p", "q"]), pd.Series([0.4, 0.6], ["p", "q"])

    assert compare(ours, theirs) == pytest.approx((0.1, 0.1, 0.1))


def test_the_difference_is_paired_by_query_and_not_by_position():
    ours, theirs = pd.Series([0.5, 0.7], ["p", "q"]), pd.Series([0.6, 0.4], ["q", "p"])

    assert compare(ours, theirs).high == pytest.approx(0.1)


def test_systems_measured_on_different_queries_are_not_compared():
    with pytest.raises(DataError):
        compare(pd.Series([0.5], ["p"]), pd.Series([0.5], ["q"]))


def test_the_bootstrap_interval_is_that_of_the_mean():
    values = np.random.default_rng(3).normal(2.0, 1.0, (400, 1))

    (interval,) = bootstrap(values, seed=1)

    # Mean +- 1.96 standard errors, within the noise of the resampling.
    error = values.std() / 20
    assert interval.mean == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert interval.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_the_same_seed_gives_the_same_interval_and_columns_share_resamples():
    values = np.random.default_rng(3).random((30, 2))
    with_difference = np.column_stack([values, values[:, 0] - values[:, 1]])

    first, second = bootstrap(with_difference, seed=5), bootstrap(with_difference, seed=5)

    assert first == second
    assert first[2] == pytest.approx(compare(pd.Series(values[:, 0]), pd.Series(values[:, 1]), seed=5))


@pytest.mark.parametrize("values", [np.empty((0, 1)), np.array([[np.nan]])])
def test_nothing_and_the_unknown_are_not_resampled(values):
    with pytest.raises(OutOfRange):
        bootstrap(values)


def test_a_run_file_reads_back_equal(tmp_path):
    answered = run(q={"b": 1 / 3, "a": 1 / 3, "c": 0.1 + 0.2}, NA={"01": 1e-17})

    write_run(answered, tmp_path / "run.csv")
    again = read_run(tmp_path / "run.csv").frame

    text = (tmp_path / "run.csv").read_text()
    assert text.splitlines()[:3] == ["query_id,item_id,score", "NA,01,1e-17", "q,a,0.3333333333333333"]
    assert again["item_id"].tolist() == ["01", "a", "b", "c"]
    assert again["score"].tolist() == [1e-17, 1 / 3, 1 / 3, 0.1 + 0.2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "query_id,item_id\nq,a\n",
        "query_id,item_id,score\nq,a,\n",
        "query_id,item_id,score\nq,a,high\n",
        "query_id,item_id,score\nq,a,1\nq,a,2\n",
    ],
)
def test_files_that_are_no_runs_are_refused(tmp_path, text):
    (tmp_path / "run.csv").write_text(text)

    with pytest.raises(DataError):
        read_run(tmp_path / "run.csv")


def test_negative_grades_are_refused():
    with pytest.raises(DataError):
        qrels(q={"a": -1})
