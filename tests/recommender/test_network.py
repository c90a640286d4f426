"""Partners and counts on a small catalogue worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.domain import Adoption, Organisation, OutOfRange, UnknownId, UnknownValue
from recommender.network import NetworkIndex
from recommender.network.ecosystem import ecosystem
from recommender.query import OrganisationProfile
from recommender.taxonomy import THEMES
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.surroundings import SurroundingsIndex
from tests.world import COAST, MOUNTAIN, world

BODIES = (
    Organisation("fishers", "Fishers' Union (FU)", "civil_society", "XX"),
    Organisation("agency", "Sea Agency", "cooperation_agency", "XX", ("Sea",)),
    Organisation("agency-south", "Sea Agency South", "cooperation_agency", "XX", ("Sea",)),
    Organisation("council", "Highland Council", "public_institution", "XX"),
    Organisation("stranger", "Stranger", None, None),
)
LEADS = {"coast-0": "fishers", "coast-1": "agency", "coast-2": "agency-south", "mountain-0": "council"}
PLACES = {"coast-0": COAST[0], "coast-1": COAST[0], "coast-2": COAST[1], "mountain-0": MOUNTAIN[0]}


def small(**changes):
    """Four practices, each of one organisation in one canton; coast-1 names the Fishers' Union as partner."""
    catalogue = world().catalogue
    practices = {
        id: replace(
            catalogue.practices[id],
            organisation_id=lead,
            partners=("FU", "nobody in particular") if id == "coast-1" else (),
            themes=("housing",) if id == "mountain-0" else ("food_agriculture", "economic_inclusion"),
            populations=("youth",) if id.startswith("coast") else (),
        )
        for id, lead in LEADS.items()
    }
    adoptions = tuple(Adoption(id, place, 2020, None, None, None) for id, place in PLACES.items())
    bodies = {body.id: body for body in sorted(BODIES, key=lambda body: body.id)}
    made = replace(catalogue, practices=practices, adoptions=adoptions, organisations=bodies)
    return replace(made, **changes)


def build(catalogue):
    return NetworkIndex.build(catalogue, SurroundingsIndex.build(IndicatorMatrix.build(catalogue), catalogue))


@pytest.fixture(scope="module")
def network():
    return build(small())


def flat(partners):
    return {one.organisation_id: one for family in partners.families for one in family.partners}


def test_what_an_organisation_leads_runs_or_is_named_in_is_its_own(network):
    assert network.practices["fishers"] == ("coast-0", "coast-1")
    assert network.practices["agency"] == ("coast-1",)
    assert network.practices["stranger"] == ()


def test_a_partners_score_is_half_need_three_tenths_place_two_tenths_complement(network):
    found = flat(network.partners("fishers"))

    # the same themes and the same group: need 1; in the same canton: place 1; of another type
    assert (found["agency"].need, found["agency"].place, found["agency"].complement) == (1.0, 1.0, True)
    assert found["agency"].score == pytest.approx(1.0)
    # in another canton of the same province
    assert found["agency-south"].place == 0.75
    assert found["agency-south"].score == pytest.approx(0.5 + 0.3 * 0.75 + 0.2)
    assert found["agency"].together == ("coast-1",)
    assert found["agency"].territory_ids == (COAST[0],)
    assert found["agency"].themes == ("economic_inclusion", "food_agriculture")


def test_who_shares_no_theme_and_no_group_is_no_partner(network):
    assert set(flat(network.partners("fishers"))) == {"agency", "agency-south"}
    assert flat(network.partners("stranger")) == {}


def test_an_organisation_that_tells_its_profile_finds_what_a_recorded_one_like_it_finds(network):
    asked = network.profile("fishers")

    told = network.partners_for(asked)
    recorded = network.partners("fishers")

    # nobody leaves it out: it finds its own record too, with whom it shares everything
    fishers = flat(told).pop("fishers")
    assert (fishers.need, fishers.place, fishers.complement) == (1.0, 1.0, False)
    assert {id: one for id, one in flat(told).items() if id != "fishers"} == flat(recorded)
    assert (told.organisation_id, told.considered) == (None, 5)


def test_a_profile_with_a_theme_alone_finds_who_works_on_it_and_no_place_is_counted(network):
    found = flat(network.partners_for(OrganisationProfile(themes=("housing",))))

    assert set(found) == {"council"}
    assert found["council"].place is None
    assert found["council"].score == pytest.approx(0.5)


def test_a_profile_without_theme_or_group_has_no_partner(network):
    assert flat(network.partners_for(OrganisationProfile(type="university"))) == {}


def test_a_profile_of_unknown_codes_or_places_is_refused_by_name(network):
    with pytest.raises(UnknownValue):
        network.partners_for(OrganisationProfile(themes=("charm",)))
    with pytest.raises(UnknownId):
        network.partners_for(OrganisationProfile(territory_ids=("XX-0",)))


def test_a_family_stands_together_where_its_best_stands(network):
    families = network.partners("fishers").families

    assert [(f.network, [p.organisation_id for p in f.partners]) for f in families] == [
        ("Sea", ["agency", "agency-south"])
    ]


