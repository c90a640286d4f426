"""What the catalogue says: practices with facets, territories with indicators, organisations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import (
    Answer,
    Choice,
    Country,
    Language,
    Level,
    Model,
    OneOf,
    OrganisationBrief,
    OrganisationType,
    Page,
    PagedQueryString,
    PlaceBrief,
    QueryString,
    Rows,
    SourceOut,
)
from api.schemas_query import FiltersQuery
from recommender.search import SORTS


class IdPath(Model):
    """One thing by its id."""

    id: str


class TerritoryPath(Model):
    """One territory by id, name, alias or capital."""

    id: str = Field(description="Id, name, alias or capital; accents are forgiven.")


class TerritoriesQuery(PagedQueryString):
    """Which territories to list."""

    level: Level | None = None
    country: Country | None = None


class PracticesQuery(FiltersQuery, PagedQueryString):
    """Which practices to list, in which order."""

    sort: Annotated[str, OneOf(SORTS)] | None = Field(
        default=None, description="Default: relevance with q, else title."
    )


class SimilarQuery(QueryString):
    """How many similar practices."""

    k: Rows = 10


class OrganisationsQuery(PagedQueryString):
    """Which organisations to list."""

    type: OrganisationType | None = None
    country: Country | None = None


class FacetValueOut(Answer):
    """One choice of a facet; `count` is what would be shown if it were chosen."""

    value: str
    label: str
    count: int
    selected: bool


class FacetOut(Answer):
    """One filter with its choices."""

    filter: str
    label: str
    values: list[FacetValueOut]


class PracticeBrief(Answer):
    """A practice in few words."""

    id: str
    title: str
    summary: str
    language: Language = Field(description="Language of the texts: the one asked for where it exists.")
    organisation: OrganisationBrief | None
    territories: list[PlaceBrief]
    themes: list[str]
    populations: list[str]
    start_year: int | None
    evidence: int | None
    evidence_label: str


class PracticesOut(Page):
    """A page of practices and the facets of the whole result."""

    practices: list[PracticeBrief]
    facets: list[FacetOut]


class AdoptionOut(Answer):
    """Where a practice was carried out; outcome null: carried out, result not known."""

    territory: PlaceBrief
    year: int | None
    organisation: OrganisationBrief | None
    outcome: str | None
    source_url: str | None


class PracticeOut(Answer):
    """A practice as its source tells it. What is not known is null or empty."""

    id: str
    title: str
    summary: str
    requirements: str | None
    results: str | None
    language: Language = Field(description="Language of the texts: the one asked for where it exists.")
    organisation: OrganisationBrief | None
    partners: list[str]
    themes: list[Choice]
    populations: list[Choice]
    sdgs: list[Choice]
    gcm_objectives: list[Choice]
    tags_basis: str | None = Field(description="stated: by the source; inferred: from its text.")
    start_year: int | None
    end_year: int | None
    budget_usd: float | None
    people_reached: int | None
    evidence: int | None
    evidence_label: str
    recognition: str | None
    adoptions: list[AdoptionOut]
    discretion: str | None = Field(description="Why places are told by province, where they are.")
    source: SourceOut
    data_version: str


class TerritoriesOut(Page):
    """A page of territories."""

    territories: list[PlaceBrief]


class IndicatorValueOut(Answer):
    """What one indicator says of a territory; `value` null: not known."""

    indicator_id: str
    name: str
    unit: str
    direction: str = Field(description="need_high, need_low or context")
    value: float | None
    year: int | None
    percentile: float | None = Field(description="0-1 among territories of its country and level.")
    borrowed: bool = Field(description="The value is that of the territory above.")
    source: str | None
    licence: str | None


class TerritoryOut(Answer):
    """The profile of a territory."""

    id: str
    name: str
    level: str
    parent: PlaceBrief | None
    country: str
    local_code: str | None
    latitude: float | None
    longitude: float | None
    area_km2: float | None
    region: str | None
    capital: str | None
    aliases: list[str]
    indicators: list[IndicatorValueOut]
    practices: list[str] = Field(description="Ids of practices carried out there.")
    data_version: str


class OrganisationsOut(Page):
    """A page of organisations."""

    organisations: list[OrganisationBrief]


class OrganisationOut(Answer):
    """The profile of an organisation."""

    id: str
    name: str
    type: Choice | None
    country: str | None
    network: list[str]
    url: str | None
    about: str | None
    practices: list[PracticeBrief]
    data_version: str
