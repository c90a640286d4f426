import csv
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
import Stemmer

from recommender.domain import LANGUAGES, DataError
from recommender.taxonomy import (
    COLUMNS,
    GCM_OBJECTIVES,
    ORGANISATION_TYPES,
    POPULATIONS,
    SDGS,
    THEMES,
    VOCABULARIES,
    folded,
    read_taxonomy,
)

FOLDER = Path(__file__).parents[2] / "data" / "taxonomy"


@pytest.fixture(scope="module")
def taxonomy():
    return read_taxonomy(FOLDER)


@pytest.fixture
def copy(tmp_path):
    """A taxonomy folder that a test may damage: call it with a function that changes the list of rows."""
    folder = tmp_path / "taxonomy"
    shutil.copytree(FOLDER, folder)

    def change(edit):
        with (folder / "terms.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        edit(rows)
        with (folder / "terms.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return folder

    change.folder = folder
    return change


def test_the_vocabularies_have_the_sizes_of_their_sources():
    sizes = [len(x) for x in (GCM_OBJECTIVES, SDGS, THEMES, POPULATIONS, ORGANISATION_TYPES)]

    assert sizes == [23, 17, 18, 15, 5]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_the_data_cover_exactly_the_codes_in_their_order(taxonomy, vocabulary):
    assert tuple(taxonomy.terms(vocabulary)) == VOCABULARIES[vocabulary]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_code_has_its_own_title_and_one_sentence(taxonomy, vocabulary, language):
    entries = taxonomy.terms(vocabulary).values()

    titles = [x.title.values[language] for x in entries]
    descriptions = [x.description.values[language] for x in entries]

    assert len(set(titles)) == len(titles)
    assert all(x.endswith(".") and ". " not in x for x in descriptions)


@pytest.mark.parametrize(("language", "stemmer"), [("es", "spanish"), ("en", "english")])
@pytest.mark.parametrize("vocabulary", ["themes", "populations", "organisation_types"])
def test_a_term_speaks_of_one_code_only_even_when_stemmed(taxonomy, vocabulary, language, stemmer):
    """Goals and objectives overlap by nature (forced labour: 8 and 10) and are left out here."""
    stem = Stemmer.Stemmer(stemmer).stemWords
    codes = defaultdict(set)

    for entry in taxonomy.terms(vocabulary).values():
        for term in entry.terms[language]:
            codes[" ".join(stem(folded(term).split()))].add(entry.code)

    assert {term: x for term, x in codes.items() if len(x) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("vocabulary", ["themes", "populations", "organisation_types"])
def test_every_code_is_spoken_of_in_many_ways(taxonomy, vocabulary, language):
    assert min(len(x.terms[language]) for x in taxonomy.terms(vocabulary).values()) >= 14


def test_terms_carry_no_stray_blanks_or_separators(taxonomy):
    terms = [
        t for v in VOCABULARIES for x in taxonomy.terms(v).values() for y in LANGUAGES for t in x.terms[y]
    ]

    assert [t for t in terms if t != " ".join(t.split()) or "|" in t or t != t.lower()] == []


def test_a_title_is_found_by_number_or_text(taxonomy):
    assert taxonomy.title("sdgs", 5, "es") == taxonomy.title("sdgs", "5", "es") == "Igualdad de género"


def test_a_missing_code_is_named(copy):
    folder = copy(lambda rows: rows.remove(next(x for x in rows if x["code"] == "housing")))

    with pytest.raises(DataError, match='themes "housing" is missing'):
        read_taxonomy(folder)


def test_every_fault_is_listed_in_both_languages(copy):
    def damage(rows):
        rows[0]["title_es"] = ""
        rows[1]["code"] = "99"
        rows[2]["vocabulary"] = "colours"
        rows[3]["terms_en"] += ";Passport"

    with pytest.raises(DataError) as caught:
        read_taxonomy(copy(damage))

    faults = caught.value.facts["faults"]
    assert len(faults) == 6  # two of them: objectives 2 and 3 are missing now
    assert 'line 2, title_es "" is empty for 1; write it' in [x.get("en") for x in faults]
    assert "línea 5, terms_en «Passport» se repite; quítelo" in [x.get("es") for x in faults]


def test_a_code_given_twice_names_both_lines(copy):
    with pytest.raises(DataError, match='line 80, code "1" is already on line 2'):
        read_taxonomy(copy(lambda rows: rows.append(dict(rows[0]))))


def test_a_missing_column_is_named(copy):
    (copy.folder / "terms.csv").write_text("vocabulary,code\nthemes,health\n", encoding="utf-8")

    with pytest.raises(DataError, match="title_es"):
        read_taxonomy(copy.folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("datapackage.json", b"{"),
        ("datapackage.json", b"[]"),
        ("datapackage.json", b'{"resources": []}'),
        ("terms.csv", b"vocabulary,\xff\n"),
    ],
)
def test_a_damaged_file_is_refused_by_name(copy, name, content):
    (copy.folder / name).write_bytes(content)

    with pytest.raises(DataError, match=name):
        read_taxonomy(copy.folder)


@pytest.mark.parametrize("name", ["datapackage.json", "terms.csv"])
def test_a_missing_file_is_refused_by_name(copy, name):
    (copy.folder / name).unlink()

    with pytest.raises(DataError, match=f"{name}: the file does not exist"):
        read_taxonomy(copy.folder)
