"""What a good data package becomes, and how several are one catalogue."""

import pytest

from recommender.domain import Adoption, Neighbour, Observation, Text
from recommender.package import catalogue_version, check_packages, read_judgements, read_packages
from tests.recommender.tiny_package import (
    TABLES,
    add_column,
    drop_column,
    read_manifest,
    read_rows,
    set_cell,
    write_manifest,
    write_rows,
    write_tiny,
)


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "tiny")


def test_a_good_package_has_no_faults_and_its_rows_are_counted(tiny):
    report = check_packages([tiny])

    assert report.faults == ()
    assert report.counts[str(tiny)]["territories.csv"] == 4
    assert report.counts[str(tiny)]["observations.csv"] == 3


def test_ids_and_codes_are_kept_verbatim(tiny):
    catalogue = read_packages([tiny])

    assert catalogue.territories["NA"].name == "Narnia"
    assert catalogue.territories["NA-01"].local_code == "01"
    assert catalogue.practices["NA"].title.get("en") == "Winter shelter"
    assert catalogue.organisations["fauns"].country == "NA"
    assert catalogue.organisations["lion"].country is None


def test_empty_is_unknown_and_zero_is_zero(tiny):
    catalogue = read_packages([tiny])

    assert catalogue.territories["NA-02"].area_km2 is None
    assert catalogue.territories["NA-02"].latitude == 0.0
    assert Observation("NA-02", "water", 2022, 0.0, "census-1") in catalogue.observations
    assert catalogue.practices["NA"].themes == ()
    assert catalogue.practices["NA"].budget_usd is None
    assert not catalogue.practices["NA"].summary


def test_a_territory_knows_its_country_through_all_levels(tiny):
    territories = read_packages([tiny]).territories

    assert {t.country_id for t in territories.values()} == {"NA"}
    assert territories["NA-0101"].aliases == ("Beaversdam", "The Dam")


def test_texts_without_a_suffix_are_in_the_language_of_the_package(tiny):
    practice = read_packages([tiny]).practices["tea"]

    assert practice.title == Text({"en": "Tea for arrivals", "es": "Té para quienes llegan"})
    assert practice.requirements == Text({"en": "Kettle"})


def test_quotes_commas_and_line_breaks_inside_cells_are_text(tiny):
    assert read_packages([tiny]).practices["tea"].summary.get("en") == 'Tea, toast\nand a "warm" fire'


def test_lists_numbers_and_flags_become_values(tiny):
    catalogue = read_packages([tiny])
    practice = catalogue.practices["tea"]

    assert practice.sdgs == (10, 3)
    assert practice.themes == ("social_cohesion", "health")
    assert practice.budget_usd == 750.5
    assert catalogue.neighbours == (
        Neighbour("NA-01", "NA-0101", None, False),
        Neighbour("NA-01", "NA-02", 12.5, True),
        Neighbour("NA-02", "NA-01", 12.5, True),
    )
    assert catalogue.adoptions[0] == Adoption("NA", "NA", None, None, None, None)
    assert catalogue.indicators["crime"].shrink_persons == 50000.0
    assert catalogue.indicators["water"].unit_text == Text({"es": "%"})
    assert catalogue.sources["census-1"].licence is None


def test_everything_is_ordered_by_id_and_cannot_be_changed(tiny):
    catalogue = read_packages([tiny])

    assert list(catalogue.territories) == sorted(catalogue.territories)
    assert list(catalogue.observations) == sorted(catalogue.observations)
    with pytest.raises(TypeError):
        catalogue.territories["NA"] = None


def test_a_byte_order_mark_and_crlf_line_ends_are_read(tiny):
    content = (tiny / "territories.csv").read_bytes().replace(b"\n", b"\r\n")
    (tiny / "territories.csv").write_bytes(b"\xef\xbb\xbf" + content)

    assert "NA-01" in read_packages([tiny]).territories


def test_blank_lines_are_no_rows_but_count_when_rows_are_named(tiny):
    (tiny / "adoptions.csv").write_text("practice_id,territory_id\n\nNA,NA\n\nNA,nowhere\n", encoding="utf-8")

    (fault,) = check_packages([tiny]).faults

    assert (fault.row, fault.value) == (5, "nowhere")


def test_columns_beyond_the_format_are_kept_and_noted(tiny):
    add_column(tiny, "territories", "colour", ["", "green", "", "NA"])

    report, catalogue = check_packages([tiny]), read_packages([tiny])

    assert [(n.file, n.column) for n in report.notes] == [("territories.csv", "colour")]
    assert catalogue.extras == {
        "territories": {("NA-01",): {"colour": "green"}, ("NA-0101",): {"colour": "NA"}}
    }


