"""What is said of organisations side by side: partners with reasons, and the ecosystem as counts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import (
    Answer,
    Body,
    Choice,
    Country,
    OrganisationBrief,
    OrganisationType,
    PlaceBrief,
    QueryString,
    Rows,
    Theme,
)
from api.schemas_places import PracticeRef
from api.schemas_query import AnswerQuery, FiltersQuery, OrganisationIn


class PartnersQuery(QueryString):
    """Which partners."""

    type: OrganisationType | None = Field(default=None, description="Only organisations of this type.")
    k: Rows = 10


class PartnersIn(Body):
    """Who looks for partners. It is used for this answer and kept nowhere.

    Of the profile, its type, themes, groups, territories and the ids of past practices are looked at.
    """

    organisation: OrganisationIn
    type: OrganisationType | None = Field(default=None, description="Only organisations of this type.")
    k: Rows = 10


class OrganisationRecommendationsQuery(FiltersQuery, AnswerQuery):
    """A question asked for an organisation of the catalogue."""

    k: Rows = 10
    diversify: bool = True


class EcosystemQuery(QueryString):
    """Which part of the catalogue to count."""

    theme: Theme | None = None
    country: Country | None = None
    k: Annotated[int, Field(ge=1, le=500)] = Field(default=50, description="Territories named, 1 to 500.")


class PartnerOut(Answer):
    """An organisation that could be a partner, and why."""

    organisation: OrganisationBrief
    score: float = Field(description="0.5 need + 0.3 place + 0.2 complement")
    need: float = Field(description="0-1: mean overlap of themes and of population groups.")
    place: float | None = Field(description="1 same place … 0 elsewhere; null: no place is recorded.")
    complement: bool = Field(description="It is of another type than the asker.")
    themes: list[Choice]
    populations: list[Choice]
    territories: list[PlaceBrief] = Field(description="Where both work.")
    practices: list[PracticeRef] = Field(description="Its practices on a shared theme.")
    together: list[PracticeRef] = Field(description="Practices both took part in.")
    reasons: list[str]


class FamilyOut(Answer):
    """Partners of one body, best first; without a name, one organisation alone."""

    network: str | None
    partners: list[PartnerOut]


class PartnersOut(Answer):
    """Possible partners of an organisation of the catalogue, or of one that tells its profile."""

    language: str
    notice: str
    organisation: OrganisationBrief | None = Field(description="Null where a profile was given instead.")
    families: list[FamilyOut] = Field(description="By the score of their best partner.")
    own_family: list[OrganisationBrief] = Field(description="Organisations of the same body.")
    considered: int
    data_version: str


class CountOut(Answer):
    """How many practices, and how many organisations take part in them; code null: not known."""

    code: str | None
    name: str
    practices: int
    organisations: int


class PlaceCountOut(Answer):
    """What is recorded for a territory itself."""

    territory: PlaceBrief
    practices: int
    organisations: int


class YearOut(Answer):
    """How many practices began in a year; null: not known."""

    year: int | None
    practices: int


class CrossOut(Answer):
    """How many practices led by a type of organisation have a theme."""

    type: str | None
    theme: str
    practices: int


class NetworkOut(Answer):
    """A body with several organisations."""

    network: str
    organisations: list[OrganisationBrief]


class EcosystemOut(Answer):
    """Who, where and how; a practice counts in every theme, group and place it has."""

    language: str
    practices: int
    organisations: int
    types: list[CountOut] = Field(description="Who: practices by type of the leading organisation.")
    themes: list[CountOut] = Field(description="How: by theme.")
    populations: list[CountOut] = Field(description="For whom: by population group.")
    territories: list[PlaceCountOut] = Field(description="Where: most practices first.")
    territories_total: int
    provinces: list[PlaceCountOut] = Field(
        description="First level below the country, its parts included; most practices first."
    )
    years: list[YearOut] = Field(description="When they began, earliest first.")
    unplaced: int = Field(description="Practices recorded for no place, or for a whole country only.")
    crossed: list[CrossOut]
    families: list[NetworkOut]
    data_version: str
