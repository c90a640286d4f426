"""Candidate generation: who is eligible at all, and which of those are worth scoring.

Hard eligibility comes first (filters). Below `SCORE_ALL` practices every eligible one is scored;
above it the best of the dense, the lexical and the territorial list are fused by reciprocal rank
and only those go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Catalogue, OutOfRange
from recommender.limits import check_range
from recommender.query import Filters
from recommender.query_check import check_codes
from recommender.taxonomy import VOCABULARIES

SCORE_ALL = 5_000
CANDIDATES = 1_000
RRF_CONSTANT = 60
"""Reciprocal rank fusion, Cormack, Clarke and Büttcher (2009), section 3: k = 60."""

TAGS = ("themes", "populations", "sdgs", "gcm_objectives", "organisation_types", "countries")


@dataclass(frozen=True)
class Eligibility:
    """Boolean columns, one per value of each tag, so that filtering is a few `or`s and `and`s.

    Attributes
    ----------
    columns : mapping of str to mapping of str to ndarray of shape (n_practices,)
        Tag name -> value -> which practices have it.
    budgets, start_years : ndarray of shape (n_practices,)
        US dollars and years; NaN where unknown.
    """

    columns: Mapping[str, Mapping[str, NDArray[np.bool_]]]
    budgets: NDArray[np.float64]
    start_years: NDArray[np.float64]

    @classmethod
    def build(cls, catalogue: Catalogue) -> Eligibility:
        """Lay out the practices' tags as boolean columns."""
        practices = list(catalogue.practices.values())
        types = [
            _some(catalogue.organisations[p.organisation_id].type) if p.organisation_id else ()
            for p in practices
        ]
        tags: dict[str, Sequence[Sequence[object]]] = {
            "themes": [p.themes for p in practices],
            "populations": [p.populations for p in practices],
            "sdgs": [p.sdgs for p in practices],
            "gcm_objectives": [p.gcm_objectives for p in practices],
            "organisation_types": types,
            "countries": practice_countries(catalogue),
        }
        return cls(
            {name: _columns(lists) for name, lists in tags.items()},
            np.array([_number(p.budget_usd) for p in practices], dtype=np.float64),
            np.array([_number(p.start_year) for p in practices], dtype=np.float64),
        )

    def eligible(self, filters: Filters) -> NDArray[np.bool_]:
        """Tell which practices pass the filters; unknown budgets and years pass.

        Raises
        ------
        UnknownValue
            When a filter's value is not in its vocabulary, or a country has no practice.
        OutOfRange
            When a budget or a year makes no sense.
        """
        _check_numbers(filters)
        mask = np.ones(len(self.budgets), dtype=bool)
        for tag in TAGS:
            wanted = [str(value) for value in getattr(filters, tag)]
            if wanted:
                columns = self.columns[tag]
                check_codes(f"filters.{tag}", wanted, VOCABULARIES.get(tag, tuple(columns)))
                hits = [columns[value] for value in wanted if value in columns]
                mask &= np.logical_or.reduce(hits) if hits else np.zeros_like(mask)
        if filters.budget_max_usd is not None:
            mask &= ~(self.budgets > filters.budget_max_usd)
        if filters.year_from is not None:
            mask &= ~(self.start_years < filters.year_from)
        if filters.year_to is not None:
            mask &= ~(self.start_years > filters.year_to)
        return mask


def candidates(eligible: NDArray[np.bool_], lists: Sequence[NDArray[np.float64]]) -> NDArray[np.intp]:
    """Choose which eligible practices are scored.

    Parameters
    ----------
    eligible : ndarray of shape (n_practices,)
        Which practices pass the filters.
    lists : sequence of ndarray of shape (n_practices,)
        One score per practice from each cheap source; NaN means "not in this list".

    Returns
    -------
    ndarray of shape (n_candidates,)
        Rows, ascending: all eligible ones up to `SCORE_ALL`, else the `CANDIDATES` best fused.
    """
    rows = np.flatnonzero(eligible)
    if len(rows) <= SCORE_ALL or not lists:
        return rows
    fused = fuse([scores[rows] for scores in lists])
    best = np.argpartition(-fused, CANDIDATES - 1)[:CANDIDATES]
    return np.sort(rows[best])


def fuse(lists: Sequence[NDArray[np.float64]], depth: int = CANDIDATES) -> NDArray[np.float64]:
    """Fuse score lists by reciprocal rank: ``sum over lists of 1 / (60 + rank)``, rank from 1.

    Rows past `depth` in a list, and NaN rows, get nothing from it.
    """
    fused = np.zeros(len(lists[0]))
    for scores in lists:
        ordered = np.where(np.isnan(scores), -np.inf, scores)
        top = np.argpartition(-ordered, min(depth, len(ordered)) - 1)[:depth]
        top = top[np.argsort(-ordered[top], kind="stable")]
        top = top[np.isfinite(ordered[top])]
        fused[top] += 1.0 / (RRF_CONSTANT + np.arange(1, len(top) + 1))
    return fused


def practice_countries(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """List each practice's countries: those of the places where it ran, else its organisation's."""
    places: dict[str, set[str]] = {practice: set() for practice in catalogue.practices}
    for adoption in catalogue.adoptions:
        if adoption.ran:
            places[adoption.practice_id].add(catalogue.territories[adoption.territory_id].country_id)
    found = []
    for practice in catalogue.practices.values():
        countries = places[practice.id]
        if not countries and practice.organisation_id:
            countries = set(_some(catalogue.organisations[practice.organisation_id].country))
        found.append(tuple(sorted(countries)))
    return found


def _columns(lists: Sequence[Sequence[object]]) -> dict[str, NDArray[np.bool_]]:
    columns: dict[str, NDArray[np.bool_]] = {}
    for row, values in enumerate(lists):
        for value in values:
            columns.setdefault(str(value), np.zeros(len(lists), dtype=bool))[row] = True
    return columns


def _some(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _check_numbers(filters: Filters) -> None:
    for field in ("budget_max_usd", "year_from", "year_to"):
        check_range(f"filters.{field}", getattr(filters, field))
    if filters.year_from is not None and filters.year_to is not None and filters.year_from > filters.year_to:
        raise OutOfRange(
            es=f"El filtro de años va de {filters.year_from} a {filters.year_to}: "
            "el primero debe ser anterior.",
            en=f"The years filter runs from {filters.year_from} to {filters.year_to}: "
            "the first must come earlier.",
            field="filters.year_from",
            value=str(filters.year_from),
        )