def test_files_the_manifest_does_not_list_are_ignored_with_a_note(tiny):
    (tiny / "organisations.csv").rename(tiny / "scratch.csv")
    manifest = read_manifest(tiny)
    manifest["resources"] = [
        r for r in manifest["resources"] if r["name"] not in ("organisations", "adoptions")
    ]
    write_manifest(tiny, manifest)
    drop_column(tiny, "practices", "organisation_id")

    report = check_packages([tiny])

    assert report.faults == ()
    assert {n.file for n in report.notes} == {"scratch.csv", "adoptions.csv"}
    assert read_packages([tiny]).adoptions == ()


def test_a_package_of_one_file_is_enough(tmp_path):
    one = write_tiny(tmp_path / "one", {"territories": TABLES["territories"]})

    assert len(read_packages([one]).territories) == 4


def test_no_packages_are_an_empty_catalogue():
    assert read_packages([]).territories == {}


def test_references_resolve_over_all_packages_given(tmp_path):
    places = write_tiny(tmp_path / "places", {"territories": TABLES["territories"]})
    rest = write_tiny(tmp_path / "rest", {k: v for k, v in TABLES.items() if k != "territories"})

    assert check_packages([rest]).faults
    assert check_packages([rest, places]).faults == ()
    assert len(read_packages([rest, places]).adoptions) == 2


def test_a_row_that_two_packages_have_is_one_row_and_empty_agrees_with_anything(tmp_path, tiny):
    other = write_tiny(tmp_path / "other", {"territories": TABLES["territories"]})
    set_cell(other, "territories", 4, "region", "")
    set_cell(other, "territories", 4, "area_km2", "33")

    catalogue = read_packages([tiny, other])

    assert len(catalogue.territories) == 4
    assert catalogue.territories["NA-02"].region == "East"
    assert catalogue.territories["NA-02"].area_km2 == 33.0


def test_the_order_of_packages_does_not_change_the_catalogue(tmp_path, tiny):
    other = write_tiny(tmp_path / "other", {"territories": TABLES["territories"]})
    set_cell(other, "territories", 4, "area_km2", "33")

    assert read_packages([tiny, other]) == read_packages([other, tiny])


def test_the_same_folder_twice_is_one_package(tiny):
    assert read_packages([tiny, tiny / ".." / tiny.name]) == read_packages([tiny])


def test_equal_contents_have_equal_versions_whatever_the_order_of_rows(tmp_path, tiny):
    other = write_tiny(tmp_path / "other")
    rows = read_rows(other, "observations")
    write_rows(other, "observations", [rows[0], *reversed(rows[1:])])

    assert read_packages([tiny]).version == read_packages([other]).version


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("territories", 3, "region", "North"),
        ("observations", 2, "value", "61.26"),
        ("practices", 2, "title_es", "Té"),
        ("adoptions", 2, "outcome", "failed"),
        ("neighbours", 2, "border", "0"),
        ("indicators", 2, "licence", "CC0"),
        ("observation_sources", 2, "licence", "CC0"),
        ("organisations", 2, "network", "Tea;Woods"),
    ],
)
def test_any_changed_cell_changes_the_version(tiny, table, row, column, value):
    before = read_packages([tiny])
    set_cell(tiny, table, row, column, value)

    after = read_packages([tiny])

    assert before.version != after.version
    assert after.version == catalogue_version(after)


def test_judged_needs_are_read_with_their_grades(tmp_path):
    folder = write_tiny(
        tmp_path / "judged",
        {
            "queries": "id,territory_id,asker,need_es,need_en,language\nq1,NA-01,organisation,Té,Tea,es\n",
            "judgements": "query_id,practice_id,grade\nq1,tea,3\nq1,NA,0\n",
        },
    )

    judged = read_judgements(folder)

    assert judged.queries["q1"].need == Text({"es": "Té", "en": "Tea"})
    assert (judged.queries["q1"].territory_id, judged.queries["q1"].language) == ("NA-01", "es")
    assert judged.grades == {"q1": {"tea": 3, "NA": 0}}


def test_judged_needs_alone_are_accepted_and_say_what_was_not_checked(tmp_path):
    folder = write_tiny(
        tmp_path / "judged",
        {
            "queries": "id,territory_id,need\nq1,NA-01,Tea\n",
            "judgements": "query_id,practice_id,grade\nq1,tea,3\n",
        },
    )

    report = check_packages([folder])

    assert report.faults == ()
    assert {(n.file, n.column) for n in report.notes} == {
        ("queries.csv", "territory_id"),
        ("judgements.csv", "practice_id"),
    }
