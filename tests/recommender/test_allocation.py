"""Portfolios: the best there is by trying all of them, limits kept in whole cents, conflicts named."""

import itertools
import math
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.allocation.greedy import greedy
from recommender.allocation.prices import relax
from recommender.allocation.problem import Prices, Problem, Share
from recommender.allocation.programme import search
from recommender.allocation.sensitivity import survival
from recommender.allocation.shortage import find_conflict, least_shortfall
from recommender.allocation.solver import Solution, solve
from tests.benchmarks import portfolio

NONE = np.array([], dtype=np.intp)


def share(name, part, budget, practices=None, territories=None):
    part = Fraction(str(part))
    return Share(
        name,
        part,
        math.ceil(part * budget),
        None if practices is None else np.array(practices, dtype=bool),
        None if territories is None else np.array(territories, dtype=bool),
    )


def problem(value, cost, budget, **limits):
    return Problem(np.array(value, dtype=float), np.array(cost, dtype=np.int64), budget, **limits)


def every_portfolio(asked):
    pairs = np.flatnonzero(np.isfinite(asked.value))
    for size in range(len(pairs) + 1):
        for chosen in itertools.combinations(pairs, size):
            grants = np.array(chosen, dtype=np.intp)
            if asked.keeps(grants):
                yield grants


@st.composite
def problems(draw):
    practices, territories = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    shape = (practices, territories)
    values = draw(
        st.lists(
            st.one_of(st.none(), st.floats(0, 100)),
            min_size=practices * territories,
            max_size=shape[0] * shape[1],
        )
    )
    value = np.array([np.nan if v is None else v for v in values], dtype=float).reshape(shape)
    cost = draw(
        st.lists(
            st.sampled_from([1, 7, 333, 5_000_000]) | st.integers(1, 10**10),
            min_size=practices,
            max_size=practices,
        )
    )
    budget = draw(st.integers(1, 3 * max(cost)))
    caps = st.none() | st.integers(1, 3)
    shares = []
    if draw(st.booleans()):
        marks = draw(st.lists(st.booleans(), min_size=practices, max_size=practices))
        shares.append(share("theme:a", draw(st.sampled_from([0.1, 0.5, 0.9])), budget, practices=marks))
    if draw(st.booleans()):
        marks = draw(st.lists(st.booleans(), min_size=territories, max_size=territories))
        shares.append(share("region:b", draw(st.sampled_from([0.05, 0.3, 1.0])), budget, territories=marks))
    return problem(
        value, cost, budget, per_territory=draw(caps), per_practice=draw(caps), shares=tuple(shares)
    )


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_portfolio_is_the_best_of_all_there_are_and_keeps_every_limit(asked):
    best = max((asked.worth(grants) for grants in every_portfolio(asked)), default=None)

    found = solve(asked, 10)

    assert isinstance(found, Solution) == (best is not None)
    if best is not None:
        assert found.worth == pytest.approx(best, rel=1e-7, abs=1e-6)
        assert found.bound >= best * (1 - 1e-9) - 1e-6
        assert asked.keeps(found.grants)
        assert asked.spent(found.grants) <= asked.budget
    else:
        assert found
        assert asked.within_limits(found.grants)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_budget_is_never_exceeded_by_any_way_to_a_portfolio(asked):
    for grants in (
        greedy(asked),
        search(asked, np.flatnonzero(asked.candidates), 5)[0],
        least_shortfall(asked, 5).grants,
    ):
        if grants is not None:
            assert asked.spent(grants) <= asked.budget
            assert asked.within_limits(grants)


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_any_prices_bound_the_worth_of_every_portfolio(asked, random):
    practices, territories = asked.value.shape
    capped = (float(asked.per_territory is not None), float(asked.per_practice is not None))
    prices = Prices(
        random.uniform(0, 100),
        np.array([random.uniform(0, 100) for _ in asked.shares]),
        capped[0] * np.array([random.uniform(0, 50) for _ in range(territories)]),
        capped[1] * np.array([random.uniform(0, 50) for _ in range(practices)]),
    )

    bound = prices.bound(asked, prices.gains(asked))

    for grants in every_portfolio(asked):
        assert asked.worth(grants) <= bound + 1e-6


def test_value_for_money_alone_is_beaten_where_a_large_grant_fills_the_purse():
    # 60 for 6 and 50 + 50 for 5 each: by ratio the first two equal ones go first, by worth the pair of fives
    asked = problem([[61.0], [50.0], [50.0]], [6, 5, 5], 10)

    found = solve(asked, 5)

    assert asked.worth(greedy(asked)) == 61.0
    assert found.worth == 100.0
    assert found.optimal
    assert found.gap == 0.0


def test_a_portfolio_worth_nothing_is_optimal_only_where_nothing_can_be_worth_more():
    asked = problem([[61.0]], [6], 10)
    nothing = replace(solve(asked, 5), grants=np.array([], dtype=np.intp), worth=0.0)

    assert not nothing.optimal
    assert nothing.gap == 1.0
    assert replace(nothing, bound=0.0).optimal


def test_a_share_moves_money_to_where_it_is_asked_for():
    asked = problem([[9.0, 8.0, 1.0, 2.0]], [10], 20)
    with_share = replace(asked, shares=(share("region:poor", 0.5, 20, territories=[0, 0, 1, 1]),))

    assert solve(asked, 5).worth == 17.0
    assert solve(with_share, 5).worth == 11.0


