import json

import numpy as np
import pandas as pd
import pytest

from recommender.domain import DataError, UnknownValue
from training import tables
from training.measurement import Measurement, measure_methods, summarise
from training.tables import Provenance
from training.task import task


@pytest.fixture
def measurement():
    index = pd.Index(["p", "q"], name="query_id")
    return Measurement(
        "scaling",
        "hand-made",
        {
            "ours": pd.DataFrame({"nDCG@10": [0.5, 0.7], "AP": [0.2, np.nan]}, index),
            "theirs": pd.DataFrame({"nDCG@10": [0.4, 0.6], "AP": [0.1, np.nan]}, index),
        },
    )


@pytest.fixture
def provenance():
    return Provenance(
        "hand-made 1", "prior 1", seed=3, resamples=200, machine="a machine", versions={"numpy": "2"}
    )


def test_means_and_paired_differences_come_with_intervals(measurement):
    theirs, ours = sorted(summarise(measurement, "theirs"), key=lambda row: row.system, reverse=True)

    assert theirs.means["nDCG@10"].mean == pytest.approx(0.5)
    assert theirs.differences == {}
    assert ours.differences["nDCG@10"] == pytest.approx((0.1, 0.1, 0.1))


def test_a_query_without_a_value_is_left_out_of_that_measure_only(measurement):
    (ours, _) = summarise(measurement, "theirs")

    assert ours.means["AP"].mean == pytest.approx(0.2)
    assert ours.means["nDCG@10"].mean == pytest.approx(0.6)


def test_an_unknown_baseline_is_refused_with_the_known_ones(measurement):
    with pytest.raises(UnknownValue) as refused:
        summarise(measurement, "nobody")

    assert refused.value.facts["allowed"] == ["ours", "theirs"]


def test_values_per_query_are_kept(measurement):
    rows = measurement.per_query()

    assert list(rows.columns) == ["task", "query_id", "system", "measure", "value"]
    assert len(rows) == 2 * 2 * 2
    assert rows.query("system == 'ours' and measure == 'nDCG@10'")["value"].tolist() == [0.5, 0.7]


def test_methods_are_measured_with_progress_over_all_of_them(episode_of):
    episode = episode_of([[1, 1, 0]], [[0, 0, 0]])
    episode.relevant[0, 1] = True
    seen = []

    found = measure_methods(
        task("placement", [lambda: episode]),
        "hand-made",
        {"right": lambda e: e.relevant.astype(float), "wrong": lambda e: -e.relevant.astype(float)},
        lambda done, total: seen.append((done, total)),
    )

    assert seen == [(1, 2), (2, 2)]
    assert found.systems["right"].loc["q@X"].tolist() == [1.0, 1.0]
    assert found.systems["wrong"].loc["q@X"].tolist() == [0.5, 0.0]


def test_a_task_without_queries_is_refused_by_name():
    with pytest.raises(DataError, match="scaling"):
        measure_methods(task("scaling", []), "hand-made", {})


def test_the_markdown_table_states_figures_and_where_they_come_from(measurement, provenance):
    rows = summarise(measurement, "theirs", resamples=200)

    lines = tables.markdown("Scaling", measurement, rows, "theirs", provenance).splitlines()

    assert lines[0] == "## Scaling"
    assert lines[4] == "| system | nDCG@10 | MAP | nDCG@10 less theirs |"
    assert lines[6].endswith("| 0.200 [0.200, 0.200] | +0.100 [+0.100, +0.100] |")
    assert lines[7].endswith("|  |")
    assert lines[9] == (
        "Data: hand-made 1. Model: prior 1. Seed 3, 200 resamples. Machine: a machine. numpy 2."
    )


def test_the_json_holds_the_same_with_every_query(measurement, provenance):
    rows = summarise(measurement, "theirs", resamples=200)

    again = json.loads(json.dumps(tables.as_json(measurement, rows, "theirs", provenance)))

    ours = again["systems"][0]
    assert ours["measures"]["MAP"] == {"mean": 0.2, "low": 0.2, "high": 0.2}
    assert ours["per_query"]["q"] == {"nDCG@10": 0.7, "AP": None}
    assert again["provenance"]["seed"] == 3


def test_versions_name_the_libraries_that_make_the_figures():
    assert {"python", "numpy", "scikit-learn"} <= set(tables.library_versions())
