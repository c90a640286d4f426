"""What the doors tell of shelters."""


def test_a_shelter_says_that_its_places_are_told_by_province_and_its_words_are_its_sources(ecuador):
    shelter = ecuador.get("/api/v1/practices/casa-digna-santo-domingo").json
    other = ecuador.get("/api/v1/practices/co-dignifai").json

    assert [adoption["territory"]["level"] for adoption in shelter["adoptions"]] == ["admin1"]
    assert "provincia" in shelter["discretion"] and "fuente pública" in shelter["discretion"]
    assert other["discretion"] is None
