"""Refuse a portfolio that cannot be asked for, before anything is computed."""

from __future__ import annotations

import math

from recommender.allocation.limit_names import DIMENSION_NAMES, quota_name
from recommender.allocation.query import (
    DIMENSIONS,
    MOST_CENTS,
    MOST_DRAWS,
    MOST_GRANTS,
    MOST_SECONDS,
    PARTITIONS,
    AssumedCost,
    PortfolioQuery,
    Quota,
)
from recommender.domain import Catalogue, OutOfRange, UnknownValue
from recommender.figures import join, number
from recommender.query_check import check_codes, check_id, out_of_range
from recommender.taxonomy import LEVELS, VOCABULARIES, Taxonomy, folded


def check_portfolio(query: PortfolioQuery, catalogue: Catalogue, taxonomy: Taxonomy) -> None:
    """Refuse a portfolio that cannot be asked for.

    Raises
    ------
    OutOfRange
        A number out of its range; minimum shares of one dimension that add up to more than the budget.
    UnknownValue, UnknownId
        A code or an id that does not exist.
    """
    if not 0 < query.budget <= MOST_CENTS:
        raise out_of_range("budget_usd", query.budget / 100, 0.01, MOST_CENTS / 100)
    if query.assumed is not None:
        _check_assumed(query.assumed)
    for name, value, low, high in (
        ("horizon_months", query.horizon_months, 1, 600),
        ("max_per_territory", query.max_per_territory, 1, MOST_GRANTS),
        ("max_per_practice", query.max_per_practice, 1, MOST_GRANTS),
        ("more_usd", query.more / 100, 0, MOST_CENTS / 100),
        ("draws", query.draws, 0, MOST_DRAWS),
        ("seed", query.seed, 0, 2**32 - 1),
        ("score_margin", query.score_margin, 0, 1),
        ("cost_margin", query.cost_margin, 0, 0.95),
        ("time_limit_seconds", query.seconds, 1, MOST_SECONDS),
    ):
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            raise out_of_range(name, value, low, high)
    for place in query.territory_ids:
        check_id("territory", place, catalogue)
    if query.level is not None:
        check_codes("level", [query.level], LEVELS)
    for quota in query.quotas:
        _check_quota(quota, catalogue)
    for dimension in PARTITIONS:
        parts = {quota.name: quota for quota in query.quotas if quota.dimension == dimension}
        total = math.fsum(quota.part for quota in parts.values())
        if total > 1 + 1e-9:
            names = [quota_name(quota, catalogue, taxonomy) for quota in parts.values()]
            told = {x: join([name.get(x) for name in names], x) for x in ("es", "en")}
            sum_ = {x: number(100 * total, x, 0) for x in ("es", "en")}
            together = DIMENSION_NAMES[dimension]
            raise OutOfRange(
                es=f"Las participaciones mínimas de {together.get('es')} suman {sum_['es']} % "
                f"del presupuesto ({told['es']}); deben sumar 100 % o menos.",
                en=f"The minimum shares of {together.get('en')} add up to {sum_['en']}% "
                f"of the budget ({told['en']}); they must add up to 100% or less.",
                field="minimum_shares",
                value=total,
                maximum=1,
            )


def _check_assumed(assumed: AssumedCost) -> None:
    if not 0 < assumed.cents <= MOST_CENTS:
        raise out_of_range("assumed_cost_usd.value", assumed.cents / 100, 0.01, MOST_CENTS / 100)
    if not 0 < assumed.low <= assumed.cents:
        raise out_of_range("assumed_cost_usd.low", assumed.low / 100, 0.01, assumed.cents / 100)
    if not assumed.cents <= assumed.high <= MOST_CENTS:
        raise out_of_range("assumed_cost_usd.high", assumed.high / 100, assumed.cents / 100, MOST_CENTS / 100)


def _check_quota(quota: Quota, catalogue: Catalogue) -> None:
    check_codes("minimum_shares.dimension", [quota.dimension], DIMENSIONS)
    if not (math.isfinite(quota.part) and 0 < quota.part <= 1):
        raise out_of_range(f"minimum_shares.{quota.name}", quota.part, 0, 1)
    if quota.dimension == "province":
        check_id("territory", quota.code, catalogue)
    elif quota.dimension == "region":
        regions = {place.region for place in catalogue.territories.values() if place.region}
        if folded(quota.code) not in {folded(region) for region in regions}:
            raise UnknownValue(
                es=f"No hay ninguna región «{quota.code}»; hay: {', '.join(sorted(regions)) or 'ninguna'}.",
                en=f"There is no region '{quota.code}'; there are: {', '.join(sorted(regions)) or 'none'}.",
                field="minimum_shares.region",
                value=quota.code,
                allowed=sorted(regions),
            )
    else:
        check_codes(f"minimum_shares.{quota.dimension}", [quota.code], VOCABULARIES[f"{quota.dimension}s"])
