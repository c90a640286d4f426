"""What is asked of a portfolio and what is answered, as frozen types; refusals by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from recommender.domain import Catalogue, QueryError, Territory
from recommender.query import Filters

DIMENSIONS = ("province", "region", "theme", "organisation_type")
PARTITIONS = ("province", "region", "organisation_type")
"""Dimensions in which a grant has one value at most: minimum shares of one add up."""
MOST_CENTS = 10**14
MOST_PAIRS = 20_000_000
MOST_GRANTS = 1_000_000
MOST_DRAWS = 500
MOST_SECONDS = 120.0


class InfeasiblePortfolio(QueryError):
    """The limits cannot be kept together (or no portfolio that keeps them was found in time).

    `facts` name the conflicting limits, whether the conflict is minimal and proven, and by how many
    cents each share is missed at least when all are wanted.
    """


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `part` (0-1) of the budget goes to grants of one province, region, theme or type.

    `code` is a territory's id for a province, the region's name, or a code of the vocabulary.
    """

    dimension: str
    code: str
    part: float

    @property
    def name(self) -> str:
        """Dimension and code."""
        return f"{self.dimension}:{self.code}"


@dataclass(frozen=True, slots=True)
class AssumedCost:
    """What a grant of a practice of unknown cost is assumed to cost, in cents; never a known fact."""

    cents: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class PortfolioQuery:
    """What to fund where, within which limits. Money in whole cents of US dollars.

    Parameters
    ----------
    budget : int
    horizon_months : int or None
        Of a budget recorded for longer only this part is counted, evenly over the recorded years.
    filters : Filters
        Which practices.
    territory_ids : tuple of str
        Which territories; empty: those of `level`, `region` and `country`.
    level : str or None
        None: the smallest level there is.
    max_per_territory, max_per_practice : int or None
    quotas : tuple of Quota
    assumed : AssumedCost or None
        None leaves practices of unknown cost out.
    by_population : bool
        Weigh grants by the people of the practice's groups in the territory.
    more : int
        Cents of the question "what would so much more buy?"; 0: not asked.
    draws, seed : int
        Of plausible costs and scores; no draws: not asked.
    score_margin, cost_margin : float
        Spread of scores, and half the range of recorded costs, as parts.
    seconds : float
        Time limit of the search.
    """

    budget: int
    horizon_months: int | None = None
    filters: Filters = field(default_factory=Filters)
    territory_ids: tuple[str, ...] = ()
    level: str | None = None
    region: str | None = None
    country: str | None = None
    max_per_territory: int | None = None
    max_per_practice: int | None = None
    quotas: tuple[Quota, ...] = ()
    assumed: AssumedCost | None = None
    by_population: bool = False
    more: int = 10_000_000
    draws: int = 50
    seed: int = 0
    score_margin: float = 0.1
    cost_margin: float = 0.2
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Grant:
    """One funded pair.

    Attributes
    ----------
    fit, need : float
        Anticipated fit, 0-100, and need percentile, 0-1; `value` is their product (times `people`
        where asked for).
    people : float or None
        Of the practice's largest counted group in the territory; only where grants are weighed by it.
    cents : int
    basis : str
        ``recorded``, ``recorded_part`` (the horizon's part of it) or ``assumed``.
    survival : float or None
        Part of the draws in which the grant is chosen again.
    """

    practice_id: str
    territory_id: str
    fit: float
    band: str
    need: float
    people: float | None
    value: float
    cents: int
    basis: str
    survival: float | None


@dataclass(frozen=True, slots=True)
class QuotaMet:
    """A share: what it asks for and what the portfolio gives, in cents."""

    quota: Quota
    needed: int
    met: int


@dataclass(frozen=True, slots=True)
class Greedy:
    """The portfolio by value for money, to compare with; `missed` names shares it does not meet."""

    grants: int
    value: float
    cents: int
    shared: int
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class More:
    """What more money would change; `value` is the gain, None where no portfolio was found."""

    cents: int
    value: float | None
    gap: float | None
    added: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The answer.

    Attributes
    ----------
    value, bound, gap : float
        Sum of values; no portfolio's is above `bound`; ``gap = (bound - value) / value``.
    optimal : bool
        Proven: no portfolio is better.
    excluded : mapping of str to int
        Reason -> pairs left out for it; the first reason counts.
    present : tuple
        (practice, territory) left out because the practice already runs there; at most 500 are named.
    """

    query: PortfolioQuery
    grants: tuple[Grant, ...]
    spent: int
    value: float
    bound: float
    gap: float
    optimal: bool
    seconds: float
    quotas: tuple[QuotaMet, ...]
    greedy: Greedy
    more: More | None
    unsolved_draws: int
    candidates: int
    considered: int
    excluded: dict[str, int]
    present: tuple[tuple[str, str], ...]
    data_version: str
    model_version: str


def in_province(catalogue: Catalogue, territory: Territory, province: str) -> bool:
    """Tell whether a territory is a province or lies in it."""
    place: Territory | None = territory
    while place is not None:
        if place.id == province:
            return True
        place = catalogue.territories.get(place.parent_id or "")
    return False
