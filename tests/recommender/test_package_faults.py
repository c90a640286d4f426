"""Every way a package can be wrong is named with its place, and then nothing is loaded."""

import pytest

from recommender.domain import PackageRefused
from recommender.package import check_packages, read_judgements, read_packages
from tests.recommender.tiny_package import (
    TABLES,
    add_column,
    add_row,
    drop_column,
    read_manifest,
    read_rows,
    replace_bytes,
    set_cell,
    write_manifest,
    write_tiny,
)


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "tiny")


def the_fault(*folders):
    """Return the only fault, after seeing that reading refuses and names it in both languages."""
    (fault,) = check_packages(folders).faults
    with pytest.raises(PackageRefused) as refused:
        read_packages(folders)
    assert refused.value.facts["faults"] == (fault,)
    for language in ("es", "en"):
        line = fault.line(language)
        assert fault.file in line
        assert fault.problem.values[language] in line
        assert fault.remedy.values[language] in line
        assert "\n" not in line
    return fault


CELLS = [
    ("territories", 3, "level", "canton", "vocabulary"),
    ("territories", 3, "latitude", "91", "range"),
    ("territories", 3, "longitude", "-180.5", "range"),
    ("territories", 3, "latitude", "nan", "finite"),
    ("territories", 3, "latitude", "1,5", "not a number"),
    ("territories", 3, "latitude", "１", "not a number"),
    ("territories", 3, "area_km2", "-1", "range"),
    ("territories", 3, "area_km2", "1_000", "not a number"),
    ("territories", 3, "name", "", "required"),
    ("territories", 3, "name", "  ", "only spaces"),
    ("territories", 3, "region", "n/a", "left empty"),
    ("territories", 3, "parent_id", "NA-01", "own parent"),
    ("territories", 3, "parent_id", "NX", "not in territories.csv"),
    ("territories", 3, "parent_id", "NA-02", "level"),
    ("territories", 5, "aliases", "Dam;;Beaver", "empty item"),
    ("territories", 5, "aliases", "Dam;Dam", "repeats"),
    ("neighbours", 2, "neighbour_id", "NA-99", "not in territories.csv"),
    ("neighbours", 2, "neighbour_id", "NA-01", "its own neighbour"),
    ("neighbours", 2, "border", "yes", "vocabulary"),
    ("neighbours", 2, "distance_km", "-3", "range"),
    ("indicators", 2, "direction", "up", "vocabulary"),
    ("indicators", 2, "unit", "", "required"),
    ("indicators", 2, "source", "", "required"),
    ("indicators", 2, "shrink_persons", "many", "not a number"),
    ("observations", 4, "value", "", "required"),
    ("observations", 4, "value", "inf", "finite"),
    ("observations", 4, "value", "1e999", "finite"),
    ("observations", 4, "value", "n/a", "left empty"),
    ("observations", 4, "year", "2021.0", "whole number"),
    ("observations", 4, "year", "21", "range"),
    ("observations", 4, "indicator_id", "crimes", "not in indicators.csv"),
    ("observations", 4, "territory_id", "na-02", "not in territories.csv"),
    ("organisations", 2, "type", "ngo", "vocabulary"),
    ("organisations", 2, "url", "javascript:alert(1)", "web address"),
    ("practices", 2, "themes", "health;tea", "vocabulary"),
    ("practices", 2, "populations", "children", "vocabulary"),
    ("practices", 2, "sdgs", "18", "range"),
    ("practices", 2, "sdgs", "ten", "whole number"),
    ("practices", 2, "gcm_objectives", "0", "range"),
    ("practices", 2, "evidence_level", "6", "range"),
    ("practices", 2, "tags_basis", "guessed", "vocabulary"),
    ("practices", 2, "end_year", "1939", "ends before it starts"),
    ("practices", 2, "budget_usd", "-1", "range"),
    ("practices", 2, "people_reached", "12.5", "whole number"),
    ("practices", 2, "retrieved", "2026-02-30", "not a date"),
    ("practices", 2, "retrieved", "31/01/2026", "not a date"),
    ("practices", 2, "source_url", "book.example", "web address"),
    ("practices", 2, "organisation_id", "dwarfs", "not in organisations.csv"),
    ("adoptions", 2, "practice_id", "coffee", "not in practices.csv"),
    ("adoptions", 2, "territory_id", "NA-7", "not in territories.csv"),
    ("adoptions", 2, "organisation_id", "dwarfs", "not in organisations.csv"),
    ("adoptions", 2, "outcome", "great", "vocabulary"),
    ("observation_sources", 2, "publisher", "", "required"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "problem"), CELLS)
