"""What minimum shares are called in a sentence: names of places and titles, never codes."""

from __future__ import annotations

from recommender.allocation.query import PortfolioQuery, Quota
from recommender.domain import Catalogue, Text
from recommender.taxonomy import Taxonomy, folded
from recommender.territory.country_names import country_name

DIMENSION_NAMES = {
    "province": Text({"es": "las provincias", "en": "provinces"}),
    "region": Text({"es": "las regiones", "en": "regions"}),
    "theme": Text({"es": "los temas", "en": "themes"}),
    "organisation_type": Text({"es": "los tipos de organización", "en": "types of organisation"}),
}
"""Dimension -> what its members are called together."""


def quota_names(query: PortfolioQuery, catalogue: Catalogue, taxonomy: Taxonomy) -> dict[str, Text]:
    """Name every minimum share of a portfolio: `Quota.name` -> what it is for, in words."""
    return {quota.name: quota_name(quota, catalogue, taxonomy) for quota in query.quotas}


def quota_name(quota: Quota, catalogue: Catalogue, taxonomy: Taxonomy) -> Text:
    """Name what a minimum share is for: "la provincia de Sucumbíos", "the theme 'Rights'"."""
    if quota.dimension == "province":
        return _place(quota.code, catalogue)
    if quota.dimension == "region":
        regions = {folded(t.region): t.region for t in catalogue.territories.values() if t.region}
        spelt = regions.get(folded(quota.code), quota.code)
        return Text({"es": f"la región {spelt}", "en": f"the {spelt} region"})
    title = {x: taxonomy.title(f"{quota.dimension}s", quota.code, x) for x in ("es", "en")}
    if quota.dimension == "theme":
        return Text({"es": f"el tema «{title['es']}»", "en": f'the theme "{title["en"]}"'})
    return Text(
        {"es": f"organizaciones de tipo «{title['es']}»", "en": f'organisations of the type "{title["en"]}"'}
    )


def _place(territory_id: str, catalogue: Catalogue) -> Text:
    """Name a province, or any other territory with what contains it."""
    place = catalogue.territories[territory_id]
    parent = catalogue.territories.get(place.parent_id or "")
    if (place.country_id, place.level) == ("EC", "admin1"):
        return Text({"es": f"la provincia de {place.name}", "en": f"{place.name} province"})
    told = {}
    for language in ("es", "en"):
        inside = f" ({country_name(parent, language)})" if parent and parent.name != place.name else ""
        told[language] = f"{country_name(place, language)}{inside}"
    return Text(told)
