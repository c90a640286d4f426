"""Territories like one, seen through a theme: where it deviates from them, what they do that it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Catalogue, Text
from recommender.figures import number, quantity
from recommender.query_check import check_codes, check_id, out_of_range
from recommender.taxonomy import THEMES
from recommender.territory.comparison import ALIKE, FLAG
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.likeness import BASE_SHARE
from recommender.territory.peer_groups import PEERS, distances
from recommender.territory.surroundings import SurroundingsIndex

FEWEST = 5
"""A smaller group than this says little of what is usual (peer groups of cities have 5 to 15)."""
FEWEST_KNOWN = 3
"""Peers with a value of their own below which a median says nothing."""
DEVIATIONS = 12


@dataclass(frozen=True, slots=True)
class Peer:
    """A like territory; `likeness` is 0-1: 1 for equal places, 0.37 for two at random."""

    territory_id: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Deviation:
    """An indicator on which a territory is unlike its peers.

    Attributes
    ----------
    here, peer_median, national_median : float
        In `unit`; the national median is that of the country's territories of the same level.
    peers_known : int
        Peers whose own value is known; the others are left out.
    sd : float
        (here - peer median) in standard deviations among the country's territories of the level;
        `flagged` where it is more than 1.
    need : int
        1 where a higher value means more need, -1 where a lower one does, 0 neither.
    importance : float
        0-1, how much the indicator says of the theme; 1 for every indicator without a theme.
    """

    indicator_id: str
    here: float
    year: int
    peer_median: float
    peers_known: int
    national_median: float
    sd: float
    flagged: bool
    need: int
    importance: float
    unit: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class PeerPractice:
    """A practice that runs at peers and not here; `territory_ids` are those peers, most alike first."""

    practice_id: str
    territory_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The peers of a territory, most alike first.

    `relevant` are the indicators that the theme speaks of, with their weight, largest first; empty
    without a theme. Fewer than five peers are comparable where little is known.
    """

    territory_id: str
    theme: str | None
    peers: tuple[Peer, ...]
    relevant: tuple[tuple[str, float], ...]
    deviations: tuple[Deviation, ...]
    practices: tuple[PeerPractice, ...]