def test_a_wrong_cell_is_named_by_file_row_column_and_value(tiny, table, row, column, value, problem):
    set_cell(tiny, table, row, column, value)

    fault = the_fault(tiny)

    assert fault.package == str(tiny)
    assert (fault.file, fault.row, fault.column, fault.value) == (f"{table}.csv", row, column, value)
    assert problem in fault.problem.values["en"]


def test_a_list_names_the_allowed_codes_as_the_remedy(tiny):
    set_cell(tiny, "practices", 2, "themes", "tea")

    assert "rights_protection" in the_fault(tiny).remedy.values["es"]


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("territories", ["NA-01", "Lamp", "admin1", "NA", "09", "", "", "", "", "", ""], "id", "NA-01"),
        ("practices", ["tea", "Tea", *[""] * 21], "id", "tea"),
        ("observations", ["NA-01", "water", "2022", "1", ""], None, "NA-01, water, 2022"),
        ("adoptions", ["tea", "NA-01", "", "", "", ""], None, "tea, NA-01"),
        ("neighbours", ["NA-01", "NA-02", "", ""], None, "NA-01, NA-02"),
    ],
)
def test_a_key_that_comes_twice_is_named_with_both_rows(tiny, table, row, column, value):
    add_row(tiny, table, row)

    fault = the_fault(tiny)

    assert fault.file == f"{table}.csv"
    assert fault.value == value
    assert column is None or fault.column == column
    assert "row" in fault.problem.values["en"]


def test_one_coordinate_without_the_other_is_a_fault(tiny):
    set_cell(tiny, "territories", 3, "longitude", "")

    fault = the_fault(tiny)

    assert (fault.row, fault.column) == (3, "longitude")


def test_parents_in_a_circle_are_named_one_by_one(tiny):
    set_cell(tiny, "territories", 3, "parent_id", "NA-0101")

    faults = check_packages([tiny]).faults

    assert [(f.row, f.column, f.value) for f in faults] == [
        (3, "parent_id", "NA-0101"),
        (5, "parent_id", "NA-01"),
    ]
    assert "NA-01 → NA-0101 → NA-01" in faults[0].problem.values["es"]


def test_bytes_that_are_not_utf8_are_named_by_row_and_column(tiny):
    replace_bytes(tiny, "practices.csv", "Té para".encode(), "Té para".encode("latin-1"))

    fault = the_fault(tiny)

    assert (fault.file, fault.row, fault.column) == ("practices.csv", 2, "title_es")
    assert fault.value == "T\\xe9 para quienes llegan"


def test_every_cell_of_a_latin1_file_that_is_not_utf8_is_named(tiny):
    content = (tiny / "practices.csv").read_text(encoding="utf-8").replace("Winter", "Wíntér")
    (tiny / "practices.csv").write_bytes(content.encode("latin-1"))

    assert [(f.row, f.column) for f in check_packages([tiny]).faults] == [(2, "title_es"), (3, "title")]


def test_a_utf16_file_is_one_fault(tiny):
    path = tiny / "organisations.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))

    faults = check_packages([tiny]).faults

    assert ("organisations.csv", 1, "UTF-16") in [(f.file, f.row, f.value) for f in faults]


def test_a_null_character_is_a_fault(tiny):
    replace_bytes(tiny, "organisations.csv", b"The Lion", b"The\x00Lion")

    fault = the_fault(tiny)

    assert (fault.row, fault.column) == (3, "name")


@pytest.mark.parametrize(
    ("row", "cells"), [("lion,The Lion", 2), ("lion,The, Lion,public_institution,,,,", 8)]
)
def test_a_row_with_too_few_or_too_many_cells_is_a_fault(tiny, row, cells):
    replace_bytes(tiny, "organisations.csv", b"lion,The Lion,public_institution,,,,", row.encode())

    fault = the_fault(tiny)

    assert (fault.file, fault.row, fault.value) == ("organisations.csv", 3, row)
    assert f"{cells} cells and the header 7" in fault.problem.values["en"]


def test_an_unclosed_quote_is_named_by_the_row_where_it_opens(tiny):
    replace_bytes(tiny, "organisations.csv", b"The Lion", b'"The Lion')

    fault = the_fault(tiny)

    assert (fault.file, fault.row) == ("organisations.csv", 3)


