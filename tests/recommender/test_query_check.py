from dataclasses import replace

import pytest

from recommender.domain import EmptyQuery, OutOfRange, UnknownId, UnknownValue
from recommender.query import OrganisationProfile, Query
from recommender.query_check import check_query, has_words
from recommender.suggestions import suggest
from tests.world import world

WORLD = world().catalogue
PLACE = next(iter(WORLD.territories))
PRACTICE = next(iter(WORLD.practices))
ASKED = Query(territory_id=PLACE)


@pytest.mark.parametrize(
    "query",
    [
        ASKED,
        Query(need="work"),
        Query(organisation=OrganisationProfile(staff=3)),
        replace(ASKED, need="work", organisation=OrganisationProfile(past_practices=(PRACTICE,))),
    ],
)
def test_territory_organisation_and_need_combine_freely(query):
    check_query(query, WORLD)  # is not refused

    with pytest.raises(OutOfRange):  # and is looked at: the same question with no rows is
        check_query(replace(query, k=0), WORLD)


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(need="  \n"),
        Query(need="???"),
        Query(need="a 1"),
        Query(organisation=OrganisationProfile()),
    ],
)
def test_a_query_that_asks_nothing_is_refused(query):
    with pytest.raises(EmptyQuery):
        check_query(query, WORLD)


def test_an_unknown_territory_names_the_nearest_ids():
    with pytest.raises(UnknownId) as caught:
        check_query(Query(territory_id=PLACE + "x"), WORLD)

    assert PLACE in caught.value.facts["nearest"]
    assert PLACE in caught.value.es
    assert PLACE in caught.value.en


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (OrganisationProfile(type="ngo"), "organisation.type"),
        (OrganisationProfile(themes=("jobs",)), "organisation.themes"),
        (OrganisationProfile(populations=("aliens",)), "organisation.populations"),
    ],
)
def test_a_code_outside_its_vocabulary_names_the_allowed_ones(profile, field):
    with pytest.raises(UnknownValue) as caught:
        check_query(Query(organisation=profile), WORLD)

    assert caught.value.facts["field"] == field
    assert caught.value.facts["allowed"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (replace(ASKED, k=0), "k"),
        (replace(ASKED, k=501), "k"),
        (Query(need="a" * 2001), "need"),
        (Query(organisation=OrganisationProfile(about="a" * 2001)), "organisation.about"),
        (Query(organisation=OrganisationProfile(budget_usd=-1.0)), "organisation.budget_usd"),
        (Query(organisation=OrganisationProfile(budget_usd=float("nan"))), "organisation.budget_usd"),
        (Query(organisation=OrganisationProfile(staff=0)), "organisation.staff"),
        (Query(organisation=OrganisationProfile(horizon_months=601)), "organisation.horizon_months"),
    ],
)
def test_a_number_or_a_length_out_of_range_is_refused_by_its_field(query, field):
    with pytest.raises(OutOfRange) as caught:
        check_query(query, WORLD)

    assert caught.value.facts["field"] == field


def test_unknown_places_and_practices_of_an_organisation_are_refused():
    with pytest.raises(UnknownId):
        check_query(Query(organisation=OrganisationProfile(territory_ids=("ZZ",))), WORLD)
    with pytest.raises(UnknownId):
        check_query(Query(organisation=OrganisationProfile(past_practices=("nope",))), WORLD)


def test_a_practice_that_does_not_exist_is_answered_with_few_like_ones_or_none():
    titles = {
        "woccu-proyecto-inclusion-economica": "Cooperativas que abren puertas",
        "iom-casa-de-la-mujer": "Casa de acogida",
        "co-centros-integrate": "Centros Intégrate",
        "hn-retorno-con-oportunidades": "Retorno con oportunidades",
    }

    assert suggest("woccu-inclusion-economica", titles) == ["woccu-proyecto-inclusion-economica"]
    assert suggest("Co-centros_integrat", titles) == ["co-centros-integrate"]
    assert suggest("casa de acogida", titles) == ["iom-casa-de-la-mujer"]
    assert suggest("retorno oportunidades", titles)[0] == "hn-retorno-con-oportunidades"
    for strange in ("nope", "xyz-123", "de la", "", "recetas-de-cocina-francesa", "x" * 100_000):
        assert suggest(strange, titles) == []


def test_at_most_three_are_suggested():
    assert suggest("feria-9", {f"feria-{n}": "Feria" for n in range(8)}) == ["feria-0", "feria-1", "feria-2"]


def test_an_unknown_practice_is_told_with_titles():
    with pytest.raises(UnknownId) as caught:
        check_query(Query(organisation=OrganisationProfile(past_practices=("coast-9",))), WORLD)

    nearest = caught.value.facts["nearest"]
    assert 0 < len(nearest) <= 3
    assert WORLD.practices[nearest[0]].title.get("es") in caught.value.es


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        (ASKED, False),
        (Query(need="work"), True),
        (Query(organisation=OrganisationProfile(type="civil_society", about="  ")), False),
        (Query(organisation=OrganisationProfile(about="We teach")), True),
        (Query(organisation=OrganisationProfile(past_practices=(PRACTICE,))), False),
        (Query(organisation=OrganisationProfile(past_practices=("a school garden",))), True),
    ],
)
def test_it_is_known_beforehand_whether_a_text_is_to_be_read(query, reads):
    assert has_words(query) is reads
