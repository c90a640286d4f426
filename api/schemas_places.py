"""What a reverse ranking says: territories for one practice, need and supply beside the fit."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas import (
    Answer,
    Body,
    Country,
    Level,
    Links,
    Mode,
    OneOf,
    OrganisationBrief,
    PlaceBrief,
    QueryString,
    Rows,
    SourceOut,
)
from api.schemas_answer import (
    INTERVAL,
    LEARNED,
    NEW_TO_MODEL,
    PROBABILITY,
    ContributionOut,
    DifferenceOut,
)
from api.schemas_query import MODE, Weight, Weights, factors
from recommender.limits import MAX_ENTRIES
from recommender.query import FIT

PLACE_FORMATS = ("json", "csv", "csv-excel", "xlsx", "geojson")


class PlaceFilters(QueryString):
    """Which territories to rank, and how many at a time."""

    level: Level | None = Field(
        default=None,
        description="Default: the smallest level of each country of which indicators are known.",
    )
    region: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="Region of the territories (Costa, Sierra, …); accents are forgiven."
    )
    country: Country | None = None
    k: Rows = 10
    weights: Weights
    mode: Mode = Field(default=FIT, description=MODE)
    page: Annotated[int, Field(ge=1, le=1_000_000)] = Field(default=1, description="Page of k rows, from 1.")


class PlaceWeights(Body):
    """Factors on features, checked like those of a body."""

    weights: dict[str, Weight] = Field(max_length=MAX_ENTRIES)

    @classmethod
    def of(cls, filters: PlaceFilters) -> dict[str, float]:
        """Return feature -> factor."""
        return cls.model_validate({"weights": factors(filters.weights)}).weights


class PlacesQuery(PlaceFilters):
    """A reverse ranking as a plain link."""

    format: Annotated[str, OneOf(PLACE_FORMATS)] | None = Field(
        default=None, description="Else by Accept; csv-excel starts with a byte order mark."
    )


class PracticeRef(Answer):
    """A practice by id and title, and who runs it."""

    id: str
    title: str
    organisation: OrganisationBrief | None


class NeedOut(Answer):
    """How much the territory has the problem the practice addresses."""

    value: float | None = Field(description="-1 to 1; 0 is usual for its level; null: not known.")
    sentence: str


class SupplyOut(Answer):
    """Who already works on the same themes there, as far as recorded."""

    value: float | None = Field(description="1 - 2^-n, n the mean number of other practices per theme.")
    sentence: str
    practices: list[PracticeRef]


class TargetGroupOut(Answer):
    """People of one of the practice's groups there; groups overlap and do not add up."""

    group: str
    name: str
    persons: int | None = Field(description="Rounded; null: no statistic counts the group here.")
    sentence: str = Field(description="The formula with its figures, years and sources.")
    indicator_id: str | None
    share: float | None
    share_per: float | None = Field(description="The share is of so many residents (100 or 1,000).")
    share_year: int | None
    share_borrowed: bool = Field(description="The share is that of the territory above.")
    share_source: str | None
    population: float | None
    population_year: int | None
    population_source: str | None


class PlaceFitOut(Answer):
    """One ranked territory, with everything that led to its place."""

    rank: int
    territory: PlaceBrief
    latitude: float | None
    longitude: float | None
    fit: float = Field(description="Anticipated-fit index, 0-100. Not a probability.")
    band: str = Field(description="high, medium or low")
    score: float
    probability: float | None = Field(description=PROBABILITY)
    probability_low: float | None = Field(description=INTERVAL)
    probability_high: float | None = Field(description=INTERVAL)
    coverage: float = Field(description="0-1: share of the weight asked about that could be known.")
    need: NeedOut
    supply: SupplyOut
    target_population: list[TargetGroupOut]
    reasons: list[ContributionOut]
    differences: list[DifferenceOut]
    remarks: list[str]
    contributions: list[ContributionOut]


class PlacesOut(Answer):
    """A page of territories for a practice, and what is needed to reproduce it."""

    model_config = ConfigDict(
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/geo+json": {"schema": {"type": "object"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            }
        }
    )

    notice: str
    language: str
    practice: PracticeRef
    evidence: int | None = Field(description="Nesta standard of evidence 1-5; null: not rated.")
    evidence_label: str
    source: SourceOut
    questions: list[str] = Field(description="What the data cannot tell of any place.")
    places: list[PlaceFitOut]
    already_here: list[PlaceBrief] = Field(description="Where it already runs; not among the places.")
    levels: list[str] = Field(description="Levels of the territories ranked.")
    discretion: str | None = Field(description="Why places are told by province, where they are.")
    considered: int = Field(description="Territories known.")
    eligible: int = Field(description="Territories that pass the filters.")
    total: int = Field(description="Territories ranked, on all pages.")
    page: int
    pages: int
    k: int
    links: Links | None = Field(description="Null where there is no address, as on the command line.")
    weights: dict[str, float]
    mode: str = Field(description="fit or likely")
    data_version: str
    model_version: str
    learned_model: str | None = Field(description=LEARNED)
    new_to_model: list[str] = Field(description=NEW_TO_MODEL)
    model_remarks: list[str] = Field(description="What to know of the model before trusting the answer.")
