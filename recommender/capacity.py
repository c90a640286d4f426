"""What an organisation brings, against what is recorded of each practice.

Little is stated about what practices need: a budget for few, a duration for few, staff for none.
What is not stated is asked of the organisation, never guessed; what a body may legally run is
always asked (`questions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text
from recommender.places import Places
from recommender.query import OrganisationProfile
from recommender.territory.geography import coordinates, nearness

FloatArray = NDArray[np.float64]

SHORTEST, AMPLEST = -2.0, 0.5
"""Range of the budget's and the horizon's logarithms: past "ample" more makes no better fit."""
PARTNER_TYPE = 0.6
"""Compatibility of a type that took part as a partner, beside 1 for the type that led."""


def _spec(name: str, unit: str, bounds: tuple[float, float, float], es: str, en: str) -> FeatureSpec:
    low, neutral, high = bounds
    return FeatureSpec(name, unit, low, high, neutral, Text({"es": es, "en": en}), learnable=False)


FEATURES = (
    _spec(
        "budget_fit",
        "log10 of budget / cost",
        (SHORTEST, 0.0, AMPLEST),
        "Presupuesto de la organización frente al costo conocido de la práctica; 0 es justo lo necesario.",
        "The organisation's budget against the practice's known cost; 0 is exactly enough.",
    ),
    _spec(
        "horizon_fit",
        "log2 of horizon / duration",
        (SHORTEST, 0.0, AMPLEST),
        "Plazo de la organización frente a la duración conocida de la práctica; 0 es justo lo necesario.",
        "The organisation's horizon against the practice's known duration; 0 is exactly enough.",
    ),
    _spec(
        "type_fit",
        "compatibility 0-1",
        (0.0, 0.3, 1.0),
        "1 si una organización del mismo tipo llevó la práctica; 0,6 si participó como socia.",
        "1 if an organisation of the same type led the practice; 0.6 if one took part as a partner.",
    ),
    _spec(
        "themes_shared",
        "overlap 0-1",
        (0.0, 0.0, 1.0),
        "Temas que la organización y la práctica comparten; los temas raros cuentan más.",
        "Themes that the organisation and the practice share; rare themes count for more.",
    ),
    _spec(
        "populations_shared",
        "overlap 0-1",
        (0.0, 0.0, 1.0),
        "Grupos de población que la organización y la práctica comparten; los grupos raros cuentan más.",
        "Population groups that the organisation and the practice share; rare groups count for more.",
    ),
    _spec(
        "territory_nearness",
        "exp(-km / 100)",
        (0.0, 0.0, 1.0),
        "Cercanía de los territorios de la organización al lugar más próximo donde funcionó la práctica.",
        "Nearness of the organisation's territories to the closest place where the practice ran.",
    ),
    _spec(
        "past_likeness",
        "likeness 0-1",
        (0.0, 0.0, 1.0),
        "Parecido con la más semejante de las prácticas que la organización ya llevó.",
        "Likeness to the most similar practice that the organisation already ran.",
    ),
)


@dataclass(frozen=True)
class Tags:
    """Which of P practices carry which of J tags, and how much a shared tag tells (rarer: more)."""

    codes: Mapping[str, int]
    table: FloatArray
    weights: FloatArray

    @classmethod
    def build(cls, tags: Sequence[Sequence[str]]) -> Tags:
        """Tabulate each practice's tags; a tag's weight is ln(1 + P / practices that carry it)."""
        codes = {code: column for column, code in enumerate(sorted({c for row in tags for c in row}))}
        table = np.zeros((len(tags), len(codes)))
        for row, names in enumerate(tags):
            table[row, [codes[name] for name in names]] = 1.0
        return cls(codes, table, np.log1p(len(tags) / np.maximum(table.sum(axis=0), 1.0)))

    def overlap(self, names: Sequence[str]) -> FloatArray:
        """Weight of the shared tags over the geometric mean of both sides' weights, float64 [P].

        1 where both carry the same tags, 0 where they share none, NaN where either has none.
        Names that no practice carries are weighed like the rarest possible tag.
        """
        asked = np.zeros(len(self.codes))
        asked[[self.codes[name] for name in set(names) if name in self.codes]] = 1.0
        strange = len({name for name in names if name not in self.codes})
        ours = asked @ self.weights + strange * np.log1p(len(self.table))
        theirs = self.table @ self.weights
        result = np.full(len(self.table), np.nan)
        known = (theirs > 0) & (ours > 0)
        result[known] = (self.table @ (asked * self.weights))[known] / np.sqrt(theirs[known] * ours)
        return result


@dataclass(frozen=True)
class CapacityIndex:
    """What is recorded of each practice that an organisation can be held against."""

    practice_ids: Mapping[str, int]
    territory_ids: Mapping[str, int]
    places: Places
    themes: Tags
    populations: Tags
    _lead_type: tuple[str | None, ...]
    _partner_types: tuple[frozenset[str], ...]
    _budget: FloatArray
    _years: FloatArray
    _coordinates: FloatArray
    _provinces: NDArray[np.int32]

    @classmethod
    def build(cls, catalogue: Catalogue) -> CapacityIndex:
        """Tabulate a catalogue's practices.

        A duration is known where both years are: the calendar years touched, both ends counted.
        Partners are names; those that are the name of an organisation of the catalogue have its type.
        """
        practices = list(catalogue.practices.values())
        territories = catalogue.territories
        row = {territory: index for index, territory in enumerate(territories)}
        above = [territories.get(t.parent_id or "") for t in territories.values()]
        organisations = catalogue.organisations
        type_of = {o.name.casefold(): o.type for o in organisations.values() if o.type}
        type_of |= {o.id.casefold(): o.type for o in organisations.values() if o.type}
        lead = (organisations.get(p.organisation_id or "") for p in practices)
        years = [
            np.nan if p.start_year is None or p.end_year is None else p.end_year - p.start_year + 1
            for p in practices
        ]
        return cls(
            practice_ids={practice: index for index, practice in enumerate(catalogue.practices)},
            territory_ids=row,
            places=Places.build(catalogue),
            themes=Tags.build([p.themes for p in practices]),
            populations=Tags.build([p.populations for p in practices]),
            _lead_type=tuple(None if o is None else o.type for o in lead),
            _partner_types=tuple(
                frozenset(t for name in p.partners if (t := type_of.get(name.casefold()))) for p in practices
            ),
            _budget=np.array([np.nan if p.budget_usd is None else p.budget_usd for p in practices]),
            _years=np.array(years, dtype=np.float64),
            _coordinates=coordinates(territories.values()),
            _provinces=np.array(
                [-1 if p is None or p.level == "country" else row[p.id] for p in above], dtype=np.int32
            ),
        )

    def features(
        self, profile: OrganisationProfile, likeness: NDArray[np.floating] | None = None
    ) -> dict[str, FloatArray]:
        """Hold one organisation against every practice.

        Parameters
        ----------
        profile : OrganisationProfile
            Its territories and past practices are ids of the catalogue.
        likeness : float [K, P], optional
            Likeness 0-1 of each of the profile's K past practices to every practice.

        Returns
        -------
        dict of str to float64 [P]
            NaN wherever the profile or the record is silent.
        """
        return {
            "budget_fit": self._budget_fit(profile),
            "horizon_fit": self._horizon_fit(profile.horizon_months),
            "type_fit": self._type_fit(profile.type),
            "themes_shared": self.themes.overlap(profile.themes),
            "populations_shared": self.populations.overlap(profile.populations),
            "territory_nearness": self._nearness(profile.territory_ids),
            "past_likeness": self._past_likeness(profile.past_practices, likeness),
        }

    def _budget_fit(self, profile: OrganisationProfile) -> FloatArray:
        """Compare yearly money with yearly cost where the duration is known.

        Without a duration, what the organisation has over its horizon is compared with the whole
        cost; without a horizon too, one year's money that pays the whole cost is known to be enough
        and less than that says nothing.
        """
        if profile.budget_usd is None:
            return np.full(len(self._budget), np.nan)
        horizon = None if profile.horizon_months is None else profile.horizon_months / 12.0
        years = np.where(np.isfinite(self._years), self._years, 1.0 if horizon is None else horizon)
        ratio = _log_ratio(profile.budget_usd * years, self._budget, 10.0)
        guessed = ~np.isfinite(self._years) & (horizon is None)
        return np.where(guessed & (ratio < 0), np.nan, ratio)

    def _horizon_fit(self, months: int | None) -> FloatArray:
        if months is None:
            return np.full(len(self._years), np.nan)
        return _log_ratio(np.full(len(self._years), float(months)), 12.0 * self._years, 2.0)

    def _type_fit(self, ours: str | None) -> FloatArray:
        if ours is None:
            return np.full(len(self._lead_type), np.nan)
        unknown = np.array([lead is None for lead in self._lead_type], dtype=bool)
        leads = np.array([lead == ours for lead in self._lead_type], dtype=bool)
        partner = np.array([ours in types for types in self._partner_types], dtype=bool)
        return np.select([leads, partner, unknown], [1.0, PARTNER_TYPE, np.nan], 0.0)

    def _nearness(self, territory_ids: Sequence[str]) -> FloatArray:
        """Measure by centre points, but a canton and its own province are in the same place."""
        result = np.full(len(self.practice_ids), np.nan)
        rows = [self.territory_ids[territory] for territory in territory_ids]
        if not rows:
            return result
        near = nearness(self._coordinates[rows], self._coordinates)
        nearest = np.where(np.isnan(near), -np.inf, near).max(axis=0)
        parts = self._provinces[rows]
        nearest[np.isin(self._provinces, rows) | np.isin(np.arange(len(near[0])), parts[parts >= 0])] = 1.0
        largest = self.places.largest(nearest[self.places.territory][:, None])[:, 0]
        return np.where(np.isfinite(largest), largest, result)

    def _past_likeness(self, past: Sequence[str], likeness: NDArray[np.floating] | None) -> FloatArray:
        result = np.full(len(self.practice_ids), np.nan)
        if likeness is None or not len(likeness):
            return result
        result[:] = np.clip(np.max(likeness, axis=0), 0.0, 1.0)
        result[[self.practice_ids[practice] for practice in past]] = np.nan  # it knows its own already
        return result


def _log_ratio(have: FloatArray, need: FloatArray, base: float) -> FloatArray:
    """Logarithm of have / need within the range of "short" and "ample"; NaN where either is unknown."""
    result = np.full(len(need), np.nan)
    known = np.isfinite(have) & np.isfinite(need) & (need > 0)
    with np.errstate(divide="ignore"):  # nothing at all is as short as can be
        result[known] = np.log(have[known] / need[known]) / np.log(base)
    clipped: FloatArray = np.clip(result, SHORTEST, AMPLEST)
    return clipped