def test_an_empty_file_has_no_header(tiny):
    (tiny / "neighbours.csv").write_bytes(b"")

    fault = the_fault(tiny)

    assert (fault.file, fault.row) == ("neighbours.csv", 1)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("territories", "level"),
        ("indicators", "direction"),
        ("indicators", "source"),
        ("observations", "value"),
    ],
)
def test_a_missing_column_is_a_fault_of_the_header(tiny, table, column):
    drop_column(tiny, table, column)

    fault = the_fault(tiny)

    assert (fault.file, fault.row, fault.column) == (f"{table}.csv", 1, column)


def test_a_text_needs_a_column_in_some_language(tiny):
    drop_column(tiny, "practices", "title")
    drop_column(tiny, "practices", "title_es")

    assert the_fault(tiny).column == "title"


def test_a_practice_needs_its_title_in_some_language_only(tiny):
    set_cell(tiny, "practices", 2, "title", "")
    assert check_packages([tiny]).faults == ()

    set_cell(tiny, "practices", 3, "title", "")

    fault = the_fault(tiny)
    assert (fault.row, fault.column, fault.value) == (3, "title", "")


def test_a_column_that_comes_twice_is_a_fault(tiny):
    add_column(tiny, "organisations", "name", ["a", "b"])

    fault = the_fault(tiny)

    assert (fault.row, fault.column) == (1, "name")


def test_a_column_without_a_name_is_a_fault(tiny):
    add_column(tiny, "organisations", "", ["", ""])

    assert "number 8" in the_fault(tiny).problem.values["en"]


def test_a_column_the_manifest_declares_must_be_in_the_file(tiny):
    manifest = read_manifest(tiny)
    manifest["resources"][0]["schema"] = {"fields": [{"name": "id"}, {"name": "altitude"}]}
    write_manifest(tiny, manifest)

    fault = the_fault(tiny)

    assert (fault.file, fault.column) == ("territories.csv", "altitude")


def test_a_source_must_exist_where_the_manifest_declares_it_a_key(tiny):
    set_cell(tiny, "observations", 2, "source", "hearsay")
    assert check_packages([tiny]).faults == ()
    manifest = read_manifest(tiny)
    (observations,) = (r for r in manifest["resources"] if r["name"] == "observations")
    observations["schema"] = {
        "foreignKeys": [
            {"fields": "source", "reference": {"resource": "observation_sources", "fields": "source"}}
        ]
    }
    write_manifest(tiny, manifest)

    fault = the_fault(tiny)

    assert (fault.file, fault.row, fault.column, fault.value) == ("observations.csv", 2, "source", "hearsay")


def test_texts_of_one_language_in_two_columns_must_agree(tiny):
    add_column(tiny, "practices", "title_en", ["Tea for arrivals", "Summer shelter"])

    fault = the_fault(tiny)

    assert (fault.row, fault.column, fault.value) == (3, "title_en", "Summer shelter")


def test_texts_without_a_suffix_need_the_language_of_the_package(tiny):
    manifest = read_manifest(tiny)
    del manifest["language"]
    write_manifest(tiny, manifest)

    faults = check_packages([tiny]).faults

    assert faults
    assert {f.file for f in faults} == {"datapackage.json"}
    assert all("language" in f.problem.values["en"] for f in faults)


def test_a_file_of_the_manifest_that_is_missing_is_a_fault(tiny):
    (tiny / "neighbours.csv").unlink()

    fault = the_fault(tiny)

    assert fault.file == "neighbours.csv"


def test_what_refers_to_a_file_that_cannot_be_read_is_not_reported_again(tiny):
    replace_bytes(tiny, "territories.csv", b"Narnia", b'"Narnia')

    fault = the_fault(tiny)

    assert (fault.file, fault.row) == ("territories.csv", 2)


def test_what_refers_to_a_missing_file_is_not_reported_again(tiny):
    (tiny / "territories.csv").unlink()

    assert the_fault(tiny).file == "territories.csv"


def test_a_folder_in_the_place_of_a_file_is_a_fault(tiny):
    (tiny / "neighbours.csv").unlink()
    (tiny / "neighbours.csv").mkdir()

    assert the_fault(tiny).file == "neighbours.csv"


