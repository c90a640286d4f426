"""Learning routes: the shortest way past a place where each chosen practice ran.

A practice that ran in several places is visited in one of them, and practices that ran in the same
place share a visit: a generalised travelling salesman problem. With few practices it is a shortest
path through states "here, having seen these" (Held and Karp 1962), which scipy's Dijkstra finds
exactly. Distances are straight lines on the globe: no road is known here, and every answer says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from recommender.domain import Catalogue, OutOfRange, UnknownValue
from recommender.query_check import check_id, out_of_range
from recommender.territory.geography import coordinates, distances_km

MOST_PRACTICES = 12
"""Practices in one route: as many as a learning journey holds; the states double with each."""
MOST_LEGS = 2**26
"""Legs between states, ``2^practices x places^2``, that are looked through: two seconds, one gigabyte."""

Floats = NDArray[np.float64]


class Stop(NamedTuple):
    """One visit: a place, the practices to see there, and the straight line from the stop before, in km.

    `km` is None for the first stop of a route without a starting place.
    """

    territory_id: str
    practice_ids: tuple[str, ...]
    km: float | None


@dataclass(frozen=True, slots=True)
class Itinerary:
    """A route and what it leaves out.

    Attributes
    ----------
    start : str or None
        Territory where it begins.
    back_km : float or None
        Straight line from the last stop back to the start; None where the route ends at its last stop.
    stops : tuple of Stop
        In order.
    unplaced : tuple of str
        Practices of which no place smaller than a country is on record; they are in no stop.
    """

    start: str | None
    back_km: float | None
    stops: tuple[Stop, ...]
    unplaced: tuple[str, ...]

    @property
    def total_km(self) -> float:
        """Length of the whole route in straight lines."""
        return sum(stop.km or 0.0 for stop in self.stops) + (self.back_km or 0.0)


def plan_visits(
    catalogue: Catalogue, practice_ids: Sequence[str], start: str | None = None, back: bool = False
) -> Itinerary:
    """Order visits to practices so that the straight lines between them are shortest.

    A place where a practice is recorded as failed is visited only where there is no other. Without a
    start the route begins where that makes it shortest; of its two directions the one whose first stop
    shows the practice named first. A round trip begins with the nearer of its two ends.

    Parameters
    ----------
    catalogue : Catalogue
    practice_ids : sequence of str
        1 to 12; one named twice counts once.
    start : str, optional
        Id of a territory with a place on the map.
    back : bool
        The route returns to where it began; without a start that is left out of account.

    Raises
    ------
    UnknownId
        A practice or the start does not exist.
    UnknownValue
        The start has no place on the map.
    OutOfRange
        No practice, or too many; or they ran in too many places together to try all ways through them.
    """
    chosen = tuple(dict.fromkeys(practice_ids))
    if not 1 <= len(chosen) <= MOST_PRACTICES:
        raise out_of_range("practice", len(chosen), 1, MOST_PRACTICES)
    for practice in chosen:
        check_id("practice", practice, catalogue)
    if start is not None:
        check_id("territory", start, catalogue)
    where = dict(zip(catalogue.territories, coordinates(catalogue.territories.values()), strict=True))
    if start is not None and np.isnan(where[start]).any():
        raise _nowhere(catalogue.territories[start].name)
    places = _places(catalogue, chosen, where)
    nodes = list(dict.fromkeys(place for row in places.values() for place in row))
    unplaced = tuple(practice for practice in chosen if practice not in places)
    if not nodes:
        return Itinerary(start, None, (), unplaced)
    most = math.isqrt(MOST_LEGS >> len(places))
    if len(nodes) > most:
        raise _too_many_places(len(nodes), most, len(places))
    spots = np.array([where[place] for place in nodes])
    costs = _costs(spots, None if start is None else where[start][None], back)
    shows = np.array([[place in row for place in nodes] for row in places.values()])
    order = _shortest(costs, shows)
    if start is None:
        turned = bool(not shows[0, order[0]] and shows[0, order[-1]])
    else:
        turned = back and bool(costs[0, 1 + order[-1]] < costs[0, 1 + order[0]])
    order = order[::-1] if turned else order
    stops = _stops([nodes[at] for at in order], places, where, start)
    back_km = None
    if start is not None and back:
        back_km = float(distances_km(spots[order[-1:]], where[start][None])[0, 0])
    return Itinerary(start, back_km, stops, unplaced)


def _places(
    catalogue: Catalogue, chosen: Sequence[str], where: Mapping[str, Floats]
) -> dict[str, tuple[str, ...]]:
    """Return the places on the map of each practice that has one; those without a failure come alone."""
    found: dict[str, tuple[str, ...]] = {}
    for practice in chosen:
        rows = [
            row
            for row in catalogue.adoptions
            if row.practice_id == practice and np.isfinite(where[row.territory_id]).all()
        ]
        kept = [row for row in rows if row.outcome != "failed"] or rows
        if kept:
            found[practice] = tuple(dict.fromkeys(row.territory_id for row in kept))
    return found


def _costs(spots: Floats, start: Floats | None, back: bool) -> Floats:
    """Return the length of every leg, float64 [N + 1, N + 1]; node 0 is the start, or nowhere at no cost."""
    costs = np.zeros((len(spots) + 1, len(spots) + 1))
    costs[1:, 1:] = distances_km(spots, spots)
    if start is not None:
        costs[0, 1:] = distances_km(start, spots)[0]
        costs[1:, 0] = costs[0, 1:] if back else 0.0
    return costs


def _shortest(costs: Floats, shows: NDArray[np.bool_]) -> list[int]:
    """Return the nodes to visit in the order that makes the route shortest, the start left out.

    Parameters
    ----------
    costs : float64 [N + 1, N + 1]
        From and to the start (node 0) and between N places.
    shows : bool [P, N]
        Where each practice can be seen.
    """
    adds = (shows * (1 << np.arange(len(shows)))[:, None]).sum(axis=0)
    everything, nodes = (1 << len(shows)) - 1, shows.shape[1]
    seen, at = np.nonzero((np.arange(everything + 1)[:, None] & adds) == adds)  # being there, one has seen it
    state = np.full((everything + 1, nodes), -1)
    state[seen, at] = np.arange(1, len(seen) + 1)  # state 0 is the start
    leg, to = np.nonzero((seen[:, None] | adds) > seen[:, None])  # only where there is something new to see
    tails = np.r_[np.zeros(nodes, dtype=np.int64), leg + 1]
    heads = np.r_[state[adds, np.arange(nodes)], state[seen[leg] | adds[to], to]]
    lengths = np.r_[costs[0, 1:], costs[1:, 1:][at[leg], to]]
    size = len(seen) + 1
    graph = csr_array((lengths, (tails, heads)), shape=(size, size))
    far, before = dijkstra(graph, indices=0, return_predecessors=True)
    last = state[everything, state[everything] > 0]
    here = int(last[np.argmin(far[last] + costs[1:, 0][at[last - 1]])])
    order: list[int] = []
    while here:
        order.insert(0, int(at[here - 1]))
        here = int(before[here])
    return order


def _stops(
    order: Sequence[str],
    places: Mapping[str, tuple[str, ...]],
    where: Mapping[str, Floats],
    start: str | None,
) -> tuple[Stop, ...]:
    """Return the visits; a practice is seen at the first stop where it ran."""
    stops: list[Stop] = []
    seen: set[str] = set()
    before = start
    for place in order:
        here = tuple(p for p, row in places.items() if place in row and p not in seen)
        seen.update(here)
        km = None if before is None else float(distances_km(where[before][None], where[place][None])[0, 0])
        stops.append(Stop(place, here, km))
        before = place
    return tuple(stops)


def _nowhere(name: str) -> UnknownValue:
    return UnknownValue(
        es=f"Una ruta no puede empezar en «{name}»: no tiene un punto en el mapa. Indique un cantón o una "
        "provincia, o deje el comienzo en blanco.",
        en=f'A route cannot start at "{name}": it has no point on the map. Give a canton or a province, or '
        "leave the start blank.",
        field="start",
        value=name,
    )


def _too_many_places(count: int, most: int, practices: int) -> OutOfRange:
    return OutOfRange(
        es=f"Las {practices} prácticas de la ruta se hicieron en {count} lugares; para tantas prácticas se "
        f"prueban rutas entre {most} lugares a lo sumo. Quite las que se hicieron en más lugares, o "
        "planifique dos rutas.",
        en=f"The {practices} practices of the route ran in {count} places; for so many practices, routes are "
        f"tried between {most} places at most. Take out those that ran in most places, or plan two routes.",
        field="practice",
        value=str(count),
        maximum=most,
    )
