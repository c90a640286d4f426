"""What to fund where: the set of grants with the largest sum of anticipated fit x need.

A grant's value is the anticipated fit (0-100) of the practice in the territory times the need
percentile there (0-1): the mean of the territory's percentiles on the need indicators the practice's
text speaks of, by how much it speaks of each (turned round where low values mean need). It is the
same figure as behind `need_alignment`, before that is scaled by how much the text speaks of needs at
all. A pair of unknown need is no candidate: unknown is not zero.
"""

from __future__ import annotations

import math
import time
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.allocation.check import check_portfolio
from recommender.allocation.costs import Costs, read_costs
from recommender.allocation.limit_names import quota_names
from recommender.allocation.problem import FloatArray, Problem, Share
from recommender.allocation.query import (
    MOST_PAIRS,
    Grant,
    Greedy,
    More,
    Portfolio,
    PortfolioQuery,
    Quota,
    QuotaMet,
    in_province,
)
from recommender.allocation.refusal import infeasible
from recommender.allocation.sensitivity import survival
from recommender.allocation.shortage import Shortage, find_conflict
from recommender.allocation.solver import Solution, solve
from recommender.discretion import SHOWN, is_shelter
from recommender.domain import UnknownValue
from recommender.pipeline import Pipeline
from recommender.query_check import out_of_range
from recommender.taxonomy import LEVELS, folded
from recommender.territory.target_groups import target_groups

NAMED = 500
"""Practices that already run somewhere, named one by one at most."""


class Field(NamedTuple):
    """The pairs of some practices and territories, and why some of them are no candidates."""

    practices: NDArray[np.intp]
    territories: NDArray[np.intp]
    fit: FloatArray
    need: FloatArray
    people: FloatArray | None
    costs: Costs
    value: FloatArray
    excluded: dict[str, int]
    present: NDArray[np.bool_]


def fund(pipeline: Pipeline, query: PortfolioQuery) -> Portfolio:
    """Choose the grants.

    Raises
    ------
    QueryError
        When the portfolio cannot be asked for as it is (`check_portfolio`).
    InfeasiblePortfolio
        When no set of grants keeps all limits; the conflicting ones are named.
    """
    began = time.monotonic()
    check_portfolio(query, pipeline.catalogue, pipeline.taxonomy)
    field = survey(pipeline, query)
    problem = pose(pipeline, query, field)
    solution = solve(problem, query.seconds)
    if isinstance(solution, Shortage):
        names = quota_names(query, pipeline.catalogue, pipeline.taxonomy)
        raise infeasible(query, problem, solution, find_conflict(problem, query.seconds), names)
    part, unsolved = np.full(len(solution.grants), np.nan), 0
    if query.draws and len(solution.grants):
        again = survival(problem, solution, field.costs.draw, query.score_margin, query.draws, query.seed)
        part, unsolved = again.part, again.unsolved
    more = _more(pipeline, query, field, problem, solution) if query.more else None
    return Portfolio(
        query=query,
        grants=_grants(pipeline, field, problem, solution.grants, part),
        spent=problem.spent(solution.grants),
        value=solution.worth,
        bound=solution.bound,
        gap=solution.gap,
        optimal=solution.optimal,
        seconds=time.monotonic() - began,
        quotas=_met(query, problem, solution.grants),
        greedy=_greedy(query, problem, solution),
        more=more,
        unsolved_draws=unsolved,
        candidates=int(problem.candidates.sum()),
        considered=field.value.size,
        excluded=field.excluded
        | {"above_budget": int((np.isfinite(field.value) & ~problem.candidates).sum())},
        present=_pairs(pipeline, field, np.flatnonzero(field.present)[:NAMED]),
        data_version=pipeline.data_version,
        model_version=pipeline.model_version,
    )