@pytest.mark.parametrize("content", ["{\n", '{"name": "tiny",\n\n', '{"name": "a\u2028b"\n}x', "\n", "["])
def test_a_manifest_that_was_cut_off_is_a_fault_and_no_traceback(tiny, content):
    (tiny / "datapackage.json").write_text(content, encoding="utf-8")

    assert the_fault(tiny).file == "datapackage.json"


def test_a_manifest_that_is_not_json_is_named_by_its_line(tiny):
    (tiny / "datapackage.json").write_text('{\n "name": "tiny",\n "resources": [,]\n}', encoding="utf-8")

    fault = the_fault(tiny)

    assert (fault.file, fault.row, fault.value) == ("datapackage.json", 3, '"resources": [,]')


@pytest.mark.parametrize("content", [b"", b"[]", b'"tiny"', b"\xff\xfe{}", b"[" * 100_000])
def test_a_manifest_that_is_no_manifest_is_a_fault(tiny, content):
    (tiny / "datapackage.json").write_bytes(content)

    assert the_fault(tiny).file == "datapackage.json"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", 3), ("resources", []), ("resources", {}), ("language", "Spanish")],
)
def test_a_manifest_names_itself_its_files_and_its_language(tiny, field, value):
    write_manifest(tiny, read_manifest(tiny) | {field: value})

    faults = check_packages([tiny]).faults

    assert f"'{field}'" in faults[0].problem.values["en"]


@pytest.mark.parametrize(
    "path", ["../tiny/territories.csv", "/etc/passwd", "", ".", None, ["territories.csv"], 3]
)
def test_a_resource_is_one_file_inside_the_package(tiny, path):
    manifest = read_manifest(tiny)
    manifest["resources"].append({"name": "outside", "path": path})
    write_manifest(tiny, manifest)

    assert "inside the package" in the_fault(tiny).problem.values["en"]


@pytest.mark.parametrize("entry", ["territories.csv", None, 3, []])
def test_a_resource_is_an_object(tiny, entry):
    manifest = read_manifest(tiny)
    manifest["resources"].append(entry)
    write_manifest(tiny, manifest)

    assert the_fault(tiny).file == "datapackage.json"


@pytest.mark.parametrize(
    "schema", [None, 3, [], {"fields": 3}, {"fields": [3, {"name": {}}]}, {"fields": []}]
)
@pytest.mark.parametrize("keys", [None, 3, [3], [{"fields": 3}], [{"fields": [{}]}], {}])
def test_a_schema_that_says_nothing_useful_is_no_obstacle(tiny, schema, keys):
    manifest = read_manifest(tiny)
    manifest["resources"][0]["schema"] = (
        {**schema, "foreignKeys": keys} if isinstance(schema, dict) else schema
    )
    write_manifest(tiny, manifest)

    assert check_packages([tiny]).faults == ()


def test_two_resources_for_one_file_are_a_fault(tiny):
    manifest = read_manifest(tiny)
    manifest["resources"].append({"name": "again", "path": "territories.csv"})
    write_manifest(tiny, manifest)

    assert the_fault(tiny).value == "territories.csv"


def test_a_folder_without_a_manifest_and_a_missing_folder_are_faults(tmp_path):
    (tmp_path / "bare").mkdir()

    assert the_fault(tmp_path / "bare").file == "datapackage.json"
    assert the_fault(tmp_path / "nowhere").package == str(tmp_path / "nowhere")


def test_manifest_papers_that_are_missing_are_notes(tiny):
    manifest = read_manifest(tiny)
    del manifest["licenses"]
    write_manifest(tiny, manifest)

    report = check_packages([tiny])

    assert report.faults == ()
    assert ["licenses" in note.line("en") for note in report.notes] == [True]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "said"),
    [
        ("territories", 4, "region", "North", "East"),
        ("practices", 2, "title_es", "Té", "Té para quienes llegan"),
        ("observations", 2, "value", "61", "61.25"),
        ("adoptions", 2, "year", "1941", "1940"),
        ("neighbours", 2, "border", "0", "1"),
    ],
)
def test_two_packages_that_contradict_each_other_are_both_named(
    tmp_path, tiny, table, row, column, value, said
):
    other = write_tiny(tmp_path / "other")
    set_cell(other, table, row, column, value)

    fault = the_fault(tiny, other)

    assert (fault.package, fault.file, fault.row) == (str(other), f"{table}.csv", row)
    assert (fault.column, fault.value) == (column, value)
    for language in ("es", "en"):
        assert f"{tiny}: {table}.csv" in fault.problem.values[language]
        assert f"«{said}»" in fault.problem.values["es"]


