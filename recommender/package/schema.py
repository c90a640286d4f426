"""The exchange format as data: every table of a data package, its key, its columns and their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from recommender.taxonomy import ORGANISATION_TYPES, POPULATIONS, THEMES

LEVELS = ("country", "admin1", "admin2", "admin3")
DIRECTIONS = ("need_high", "need_low", "context")
OUTCOMES = ("tried", "adopted", "sustained", "failed")
ASKERS = ("local_government", "organisation", "cooperation_agency")
TAGS_BASES = ("stated", "inferred")
YEARS = (1500.0, 2200.0)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the format.

    Parameters
    ----------
    name : str
    kind : str
        ``id`` (verbatim), ``text``, ``words`` (list of texts), ``code``, ``codes`` (list),
        ``integer``, ``integers`` (list), ``number``, ``flag`` (0 or 1), ``url`` or ``date``.
    required : bool
        The column must exist and every cell must be filled (in one language at least).
    allowed : tuple of str
        Vocabulary of ``code`` and ``codes``.
    low, high : float or None
        Inclusive range of numbers.
    refers : str
        Table whose key the cells must be found in; ``""`` for none.
    lenient : bool
        The reference is checked only where some package given holds that table.
    declared : bool
        The reference is checked only where the manifest declares it as a foreign key.
    languages : bool
        The column may carry a language suffix (``title_es``).
    """

    name: str
    kind: str = "text"
    required: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers: str = ""
    lenient: bool = False
    declared: bool = False
    languages: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the format: its name without ``.csv``, its key and its columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def _year(name: str, *, required: bool = False) -> Column:
    return Column(name, "integer", required, low=YEARS[0], high=YEARS[1])


MOST = 1e12
"""Larger amounts (square kilometres, dollars, people) are typing errors."""


def _amount(name: str, kind: str = "number") -> Column:
    return Column(name, kind, low=0.0, high=MOST)


_TERRITORIES = Table(
    "territories",
    ("id",),
    (
        Column("id", "id", required=True),
        Column("name", required=True),
        Column("level", "code", required=True, allowed=LEVELS),
        Column("parent_id", "id", refers="territories"),
        Column("local_code", "id"),
        Column("latitude", "number", low=-90, high=90),
        Column("longitude", "number", low=-180, high=180),
        _amount("area_km2"),
        Column("region"),
        Column("capital"),
        Column("aliases", "words"),
    ),
)

_NEIGHBOURS = Table(
    "neighbours",
    ("territory_id", "neighbour_id"),
    (
        Column("territory_id", "id", required=True, refers="territories"),
        Column("neighbour_id", "id", required=True, refers="territories"),
        _amount("distance_km"),
        Column("border", "flag"),
    ),
)

_INDICATORS = Table(
    "indicators",
    ("id",),
    (
        Column("id", "id", required=True),
        Column("name", required=True, languages=True),
        Column("description", languages=True),
        Column("unit", required=True),
        Column("unit", languages=True),
        Column("phrase", languages=True),
        Column("direction", "code", required=True, allowed=DIRECTIONS),
        Column("source", required=True),
        Column("licence"),
        Column("shrink_persons", "number", low=0.0),
    ),
)

_OBSERVATIONS = Table(
    "observations",
    ("territory_id", "indicator_id", "year"),
    (
        Column("territory_id", "id", required=True, refers="territories"),
        Column("indicator_id", "id", required=True, refers="indicators"),
        _year("year", required=True),
        Column("value", "number", required=True),
        Column("source", "id", refers="observation_sources", declared=True),
    ),
)

_SOURCES = Table(
    "observation_sources",
    ("source",),
    (
        Column("source", "id", required=True),
        Column("publisher", required=True),
        Column("description"),
        Column("licence"),
    ),
)

_ORGANISATIONS = Table(
    "organisations",
    ("id",),
    (
        Column("id", "id", required=True),
        Column("name", required=True),
        Column("type", "code", allowed=ORGANISATION_TYPES),
        Column("country", "id"),
        Column("network", "words"),
        Column("url", "url"),
        Column("about", languages=True),
    ),
)

_PRACTICES = Table(
    "practices",
    ("id",),
    (
        Column("id", "id", required=True),
        Column("title", required=True, languages=True),
        Column("summary", languages=True),
        Column("organisation_id", "id", refers="organisations"),
        Column("partners", "words"),
        Column("themes", "codes", allowed=THEMES),
        Column("populations", "codes", allowed=POPULATIONS),
        Column("sdgs", "integers", low=1, high=17),
        Column("gcm_objectives", "integers", low=1, high=23),
        _year("start_year"),
        _year("end_year"),
        _amount("budget_usd"),
        _amount("people_reached", "integer"),
        Column("requirements", languages=True),
        Column("results", languages=True),
        Column("evidence_level", "integer", low=1, high=5),
        Column("recognition"),
        Column("tags_basis", "code", allowed=TAGS_BASES),
        Column("source_name"),
        Column("source_url", "url"),
        Column("retrieved", "date"),
        Column("note"),
        Column("topic"),
    ),
)

_ADOPTIONS = Table(
    "adoptions",
    ("practice_id", "territory_id"),
    (
        Column("practice_id", "id", required=True, refers="practices"),
        Column("territory_id", "id", required=True, refers="territories"),
        _year("year"),
        Column("organisation_id", "id", refers="organisations"),
        Column("outcome", "code", allowed=OUTCOMES),
        Column("source_url", "url"),
    ),
)

_QUERIES = Table(
    "queries",
    ("id",),
    (
        Column("id", "id", required=True),
        Column("territory_id", "id", refers="territories", lenient=True),
        Column("organisation_id", "id", refers="organisations", lenient=True),
        Column("asker", "code", allowed=ASKERS),
        Column("need", required=True, languages=True),
        Column("language", "id"),
    ),
)

_JUDGEMENTS = Table(
    "judgements",
    ("query_id", "practice_id"),
    (
        Column("query_id", "id", required=True, refers="queries"),
        Column("practice_id", "id", required=True, refers="practices", lenient=True),
        Column("grade", "integer", required=True, low=0, high=3),
    ),
)

_TERMS = Table(
    "terms",
    ("vocabulary", "code"),
    (
        Column("vocabulary", "id", required=True),
        Column("code", "id", required=True),
        Column("title", required=True, languages=True),
        Column("description", languages=True),
        Column("terms", "words", languages=True),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _TERRITORIES,
            _NEIGHBOURS,
            _INDICATORS,
            _OBSERVATIONS,
            _SOURCES,
            _ORGANISATIONS,
            _PRACTICES,
            _ADOPTIONS,
            _QUERIES,
            _JUDGEMENTS,
            _TERMS,
        )
    }
)
BOUNDARIES = "boundaries.geojson"
