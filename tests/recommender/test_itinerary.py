"""Learning routes worked by hand on a line of places, one degree (111 km) apart."""

from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest

from recommender.domain import Adoption, OutOfRange, UnknownId, UnknownValue
from recommender.network.itinerary import MOST_PRACTICES, plan_visits
from recommender.territory.geography import coordinates, distances_km
from tests.world import world

DEGREE = 111.19
"""Kilometres of a degree on a globe of 6371 km."""
LINE = ("XX-C1-1", "XX-C1-2", "XX-C1-3", "XX-C2-1", "XX-C2-2")
"""Places at 0, 1, 2, 3 and 4 degrees of longitude on the equator."""


def line(**ran):
    """Return a catalogue where each practice named ran where it is said; dashes are underscores."""
    catalogue = world().catalogue
    territories = {
        id: replace(place, latitude=0.0, longitude=float(LINE.index(id)))
        if id in LINE
        else replace(place, latitude=None, longitude=None)
        for id, place in catalogue.territories.items()
    }
    adoptions = [
        Adoption(name.replace("_", "-"), place, 2020, None, None, None)
        for name, places in ran.items()
        for place in places
    ]
    return replace(catalogue, territories=territories, adoptions=tuple(adoptions))


def places(found):
    return [stop.territory_id for stop in found.stops]


def test_stops_on_a_line_are_visited_along_it():
    catalogue = line(coast_0=[LINE[2]], coast_1=[LINE[0]], coast_2=[LINE[1]])

    found = plan_visits(catalogue, ["coast-0", "coast-1", "coast-2"])

    assert places(found) == [LINE[2], LINE[1], LINE[0]]  # the practice named first is seen first
    assert [stop.km for stop in found.stops] == [None, *[pytest.approx(DEGREE, abs=0.1)] * 2]
    assert found.total_km == pytest.approx(2 * DEGREE, abs=0.1)


def test_a_start_and_the_way_back_count():
    catalogue = line(coast_0=[LINE[2]], coast_1=[LINE[3]])

    there = plan_visits(catalogue, ["coast-1", "coast-0"], start=LINE[0])
    back = plan_visits(catalogue, ["coast-1", "coast-0"], start=LINE[0], back=True)

    assert places(there) == places(back) == [LINE[2], LINE[3]]
    assert there.back_km is None
    assert there.total_km == pytest.approx(3 * DEGREE, abs=0.1)
    assert back.back_km == pytest.approx(3 * DEGREE, abs=0.1)
    assert back.total_km == pytest.approx(6 * DEGREE, abs=0.1)


def test_of_several_places_the_one_on_the_way_is_visited():
    catalogue = line(coast_0=[LINE[0], LINE[4]], coast_1=[LINE[3]], coast_2=[LINE[3]])

    found = plan_visits(catalogue, ["coast-1", "coast-0", "coast-2"])

    assert places(found) == [LINE[3], LINE[4]]
    assert found.stops[0].practice_ids == ("coast-1", "coast-2")  # one visit for both


def test_a_practice_where_one_stands_costs_no_way():
    found = plan_visits(line(coast_0=[LINE[1]]), ["coast-0"], start=LINE[1], back=True)

    assert [(stop.territory_id, stop.km) for stop in found.stops] == [(LINE[1], 0.0)]
    assert found.total_km == 0.0


def test_what_has_no_place_on_the_map_is_told_apart():
    found = plan_visits(line(coast_0=["XX"], coast_1=[LINE[1]]), ["coast-0", "coast-1", "coast-2"])

    assert places(found) == [LINE[1]]
    assert found.unplaced == ("coast-0", "coast-2")
    assert plan_visits(line(coast_0=["XX"]), ["coast-0"]).stops == ()


def test_where_it_failed_is_visited_only_for_want_of_another_place():
    catalogue = line(coast_0=[LINE[0]], coast_1=[LINE[0], LINE[4]])
    failed = tuple(
        row._replace(outcome="failed")
        if row.practice_id == "coast-1" and row.territory_id == LINE[0]
        else row
        for row in catalogue.adoptions
    )

    assert places(plan_visits(catalogue, ["coast-0", "coast-1"])) == [LINE[0]]
    assert places(plan_visits(replace(catalogue, adoptions=failed), ["coast-0", "coast-1"])) == [
        LINE[0],
        LINE[4],
    ]


@pytest.mark.parametrize("seed", range(8))
def test_no_order_and_no_choice_of_places_is_shorter(seed):
    draw = np.random.default_rng(seed)
    catalogue = world().catalogue
    spots = {id: draw.uniform(-4, 4, 2) for id in catalogue.territories}
    territories = {
        id: replace(place, latitude=spots[id][0], longitude=spots[id][1])
        for id, place in catalogue.territories.items()
        if place.level != "country"
    } | {"XX": catalogue.territories["XX"]}
    ran = {f"coast-{n}": draw.choice(list(LINE), draw.integers(1, 4), replace=False) for n in range(4)}
    rows = [Adoption(id, place, None, None, None, None) for id, row in ran.items() for place in row]
    catalogue = replace(catalogue, territories=territories, adoptions=tuple(rows))
    where = dict(zip(territories, coordinates(territories.values()), strict=True))

    def length(way):
        return sum(distances_km(where[one][None], where[other][None])[0, 0] for one, other in pairwise(way))

    for start, back in ((None, False), ("XX-S1-1", False), ("XX-S1-1", True)):
        first, last = [start] * bool(start), [start] * back
        every = (
            [*first, *order, *last] for chosen in product(*ran.values()) for order in permutations(chosen)
        )
        assert plan_visits(catalogue, list(ran), start, back).total_km == pytest.approx(
            min(map(length, every))
        )


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (([],), OutOfRange),
        (([f"coast-{n}" for n in range(6)] + [f"mountain-{n}" for n in range(7)],), OutOfRange),
        ((["nothing"],), UnknownId),
        ((["coast-0"], "XX-0"), UnknownId),
        ((["coast-0"], "XX"), UnknownValue),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(asked, error):
    with pytest.raises(error):
        plan_visits(line(coast_0=[LINE[0]]), *asked)


def test_a_practice_named_twice_is_visited_once():
    named = ["coast-0"] * (MOST_PRACTICES + 1)

    assert len(plan_visits(line(coast_0=[LINE[0]]), named).stops) == 1


def test_practices_that_ran_in_very_many_places_are_refused_before_memory_is():
    catalogue = line()
    place = catalogue.territories[LINE[0]]
    many = {f"XX-{at}": replace(place, id=f"XX-{at}", longitude=at / 100) for at in range(480)}
    chosen = list(catalogue.practices)[:MOST_PRACTICES]
    adoptions = [Adoption(chosen[at % len(chosen)], id, 2020, None, None, None) for at, id in enumerate(many)]
    crowded = replace(catalogue, territories=catalogue.territories | many, adoptions=tuple(adoptions))

    with pytest.raises(OutOfRange, match="480") as refused:
        plan_visits(crowded, chosen)
    few = plan_visits(crowded, chosen[:2])

    assert refused.value.facts["maximum"] < 480
    assert len(few.stops) == 2
