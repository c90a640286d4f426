"""What may be asked of a portfolio and what it says. Money is US dollars here, whole cents within."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Annotated

from pydantic import ConfigDict, Field

from api.schemas import Answer, Body, Country, Level, OneOf, PlaceBrief, QueryString
from api.schemas_query import FiltersIn
from recommender.allocation.query import (
    DIMENSIONS,
    MOST_CENTS,
    MOST_DRAWS,
    MOST_GRANTS,
    MOST_SECONDS,
    AssumedCost,
    PortfolioQuery,
    Quota,
)
from recommender.domain import AmbiguousPlace
from recommender.territory.gazetteer import Gazetteer

PORTFOLIO_FORMATS = ("json", "csv", "csv-excel", "xlsx")
USUAL = PortfolioQuery(budget=1)

Money = Annotated[float, Field(gt=0, le=MOST_CENTS / 100)]
Part = Annotated[float, Field(ge=0, le=1)]
Most = Annotated[int, Field(ge=1, le=MOST_GRANTS)]


class MinimumShareIn(Body):
    """At least a part of the budget for one province, region, theme or type of organisation."""

    dimension: Annotated[str, OneOf(DIMENSIONS)]
    code: str = Field(description="Province: id or name; region: name; else a code of the vocabulary.")
    share: Annotated[float, Field(gt=0, le=1)] = Field(description="Part of the budget, 0-1.")

    def to_domain(self, gazetteer: Gazetteer) -> Quota:
        """Return the core's quota; a province's name becomes its id."""
        code = _province(self.code, gazetteer) if self.dimension == "province" else self.code
        return Quota(self.dimension, code, self.share)


class AssumedCostIn(Body):
    """What a grant is assumed to cost where no cost is recorded, with its plausible range."""

    value: Money
    low: Money | None = Field(default=None, description="Default: half the value.")
    high: Money | None = Field(default=None, description="Default: twice the value.")

    def to_domain(self) -> AssumedCost:
        """Return the core's assumption in cents."""
        cents = to_cents(self.value)
        return AssumedCost(
            cents,
            max(cents // 2, 1) if self.low is None else to_cents(self.low),
            cents * 2 if self.high is None else to_cents(self.high),
        )


class PortfolioIn(Body):
    """What to fund where. The sum of anticipated fit x need percentile is made as large as it can be."""

    budget_usd: Money = Field(description="Never exceeded.")
    horizon_months: Annotated[int, Field(ge=1, le=600)] | None = Field(
        default=None, description="Of a budget recorded for longer only this part is counted."
    )
    filters: FiltersIn = FiltersIn()
    territories: list[str] = Field(default=[], max_length=5000, description="Ids or names; empty: by level.")
    level: Level | None = Field(default=None, description="Default: the smallest level there is.")
    region: Annotated[str, Field(max_length=100)] | None = None
    country: Country | None = None
    minimum_shares: list[MinimumShareIn] = Field(default=[], max_length=50)
    max_per_territory: Most | None = None
    max_per_practice: Most | None = None
    assumed_cost_usd: AssumedCostIn | None = Field(
        default=None, description="Without it practices of unknown cost are left out, and counted."
    )
    weight_by_population: bool = Field(
        default=False, description="Weigh grants by the people of the practice's groups there."
    )
    more_usd: Annotated[float, Field(ge=0, le=MOST_CENTS / 100)] = Field(
        default=USUAL.more / 100, description="What would so much more buy? 0: not asked."
    )
    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = Field(
        default=USUAL.draws, description="Draws of plausible costs and scores. 0: none."
    )
    seed: Annotated[int, Field(ge=0, lt=2**32)] = USUAL.seed
    score_margin: Part = Field(default=USUAL.score_margin, description="Assumed spread of scores, as a part.")
    cost_margin: Annotated[float, Field(ge=0, le=0.95)] = Field(
        default=USUAL.cost_margin, description="Assumed range of recorded costs, plus or minus, as a part."
    )
    time_limit_seconds: Annotated[float, Field(ge=1, le=MOST_SECONDS)] = Field(
        default=USUAL.seconds, description="Of each search: the portfolio's, and the one with more money."
    )

    def to_domain(self, gazetteer: Gazetteer) -> PortfolioQuery:
        """Return the core's question; names of places become ids, dollars whole cents."""
        return PortfolioQuery(
            budget=to_cents(self.budget_usd),
            horizon_months=self.horizon_months,
            filters=self.filters.to_domain(),
            territory_ids=tuple(gazetteer.resolve(place).id for place in self.territories),
            level=self.level,
            region=self.region,
            country=self.country,
            max_per_territory=self.max_per_territory,
            max_per_practice=self.max_per_practice,
            quotas=tuple(share.to_domain(gazetteer) for share in self.minimum_shares),
            assumed=None if self.assumed_cost_usd is None else self.assumed_cost_usd.to_domain(),
            by_population=self.weight_by_population,
            more=to_cents(self.more_usd),
            draws=self.draws,
            seed=self.seed,
            score_margin=self.score_margin,
            cost_margin=self.cost_margin,
            seconds=self.time_limit_seconds,
        )


class PortfolioFormat(QueryString):
    """How the answer is wanted."""

    format: Annotated[str, OneOf(PORTFOLIO_FORMATS)] | None = Field(
        default=None, description="Else by Accept; csv-excel starts with a byte order mark."
    )


class PracticeBrief(Answer):
    """A practice by id and title."""

    id: str
    title: str


class GrantOut(Answer):
    """One grant; `value` is fit x need percentile (x people, where asked for)."""

    rank: int
    practice: PracticeBrief
    territory: PlaceBrief
    fit: float = Field(description="Anticipated-fit index, 0-100. Not a probability.")
    band: str
    need_percentile: float
    people: float | None = Field(description="Only where grants are weighed by it; never to be added up.")
    value: float
    cost_usd: float
    cost_basis: str = Field(description="recorded, recorded_part or assumed")
    cost_note: str
    survival: float | None = Field(description="Part of the draws in which it is chosen again.")
    robust: bool | None = Field(description="Chosen again in at least 80 % of the draws.")


class ShareOut(Answer):
    """A minimum share: what it asks for and what it gets."""

    dimension: str
    code: str
    name: str = Field(description="What it is for, in words.")
    share: float
    needed_usd: float
    granted_usd: float


class GreedyOut(Answer):
    """The portfolio by value for money, to compare with."""

    grants: int
    value: float
    total_usd: float
    shared_grants: int
    missed_shares: list[str] = Field(description="What the shares it misses are for, in words.")
    advantage: float | None = Field(description="Our value over its value, less 1.")


class PairOut(Answer):
    """A practice in a territory."""

    practice_id: str
    territory_id: str


class MoreOut(Answer):
    """What more money would change."""

    more_usd: float
    value: float | None = Field(description="Gain; null: no portfolio was found that keeps the shares.")
    gap: float | None
    added: list[PairOut]
    dropped: list[PairOut]


class PortfolioOut(Answer):
    """A portfolio, what is proven of it, and how far it can be trusted."""

    model_config = ConfigDict(
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            }
        }
    )

    notice: str
    assumptions: list[str]
    language: str
    status: str = Field(description="optimal (proven) or within_gap")
    grants: list[GrantOut]
    budget_usd: float
    total_usd: float
    left_usd: float
    assumed_usd: float = Field(description="Part of the total that rests on the assumed cost.")
    value: float
    bound: float = Field(description="No portfolio within the limits is worth more.")
    gap: float = Field(description="(bound - value) / value")
    seconds: float
    minimum_shares: list[ShareOut]
    greedy: GreedyOut
    more: MoreOut | None
    draws: int
    unsolved_draws: int
    candidates: int
    considered: int
    excluded: dict[str, int] = Field(description="Reason -> pairs left out for it.")
    already_there: list[PairOut] = Field(description="Left out; at most 500 are named.")
    data_version: str
    model_version: str


def _province(name: str, gazetteer: Gazetteer) -> str:
    """Return the id of a province; a canton of the same name is not meant."""
    try:
        return gazetteer.resolve(name).id
    except AmbiguousPlace as several:
        candidates = several.facts["candidates"]
        provinces = [place["id"] for place in candidates if place["level"] == "admin1"]  # type: ignore[attr-defined]
        if len(provinces) != 1:
            raise
        return str(provinces[0])


def to_cents(dollars: float) -> int:
    """Return whole cents, rounded down, from the number as it is written."""
    return int((Decimal(str(dollars)) * 100).to_integral_value(ROUND_FLOOR))
