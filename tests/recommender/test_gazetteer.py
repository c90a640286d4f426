import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain import AmbiguousPlace, Territory, UnknownId
from recommender.territory.gazetteer import Gazetteer

DATA = Path(__file__).parents[2] / "data"


def place(id_, name, level="admin2", parent=None, *, capital=None, aliases=()):
    return Territory(id_, name, level, parent, capital=capital, aliases=aliases, country_id=id_.split("-")[0])


@pytest.fixture(scope="module")
def invented():
    """Two provinces and a foreign department; names are chosen so that each rule decides once."""
    places = [
        place("EC", "Ecuador", "country"),
        place("EC-A", "Ámbar", "admin1", "EC", capital="Villa Nueva"),
        place("EC-B", "Bermejo", "admin1", "EC", capital="Puerto Alto"),
        place(
            "EC-01", "Distrito Metropolitano de Ñandú", parent="EC-A", capital="Villa Nueva", aliases=("VN",)
        ),
        place("EC-02", "El Roble", parent="EC-A", aliases=("Bermejo",)),
        place("EC-03", "El Roble", parent="EC-B", capital="La Loma"),
        place("EC-04", "Bermejillo", parent="EC-B", capital="La Loma"),
        place("EC-05", "General Pérez (Pueblito)", parent="EC-B", capital="El Roble"),
        place("EC-06", "Ámbar", parent="EC-A"),
        place("CO", "Colombia, Republic of", "country"),
        place("CO-AMB", "Ambar", "admin1", "CO"),
    ]
    return Gazetteer({x.id: x for x in places})


@pytest.fixture(scope="module")
def shipped():
    places = {}
    for package in ("ecuador", "world"):
        with (DATA / package / "territories.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                aliases = tuple(x for x in (row.get("aliases") or "").split(";") if x)
                places[row["id"]] = place(
                    row["id"],
                    row["name"],
                    row["level"],
                    row["parent_id"] or None,
                    capital=row.get("capital") or None,
                    aliases=aliases,
                )
    return Gazetteer(places), places


def candidates(gazetteer, text):
    with pytest.raises(AmbiguousPlace) as caught:
        gazetteer.resolve(text)
    return [x["id"] for x in caught.value.facts["candidates"]]


@pytest.mark.parametrize("text", ["EC-02", " ec-02 "])
def test_an_id_is_that_territory(invented, text):
    assert invented.resolve(text).id == "EC-02"


@pytest.mark.parametrize("text", ["BERMEJILLO", "bermejíllo", " Bermejillo. ", "Berme\u0301jillo"])
def test_case_accents_blanks_and_punctuation_are_forgiven(invented, text):
    assert invented.resolve(text).id == "EC-04"


def test_an_official_name_beats_an_alias_and_a_seat(invented):
    assert invented.resolve("Bermejo").id == "EC-B"
    assert "EC-05" not in candidates(invented, "El Roble")


def test_a_seat_is_the_innermost_place_that_it_is_the_seat_of(invented):
    assert invented.resolve("villa nueva").id == "EC-01"


def test_a_seat_of_two_places_apart_is_asked_back(invented):
    assert candidates(invented, "La Loma") == ["EC-03", "EC-04"]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Ñandú", "EC-01"),
        ("nandu", "EC-01"),
        ("Gral. Pérez", "EC-05"),
        ("Pueblito", "EC-05"),
        ("Pto. Alto", "EC-B"),
        ("Colombia", "CO"),
    ],
)
def test_what_people_leave_out_or_shorten_is_forgiven(invented, text, id_):
    assert invented.resolve(text).id == id_


def test_namesakes_are_asked_back_with_their_parents_in_both_languages(invented):
    with pytest.raises(AmbiguousPlace) as caught:
        invented.resolve("El Roble")

    assert caught.value.es == (
        "«El Roble» puede ser 2 lugares: El Roble (Ámbar); El Roble (Bermejo). "
        "Escriba cuál, tal como está aquí, o su código (por ejemplo, EC-02)."
    )
    assert caught.value.en.startswith('"El Roble" can be 2 places: El Roble (Ámbar); El Roble (Bermejo).')
    assert caught.value.facts["candidates"][1] == {
        "id": "EC-03",
        "name": "El Roble (Bermejo)",
        "name_en": "El Roble (Bermejo)",
        "level": "admin2",
        "parent_id": "EC-B",
    }


def test_namesakes_of_several_levels_and_countries_are_told_apart(invented):
    with pytest.raises(AmbiguousPlace) as caught:
        invented.resolve("ambar")

    assert [x["name"] for x in caught.value.facts["candidates"]] == [
        "Ambar (departamento, Colombia)",
        "Ámbar (provincia, Ecuador)",
        "Ámbar (cantón, Ámbar)",
    ]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("El Roble, Bermejo", "EC-03"),
        ("el roble (ambar)", "EC-02"),
        ("El Roble - Ámbar", "EC-02"),
        ("el roble bermejo ecuador", "EC-03"),
        ("El Roble en la provincia de Bermejo", "EC-03"),
        ("Roble, Ámbar", "EC-02"),
        ("provincia de Ámbar", "EC-A"),
        ("departamento de Ámbar", "CO-AMB"),
        ("Ámbar, Colombia", "CO-AMB"),
        ("Ámbar, CO", "CO-AMB"),
        ("cantón Ámbar", "EC-06"),
        ("Ambar canton", "EC-06"),
        ("Ámbar, Ámbar", "EC-06"),
        ("GAD Municipal del cantón Ámbar", "EC-06"),
        ("Ámbar (provincia, Ecuador)", "EC-A"),
        ("cantón Bermejo", "EC-02"),
    ],
)
def test_the_caller_tells_namesakes_apart_by_kind_or_container(invented, text, id_):
    assert invented.resolve(text).id == id_