def test_ones_own_family_is_told_apart(network):
    found = network.partners("agency")

    assert found.own_family == ("agency-south",)
    assert set(flat(found)) == {"fishers"}


def test_only_the_type_asked_for(network):
    assert flat(network.partners("fishers", kind="university")) == {}
    assert set(flat(network.partners("agency", kind="civil_society"))) == {"fishers"}


def test_an_unknown_type_complements_nobody_and_an_unknown_place_is_told_as_such():
    catalogue = small()
    bodies = {**catalogue.organisations, "fishers": replace(catalogue.organisations["fishers"], type=None)}
    index = build(replace(catalogue, organisations=bodies, adoptions=catalogue.adoptions[1:]))

    found = flat(index.partners("fishers"))

    assert not found["agency"].complement
    assert found["agency"].place is None
    assert found["agency"].score == pytest.approx(0.5)


def test_a_profile_says_what_is_recorded_and_no_more(network):
    profile = network.profile("fishers")

    assert profile.type == "civil_society"
    assert profile.themes == ("economic_inclusion", "food_agriculture")
    assert profile.populations == ("youth",)
    assert profile.territory_ids == (COAST[0],)
    assert profile.past_practices == ("coast-0", "coast-1")
    assert (profile.budget_usd, profile.staff, profile.about) == (None, None, "")


def test_a_name_that_several_bear_stands_for_none():
    catalogue = small()
    twin = replace(catalogue.organisations["council"], name="Highland Fund (FU)")
    index = build(replace(catalogue, organisations={**catalogue.organisations, "council": twin}))

    assert index.practices["fishers"] == ("coast-0",)


@pytest.mark.parametrize(
    ("asked", "error"),
    [(("nobody",), UnknownId), (("fishers", 0), OutOfRange), (("fishers", 5, "charm"), UnknownValue)],
)
def test_what_cannot_be_answered_is_refused_by_name(network, asked, error):
    with pytest.raises(error):
        network.partners(*asked)


def test_the_ecosystem_counts_who_where_and_how(network):
    counts = ecosystem(network.catalogue, network)

    assert (counts.practices, counts.organisations, counts.unplaced) == (4, 4, 0)
    assert {c.key: (c.practices, c.organisations) for c in counts.types} == {
        "civil_society": (1, 1),
        "cooperation_agency": (2, 2),
        "public_institution": (1, 1),
        "university": (0, 0),
        "private_enterprise": (0, 0),
    }
    themes = {c.key: (c.practices, c.organisations) for c in counts.themes}
    assert themes["food_agriculture"] == (3, 3)
    assert themes["housing"] == (1, 1)
    assert set(themes) == set(THEMES)
    assert {c.key: c.practices for c in counts.territories} == {COAST[0]: 2, COAST[1]: 1, MOUNTAIN[0]: 1}
    assert ("cooperation_agency", "food_agriculture", 2) in counts.crossed
    assert counts.families == (("Sea", ("agency", "agency-south")),)


def test_the_ecosystem_counts_provinces_with_their_cantons_and_years_with_what_is_not_known(network):
    counts = ecosystem(network.catalogue, network)

    # coast-0 and coast-1 in one canton, coast-2 in another of the same province; mountain-0 elsewhere
    assert [(c.key, c.practices) for c in counts.provinces] == [("XX-C1", 3), ("XX-S1", 1)]
    assert sum(practices for _, practices in counts.years) == counts.practices
    known = [year for year, _ in counts.years if year is not None]
    assert known == sorted(known)
    assert None not in [year for year, _ in counts.years[:-1]]


def test_the_counts_of_a_theme_are_of_its_practices_only(network):
    counts = ecosystem(network.catalogue, network, theme="housing", country="XX")

    assert (counts.practices, counts.organisations) == (1, 1)
    assert [c.key for c in counts.territories] == [MOUNTAIN[0]]
    with pytest.raises(UnknownValue):
        ecosystem(network.catalogue, network, country="YY")
    with pytest.raises(UnknownValue):
        ecosystem(network.catalogue, network, theme="charm")


def test_a_practice_recorded_for_the_country_only_is_unplaced():
    adoptions = (Adoption("coast-0", "XX", None, None, None, None),)
    index = build(small(adoptions=adoptions))

    assert ecosystem(index.catalogue, index).unplaced == 4


def test_a_like_territory_counts_half_and_the_country_a_quarter():
    catalogue = small()
    places = {**PLACES, "coast-1": COAST[5], "coast-2": MOUNTAIN[5]}
    adoptions = tuple(Adoption(id, place, 2020, None, None, None) for id, place in places.items())
    index = build(replace(catalogue, adoptions=adoptions))

    found = flat(index.partners("fishers"))

    # all eleven other cantons are peers, fewer than fifteen there are
    assert found["agency"].place == 0.5
    assert found["agency-south"].place == 0.5
    assert np.isclose(found["agency"].score, 0.5 + 0.15 + 0.2)
