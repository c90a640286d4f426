"""What neighbours and like territories already do, and what already runs here.

Counts enter as ``1 - 2^-n``: none is 0, one is 0.5, two are 0.75; the first example tells most.
The territory's own record of the practice is never counted, so that training and serving see the
same thing. The masks `already_here` and `in_same_province` say what is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text
from recommender.places import Places
from recommender.territory.geography import coordinates, nearness
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.peer_groups import PEERS, peer_table

FloatArray = NDArray[np.float64]
Rows = NDArray[np.integer]

__all__ = ["FEATURES", "PEERS", "SurroundingsIndex"]


def _spec(name: str, unit: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    return FeatureSpec(name, unit, 0.0, 1.0, 0.0, Text({"es": es, "en": en}), group)


FEATURES = (
    _spec(
        "origin_nearness",
        "exp(-km / 100)",
        "Cercanía del lugar más próximo donde funciona la práctica: su equipo puede mostrarla.",
        "Nearness of the closest place where the practice runs: its team can show it.",
    ),
    _spec(
        "like_territories",
        "share of peers, by likeness",
        "Parte de los quince territorios más parecidos donde ya funciona la práctica.",
        "Share of the fifteen most alike territories where the practice already runs.",
    ),
    _spec(
        "organisation_here",
        "1 - 2^-n practices",
        "La organización de la práctica, o su red, ya lleva otras prácticas en el territorio.",
        "The practice's organisation, or its network, already runs other practices in the territory.",
    ),
    _spec(
        "neighbour_practice",
        "1 - 2^-n places",
        "La práctica ya funciona en territorios limítrofes.",
        "The practice already runs in bordering territories.",
        "exposure",
    ),
    _spec(
        "province_practice",
        "1 - 2^-n places",
        "La práctica ya funciona en otros lugares de la misma provincia, o en la provincia como tal.",
        "The practice already runs elsewhere in the same province, or in the province as such.",
        "exposure",
    ),
    _spec(
        "theme_supply",
        "1 - 2^-n practices",
        "Otras prácticas de los mismos temas que ya hay en el territorio: base o duplicación.",
        "Other practices on the same themes already in the territory: a base or an overlap.",
    ),
)


@dataclass(frozen=True)
class SurroundingsIndex:
    """Adoptions, borders, themes and organisations of a catalogue, tabulated.

    P practices, T territories, M (practice, place) pairs, in the order of the catalogue. Where a
    practice runs is unknown, not "nowhere", when only a whole country is recorded for it. What runs
    in a canton runs in its province too, but not the other way round.
    """

    matrix: IndicatorMatrix
    places: Places
    _coordinates: FloatArray
    _peers: sparse.csr_array
    _parent: NDArray[np.int32]
    _borders: sparse.csr_array
    _theme_shares: FloatArray
    _theme_counts: FloatArray
    _bodies: sparse.csr_array
    _body_counts: sparse.csc_array
    _runs: sparse.csr_array
    _running: sparse.csr_array

    @classmethod
    def build(cls, matrix: IndicatorMatrix, catalogue: Catalogue) -> SurroundingsIndex:
        """Tabulate a catalogue; `matrix` is its indicators, by which peers are found."""
        places = Places.build(catalogue)
        row = {territory: index for index, territory in enumerate(catalogue.territories)}
        territories = list(catalogue.territories.values())
        touching = {(row[n.territory_id], row[n.neighbour_id]) for n in catalogue.neighbours if n.border}
        touching |= {(there, here) for here, there in touching}
        themes = _membership([set(p.themes) for p in catalogue.practices.values()])
        bodies = _membership(_bodies(catalogue))
        parent = np.array([row.get(t.parent_id or "", -1) for t in territories], dtype=np.int32)
        runs = _table(_with_wholes(places, parent), (themes.shape[0], len(row)))
        levels = {level: index for index, level in enumerate(dict.fromkeys(t.level for t in territories))}
        return cls(
            matrix=matrix,
            places=places,
            _coordinates=coordinates(territories),
            _peers=peer_table(matrix, np.array([levels[t.level] for t in territories], dtype=np.int32)),
            _parent=parent,
            _borders=_table(touching, (len(row), len(row))),
            _theme_shares=_shares(themes.toarray()),
            _theme_counts=(runs.T @ themes).toarray(),
            _bodies=bodies,
            _body_counts=sparse.csc_array(bodies.T @ runs),
            _runs=runs,
            _running=sparse.csr_array(runs.T),
        )

    def features(self, territory: int) -> dict[str, FloatArray]:
        """Return the features of every practice for one territory, each float64 [P]; NaN unknown."""
        return {name: values[:, 0] for name, values in self.block(None, np.array([territory])).items()}

    def features_for_pairs(
        self, practices: NDArray[np.integer], territories: NDArray[np.integer]
    ) -> dict[str, FloatArray]:
        """Return the features of n pairs, each float64 [n]: the same figures as `block`, pair by pair."""
        result = {spec.name: np.full(len(practices), np.nan) for spec in FEATURES}
        for territory in np.unique(territories):  # one block per territory, not one step per pair
            asked = np.flatnonzero(territories == territory)
            for name, values in self.block(practices[asked], np.array([territory])).items():
                result[name][asked] = values[:, 0]
        return result

    def block(self, practices: Rows | None, territories: Rows) -> dict[str, FloatArray]:
        """Work out every feature for some practices (None: all) x some territories.

        Parameters
        ----------
        practices : int [P'] or None
        territories : int [T']

        Returns
        -------
        dict of str to float64 [P', T']
        """
        places, chosen = self._chosen(practices)
        there, country = places.territory, self.matrix.is_country
        alike_kind = country[there][:, None] == country[territories][None, :]
        located = places.total(alike_kind.astype(np.float64)) > 0
        runs = self._runs[chosen]
        here = runs[:, territories].toarray()

        origins, of = np.unique(there, return_inverse=True)
        near = nearness(self._coordinates[origins], self._coordinates[territories])[of]
        elsewhere = (there[:, None] != territories) & np.isfinite(near)
        nearest = places.largest(np.where(elsewhere, near, -np.inf))
        borders, peers = self._borders[territories], self._peers[territories]
        neighbours = (runs @ borders.T).toarray()
        neighbours[:, np.diff(borders.indptr) == 0] = np.nan
        alike = (runs @ peers.T).toarray()
        alike[:, np.diff(peers.indptr) == 0] = np.nan
        province = places.total(self._beside(there, territories))
        shares, bodies = self._theme_shares[chosen], self._bodies[chosen]
        supply = shares @ self._theme_counts[territories].T - here
        known_bodies = np.diff(bodies.indptr).astype(np.float64)[:, None]
        others = (bodies @ self._body_counts[:, territories]).toarray() - known_bodies * here
        return {
            "origin_nearness": np.where(np.isfinite(nearest), nearest, np.nan),
            "like_territories": np.where(located, alike, np.nan),
            "organisation_here": np.where(known_bodies > 0, _saturated(others), np.nan),
            "neighbour_practice": np.where(located, _saturated(neighbours), np.nan),
            "province_practice": np.where(located, _saturated(province), np.nan),
            "theme_supply": _saturated(supply),
        }

    def already_here(self, practices: Rows | None, territories: Rows) -> NDArray[np.bool_]:
        """Tell where a practice is recorded in the territory itself, bool [P', T']."""
        places, _ = self._chosen(practices)
        return places.total((places.territory[:, None] == territories).astype(np.float64)) > 0

    def supply(self, practice: int, territory: int) -> list[int]:
        """List the other practices on a practice's themes that run in a territory.

        Those that `theme_supply` counts: rows of practices, the one that shares most themes first,
        then in order of ids.
        """
        first, end = self._running.indptr[territory : territory + 2]
        there = self._running.indices[first:end]
        shared = self._theme_shares[there] > 0
        common = (shared & (self._theme_shares[practice] > 0)).sum(axis=1)
        order = np.lexsort((there, -common))
        return [int(there[place]) for place in order if common[place] and there[place] != practice]

    def running(self, territories: Rows) -> NDArray[np.bool_]:
        """Tell which practices run in some territories or in parts of them, bool [T', P]."""
        found: NDArray[np.bool_] = self._running[territories].toarray() > 0
        return found

    def in_same_province(self, practices: Rows | None, territories: Rows) -> NDArray[np.bool_]:
        """Tell where it is recorded for the province, or for another part of it, bool [P', T']."""
        places, _ = self._chosen(practices)
        return places.total(self._beside(places.territory, territories)) > 0

    def peers(self, territories: Rows) -> FloatArray:
        """Return the weights of the fifteen most alike territories of the same level.

        Returns
        -------
        float64 [T', T]
            Rows sum to 1; NaN for a territory without standings or without peers.
        """
        chosen = self._peers[territories]
        weights: FloatArray = chosen.toarray()
        weights[np.diff(chosen.indptr) == 0] = np.nan
        return weights

    def _chosen(self, practices: Rows | None) -> tuple[Places, Rows | slice]:
        if practices is None:
            return self.places, slice(None)
        return self.places.select(practices), practices

    def _beside(self, there: Rows, territories: Rows) -> FloatArray:
        """Tell whether places lie beside territories in one province, or are one the other's: [M, T']."""
        country, parent = self.matrix.is_country, self._parent
        province = parent[territories]
        inside = (province >= 0) & ~country[province]
        above = parent[there][:, None]
        beside = inside & ((above == province) | (there[:, None] == province))
        beside |= (above == territories) & ~country[territories]
        found: FloatArray = (beside & (there[:, None] != territories)).astype(np.float64)
        return found


def _saturated(count: FloatArray) -> FloatArray:
    result: FloatArray = 1.0 - np.exp2(-count)
    return result


def _shares(table: FloatArray) -> FloatArray:
    """Divide rows by their sums; NaN for a practice without themes, of which nothing is known."""
    number = table.sum(axis=1, keepdims=True)
    shares: FloatArray = np.divide(table, number, out=np.full(table.shape, np.nan), where=number > 0)
    return shares


def _bodies(catalogue: Catalogue) -> list[set[str]]:
    """Return who stands behind each practice: the organisation's networks, else the organisation."""
    organisations = catalogue.organisations
    bodies: list[set[str]] = []
    for practice in catalogue.practices.values():
        lead = organisations.get(practice.organisation_id or "")
        bodies.append(set() if lead is None else set(lead.network) or {lead.id})
    return bodies


def _with_wholes(places: Places, parent: Rows) -> set[tuple[int, int]]:
    """Return (practice, territory) pairs with every territory that a place lies in."""
    practice: Rows = places.practice
    territory: Rows = places.territory
    pairs: set[tuple[int, int]] = set()
    while len(practice):
        pairs.update(zip(practice.tolist(), territory.tolist(), strict=True))
        inside = parent[territory] >= 0
        practice, territory = practice[inside], parent[territory][inside]
    return pairs


def _membership(sets: list[set[str]]) -> sparse.csr_array:
    """Return who is in what as 0 and 1, sparse [N, number of distinct names]."""
    column = {name: index for index, name in enumerate(sorted(set().union(*sets)))}
    pairs = ((row, column[name]) for row, names in enumerate(sets) for name in names)
    return _table(pairs, (len(sets), len(column)))


def _table(pairs: Iterable[tuple[int, int]], shape: tuple[int, int]) -> sparse.csr_array:
    rows = np.array(list(pairs), dtype=np.int32).reshape(-1, 2)
    return sparse.csr_array((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=shape)