def test_a_misspelt_name_is_refused_with_the_nearest(invented):
    with pytest.raises(UnknownId) as caught:
        invented.resolve("Bermehillo")

    assert caught.value.facts["nearest"][0] == "EC-04"
    assert caught.value.facts["names"][0] == "Bermejillo (Bermejo)"
    assert "¿Quiso decir Bermejillo (Bermejo)" in caught.value.es
    assert "Did you mean Bermejillo (Bermejo)" in caught.value.en


def test_a_name_in_the_wrong_province_is_refused_with_the_right_ones(invented):
    with pytest.raises(UnknownId) as caught:
        invented.resolve("Bermejillo, Ámbar")

    assert caught.value.facts["nearest"][0] == "EC-04"


@pytest.mark.parametrize("text", ["", "  ", "¿?", "qwxzk", "x" * 1_000_000])
def test_what_is_like_no_name_gets_no_suggestion(invented, text):
    with pytest.raises(UnknownId) as caught:
        invented.resolve(text)

    assert caught.value.facts["nearest"] == []
    assert len(caught.value.es) < 250


def test_namesakes_of_one_parent_are_told_apart_by_their_ids():
    twins = Gazetteer({x: place(x, "Gemelo") for x in ("XX-1", "XX-2")})

    with pytest.raises(AmbiguousPlace, match="Gemelo XX-1; Gemelo XX-2"):
        twins.resolve("gemelo")


def test_a_circle_of_parents_ends():
    round_ = Gazetteer({"A": place("A", "Uno", parent="B"), "B": place("B", "Dos", parent="A")})

    assert round_.resolve("Uno, Dos").id == "A"


def test_search_finds_the_start_of_any_word_of_any_name(invented):
    assert [x.id for x in invented.search("rob")] == ["EC-02", "EC-03", "EC-05"]
    assert [x.id for x in invented.search("nuev")] == ["EC-01", "EC-A"]  # the town before its province
    assert [x.id for x in invented.search("ÑAN")] == ["EC-01"]
    assert [x.id for x in invented.search("el r")] == ["EC-02", "EC-03", "EC-05"]


def test_search_puts_names_that_begin_so_first_and_official_ones_before_others(invented):
    assert [x.id for x in invented.search("berm")] == ["EC-B", "EC-04", "EC-02"]


def test_search_keeps_to_its_limit_and_finds_nothing_for_nothing(invented):
    assert len(invented.search("berm", 2)) == 2
    assert invented.search("berm", 0) == invented.search(" ") == invented.search("zzz") == []


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Coca", "EC-2201"),
        ("El Coca", "EC-2201"),
        ("Nueva Loja", "EC-2101"),
        ("lago agrio", "EC-2101"),
        ("LAGO AGRIO", "EC-2101"),
        ("Quito", "EC-1701"),
        ("Orellana", "EC-D"),
        ("Puerto Baquerizo Moreno", "EC-2001"),
        ("Olmedo, Loja", "EC-1116"),
        ("provincia de Bolívar", "EC-B"),
        ("Esmeraldas (Esmeraldas)", "EC-0801"),
        ("Santo Domingo, Ecuador", "EC-2301"),
        ("Bogotá", "CO-DC"),
    ],
)
def test_the_shipped_places_are_found_as_officials_call_them(shipped, text, id_):
    assert shipped[0].resolve(text).id == id_


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Olmedo", ["EC-1116", "EC-1318"]),
        ("Esmeraldas", ["EC-E", "EC-0801"]),
        ("cantón Bolívar", ["EC-0402", "EC-1302"]),
        ("Sto. Domingo", ["DO-32", "EC-2301"]),
    ],
)
def test_the_shipped_namesakes_are_asked_back(shipped, text, ids):
    assert candidates(shipped[0], text) == ids


def test_every_shipped_place_is_found_by_its_name_or_by_a_name_offered_for_it(shipped):
    gazetteer, places = shipped

    for id_, territory in places.items():
        try:
            found = gazetteer.resolve(territory.name)
        except AmbiguousPlace as error:
            offered = next(x for x in error.facts["candidates"] if x["id"] == id_)
            assert gazetteer.resolve(offered["name"]).id == id_
            assert gazetteer.resolve(offered["name_en"]).id == id_
        else:
            assert found.id == id_


@given(text=st.text(max_size=40))
def test_any_text_is_answered_or_refused_by_name(invented, text):
    try:
        assert invented.resolve(text).id
    except (UnknownId, AmbiguousPlace) as error:
        assert error.es
        assert error.en


def test_a_country_is_found_by_its_name_in_either_language():
    spain = Territory("ES", "Spain", "country", country_id="ES")
    gazetteer = Gazetteer({"ES": spain})

    assert gazetteer.resolve("España") is spain
    assert gazetteer.resolve("Spain") is spain