def survey(pipeline: Pipeline, query: PortfolioQuery) -> Field:
    """Score the pairs asked about and say which of them are no candidates, and why."""
    practices = np.flatnonzero(pipeline.eligibility.eligible(query.filters))
    territories = _territories(pipeline, query)
    if len(practices) * len(territories) > MOST_PAIRS:
        raise out_of_range("practices x territories", len(practices) * len(territories), 1, MOST_PAIRS)
    fits = pipeline.score_pairs(practices, territories)
    need = need_percentile(pipeline, practices, fits.need)
    records = [pipeline.catalogue.practices[pipeline.practice_ids[row]] for row in practices]
    costs = read_costs(records, query)
    shelter = np.array([is_shelter(record) for record in records], dtype=bool)
    levels = [place.level for place in pipeline.catalogue.territories.values()]
    near = np.array([levels[row] not in SHOWN for row in territories], dtype=bool)
    value = fits.index * need
    people = _people(pipeline, practices, territories) if query.by_population else None
    reasons = {
        "already_there": fits.present,
        "shelter": np.logical_and.outer(shelter, near),
        "cost_unknown": np.broadcast_to(~costs.known[:, None], value.shape),
        "need_unknown": np.isnan(need),
    }
    if people is not None:
        value = value * people
        reasons["people_unknown"] = np.isnan(people)
    excluded, out = {}, np.zeros(value.shape, dtype=bool)
    for reason, mask in reasons.items():
        excluded[reason] = int((mask & ~out).sum())
        out |= mask
    value[out] = np.nan
    return Field(practices, territories, fits.index, need, people, costs, value, excluded, fits.present)