def test_a_contradiction_names_the_package_the_cell_came_from(tmp_path, tiny):
    second, third = write_tiny(tmp_path / "second"), write_tiny(tmp_path / "third")
    set_cell(second, "territories", 4, "area_km2", "33")
    set_cell(third, "territories", 4, "area_km2", "34")

    fault = the_fault(tiny, second, third)

    assert fault.package == str(third)
    assert str(second) in fault.problem.values["en"]


def test_every_fault_is_reported_not_only_the_first(tiny):
    set_cell(tiny, "territories", 3, "latitude", "north")
    set_cell(tiny, "territories", 4, "level", "state")
    set_cell(tiny, "practices", 2, "sdgs", "18")
    set_cell(tiny, "practices", 2, "themes", "tea")
    set_cell(tiny, "adoptions", 3, "territory_id", "nowhere")

    places = {(f.file, f.row, f.column) for f in check_packages([tiny]).faults}

    assert places == {
        ("territories.csv", 3, "latitude"),
        ("territories.csv", 4, "level"),
        ("practices.csv", 2, "sdgs"),
        ("practices.csv", 2, "themes"),
        ("adoptions.csv", 3, "territory_id"),
    }


def test_one_faulty_package_refuses_the_good_ones_given_with_it(tmp_path, tiny):
    bad = write_tiny(tmp_path / "bad", {"territories": TABLES["territories"]})
    set_cell(bad, "territories", 2, "level", "planet")

    with pytest.raises(PackageRefused) as refused:
        read_packages([tiny, bad])

    assert refused.value.facts["faults"][0].package == str(bad)


def test_control_characters_of_a_value_never_reach_the_terminal(tiny):
    set_cell(tiny, "territories", 3, "level", "\x1b[31mred\r\nline " + "x" * 999)

    line = the_fault(tiny).line("es")

    assert "\x1b" not in line
    assert len(line) < 700


@pytest.mark.parametrize(("grade", "ok"), [("3", True), ("4", False), ("", False)])
def test_grades_are_zero_to_three(tmp_path, grade, ok):
    folder = write_tiny(
        tmp_path / "judged",
        {
            "queries": "id,need\nq1,Tea\n",
            "judgements": f"query_id,practice_id,grade\nq1,tea,{grade}\n",
        },
    )

    assert (check_packages([folder]).faults == ()) is ok


def test_a_grade_for_a_need_that_does_not_exist_is_a_fault(tmp_path):
    folder = write_tiny(
        tmp_path / "judged",
        {"queries": "id,need\nq1,Tea\n", "judgements": "query_id,practice_id,grade\nq2,tea,1\n"},
    )

    (fault,) = check_packages([folder]).faults

    assert (fault.row, fault.column, fault.value) == (2, "query_id", "q2")


def test_judged_needs_are_checked_against_a_catalogue_where_one_is_given(tmp_path, tiny):
    folder = write_tiny(
        tmp_path / "judged",
        {
            "queries": "id,need,territory_id\nq1,Tea,NA-01\n",
            "judgements": "query_id,practice_id,grade\nq1,tea,1\nq1,coffee,1\n",
        },
    )

    with pytest.raises(PackageRefused) as refused:
        read_judgements(folder, read_packages([tiny]))

    (fault,) = refused.value.facts["faults"]
    assert (fault.row, fault.column, fault.value) == (3, "practice_id", "coffee")


@pytest.mark.parametrize(
    ("unit", "value", "allowed"),
    [
        ("% of households", "101", False),
        ("% of households", "-0.5", False),
        ("% of households", "100", True),
        ("% per year", "-1.5", True),
        ("per 1,000 residents", "-1", False),
        ("persons", "1e29", False),
        ("index 0-1", "-3", True),
    ],
)
def test_a_share_or_a_count_that_cannot_be_is_a_fault(tiny, unit, value, allowed):
    for row in range(2, len(read_rows(tiny, "indicators")) + 1):
        set_cell(tiny, "indicators", row, "unit", unit)
    for row in range(2, len(read_rows(tiny, "observations")) + 1):
        set_cell(tiny, "observations", row, "value", "50" if unit != "index 0-1" else "0.5")
    set_cell(tiny, "observations", 3, "value", value)

    if allowed:
        assert not check_packages([tiny]).faults
    else:
        fault = the_fault(tiny)
        assert (fault.file, fault.row, fault.column) == ("observations.csv", 3, "value")
