"""Territories, practices and organisations as a client looks them up."""

import pytest


def follow(client, address, entries):
    """Collect the ids of a list by following the links to its next pages."""
    found = []
    while address:
        page = client.get(address).json
        found += [entry["id"] for entry in page[entries]]
        address = page["links"]["next"]
    return found, page["total"]


@pytest.mark.parametrize(("noun", "count"), [("territories", 17), ("practices", 12), ("organisations", 2)])
def test_following_the_links_shows_every_entry_once(client, noun, count):
    found, total = follow(client, f"/api/v1/{noun}?per_page=5", noun)

    assert len(found) == len(set(found)) == total == count


def test_links_keep_the_search(client):
    page = client.get("/api/v1/practices?q=pescado&per_page=1&themes=food_agriculture").json

    assert "q=pescado" in page["links"]["next"]
    assert "themes=food_agriculture" in page["links"]["next"]
    assert page["links"]["previous"] is None


def test_territories_are_listed_by_level_and_country(client):
    cantons = client.get("/api/v1/territories?level=admin2&country=xx").json

    assert cantons["total"] == 12
    assert cantons["territories"][0]["parent"] == "Costa 1"


def test_a_territory_is_found_by_its_other_names(ecuador):
    by_alias = ecuador.get("/api/v1/territories?q=coca").json["territories"]

    assert "EC-2201" in [place["id"] for place in by_alias]


def test_a_profile_tells_value_unit_year_and_standing(client):
    profile = client.get("/api/v1/territories/XX-C1-1").json
    spoiled = next(row for row in profile["indicators"] if row["indicator_id"] == "fish_spoiled_share")

    assert spoiled["name"] == "Pesca que se echa a perder"
    assert (spoiled["value"], spoiled["unit"], spoiled["year"]) == (50.0, "%", 2022)
    assert spoiled["source"] == "Nobody: Made up for tests"
    assert 0.5 < spoiled["percentile"] < 0.6  # the lowest of the six coastal cantons, above six others
    assert profile["practices"] == ["coast-1", "coast-2", "coast-3", "coast-4", "coast-5"]


def test_a_value_of_the_province_is_marked_and_an_unknown_one_is_null(client):
    borrowed = client.get("/api/v1/territories/XX-C1-1").json["indicators"]
    unknown = client.get("/api/v1/territories/XX-S2-3").json["indicators"]

    documents = next(row for row in borrowed if row["indicator_id"] == "documents_share")
    school = next(row for row in unknown if row["indicator_id"] == "school_attendance")
    assert (documents["value"], documents["borrowed"]) == (40.0, True)
    assert (school["value"], school["year"], school["percentile"]) == (None, None, None)


def test_practices_are_searched_in_both_languages(client):
    spanish = client.get("/api/v1/practices?q=secaderos").json
    english = client.get("/api/v1/practices?q=drying&lang=en").json

    assert spanish["practices"][0]["id"] == english["practices"][0]["id"] == "coast-1"
    assert spanish["practices"][0]["title"] == "Secaderos de pescado"
    assert english["practices"][0]["title"] == "Fish drying racks"


def test_facets_name_every_filter_and_count_its_choices(client):
    facets = {facet["filter"]: facet for facet in client.get("/api/v1/practices").json["facets"]}

    assert set(facets) == {
        "themes",
        "populations",
        "sdgs",
        "gcm_objectives",
        "organisation_types",
        "countries",
        "budget_max_usd",
        "year_from",
        "year_to",
    }
    by_theme = {choice["value"]: choice["count"] for choice in facets["themes"]["values"]}
    assert by_theme == {"food_agriculture": 12, "climate_environment": 6, "economic_inclusion": 6}
    assert facets["countries"]["values"] == [
        {"value": "XX", "label": "Tierra Nueva", "count": 12, "selected": False}
    ]


def test_several_choices_are_repeated_or_separated_by_commas(client):
    repeated = client.get("/api/v1/practices?sdgs=13&sdgs=14").json
    separated = client.get("/api/v1/practices?sdgs=13,14").json

    assert repeated["total"] == separated["total"] == 12


def test_a_practice_tells_where_it_ran_and_what_is_not_known(client):
    practice = client.get("/api/v1/practices/coast-0?lang=en").json

    assert practice["title"] == "Ice boxes for fishing boats"
    assert practice["evidence"] is None
    assert practice["evidence_label"] == "not rated"
    assert practice["budget_usd"] is None
    assert len(practice["adoptions"]) == 5
    assert practice["adoptions"][0]["outcome"] is None
    assert practice["sdgs"][0]["code"] == 14


def test_similar_practices_are_of_the_same_kind_and_not_itself(client):
    answer = client.get("/api/v1/practices/coast-0/similar?k=3").json

    assert [row["rank"] for row in answer["similar"]] == [1, 2, 3]
    assert "coast-0" not in [row["practice_id"] for row in answer["similar"]]
    assert answer["similar"][0]["practice_id"].startswith("coast")


def test_an_organisation_shows_what_it_ran(client):
    body = client.get("/api/v1/organisations/fishers").json

    assert body["type"]["code"] == "civil_society"
    assert [practice["id"] for practice in body["practices"]] == [f"coast-{n}" for n in range(6)]


def test_organisations_are_found_by_words_type_and_country(client):
    by_word = client.get("/api/v1/organisations?q=COUNCIL").json
    by_type = client.get("/api/v1/organisations?type=civil_society&country=XX").json

    assert [body["id"] for body in by_word["organisations"]] == ["highlands"]
    assert [body["id"] for body in by_type["organisations"]] == ["fishers"]


def test_lists_are_sent_again_only_when_changed(client):
    tag = client.get("/api/v1/practices").headers["ETag"]

    assert client.get("/api/v1/practices", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/api/v1/practices?page=1", headers={"If-None-Match": tag}).status_code == 200


def test_a_town_half_typed_suggests_its_canton_before_its_province(ecuador):
    found = ecuador.get("/api/v1/territories?q=Nueva L").json["territories"]

    assert [place["id"] for place in found[:2]] == ["EC-2101", "EC-U"]