def need_percentile(pipeline: Pipeline, practices: NDArray[np.intp], alignment: FloatArray) -> FloatArray:
    """Return the need percentile of pairs from their need alignment, 0-1; NaN unknown.

    ``(alignment / t + 1) / 2`` with t the part of the practice's text that speaks of need indicators.
    """
    context = pipeline.builder.context
    told = context.relevance[practices][:, context.matrix.direction != 0].sum(axis=1, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        percentile: FloatArray = (alignment / told[:, None] + 1.0) / 2.0
    return np.clip(percentile, 0.0, 1.0)


def pose(pipeline: Pipeline, query: PortfolioQuery, field: Field) -> Problem:
    """State the problem in arrays."""
    return Problem(
        value=field.value,
        cost=field.costs.cents,
        budget=query.budget,
        per_territory=query.max_per_territory,
        per_practice=query.max_per_practice,
        shares=tuple(_share(pipeline, field, quota, query.budget) for quota in query.quotas),
    )


def _territories(pipeline: Pipeline, query: PortfolioQuery) -> NDArray[np.intp]:
    places = list(pipeline.catalogue.territories.values())
    if query.territory_ids:
        chosen = {pipeline.territory_rows[place] for place in query.territory_ids}
    else:
        there = {place.level for place in places}
        level = query.level or next((level for level in reversed(LEVELS) if level in there), "")
        chosen = {row for row, place in enumerate(places) if place.level == level}
    region = folded(query.region or "")
    rows = [
        row
        for row in sorted(chosen)
        if (not region or folded(places[row].region or "") == region)
        and query.country in (None, places[row].country_id)
    ]
    if not rows:
        raise UnknownValue(
            es="Ningún territorio cumple los filtros: revise territorios, nivel, región y país.",
            en="No territory passes the filters: check territories, level, region and country.",
            field="territories",
            value=[query.level, query.region, query.country],
        )
    return np.array(rows, dtype=np.intp)


def _people(pipeline: Pipeline, practices: NDArray[np.intp], territories: NDArray[np.intp]) -> FloatArray:
    """Return the people of each practice's largest counted group there; groups overlap and do not add up."""
    records = [pipeline.catalogue.practices[pipeline.practice_ids[row]] for row in practices]
    groups = sorted({group for record in records for group in record.populations})
    counted = np.full((len(groups) + 1, len(territories)), -np.inf)
    for column, row in enumerate(territories):
        for place, found in enumerate(target_groups(pipeline.matrix, int(row), groups)):
            counted[place, column] = -np.inf if found.persons is None else found.persons
    people = np.full((len(records), len(territories)), -np.inf)
    for row, record in enumerate(records):
        own = [groups.index(group) for group in record.populations]
        people[row] = counted[own].max(axis=0, initial=-np.inf)
    people[np.isneginf(people)] = np.nan
    return people


def _share(pipeline: Pipeline, field: Field, quota: Quota, budget: int) -> Share:
    part = Fraction(str(quota.part))
    catalogue = pipeline.catalogue
    records = list(catalogue.territories.values())
    practices = territories = None
    if quota.dimension == "province":
        inside = [in_province(catalogue, records[row], quota.code) for row in field.territories]
        territories = np.array(inside, dtype=bool)
    elif quota.dimension == "region":
        region = folded(quota.code)
        there = [folded(records[row].region or "") == region for row in field.territories]
        territories = np.array(there, dtype=bool)
    else:
        columns = pipeline.eligibility.columns[f"{quota.dimension}s"]
        column = columns.get(quota.code, np.zeros(len(pipeline.practice_ids), dtype=bool))
        practices = column[field.practices]
    return Share(quota.name, part, math.ceil(part * budget), practices, territories)


def _grants(
    pipeline: Pipeline, field: Field, problem: Problem, grants: NDArray[np.intp], part: FloatArray
) -> tuple[Grant, ...]:
    """Return the grants, largest value first."""
    found = []
    for (practice_id, territory_id), at, again in zip(
        _pairs(pipeline, field, grants), grants, part, strict=True
    ):
        row, column = divmod(int(at), problem.value.shape[1])
        fit = float(field.fit[row, column])
        found.append(
            Grant(
                practice_id=practice_id,
                territory_id=territory_id,
                fit=fit,
                band=pipeline.ranker.band(fit),
                need=float(field.need[row, column]),
                people=None if field.people is None else float(field.people[row, column]),
                value=float(problem.value[row, column]),
                cents=int(problem.cost[row]),
                basis=field.costs.basis[row],
                survival=None if np.isnan(again) else float(again),
            )
        )
    return tuple(sorted(found, key=lambda grant: -grant.value))


def _pairs(pipeline: Pipeline, field: Field, at: NDArray[np.intp]) -> tuple[tuple[str, str], ...]:
    places = tuple(pipeline.catalogue.territories)
    rows, columns = np.divmod(at, field.value.shape[1])
    return tuple(
        (pipeline.practice_ids[field.practices[row]], places[field.territories[column]])
        for row, column in zip(rows, columns, strict=True)
    )


def _met(query: PortfolioQuery, problem: Problem, grants: NDArray[np.intp]) -> tuple[QuotaMet, ...]:
    practice, territory = np.divmod(grants, problem.value.shape[1])
    return tuple(
        QuotaMet(
            quota, share.cents, int(problem.cost[practice[problem.counts(share, practice, territory)]].sum())
        )
        for quota, share in zip(query.quotas, problem.shares, strict=True)
    )


def _greedy(query: PortfolioQuery, problem: Problem, solution: Solution) -> Greedy:
    missed = problem.shortfalls(solution.greedy) > 0
    return Greedy(
        grants=len(solution.greedy),
        value=problem.worth(solution.greedy),
        cents=problem.spent(solution.greedy),
        shared=int(np.isin(solution.greedy, solution.grants).sum()),
        missed=tuple(quota.name for quota, miss in zip(query.quotas, missed, strict=True) if miss),
    )


def _more(
    pipeline: Pipeline, query: PortfolioQuery, field: Field, problem: Problem, solution: Solution
) -> More:
    """Solve again with more money; the shares keep their parts of it."""
    richer = solve(problem.with_budget(query.budget + query.more), query.seconds)
    if isinstance(richer, Shortage):
        return More(query.more, None, None)
    return More(
        query.more,
        richer.worth - solution.worth,
        richer.gap,
        _pairs(pipeline, field, np.setdiff1d(richer.grants, solution.grants)),
        _pairs(pipeline, field, np.setdiff1d(solution.grants, richer.grants)),
    )
