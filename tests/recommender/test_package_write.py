"""What is written is read back alike; a folder appears whole or not at all."""

import csv
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain import DataError
from recommender.package import check_packages, read_packages, write_package
from tests.recommender.tiny_package import TABLES, add_column, read_rows, write_tiny

# any text a cell may hold: no lone surrogates, no null character, not only spaces, not "n/a"
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
    .filter(lambda text: not text.isspace())
    .filter(lambda text: text.strip().lower() not in ("n/a", "#n/a"))
)
FILLED = TEXTS.filter(bool)
ITEMS = st.lists(
    FILLED.map(lambda text: text.replace(";", "").strip())
    .filter(bool)
    .filter(lambda text: text.lower() not in ("n/a", "#n/a")),
    max_size=3,
    unique=True,
)
NUMBERS = st.one_of(st.just(""), st.floats(0, 1e12).map(repr), st.integers(0, 10**12).map(str))


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "tiny")


def test_a_written_catalogue_reads_back_alike(tmp_path, tiny):
    add_column(tiny, "territories", "colour", ["", "green", "", "NA"])
    catalogue = read_packages([tiny])

    folder = write_package(catalogue, tmp_path / "deep" / "out", name="out", title="Out")

    assert check_packages([folder]).faults == ()
    assert read_packages([folder]) == catalogue


@settings(max_examples=60, deadline=None)
@given(
    name=FILLED,
    title=FILLED,
    title_es=TEXTS,
    partners=ITEMS,
    budget=NUMBERS,
    value=st.floats(allow_nan=False, allow_infinity=False).map(repr),
    extra=TEXTS,
)
def test_reading_what_was_written_from_what_was_read_changes_nothing(
    name, title, title_es, partners, budget, value, extra
):
    tables = dict(TABLES)
    with tempfile.TemporaryDirectory() as folder:
        start = write_tiny(Path(folder) / "start", tables)
        contents = {
            "practices": [
                ["id", "title", "title_es", "partners", "budget_usd"],
                ["tea", title, title_es, ";".join(partners), budget],
                ["NA", "x", "", "", ""],
            ],
            "territories": [
                ["id", "name", "level", "parent_id", "extra"],
                *([f"NA{end}", name, "country", "", extra] for end in ("", "-01", "-02", "-0101")),
            ],
            "observations": [
                ["territory_id", "indicator_id", "year", "value"],
                ["NA", "water", "2022", value],
            ],
        }
        for table, rows in contents.items():
            with (start / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        catalogue = read_packages([start])

        written = write_package(catalogue, Path(folder) / "out", name="out", title="Out")

        assert read_packages([written]) == catalogue


def test_the_manifest_describes_every_file(tmp_path, tiny):
    folder = write_package(
        read_packages([tiny]),
        tmp_path / "out",
        name="out",
        title="Out",
        created="2026-01-31",
        licences=["CC0"],
        sources=["invented"],
    )

    manifest = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))

    assert (manifest["name"], manifest["created"]) == ("out", "2026-01-31")
    assert manifest["licenses"] == [{"name": "other", "title": "CC0"}]
    for resource in manifest["resources"]:
        header = read_rows(folder, resource["name"])[0]
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    adoptions = next(r for r in manifest["resources"] if r["name"] == "adoptions")["schema"]
    assert adoptions["primaryKey"] == ["practice_id", "territory_id"]
    assert {"fields": "practice_id", "reference": {"resource": "practices", "fields": "id"}} in adoptions[
        "foreignKeys"
    ]


def test_files_without_rows_are_left_out(tmp_path):
    places = write_tiny(tmp_path / "places", {"territories": TABLES["territories"]})

    folder = write_package(read_packages([places]), tmp_path / "out", name="out", title="Out")

    assert sorted(path.name for path in folder.iterdir()) == ["datapackage.json", "territories.csv"]


def test_what_is_there_already_is_not_touched(tmp_path, tiny):
    catalogue = read_packages([tiny])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(DataError, match="already exists"):
        write_package(catalogue, tiny, name="out", title="Out")
    with pytest.raises(DataError, match="already exists"):
        write_package(catalogue, tmp_path / "mine", name="out", title="Out", replace=True)

    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "dear"
    assert read_packages([tiny]) == catalogue


def test_a_package_is_replaced_where_that_is_allowed(tmp_path, tiny):
    catalogue = read_packages([tiny])

    write_package(catalogue, tiny, name="out", title="Out", replace=True)

    assert read_packages([tiny]) == catalogue
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_catalogue_that_does_not_fit_the_format_is_not_written(tmp_path, tiny):
    catalogue = read_packages([tiny])
    broken = replace(catalogue, practices={})

    with pytest.raises(DataError, match="Nothing was written"):
        write_package(broken, tmp_path / "out", name="out", title="Out")
    with pytest.raises(DataError, match="Nothing was written"):
        write_package(broken, tiny, name="out", title="Out", replace=True)

    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]
    assert read_packages([tiny]) == catalogue
