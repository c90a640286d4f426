"""Catalogue search: what is found, in which order, and what each facet promises."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from recommender.domain import OutOfRange, UnknownValue
from recommender.query import Filters
from recommender.retrieval import Eligibility
from recommender.search import CatalogueSearch
from recommender.taxonomy import folded
from tests.world import world


@pytest.fixture
def catalogue():
    """The checkerboard with two budgets known: coast-0 costs 4,000 USD, mountain-0 60,000."""
    plain = world().catalogue
    budgets = {"coast-0": 4_000.0, "mountain-0": 60_000.0}
    practices = {p.id: replace(p, budget_usd=budgets.get(p.id)) for p in plain.practices.values()}
    return replace(plain, practices=MappingProxyType(practices))


@pytest.fixture
def search(catalogue):
    texts = [folded(" ".join(p.title.values.values())) for p in catalogue.practices.values()]

    def words_shared(query):
        return np.array(
            [float(sum(word in text.split() for word in folded(query).split())) for text in texts]
        )

    return CatalogueSearch(catalogue, Eligibility.build(catalogue), words_shared)


def found(catalogue, result):
    ids = list(catalogue.practices)
    return [ids[row] for row in result.rows]


def counts(result, facet):
    return {choice.value: choice.count for choice in result.facets[facet]}


def test_without_words_and_filters_everything_is_found_by_title(catalogue, search):
    result = search.search(None, Filters(), language="en")

    titles = [catalogue.practices[id].title.get("en") for id in found(catalogue, result)]
    assert len(titles) == 12
    assert titles == sorted(titles, key=str.casefold)


def test_accents_do_not_change_what_is_found(catalogue, search):
    with_accents = search.search("pescado frío", Filters())
    without = search.search("pescado frio", Filters())

    assert found(catalogue, with_accents) == found(catalogue, without)


def test_words_are_ordered_by_relevance(catalogue, search):
    result = search.search("cuarto frio pescado", Filters())

    assert found(catalogue, result)[0] == "coast-5"


def test_a_word_nobody_uses_finds_nothing_but_the_facets_remain(catalogue, search):
    result = search.search("submarino", Filters())

    assert found(catalogue, result) == []
    assert counts(result, "themes")["economic_inclusion"] == 0


def test_newest_first_and_ties_by_title(catalogue, search):
    result = search.search(None, Filters(), sort="newest", language="en")

    assert found(catalogue, result)[:2] == ["coast-5", "mountain-5"]


def test_unknown_budgets_come_last_when_sorted_by_budget(catalogue, search):
    result = search.search(None, Filters(), sort="budget")

    assert found(catalogue, result)[:2] == ["coast-0", "mountain-0"]


def test_a_facet_counts_what_choosing_each_value_would_show(catalogue, search):
    everything = search.search(None, Filters())

    for facet, read in (("themes", str), ("sdgs", int), ("organisation_types", str), ("countries", str)):
        for value, count in counts(everything, facet).items():
            chosen = search.search(None, Filters(**{facet: (read(value),)}))
            assert len(chosen.rows) == count


def test_number_facets_count_what_their_limit_would_show(catalogue, search):
    everything = search.search(None, Filters())

    assert counts(everything, "budget_max_usd")["5000"] == 11  # all but the one of 60,000
    assert counts(everything, "budget_max_usd")["100000"] == 12
    assert counts(everything, "year_from")["2017"] == 8  # 2017 to 2020, coast and mountain
    assert counts(everything, "year_to")["2016"] == 4


def test_a_facet_ignores_its_own_selection_but_not_the_others(catalogue, search):
    result = search.search(None, Filters(themes=("climate_environment",), sdgs=(14,)))

    assert found(catalogue, result) == []
    assert counts(result, "themes")["economic_inclusion"] == 6  # with SDG 14, whatever the theme
    assert counts(result, "sdgs") == {"13": 6, "14": 0}  # with the theme, whatever the SDG


def test_the_selected_choice_is_marked(search):
    result = search.search(None, Filters(themes=("climate_environment",)))

    assert [c.value for c in result.facets["themes"] if c.selected] == ["climate_environment"]


def test_an_unknown_order_is_refused_with_those_there_are(search):
    with pytest.raises(UnknownValue) as refused:
        search.search(None, Filters(), sort="beauty")

    assert "relevance" in refused.value.facts["allowed"]


def test_years_the_wrong_way_round_are_refused(search):
    with pytest.raises(OutOfRange):
        search.search(None, Filters(year_from=2020, year_to=2010))
