"""What is said of a territory's peers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import Answer, Choice, PlaceBrief, QueryString, Theme
from api.schemas_places import PracticeRef


class PeersQuery(QueryString):
    """Which peers."""

    theme: Theme | None = Field(
        default=None, description="Likeness is then mostly over the indicators the theme speaks of."
    )
    k: Annotated[int, Field(ge=5, le=15)] = Field(default=10, description="Peers, 5 to 15.")


class PeerOut(Answer):
    """A like territory."""

    territory: PlaceBrief
    likeness: float = Field(description="0-1: 1 for equal places, 0.37 for two at random.")


class RelevantOut(Answer):
    """An indicator that the theme speaks of."""

    indicator_id: str
    name: str
    weight: float = Field(description="The weights sum to 1.")


class DeviationOut(Answer):
    """An indicator on which the territory is unlike its peers."""

    indicator_id: str
    indicator: str
    unit: str
    direction: str = Field(description="need_high, need_low or context")
    here: float
    year: int
    peer_median: float
    peers_known: int = Field(description="Peers with a value of their own.")
    national_median: float = Field(description="Of the country's territories of the same level.")
    sd: float = Field(description="(here - peer median) in standard deviations of the country and level")
    flagged: bool = Field(description="More than one standard deviation apart.")
    importance: float = Field(description="0-1: how much the theme speaks of the indicator.")
    source: str | None
    sentence: str


class PeerPracticeOut(Answer):
    """A practice that runs at peers and not here."""

    practice: PracticeRef
    territories: list[PlaceBrief]


class PeersOut(Answer):
    """A territory beside its peers."""

    language: str
    territory: PlaceBrief
    theme: Choice | None
    remark: str | None = Field(description="Why there are no peers, where there are none.")
    peers: list[PeerOut] = Field(description="Most alike first; fewer where too little is known.")
    relevant: list[RelevantOut] = Field(description="What the theme speaks of; empty without a theme.")
    deviations: list[DeviationOut] = Field(
        description="More than half a standard deviation from the peers' median; the most telling first."
    )
    practices: list[PeerPracticeOut] = Field(description="What peers do that it does not.")
    data_version: str
