from dataclasses import replace

import pytest

from recommender.domain import EmptyQuery, OutOfRange, UnknownId, UnknownValue
from recommender.query import OrganisationProfile, Query
from recommender.query_check import check_query
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
