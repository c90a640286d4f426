"""What a learning route asks and says: chosen practices in, visits in order out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import Answer, OneOf, PlaceBrief, QueryString, Separated
from api.schemas_places import PracticeRef
from recommender.network.itinerary import MOST_PRACTICES

ROUTE_FORMATS = ("json", "csv", "csv-excel", "geojson")


class RouteQuery(QueryString):
    """Which practices to visit, and from where."""

    practice: Annotated[list[str], Separated] = Field(
        default=[], description=f"Ids of practices, 1 to {MOST_PRACTICES}; repeated or separated by commas."
    )
    start: str | None = Field(default=None, description="Id, name, alias or capital; blank: anywhere.")
    back: bool = Field(default=False, description="The route returns to its start.")


class RouteFileQuery(RouteQuery):
    """A learning route as a plain link."""

    format: Annotated[str, OneOf(ROUTE_FORMATS)] | None = Field(
        default=None, description="Else by Accept; csv-excel starts with a byte order mark."
    )


class StopOut(Answer):
    """One visit."""

    rank: int
    territory: PlaceBrief
    latitude: float
    longitude: float
    km: float | None = Field(
        description="Straight line from the stop before, or the start; null for a first stop without one."
    )
    practices: list[PracticeRef]


class RouteOut(Answer):
    """Visits in the order that makes the straight lines between them shortest."""

    language: str
    notice: str
    start: PlaceBrief | None
    stops: list[StopOut]
    back_km: float | None = Field(description="From the last stop to the start; null: it ends there.")
    total_km: float = Field(description="Sum of the straight lines; roads are longer.")
    unplaced: list[PracticeRef] = Field(
        description="Practices of which no place smaller than a country is on record."
    )
    data_version: str
