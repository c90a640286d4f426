"""Checked tables -> Catalogue, and the digest of its contents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from recommender.domain import (
    Adoption,
    Catalogue,
    Indicator,
    Neighbour,
    Observation,
    Organisation,
    Practice,
    Source,
    Territory,
    Text,
)
from recommender.package.cells import Values

_NO_TEXT = Text()
_Row = TypeVar("_Row", Observation, Adoption, Neighbour)
_Thing = TypeVar("_Thing", Territory, Indicator, Practice, Organisation)


def build_catalogue(tables: Mapping[str, Values]) -> Catalogue:
    """Return the catalogue of checked and merged tables (table name -> values)."""
    territories = _with_countries(_mapping(tables, "territories", Territory))
    return assemble(
        territories=territories,
        indicators=_mapping(tables, "indicators", Indicator),
        practices=_mapping(tables, "practices", Practice),
        organisations=_mapping(tables, "organisations", Organisation),
        observations=_rows(tables, "observations", Observation),
        adoptions=_rows(tables, "adoptions", Adoption),
        neighbours=_rows(tables, "neighbours", Neighbour),
        sources=_sources(tables.get("observation_sources")),
        extras={name: _extras(values) for name, values in tables.items() if values.extras},
    )


def assemble(
    *,
    territories: Mapping[str, Territory],
    indicators: Mapping[str, Indicator],
    practices: Mapping[str, Practice],
    organisations: Mapping[str, Organisation],
    observations: list[Observation],
    adoptions: list[Adoption],
    neighbours: list[Neighbour],
    sources: Mapping[str, Source],
    extras: Mapping[str, Mapping[tuple[str, ...], Mapping[str, str]]],
    version: str | None = None,
) -> Catalogue:
    """Return the parts as a catalogue: sorted, unchangeable, and with the digest as its version.

    `version` is given only by who has computed it before over the very same contents.
    """
    parts: dict[str, Any] = {
        "territories": _sorted(territories),
        "indicators": _sorted(indicators),
        "practices": _sorted(practices),
        "organisations": _sorted(organisations),
        # the key alone: what follows it may be unknown, and unknowns have no order
        "observations": tuple(sorted(observations, key=lambda o: (o[0], o[1], o[2]))),
        "adoptions": tuple(sorted(adoptions, key=lambda a: (a[0], a[1]))),
        "neighbours": tuple(sorted(neighbours, key=lambda n: (n[0], n[1]))),
        "sources": _sorted(sources),
        "extras": _sorted({name: _sorted(rows) for name, rows in extras.items() if rows}),
    }
    return Catalogue(**parts, version=version or _digest(parts))


def catalogue_version(catalogue: Catalogue) -> str:
    """Return the digest (16 hexadecimal digits) of everything `catalogue` holds, but its version."""
    return _digest({name: getattr(catalogue, name) for name in _PARTS})


_PARTS = (
    "territories",
    "indicators",
    "practices",
    "organisations",
    "observations",
    "adoptions",
    "neighbours",
    "sources",
    "extras",
)


def _digest(parts: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for name in _PARTS:
        part = parts[name]
        rows = part.values() if isinstance(part, Mapping) and name != "extras" else part
        content = sorted(map(_plain, rows)) if name != "extras" else [_plain(part)]
        digest.update(f"{name}\n".encode())
        digest.update("\n".join(content).encode())
        digest.update(b"\n\n")
    return digest.hexdigest()[:16]


def _plain(value: object) -> str:
    """Return a spelling of `value` that depends on its content only, not on the order of its mappings."""
    if isinstance(value, Text):
        return _plain(value.values)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_plain(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, tuple):  # also the row types; their fields are plain
        return repr(tuple(value))
    if hasattr(value, "__slots__"):
        return ", ".join(_plain(getattr(value, name)) for name in value.__slots__)
    return repr(value)


def _sorted(mapping: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType({key: mapping[key] for key in sorted(mapping)})


def _rows(tables: Mapping[str, Values], name: str, kind: type[_Row]) -> list[_Row]:
    values = tables.get(name)
    if values is None:
        return []
    unknown = [None] * len(values.rows)
    return list(map(kind, *(values.columns.get(field, unknown) for field in kind._fields)))


def _mapping(tables: Mapping[str, Values], name: str, kind: type[_Thing]) -> dict[str, _Thing]:
    """Return id -> object of the dataclass `kind`; columns of the format carry its field names."""
    values = tables.get(name)
    if values is None:
        return {}
    texts, plain = _columns(values)
    built = {}
    for i in range(len(values.rows)):
        fields: dict[str, Any] = {name: cells[i] for name, cells in plain.items()}
        for base, languages in texts.items():
            said = {language: cells[i] for language, cells in languages.items() if cells[i]}
            fields[base] = Text(said) if said else _NO_TEXT
        if kind is Practice:
            fields.setdefault("summary", _NO_TEXT)
        elif kind is Indicator:
            fields.setdefault("description", _NO_TEXT)
            fields["unit_text"] = fields.pop("unit_", _NO_TEXT)
        elif kind is Organisation:
            fields.setdefault("type", None)
        built[fields["id"]] = kind(**fields)
    return built


def _columns(values: Values) -> tuple[dict[str, dict[str, list[Any]]], dict[str, list[Any]]]:
    """Split the columns into texts by language (base -> language -> cells) and the others."""
    spoken = {c.name for c in values.table.columns if c.languages}
    single = {c.name for c in values.table.columns if not c.languages}
    texts: dict[str, dict[str, list[Any]]] = {}
    plain: dict[str, list[Any]] = {}
    for name, cells in values.columns.items():
        base, _, language = name.rpartition("_")
        if name not in single and base in spoken:
            # `unit` stands both alone and by language; the second form gets a name of its own
            texts.setdefault(f"{base}_" if base in single else base, {})[language] = cells
        else:
            plain[name] = cells
    return texts, plain


def _with_countries(territories: Mapping[str, Territory]) -> dict[str, Territory]:
    """Return the territories with `country_id`: the one at the top above each (itself at the top)."""
    placed = {}
    for name, territory in territories.items():
        top = territory
        while top.parent_id is not None:
            top = territories[top.parent_id]
        placed[name] = replace(territory, country_id=top.id)
    return placed


def _sources(values: Values | None) -> dict[str, Source]:
    if values is None:
        return {}
    unknown = [None] * len(values.rows)
    columns = (
        values.columns.get(name, unknown) for name in ("source", "publisher", "description", "licence")
    )
    rows = zip(*columns, strict=True)
    return {row[0]: Source(row[0], row[1], row[2] or "", row[3]) for row in rows}


def _extras(values: Values) -> dict[tuple[str, ...], dict[str, str]]:
    """Return key -> column -> cell of the columns beyond the format; empty cells are left out."""
    kept: dict[tuple[str, ...], dict[str, str]] = {}
    for name, cells in values.extras.items():
        for key, cell in zip(values.keys, cells, strict=True):
            if cell and key is not None:
                kept.setdefault(tuple(map(str, key)), {})[name] = cell
    return kept
