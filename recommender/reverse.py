"""Where a practice would take root: territories ranked for one practice, by the same scorer.

Need and present supply stand beside the fit, never inside one figure; size is no merit: the number
of people is told and does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from recommender.discretion import SHOWN, is_shelter
from recommender.domain import Catalogue, Territory, UnknownValue
from recommender.explanation import Explainer
from recommender.features import NAMES, FeatureFrame, Question
from recommender.pairs import PairScorer
from recommender.query import FIT, MODES, NO_MODEL, ModelUse, Recommendation
from recommender.query_check import MAX_ROWS, check_codes, check_id, out_of_range
from recommender.taxonomy import LEVELS, folded
from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.target_groups import TargetGroup, target_groups


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """Which territories would suit a practice.

    Without `level`, territories of the smallest level of each country are ranked of which
    standings are known (in Ecuador, cantons). `start` rows are passed over, `k` are explained.
    `mode` is that of `recommender.query.Query`.
    """

    practice_id: str
    level: str | None = None
    region: str | None = None
    country: str | None = None
    k: int = 10
    start: int = 0
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    mode: str = FIT


@dataclass(frozen=True, slots=True)
class PlaceFit:
    """One territory for a practice.

    Attributes
    ----------
    fit : Recommendation
        The same row as the practice's in the territory's own answer; `rank` is the territory's.
    need : float or None
        How much the territory has the problem, -1 to 1.
    supply : tuple of str
        Ids of other practices on the same themes recorded there, those that share most first.
    groups : tuple of TargetGroup
        People of the practice's groups who live there.
    """

    territory_id: str
    fit: Recommendation
    need: float | None
    supply: tuple[str, ...]
    groups: tuple[TargetGroup, ...]


@dataclass(frozen=True, slots=True)
class PlaceRanking:
    """The territories asked for, best first.

    Attributes
    ----------
    already_here : tuple of str
        Territories that pass the filters and where the practice already runs; not ranked.
    considered, eligible : int
        Territories known, and those that pass the filters.
    levels : tuple of str
        Levels ranked.
    veiled : bool
        The practice shelters survivors: places are told, and ranked, by province.
    """

    query: PlaceQuery
    places: tuple[PlaceFit, ...]
    already_here: tuple[str, ...]
    ranked: int
    considered: int
    eligible: int
    levels: tuple[str, ...]
    veiled: bool
    model_use: ModelUse = NO_MODEL


@dataclass(frozen=True)
class ReverseRanker:
    """Ranks the territories of one snapshot for a practice."""

    catalogue: Catalogue
    matrix: IndicatorMatrix
    scorer: PairScorer
    explainer: Explainer
    _practice_ids: tuple[str, ...]
    _practice_rows: Mapping[str, int]
    _levels: NDArray[np.str_]
    _countries: NDArray[np.str_]
    _regions: NDArray[np.str_]
    _finest: NDArray[np.bool_]

    @classmethod
    def build(
        cls, catalogue: Catalogue, matrix: IndicatorMatrix, scorer: PairScorer, explainer: Explainer
    ) -> ReverseRanker:
        """Lay out what territories are filtered by."""
        places = list(catalogue.territories.values())
        return cls(
            catalogue=catalogue,
            matrix=matrix,
            scorer=scorer,
            explainer=explainer,
            _practice_ids=tuple(catalogue.practices),
            _practice_rows={practice: row for row, practice in enumerate(catalogue.practices)},
            _levels=np.array([place.level for place in places]),
            _countries=np.array([place.country_id for place in places]),
            _regions=np.array([folded(place.region or "") for place in places]),
            _finest=_finest(places, matrix),
        )

    def rank(self, query: PlaceQuery) -> PlaceRanking:
        """Rank the territories for a practice and explain `query.k` of them.

        Equal scores stay in order of the territories' ids.

        Raises
        ------
        UnknownId
            When there is no such practice; the nearest ids are named.
        UnknownValue
            When a filter or a weight names something that does not exist.
        OutOfRange
            When k is not 1 to 500, `start` is negative or a weight is out of its range.
        """
        self._check(query)
        practice = self.catalogue.practices[query.practice_id]
        row = self._practice_rows[practice.id]
        veiled = is_shelter(practice)
        rows = self._eligible(query, veiled)
        question = Question(rows, mode=query.mode)
        values, fit = self.scorer.one(question, row, rows, query.weights)
        order = np.argsort(-fit.score, kind="stable")
        here = self.scorer.builder.surroundings.already_here(np.array([row]), rows)[0][order]
        ranked = order[~here]
        asked = self.scorer.builder.asked(question, "territory")
        frame = FeatureFrame(np.full(len(rows), row), values, asked)
        shown = ranked[query.start : query.start + query.k]
        places = []
        for rank, position in enumerate(shown.tolist(), start=query.start + 1):
            alone = replace(question, territories=rows[position : position + 1])
            explained = self.explainer.recommendation(alone, frame, fit, position, rank, rank)
            places.append(self._place(row, int(rows[position]), explained, values[position]))
        return PlaceRanking(
            query=query,
            places=tuple(places),
            already_here=tuple(self.matrix.territory_ids[place] for place in rows[order[here]]),
            ranked=len(ranked),
            considered=len(self._levels),
            eligible=len(rows),
            levels=tuple(level for level in LEVELS if (self._levels[rows] == level).any()),
            veiled=veiled,
            model_use=self.scorer.builder.model_use(rows[shown], query.mode),
        )

    def finest(self, country: str) -> NDArray[np.intp]:
        """Return rows of a country's territories of the smallest level of which standings are known."""
        return np.flatnonzero(self._finest & (self._countries == country))

    def _place(
        self, row: int, place: int, explained: Recommendation, values: NDArray[np.float64]
    ) -> PlaceFit:
        need = float(values[NAMES.index("need_alignment")])
        surroundings, ids = self.scorer.builder.surroundings, self._practice_ids
        return PlaceFit(
            territory_id=self.matrix.territory_ids[place],
            fit=explained,
            need=need if np.isfinite(need) else None,
            supply=tuple(ids[other] for other in surroundings.supply(row, place)),
            groups=target_groups(self.matrix, place, self.catalogue.practices[ids[row]].populations),
        )

    def _eligible(self, query: PlaceQuery, veiled: bool) -> NDArray[np.intp]:
        """Return rows of the territories that pass the filters; of a shelter's, provinces at the closest."""
        if query.level is not None:
            level = query.level if not veiled or query.level in SHOWN else SHOWN[-1]
            kept = self._levels == level
        else:
            kept = self._levels == SHOWN[-1] if veiled else self._finest.copy()
        if query.country is not None:
            kept &= self._countries == query.country
        if query.region is not None:
            kept &= self._regions == folded(query.region)
        return np.flatnonzero(kept)

    def _check(self, query: PlaceQuery) -> None:
        check_id("practice", query.practice_id, self.catalogue)
        check_codes("mode", [query.mode], MODES)
        if not 1 <= query.k <= MAX_ROWS:
            raise out_of_range("k", query.k, 1, MAX_ROWS)
        if query.start < 0:
            raise out_of_range("start", query.start, 0, len(self._levels))
        if query.level is not None:
            check_codes("level", [query.level], LEVELS)
        if query.country is not None:
            check_codes("country", [query.country], sorted(set(self._countries.tolist())))
        regions = {place.region for place in self.catalogue.territories.values() if place.region}
        if query.region is not None and folded(query.region) not in map(folded, regions):
            raise unknown_region(query.region, sorted(regions))


def unknown_region(value: str, regions: list[str]) -> UnknownValue:
    """Return the error for a region that no territory lies in."""
    return UnknownValue(
        es=f"Ningún territorio está en la región «{value}»; regiones: {', '.join(regions) or 'ninguna'}.",
        en=f"No territory lies in the region '{value}'; regions: {', '.join(regions) or 'none'}.",
        field="region",
        value=value,
        allowed=regions,
    )


def _finest(places: list[Territory], matrix: IndicatorMatrix) -> NDArray[np.bool_]:
    """Tell which territories are of the smallest level of their country with standings of their own."""
    known = ((matrix.trust > 0) & (matrix.origin == np.arange(len(places))[:, None])).any(axis=1)
    finest: dict[str, int] = {}
    for place, has in zip(places, known, strict=True):
        if has and place.level != "country":
            finest[place.country_id] = max(finest.get(place.country_id, 0), LEVELS.index(place.level))
    return np.array(
        [LEVELS.index(place.level) == finest.get(place.country_id, -1) for place in places], dtype=bool
    )