def test_two_shares_that_exclude_each_other_are_named_and_nothing_else():
    budget = 100
    shares = (
        share("region:a", 0.6, budget, territories=[1, 0, 0]),
        share("region:b", 0.6, budget, territories=[0, 1, 0]),
        share("theme:c", 0.1, budget, practices=[1] * 6),
    )
    asked = problem(np.ones((6, 3)), [20, 30] * 3, budget, per_territory=5, per_practice=3, shares=shares)

    shortage = solve(asked, 5)
    conflict = find_conflict(asked, 10)

    assert not isinstance(shortage, Solution)
    assert shortage.proven
    assert shortage.cents.sum() == 20
    assert set(conflict.limits) == {"region:a", "region:b", "budget"}
    assert conflict.minimal
    assert conflict.proven


def test_a_share_too_large_for_the_grants_a_territory_may_have_is_told_with_that_limit():
    asked = problem(
        np.ones((3, 2)),
        [10, 10, 10],
        100,
        per_territory=1,
        shares=(share("region:a", 0.3, 100, territories=[1, 0]),),
    )

    shortage, conflict = least_shortfall(asked, 5), find_conflict(asked, 5)

    assert shortage.cents.tolist() == [20]
    assert set(conflict.limits) == {"region:a", "max_per_territory"}
    assert conflict.proven


def test_a_share_without_any_candidate_conflicts_by_itself():
    asked = problem(np.ones((1, 2)), [10], 100, shares=(share("theme:none", 0.3, 100, practices=[0]),))

    assert find_conflict(asked, 5).limits == ("theme:none",)


def test_a_budget_below_every_cost_gives_an_empty_portfolio():
    found = solve(problem([[5.0]], [100], 99), 5)

    assert len(found.grants) == 0
    assert found.optimal


def test_a_grant_no_draw_can_shake_survives_and_a_close_call_does_not():
    asked = problem([[100.0, 10.0, 9.99]], [10], 20)
    found = solve(asked, 5)

    again = survival(asked, found, lambda random: asked.cost, 0.05, 200, 1)

    assert found.grants.tolist() == [0, 1]
    assert again.part[0] == 1.0
    assert 0.3 < again.part[1] < 0.8
    assert (
        again.part.tolist() == survival(asked, found, lambda random: asked.cost, 0.05, 200, 1).part.tolist()
    )


def synthetic(practices, territories, seed=0):
    random = np.random.default_rng(seed)
    value = 100 * random.random((practices, territories)) * random.random((practices, 1))
    cost = np.full(practices, 5_000_000, dtype=np.int64)
    known = random.choice(practices, practices // 14, replace=False)
    cost[known] = (np.exp(random.normal(12.2, 1.5, len(known))) * 100).astype(np.int64)
    return Problem(value, cost, 200_000_000, 2, 5)


def test_a_country_of_247_cantons_and_248_practices_is_proven_optimal_in_time():
    asked = synthetic(248, 247)
    began = time.monotonic()

    found = solve(asked, 10)

    assert found.optimal
    assert time.monotonic() - began < 10
    assert asked.keeps(found.grants)


def test_leaving_pairs_out_by_their_gain_keeps_the_optimum():
    asked = synthetic(20, 12)
    relaxation = relax(asked, greedy(asked), time.monotonic() + 10)

    found, (whole, _) = solve(asked, 10), search(asked, np.flatnonzero(asked.candidates), 20)

    assert found.worth == pytest.approx(asked.worth(whole), abs=1e-6)
    assert relaxation.bound >= found.worth


def test_a_worth_in_hand_is_a_floor_and_not_a_ceiling():
    asked = synthetic(20, 12)
    pairs = np.flatnonzero(asked.candidates)
    best, bound = search(asked, pairs, 20)
    worth = asked.worth(best)

    better, _ = search(asked, pairs, 20, known=0.9 * worth)
    none, none_above = search(asked, pairs, 20, known=worth)

    assert asked.worth(better) == pytest.approx(worth, rel=1e-9)
    assert bound == pytest.approx(worth, rel=1e-9)
    assert none is None or asked.worth(none) == pytest.approx(worth, rel=1e-9)
    assert none_above == pytest.approx(worth, rel=1e-9)


def test_a_worth_in_hand_keeps_shares_and_what_is_sure():
    budget = 60
    asked = problem(
        [[9.0, 8.0, 1.0, 2.0], [7.0, 3.0, 4.0, 4.0]],
        [10, 20],
        budget,
        shares=(share("region:poor", 0.5, budget, territories=[0, 0, 1, 1]),),
    )
    every = np.flatnonzero(asked.candidates)
    best = max((grants for grants in every_portfolio(asked) if asked.keeps(grants)), key=asked.worth)

    for floor in (0.1, asked.worth(best) - 0.5):
        found, bound = search(asked, every, 5, sure=np.isin(every, best), known=floor)
        assert asked.worth(found) == asked.worth(best)
        assert bound == pytest.approx(asked.worth(best))


def test_lumps_that_shares_ask_for_are_proven_in_time():
    asked = portfolio.draw(248, 2_000_000, True, **portfolio.LIMITS[2][1])
    began = time.process_time()

    found = solve(asked, 60)

    assert found.optimal
    assert asked.keeps(found.grants)
    assert time.process_time() - began < 10


def test_the_solver_writes_nothing_to_the_output(capfd):
    for _, limits in portfolio.LIMITS:
        solve(portfolio.draw(248, 300_000, True, **limits), 20)

    assert capfd.readouterr().out == ""