@dataclass(frozen=True)
class PeerIndex:
    """What peers are worked out from, for one snapshot."""

    catalogue: Catalogue
    matrix: IndicatorMatrix
    surroundings: SurroundingsIndex
    relevance: NDArray[np.float64]
    _rows: dict[str, int]
    _levels: NDArray[np.str_]

    @classmethod
    def build(
        cls,
        catalogue: Catalogue,
        matrix: IndicatorMatrix,
        surroundings: SurroundingsIndex,
        relevance: NDArray[np.float64],
    ) -> PeerIndex:
        """Lay out a snapshot; `relevance` [themes, I] says what each theme speaks of."""
        return cls(
            catalogue=catalogue,
            matrix=matrix,
            surroundings=surroundings,
            relevance=relevance,
            _rows={territory: row for row, territory in enumerate(catalogue.territories)},
            _levels=np.array([place.level for place in catalogue.territories.values()]),
        )

    def peers(self, territory_id: str, theme: str | None = None, k: int = 10) -> PeerGroup:
        """Find the k most alike territories of the same level, in any country.

        Likeness is over what the theme speaks of (70 % of the weight) and over every indicator a
        little (30 %), or over all evenly without a theme; equal ones stay in order of ids.

        Raises
        ------
        UnknownId, UnknownValue, OutOfRange
            When there is no such territory or theme, or k is not 5 to 15.
        """
        check_id("territory", territory_id, self.catalogue)
        if theme is not None:
            check_codes("theme", [theme], THEMES)
        if not FEWEST <= k <= PEERS:
            raise out_of_range("k", k, FEWEST, PEERS)
        here = self._rows[territory_id]
        members = np.flatnonzero(self._levels == self._levels[here])
        weights = self._weights(theme)
        distance = distances(self.matrix, np.array([here]), members, weights)[0].astype(np.float64)
        nearest = np.argsort(distance, kind="stable")
        nearest = nearest[np.isfinite(distance[nearest])][:k]
        chosen, likeness = members[nearest], np.exp(-0.5 * distance[nearest])
        relevant = [] if theme is None else self._relevant(theme)
        importance = np.ones(len(weights)) if theme is None else self._importance(theme)
        return PeerGroup(
            territory_id=territory_id,
            theme=theme,
            peers=tuple(
                Peer(self.matrix.territory_ids[row], round(float(like), 4))
                for row, like in zip(chosen, likeness, strict=True)
            ),
            relevant=tuple(relevant),
            deviations=tuple(self._deviations(here, chosen, importance)),
            practices=tuple(self._practices(here, chosen, likeness, theme)),
        )

    def _weights(self, theme: str | None) -> NDArray[np.float64]:
        count = self.relevance.shape[1]
        if theme is None or not self.relevance[THEMES.index(theme)].any():
            return np.ones(count)
        mixed: NDArray[np.float64] = (1 - BASE_SHARE) * self.relevance[THEMES.index(theme)]
        mixed += BASE_SHARE / count
        return mixed

    def _importance(self, theme: str) -> NDArray[np.float64]:
        weights = self.relevance[THEMES.index(theme)]
        scaled: NDArray[np.float64] = weights / max(float(weights.max(initial=0.0)), 1e-12)
        return scaled

    def _relevant(self, theme: str) -> list[tuple[str, float]]:
        weights = self.relevance[THEMES.index(theme)]
        order = np.argsort(-weights, kind="stable")
        return [
            (self.matrix.indicator_ids[column], round(float(weights[column]), 4))
            for column in order
            if weights[column] > 0
        ]

    def _deviations(
        self, here: int, peers: NDArray[np.intp], importance: NDArray[np.float64]
    ) -> list[Deviation]:
        """Return the indicators more than half a standard deviation from the peers' median.

        Own values only, here and there; the order is importance x |sd|, then |sd|, then the id.
        """
        matrix = self.matrix
        own = matrix.origin == np.arange(len(matrix.values))[:, None]
        theirs = np.where(own[peers], matrix.values[peers], np.nan)
        known = np.isfinite(theirs).sum(axis=0)
        sd, national = matrix.sd[matrix.group[here]], matrix.median[matrix.group[here]]
        usable = np.flatnonzero(own[here] & (known >= FEWEST_KNOWN) & (np.nan_to_num(sd) > 0))
        median = np.full(len(sd), np.nan)
        median[usable] = np.nanmedian(theirs[:, usable], axis=0)
        off = np.full(len(sd), np.nan)
        off[usable] = (matrix.values[here, usable] - median[usable]) / sd[usable]
        far = usable[np.abs(off[usable]) > ALIKE]
        order = np.lexsort((far, -np.abs(off[far]), -importance[far] * np.abs(off[far])))
        return [
            self._deviation(
                here, int(column), float(median[column]), int(known[column]), importance, off, national
            )
            for column in far[order][:DEVIATIONS]
        ]

    def _deviation(
        self,
        here: int,
        column: int,
        median: float,
        known: int,
        importance: NDArray[np.float64],
        off: NDArray[np.float64],
        national: NDArray[np.float64],
    ) -> Deviation:
        matrix, indicator = self.matrix, self.catalogue.indicators[self.matrix.indicator_ids[column]]
        value, sd = float(matrix.values[here, column]), float(off[column])

        def said(figure: float, language: str) -> str:
            return quantity(figure, indicator.unit_text.get(language) or indicator.unit, language)

        usual = float(national[column])
        sentence = Text(
            {
                "es": f"{indicator.name.get('es')}: {said(value, 'es')} aquí, {said(median, 'es')} en la "
                f"mediana de sus pares y {said(usual, 'es')} en la del país "
                f"({number(abs(sd), 'es', 1)} desviaciones estándar "
                f"{'más' if sd > 0 else 'menos'} que los pares).",
                "en": f"{indicator.name.get('en')}: {said(value, 'en')} here, {said(median, 'en')} in the "
                f"median of its peers and {said(usual, 'en')} in the country's "
                f"({number(abs(sd), 'en', 1)} standard deviations "
                f"{'more' if sd > 0 else 'less'} than the peers).",
            }
        )
        return Deviation(
            indicator_id=indicator.id,
            here=value,
            year=int(matrix.years[here, column]),
            peer_median=median,
            peers_known=known,
            national_median=usual,
            sd=sd,
            flagged=abs(sd) > FLAG,
            need=int(matrix.direction[column]),
            importance=round(float(importance[column]), 4),
            unit=indicator.unit,
            sentence=sentence,
        )

    def _practices(
        self, here: int, peers: NDArray[np.intp], likeness: NDArray[np.float64], theme: str | None
    ) -> list[PeerPractice]:
        """List what peers do and this territory does not, by the summed likeness of who does it."""
        running = self.surroundings.running(np.concatenate([[here], peers]))
        lacking = np.flatnonzero(running[1:].any(axis=0) & ~running[0])
        practices = list(self.catalogue.practices.values())
        if theme is not None:
            lacking = np.array([row for row in lacking if theme in practices[row].themes], dtype=np.intp)
        weight = likeness @ running[1:][:, lacking]
        return [
            PeerPractice(
                practices[row].id,
                tuple(self.matrix.territory_ids[peer] for peer in peers[running[1:, row]]),
            )
            for row in lacking[np.argsort(-weight, kind="stable")]
        ]
