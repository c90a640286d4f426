"""The registry's tables: portable types, in the order of the fields of the domain types."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)

from recommender.domain import Text


class Texts(TypeDecorator[Text]):
    """A text by language, as a JSON object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Text | None, dialect: Dialect) -> dict[str, str]:
        """Return the texts as a plain mapping."""
        return {} if value is None else dict(value.values)

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> Text:
        """Return the texts as domain type."""
        return Text(value) if value else _NO_TEXT


class Items(TypeDecorator[tuple[Any, ...]]):
    """A short list of codes, numbers or names, as a JSON array."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> list[Any]:
        """Return the items as a plain list."""
        return list(value or ())

    def process_result_value(self, value: list[Any] | None, dialect: Dialect) -> tuple[Any, ...]:
        """Return the items as an unchangeable tuple."""
        return tuple(value or ())


_NO_TEXT = Text()
METADATA = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns)


def _id(name: str = "id") -> Column[Any]:
    return Column(name, String, primary_key=True)


def _part(name: str, refers: str) -> Column[Any]:
    return Column(name, String, ForeignKey(refers), primary_key=True)


# one row: which contents the registry holds. `revision` changes with every replacement,
# `structure` with these tables: contents of another structure are not read; `origin` names the files
# the contents are to follow, and is empty where they are to stay
REGISTRY = _table(
    "registry",
    Column("revision", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("structure", String, nullable=False),
    Column("origin", String),
)
# The columns stand in the order of the fields of the domain types: a row is a type's arguments.
TERRITORIES = _table(
    "territories",
    _id(),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    Column("parent_id", String, ForeignKey("territories.id")),
    Column("local_code", String),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("area_km2", Double),
    Column("region", String),
    Column("capital", String),
    Column("aliases", Items),
    Column("country_id", String, nullable=False),
)
INDICATORS = _table(
    "indicators",
    _id(),
    Column("name", Texts),
    Column("description", Texts),
    Column("unit", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("source", String, nullable=False),
    Column("licence", String),
    Column("shrink_persons", Double),
    Column("unit_text", Texts),
    Column("phrase", Texts),
)
ORGANISATIONS = _table(
    "organisations",
    _id(),
    Column("name", String, nullable=False),
    Column("type", String),
    Column("country", String),
    Column("network", Items),
    Column("url", String),
    Column("about", Texts),
)
PRACTICES = _table(
    "practices",
    _id(),
    Column("title", Texts),
    Column("summary", Texts),
    Column("organisation_id", String, ForeignKey("organisations.id")),
    Column("partners", Items),
    Column("themes", Items),
    Column("populations", Items),
    Column("sdgs", Items),
    Column("gcm_objectives", Items),
    Column("start_year", Integer),
    Column("end_year", Integer),
    Column("budget_usd", Double),
    Column("people_reached", BigInteger),
    Column("requirements", Texts),
    Column("results", Texts),
    Column("evidence_level", Integer),
    Column("recognition", String),
    Column("tags_basis", String),
    Column("source_name", String),
    Column("source_url", String),
    Column("retrieved", String),
    Column("note", String),
    Column("topic", String),
)
SOURCES = _table(
    "sources",
    _id(),
    Column("publisher", String, nullable=False),
    Column("description", String, nullable=False),
    Column("licence", String),
)
OBSERVATIONS = _table(
    "observations",
    _part("territory_id", "territories.id"),
    _part("indicator_id", "indicators.id"),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    Column("source", String),
)
ADOPTIONS = _table(
    "adoptions",
    _part("practice_id", "practices.id"),
    _part("territory_id", "territories.id"),
    Column("year", Integer),
    Column("organisation_id", String, ForeignKey("organisations.id")),
    Column("outcome", String),
    Column("source_url", String),
)
NEIGHBOURS = _table(
    "neighbours",
    _part("territory_id", "territories.id"),
    _part("neighbour_id", "territories.id"),
    Column("distance_km", Double),
    Column("border", Boolean),
)
# cells beyond the exchange format; `row` is the key of the row they stand in, as a JSON array
EXTRAS = _table("extras", _id("file"), _id("row"), _id("name"), Column("value", String, nullable=False))


def _structure() -> str:
    columns = [f"{c.table.name}.{c.name} {c.type!r}" for t in METADATA.sorted_tables for c in t.columns]
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]


STRUCTURE = _structure()
