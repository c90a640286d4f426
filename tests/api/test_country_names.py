"""Countries are called as the reader calls them."""

import pytest


def test_countries_are_called_in_the_language_of_the_answer(ecuador):
    found = {
        lang: {
            "profile": ecuador.get(f"/api/v1/territories/DO?lang={lang}").json["name"],
            "list": ecuador.get(f"/api/v1/territories?q=dominic&level=country&lang={lang}").json[
                "territories"
            ][0]["name"],
            "facet": next(
                choice["label"]
                for facet in ecuador.get(f"/api/v1/practices?lang={lang}").json["facets"]
                if facet["filter"] == "countries"
                for choice in facet["values"]
                if choice["value"] == "DO"
            ),
            "parent": ecuador.get(f"/api/v1/territories/DO-01?lang={lang}").json["parent"]["name"],
        }
        for lang in ("es", "en")
    }

    assert set(found["es"].values()) == {"República Dominicana"}
    assert set(found["en"].values()) == {"Dominican Republic"}


@pytest.mark.parametrize(("lang", "country"), [("es", "República Dominicana"), ("en", "Dominican Republic")])
def test_a_homonym_abroad_is_told_in_the_language_and_can_be_asked_so(ecuador, lang, country):
    asked = ecuador.post(f"/api/v1/recommendations?lang={lang}", json={"territory": "Santo Domingo"})
    label = next(part for part in asked.json["detail"].split("; ") if country in part)
    again = label.split("lugares: ")[-1].split("places: ")[-1].split(". ")[0]

    answer = ecuador.post(f"/api/v1/recommendations?lang={lang}", json={"territory": again, "k": 1})

    assert answer.json["query"]["territory"]["country"] == "DO"
    assert answer.json["query"]["territory"]["parent"] == country
