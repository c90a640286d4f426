"""The data that is shipped: whole, faultless, and every figure with its source."""

import json
from pathlib import Path

import pytest

from recommender.package import check_packages, read_packages
from recommender.package.dictionary import data_dictionary

DATA = Path(__file__).parents[2] / "data"
PACKAGES = [DATA / "ecuador", DATA / "world"]


@pytest.fixture(scope="module")
def catalogue():
    return read_packages(PACKAGES)


def test_the_shipped_packages_have_no_fault_together_and_alone():
    assert check_packages(PACKAGES).faults == ()
    for package in PACKAGES:
        assert check_packages([package]).faults == ()


def test_the_shipped_packages_are_complete():
    counts = check_packages(PACKAGES).counts

    ecuador, world = (counts[str(package)] for package in PACKAGES)
    assert ecuador["territories.csv"] == 247
    assert ecuador["indicators.csv"] == 62
    assert ecuador["observations.csv"] == 12_562
    assert ecuador["practices.csv"] == 118
    assert ecuador["organisations.csv"] == 95
    assert ecuador["adoptions.csv"] == 199
    assert world["practices.csv"] == 130


def test_ecuador_has_its_provinces_and_cantons(catalogue):
    levels = [t.level for t in catalogue.territories.values() if t.country_id == "EC"]

    assert (levels.count("country"), levels.count("admin1"), levels.count("admin2")) == (1, 24, 222)
    assert catalogue.territories["EC-A"].local_code == "01"


def test_every_observation_leads_to_a_publisher_and_a_licence(catalogue):
    for observation in catalogue.observations:
        source = catalogue.sources[observation.source]
        assert source.publisher
        assert source.licence


def test_licences_that_were_not_seen_say_so(catalogue):
    for indicator in catalogue.indicators.values():
        assert indicator.source
        assert indicator.licence.startswith("not confirmed")


def test_every_practice_and_adoption_names_where_it_is_told(catalogue):
    for practice in catalogue.practices.values():
        assert practice.source_name
        assert practice.source_url
        assert practice.retrieved
    for adoption in catalogue.adoptions:
        assert adoption.source_url


def test_practices_and_indicators_speak_both_languages(catalogue):
    for practice in catalogue.practices.values():
        assert practice.title.values.keys() == practice.summary.values.keys() == {"es", "en"}
        assert practice.requirements.values.keys() == {"es", "en"}
    for indicator in catalogue.indicators.values():
        for text in (indicator.name, indicator.description, indicator.unit_text):
            assert text.values.keys() == {"es", "en"}


def test_only_the_volatile_rates_are_shrunk(catalogue):
    shrunk = {i.id: i.shrink_persons for i in catalogue.indicators.values() if i.shrink_persons}

    assert shrunk == {"homicide_rate": 50_000.0, "homicide_rate_2025_jan_nov": 50_000.0}


def test_boundaries_are_not_shipped():
    assert not list(DATA.rglob("*.geojson"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_column_of_every_file_is_declared_in_its_order(package):
    manifest = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))

    for field in ("name", "title", "version", "created", "licenses", "sources"):
        assert manifest[field]
    listed = {resource["path"] for resource in manifest["resources"]}
    assert listed == {path.name for path in package.glob("*.csv")}
    for resource in manifest["resources"]:
        header = (package / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header


def test_the_data_dictionary_is_up_to_date():
    assert (DATA / "README.md").read_text(encoding="utf-8") == data_dictionary(DATA)


def test_the_data_dictionary_counts_what_is_missing():
    dictionary = data_dictionary(DATA)

    # income poverty: 23 of 24 provinces, no canton; the census lacks the newest of 222 cantons
    row = next(line for line in dictionary.splitlines() if line.startswith("| `income_poverty`"))
    assert "| 2024 | 4.2 % | 100.0 % |" in row
    row = next(line for line in dictionary.splitlines() if line.startswith("| `poverty_nbi`"))
    assert "| 2022 | 0.0 % | 0.5 % |" in row
