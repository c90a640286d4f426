"""The page of the adoption tasks says what was kept, and which bars were missed by how much."""

import json

import pytest

from training.summary import main, overview, read


def kept(task, package, scores, calibration=None, baseline="CF"):
    """What `arraigo evaluate --full --json` keeps of one task."""
    systems = [
        {"name": name, "per_query": {f"q{at}": {"nDCG@10": value} for at, value in enumerate(values)}}
        for name, values in scores.items()
    ]
    return {
        task: {
            "task": task,
            "baseline": baseline,
            "systems": systems,
            "provenance": {"data": f"{package} (abc)"},
            "calibration": calibration,
        }
    }


@pytest.fixture
def folder(tmp_path):
    ours = {"Arraigo, likely": [0.5, 0.7], "Arraigo, fit": [0.4, 0.6]}
    held = {"ECE": 0.05, "Brier": 0.1, "coverage": 0.9, "width": 0.2}
    files = {
        "scaling-one": kept("scaling", "one", {**ours, "CF": [0.4, 0.6], "dense kNN": [0.9, 0.9]}, held),
        "scaling-two": kept("scaling", "two", {**ours, "CF": [0.2, 0.4]}),
    }
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        (tmp_path / f"{name}.md").write_text(f"# Recorded adoptions\n\n## {name}\n", encoding="utf-8")
    return tmp_path


def test_differences_are_pooled_over_the_queries_of_all_packages(folder):
    page = overview(read(folder))

    assert "| scaling, one | 2 | 0.600 | 0.500 | CF 0.500 | +0.100 [+0.100, +0.100] |" in page
    assert "| scaling | 4 | +0.200 [" in page  # .1, .1 and .3, .3


def test_missed_bars_are_told_with_their_figures_and_met_ones_are_not(folder):
    missed = overview(read(folder)).split("## Bars not met")[1]

    assert "- scaling, one: 0.600, not above dense kNN (0.900)." in missed
    assert "- scaling, one: ECE 0.050 above 0.03." in missed
    assert "scaling, two" not in missed
    assert "intervals hold" not in missed


def test_the_page_holds_the_single_tables_too(folder, tmp_path):
    main(folder, tmp_path / "page.txt")

    page = (tmp_path / "page.txt").read_text(encoding="utf-8")
    assert page.count("# Recorded adoptions\n") == 1
    assert page.index("## scaling-one") < page.index("## scaling-two")
