"""Catalogue search: words and filters in, practices and facet counts out. No ranking for a place.

A facet's counts say how many practices would be shown if that value were chosen in that facet, all
other facets as they are; so the counts of a facet ignore its own selection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, Catalogue, UnknownValue
from recommender.query import Filters
from recommender.retrieval import TAGS, Eligibility
from recommender.taxonomy import folded

SORTS = ("relevance", "title", "newest", "oldest", "budget")
QUOTES = "¿¡«»“”\"' "
"""Signs that do not count in the order of titles."""
BUDGET_STEPS = (5_000, 20_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000)
"""US dollars offered as upper limits: about half a decade apart, from a small grant to a programme."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice within a facet and how many practices it would show."""

    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Attributes
    ----------
    rows : ndarray of shape (n_found,)
        Rows of the catalogue's practices, in the order asked for.
    facets : mapping of str to tuple of FacetValue
        Filter name -> its values, most frequent first; numbers ascending.
    """

    rows: NDArray[np.intp]
    facets: Mapping[str, tuple[FacetValue, ...]]


class CatalogueSearch:
    """Search over one snapshot; everything that a query does not change is laid out once.

    Parameters
    ----------
    catalogue : Catalogue
    eligibility : Eligibility
        The boolean columns that recommendations filter with too.
    lexical : callable
        Text -> one score per practice, shape (n_practices,); above 0 where words match.
    """

    def __init__(
        self, catalogue: Catalogue, eligibility: Eligibility, lexical: Callable[[str], NDArray[np.float64]]
    ) -> None:
        self._eligibility, self._lexical = eligibility, lexical
        self._values = {tag: tuple(eligibility.columns[tag]) for tag in TAGS}
        self._stacks = {
            tag: np.array([eligibility.columns[tag][value] for value in self._values[tag]], dtype=np.int64)
            for tag in TAGS
        }
        practices = list(catalogue.practices.values())
        self._title_places = {
            language: _places([p.title.get(language) for p in practices]) for language in LANGUAGES
        }
        self._years = sorted({p.start_year for p in practices if p.start_year is not None})

    def search(
        self, text: str | None, filters: Filters, sort: str | None = None, language: str = "es"
    ) -> SearchResult:
        """Find practices.

        Parameters
        ----------
        text : str or None
            Words in Spanish or English; accents do not matter. None or blank means all.
        filters : Filters
        sort : str or None
            One of `SORTS`; None is relevance where there is a text, else title.
        language : str
            Language whose titles are sorted.

        Raises
        ------
        UnknownValue, OutOfRange
            The sort or a filter is not one there is.
        """
        order = sort or ("relevance" if text and text.strip() else "title")
        if order not in SORTS:
            names = ", ".join(SORTS)
            raise UnknownValue(
                es=f"No se ordena por «{sort}»; se puede por: {names}.",
                en=f"There is no sorting by '{sort}'; there is: {names}.",
                field="sort",
                value=sort,
                allowed=list(SORTS),
            )
        scores = self._lexical(text) if text and text.strip() else None
        matching = np.ones(len(self._eligibility.budgets), bool) if scores is None else scores > 0
        found = np.flatnonzero(self._eligibility.eligible(filters) & matching)
        keys = self._keys(order, scores, language)
        return SearchResult(found[np.lexsort([key[found] for key in keys])], self._facets(filters, matching))

    def _keys(
        self, order: str, scores: NDArray[np.float64] | None, language: str
    ) -> list[NDArray[np.float64]]:
        """Return sort keys, least important first; unknown values come last (NaN sorts last)."""
        title = self._title_places[language]
        main = {
            "title": title,
            "relevance": title if scores is None else -scores,
            "newest": -self._eligibility.start_years,
            "oldest": self._eligibility.start_years,
            "budget": self._eligibility.budgets,
        }[order]
        return [title, main]

    def _facets(self, filters: Filters, matching: NDArray[np.bool_]) -> dict[str, tuple[FacetValue, ...]]:
        """Count every choice of every facet, each facet without its own selection."""
        facets = {}
        for tag in TAGS:
            others: dict[str, Any] = {tag: ()}
            shown = self._eligibility.eligible(replace(filters, **others)) & matching
            counts = self._stacks[tag] @ shown if self._values[tag] else np.zeros(0, int)
            chosen = {str(value) for value in getattr(filters, tag)}
            facets[tag] = _ordered(self._values[tag], counts, chosen)
        shown = self._eligibility.eligible(replace(filters, budget_max_usd=None)) & matching
        too_dear = self._eligibility.budgets[shown][:, None] > np.array(BUDGET_STEPS)
        chosen_budget = filters.budget_max_usd
        facets["budget_max_usd"] = tuple(
            FacetValue(str(step), int(count), step == chosen_budget)
            for step, count in zip(BUDGET_STEPS, (~too_dear).sum(axis=0), strict=True)
        )
        facets["year_from"] = self._year_facet(
            replace(filters, year_from=None), matching, filters.year_from, -1
        )
        facets["year_to"] = self._year_facet(replace(filters, year_to=None), matching, filters.year_to, 1)
        return facets

    def _year_facet(
        self, others: Filters, matching: NDArray[np.bool_], chosen: int | None, sign: int
    ) -> tuple[FacetValue, ...]:
        """Count what each year would show as first (`sign` -1) or last (1) year; unknown years pass."""
        years = np.array(self._years, dtype=np.float64)
        starts = self._eligibility.start_years[self._eligibility.eligible(others) & matching]
        outside = sign * starts[:, None] > sign * years
        return tuple(
            FacetValue(str(year), int(count), year == chosen)
            for year, count in zip(self._years, (~outside).sum(axis=0), strict=True)
        )


def _places(texts: list[str]) -> NDArray[np.float64]:
    """Return each text's place in alphabetical order, equal texts sharing one; accents fold away."""
    keys = [folded(text).strip(QUOTES) for text in texts]
    order = {text: place for place, text in enumerate(sorted(set(keys)))}
    return np.array([order[text] for text in keys], dtype=np.float64)


def _ordered(values: tuple[str, ...], counts: NDArray[np.int64], chosen: set[str]) -> tuple[FacetValue, ...]:
    """Return facet values, numbers ascending, words most frequent first then by name."""
    found = [FacetValue(v, int(n), v in chosen) for v, n in zip(values, counts, strict=True)]
    if all(value.isdigit() for value in values):
        return tuple(sorted(found, key=lambda facet: int(facet.value)))
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))
