import numpy as np
import pytest

from recommender.columns import FeatureSpec
from recommender.domain import ModelError, OutOfRange, Text, UnknownValue
from recommender.ranker import FitRanker, Learned, Table, read_prior

WARM = FeatureSpec("warm", "share", 0.0, 1.0, 0.5, Text({"en": "How warm it is."}))
NEAR = FeatureSpec("near", "share", 0.0, 1.0, 0.0, Text({"en": "How near it is."}))
ALL = np.array([True, True])
PRIOR = """
version = "test"
[scale]
points = 1.0
medium = 45.0
high = 65.0
[features.warm]
weight = 2.0
reason = "known"
[features.near]
weight = 1.0
reason = "known"
"""


@pytest.fixture
def ranker(tmp_path):
    path = tmp_path / "prior.toml"
    path.write_text(PRIOR)
    return read_prior([WARM, NEAR], path)


def score(ranker, rows, asked=ALL, weights=None):
    return ranker.score(np.array(rows, dtype=float), ("warm", "near"), asked, weights)


def test_contributions_are_weight_times_distance_from_neutral_and_sum_to_the_score(ranker):
    fit = score(ranker, [[1.0, 0.5], [0.0, 0.0]])

    assert fit.contributions.tolist() == [[1.0, 0.5], [-1.0, 0.0]]
    assert fit.score.tolist() == [1.5, -1.0]


def test_an_unknown_feature_contributes_nothing_and_lowers_the_coverage(ranker):
    fit = score(ranker, [[np.nan, 0.5], [0.5, 0.5], [np.nan, np.nan]])

    assert fit.contributions[0].tolist() == [0.0, 0.5]
    assert fit.coverage.tolist() == pytest.approx([1 / 3, 1.0, 0.0])


def test_a_feature_not_asked_about_neither_counts_nor_lowers_the_coverage(ranker):
    fit = score(ranker, [[np.nan, 0.5]], asked=np.array([False, True]))

    assert fit.score.tolist() == [0.5]
    assert fit.coverage.tolist() == [1.0]


def test_values_beyond_the_range_count_as_its_end(ranker):
    assert score(ranker, [[9.0, 0.0]]).score.tolist() == score(ranker, [[1.0, 0.0]]).score.tolist()


def test_one_pair_and_many_give_the_same_numbers(ranker):
    rows = np.random.default_rng(5).random((50, 2))

    together = score(ranker, rows).score

    assert together.tolist() == [score(ranker, [row]).score[0] for row in rows]


def test_the_index_is_fifty_where_nothing_speaks_for_or_against_and_orders_as_the_score(ranker):
    fit = score(ranker, [[0.5, 0.0], [0.6, 0.0], [1.0, 1.0]])

    assert fit.index[0] == 50.0
    assert fit.index[1] == pytest.approx(100 / (1 + np.exp(-0.2)))
    assert (np.diff(fit.index) > 0).all()
    assert [ranker.band(i) for i in (44.9, 45.0, 65.0)] == ["low", "medium", "high"]


def test_a_caller_can_leave_a_feature_out_or_double_it(ranker):
    fit = score(ranker, [[1.0, 1.0]], weights={"warm": 0.0, "near": 2.0})

    assert fit.contributions.tolist() == [[0.0, 2.0]]
    assert fit.coverage.tolist() == [1.0]


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0, 10.5])
def test_a_weight_that_makes_no_sense_is_refused_by_name(ranker, weight):
    with pytest.raises(OutOfRange) as caught:
        score(ranker, [[1.0, 1.0]], weights={"warm": weight})

    assert caught.value.facts["field"] == "weights.warm"


def test_a_weight_on_an_unknown_feature_names_the_features_there_are(ranker):
    with pytest.raises(UnknownValue) as caught:
        score(ranker, [[1.0, 1.0]], weights={"hot": 1.0})

    assert caught.value.facts["allowed"] == ["warm", "near"]


def test_columns_in_another_order_are_refused(ranker):
    with pytest.raises(ModelError):
        ranker.score(np.zeros((1, 2)), ("near", "warm"), ALL)


def test_a_prior_that_forgets_a_feature_is_refused(tmp_path):
    path = tmp_path / "prior.toml"
    path.write_text(PRIOR)

    with pytest.raises(ModelError) as caught:
        read_prior([WARM], path)

    assert caught.value.facts["unexpected"] == ["near"]


def test_a_learned_curve_is_the_same_class_with_more_knots():
    table = Table(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0]), "learned", "fitted")
    ranker = FitRanker({"warm": table}, 1.0, (45.0, 65.0), "learned")

    fit = ranker.score(np.array([[0.25], [0.5], [1.0]]), ("warm",), np.array([True]))

    assert fit.score.tolist() == [0.5, 1.0, 0.0]


def test_rows_are_scored_alike_however_they_lie_in_memory_and_are_cut(ranker, monkeypatch):
    bent = Table(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0]), "learned", "fitted")
    mixed = FitRanker({"warm": ranker.tables["warm"], "bent": bent}, 1.0, (45.0, 65.0), "mixed")
    rows = np.random.default_rng(3).uniform(-0.5, 1.5, (50, 2))
    rows[::7, 0] = rows[::5, 1] = np.nan
    by_hand = np.column_stack(
        [
            np.where(np.isnan(column), 0.0, np.interp(column, table.knots, table.values) * factor)
            for column, table, factor in zip(rows.T, mixed.tables.values(), (3.0, 0.5), strict=True)
        ]
    )

    for cut in (7, 2**13):
        monkeypatch.setattr("recommender.ranker.ROWS_AT_ONCE", cut)
        for table in (rows, np.asfortranarray(rows)):
            before = table.copy()
            fit = mixed.score(table, ("warm", "bent"), ALL, {"warm": 3.0, "bent": 0.5})
            np.testing.assert_allclose(fit.contributions, by_hand, atol=1e-12)
            np.testing.assert_allclose(fit.score, by_hand.sum(axis=1), atol=1e-12)
            np.testing.assert_allclose(fit.coverage, np.isfinite(rows) @ [6.0, 0.5] / 6.5, atol=1e-12)
            np.testing.assert_array_equal(table, before)  # what was given stays as it was


def test_the_learned_model_gives_its_version_and_what_overlaps_gives_way(tmp_path):
    path = tmp_path / "prior.toml"
    beside = '[features.near]\nbeside_learned = 0.25\nbeside_reason = "the records have it"\n'
    path.write_text(PRIOR.replace("[features.near]\n", beside))

    alone, joined = read_prior([WARM, NEAR], path), read_prior([WARM, NEAR], path, Learned("m1", ("warm",)))

    assert joined.version == f"{alone.version}+m1"
    assert [(t.basis, t.version) for t in joined.tables.values()] == [
        ("learned", "m1"),
        ("prior", alone.version),
    ]
    assert (alone.tables["near"].span, joined.tables["near"].span) == (1.0, 0.25)
    assert joined.tables["near"].reason == "the records have it"
