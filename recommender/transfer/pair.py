"""One practice and one territory, with all that is known of both, as the measures of transfer see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Adoption, Catalogue, Practice, Territory, Text
from recommender.explanation.sentences import Subject
from recommender.figures import quantity
from recommender.query import OrganisationProfile
from recommender.territory.comparison import Comparison, compare
from recommender.territory.context import ContextIndex
from recommender.territory.geography import coordinates
from recommender.territory.indicators import IndicatorMatrix
from recommender.transfer.factors import split_requirements
from recommender.transfer.report import Value, said

FloatArray = NDArray[np.float64]
BORDER_COLUMNS = "km_to_"
"""Start of the columns of territories.csv that give kilometres to a border."""


@dataclass(frozen=True)
class Ground:
    """What is looked up for every comparison, tabulated once a catalogue."""

    catalogue: Catalogue
    context: ContextIndex
    practice_ids: tuple[str, ...]
    rows: Mapping[str, int]
    places: Mapping[str, tuple[Adoption, ...]]
    failed: Mapping[str, tuple[Adoption, ...]]
    within: Mapping[str, frozenset[str]]
    practices_at: Mapping[str, frozenset[str]]
    bodies_at: Mapping[str, frozenset[str]]
    type_of: Mapping[str, str]
    parts_median: float | None
    present: int | None
    border_km: FloatArray
    points: FloatArray

    @property
    def matrix(self) -> IndicatorMatrix:
        """The territories' indicators."""
        return self.context.matrix

    @classmethod
    def build(cls, catalogue: Catalogue, context: ContextIndex) -> Ground:
        """Tabulate a catalogue."""
        adoptions: dict[str, list[Adoption]] = {}
        practices: dict[str, set[str]] = {}
        bodies: dict[str, set[str]] = {}
        failed: dict[str, list[Adoption]] = {}
        for adoption in catalogue.adoptions:
            if not adoption.ran:
                failed.setdefault(adoption.practice_id, []).append(adoption)
                continue
            adoptions.setdefault(adoption.practice_id, []).append(adoption)
            practices.setdefault(adoption.territory_id, set()).add(adoption.practice_id)
            lead = catalogue.practices[adoption.practice_id].organisation_id
            run_by = {adoption.organisation_id or lead} - {None}
            bodies.setdefault(adoption.territory_id, set()).update(body for body in run_by if body)
        organisations = catalogue.organisations.values()
        records = catalogue.practices.values()
        counts = [count for practice in records if (count := parts_of(practice)) is not None]
        years = [int(practice.retrieved[:4]) for practice in records if practice.retrieved]
        return cls(
            catalogue=catalogue,
            context=context,
            practice_ids=tuple(catalogue.practices),
            rows={territory: row for row, territory in enumerate(catalogue.territories)},
            places={practice: tuple(rows) for practice, rows in adoptions.items()},
            failed={practice: tuple(rows) for practice, rows in failed.items()},
            within=_within(catalogue),
            practices_at={place: frozenset(ids) for place, ids in practices.items()},
            bodies_at={place: frozenset(ids) for place, ids in bodies.items()},
            type_of={
                name.casefold(): body.type
                for body in organisations
                if body.type
                for name in (body.id, body.name)
            },
            parts_median=float(np.median(counts)) if counts else None,
            present=max(years, default=None),
            border_km=_border_km(catalogue),
            points=coordinates(catalogue.territories.values()),
        )

    def around(self, territory_id: str) -> frozenset[str]:
        """Return the territory with its parts, and its province with all of that province's parts."""
        place = self.catalogue.territories[territory_id]
        parent = self.catalogue.territories.get(place.parent_id or "")
        top = place if parent is None or parent.level == "country" else parent
        return self.within[top.id] | self.within[territory_id]

    def gathered(self, table: Mapping[str, frozenset[str]], territory_ids: frozenset[str]) -> set[str]:
        """Return everything a table has for some territories."""
        return {found for place in territory_ids for found in table.get(place, ())}


@dataclass(frozen=True)
class Pair:
    """A practice (row of the catalogue), a territory, and the place compared with.

    `origin` is the most alike place where it ran, None where there is none to compare with.
    """

    ground: Ground
    subject: Subject
    row: int
    here: int
    origin: int | None
    profile: OrganisationProfile

    @property
    def practice(self) -> Practice:
        """The practice's record."""
        return self.subject.practice

    @property
    def matrix(self) -> IndicatorMatrix:
        """The territories' indicators."""
        return self.ground.matrix

    @property
    def rows(self) -> Mapping[str, int]:
        """Id of a territory -> its row."""
        return self.ground.rows

    @property
    def territory(self) -> Territory:
        """The target."""
        return self.place(self.here)

    @property
    def origin_territory(self) -> Territory | None:
        """The place compared with."""
        return None if self.origin is None else self.place(self.origin)

    @cached_property
    def importance(self) -> FloatArray:
        """How much each indicator matters for the practice, 0-1, float64 [I]."""
        return self.ground.context.importance(self.row)

    @cached_property
    def compared(self) -> Mapping[str, Comparison]:
        """Every indicator known at both places, the most important and most different first."""
        if self.origin is None:
            return {}
        rows = compare(self.matrix, self.here, self.origin, self.importance)
        return {row.indicator_id: row for row in rows}

    @cached_property
    def requirements(self) -> tuple[Text, ...]:
        """What the practice needs, part by part."""
        return split_requirements(self.practice.requirements)

    @cached_property
    def elsewhere(self) -> tuple[Adoption, ...]:
        """Where it ran, one row a place, without the target and whole countries."""
        found = {
            adoption.territory_id: adoption
            for adoption in self.ground.places.get(self.practice.id, ())
            if adoption.territory_id != self.territory.id
            and self.ground.catalogue.territories[adoption.territory_id].level != "country"
        }
        return tuple(found.values())

    @cached_property
    def failed(self) -> tuple[Adoption, ...]:
        """Where it was tried and failed: told, and counted nowhere."""
        return self.ground.failed.get(self.practice.id, ())

    def column(self, indicator_id: str) -> int | None:
        """Return the column of an indicator; None where the catalogue has none of this id."""
        return self._columns.get(indicator_id)

    def value(self, place: int, indicator_id: str) -> Value | None:
        """Return an indicator's value at a territory; None where it is not known."""
        column = self.column(indicator_id)
        if column is None or not np.isfinite(self.matrix.values[place, column]):
            return None
        return indicator_value(self.ground, place, column)

    def sides(self, compared: Comparison) -> tuple[Value, Value]:
        """Return both sides of a comparison, with sources."""
        column = self._columns[compared.indicator_id]
        there = self.origin if self.origin is not None else self.here
        return indicator_value(self.ground, self.here, column), indicator_value(self.ground, there, column)

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {indicator: column for column, indicator in enumerate(self.matrix.indicator_ids)}

    def place(self, row: int) -> Territory:
        """Return the territory of a row."""
        return self.ground.catalogue.territories[self.matrix.territory_ids[row]]


def indicator_value(ground: Ground, place: int, column: int) -> Value:
    """Return a known value of the matrix with its unit, year and source."""
    matrix = ground.matrix
    indicator = ground.catalogue.indicators[matrix.indicator_ids[column]]
    number, origin = float(matrix.values[place, column]), int(matrix.origin[place, column])
    return Value(
        text=said(*(quantity(number, indicator.unit, language) for language in ("es", "en"))),
        number=number,
        unit=indicator.unit,
        year=int(matrix.years[place, column]),
        source=source_of(ground, place, column),
        territory_id=matrix.territory_ids[origin],
        borrowed=origin != place,
        indicator_id=indicator.id,
    )


def source_of(ground: Ground, place: int, column: int) -> str:
    """Name where a value is from: publisher and table."""
    matrix, catalogue = ground.matrix, ground.catalogue
    source = catalogue.sources.get(matrix.source(place, column) or "")
    if source is None:
        return catalogue.indicators[matrix.indicator_ids[column]].source
    return (
        source.description
        if source.publisher in source.description
        else f"{source.publisher}: {source.description}"
    )


def words(es: str, en: str, number: float | None = None, unit: str = "", year: int | None = None) -> Value:
    """Return a value of the practice's record or of the catalogue itself."""
    return Value(text=said(es, en), number=number, unit=unit, year=year)


def parts_of(practice: Practice) -> int | None:
    """Count requirements, partners and the lead; None where neither requirement nor partner is named."""
    needs = len(split_requirements(practice.requirements))
    if not needs and not practice.partners:
        return None
    return needs + len(practice.partners) + (practice.organisation_id is not None)


def _within(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Territory -> itself and everything in it."""
    found: dict[str, set[str]] = {territory: {territory} for territory in catalogue.territories}
    for territory in catalogue.territories.values():
        above = territory.parent_id
        while above in found:
            found[above].add(territory.id)
            above = catalogue.territories[above].parent_id
    return {territory: frozenset(parts) for territory, parts in found.items()}


def _border_km(catalogue: Catalogue) -> FloatArray:
    """Kilometres to the nearest land border that the package gives, float64 [T]; NaN unknown."""
    extras: Mapping[tuple[str, ...], Mapping[str, str]] = catalogue.extras.get("territories", {})
    return np.array(
        [_nearest(extras.get((territory,), {})) for territory in catalogue.territories], dtype=float
    )


def _nearest(cells: Mapping[str, str]) -> float:
    distances: Sequence[float] = [
        float(cell) for column, cell in cells.items() if column.startswith(BORDER_COLUMNS) and cell
    ]
    return min(distances, default=float("nan"))
