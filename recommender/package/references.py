"""What holds between cells, rows and files: references, order and hierarchy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from recommender.package.cells import Values
from recommender.package.faults import Findings
from recommender.package.schema import LEVELS, TABLES, Column

# table -> ids that exist beyond the packages at hand (a catalogue that is already loaded)
Known = Mapping[str, frozenset[str]]


def check_references(
    read: Sequence[Values], known: Known, broken: Collection[str], findings: Findings
) -> None:
    """Report every cell that names a row no package given has.

    References into the tables named in `broken`, of which some rows could not be read, are left
    out: what is wrong there is reported already.
    """
    ids: dict[str, set[str]] = {table: set(existing) for table, existing in known.items()}
    for values in read:
        if len(values.table.key) == 1:
            ids.setdefault(values.table.name, set()).update(key[0] for key in values.keys if key)
    for values in read:
        for column in values.table.columns:
            if column.refers in broken or column.name not in values.columns:
                continue
            if column.refers and _applies(column, values, ids, findings):
                _check_column(column, values, ids.get(column.refers, set()), findings)


def _applies(column: Column, values: Values, ids: Mapping[str, set[str]], findings: Findings) -> bool:
    if column.declared:
        return column.name in values.foreign
    if column.lenient and column.refers not in ids:
        findings.note(
            values.where,
            column.name,
            es=f"ningún paquete dado tiene {TABLES[column.refers].file}; la referencia no se revisó",
            en=f"no package given has {TABLES[column.refers].file}; the reference was not checked",
        )
        return False
    return True


def _check_column(column: Column, values: Values, ids: set[str], findings: Findings) -> None:
    cells = values.columns[column.name]
    missing = set(cells) - ids - {None}
    if missing:
        file = TABLES[column.refers].file
        for position, cell in enumerate(cells):
            if cell in missing:
                row = values.rows[position]
                findings.fault(values.where, "reference", row, column.name, cell, table=file)


def check_rows(read: Iterable[Values], findings: Findings) -> None:
    """Report cells of one row that cannot both be true."""
    checks: dict[str, tuple[str, str, Callable[..., None]]] = {
        "territories": ("latitude", "longitude", _check_coordinates),
        "practices": ("start_year", "end_year", _check_years),
        "neighbours": ("territory_id", "neighbour_id", _check_neighbour),
    }
    for values in read:
        if values.table.name in checks:
            one, other, check = checks[values.table.name]
            for position, pair in enumerate(_pairs(values, one, other)):
                if not values.faulty & {(one, position), (other, position)}:
                    check(values.where, values.rows[position], *pair, findings)


def _check_coordinates(
    where: tuple[str, str], row: int, latitude: float | None, longitude: float | None, findings: Findings
) -> None:
    if (latitude is None) != (longitude is None):
        findings.fault(where, "half_coordinates", row, "latitude" if latitude is None else "longitude", "")


def _check_years(
    where: tuple[str, str], row: int, start: int | None, end: int | None, findings: Findings
) -> None:
    if start is not None and end is not None and end < start:
        findings.fault(where, "years_order", row, "end_year", str(end), start=start)


def _check_neighbour(
    where: tuple[str, str], row: int, one: str | None, other: str | None, findings: Findings
) -> None:
    if one is not None and one == other:
        findings.fault(where, "self_neighbour", row, "neighbour_id", one)


def _pairs(values: Values, one: str, other: str) -> list[tuple[Any, Any]]:
    unknown = [None] * len(values.rows)
    return list(
        zip(values.columns.get(one, unknown), values.columns.get(other, unknown), strict=True),
    )


def check_hierarchy(read: Sequence[Values], findings: Findings) -> None:
    """Report parents that contain themselves, circles, and levels that do not nest."""
    tables = [values for values in read if values.table.name == "territories"]
    parents: dict[str, str] = {}
    levels: dict[str, str] = {}
    for values in tables:
        for key, (parent, level) in zip(values.keys, _pairs(values, "parent_id", "level"), strict=True):
            if key is not None:
                if parent is not None:
                    parents.setdefault(key[0], parent)
                if level is not None:
                    levels.setdefault(key[0], level)
    circles = _circles(parents)
    for values in tables:
        pairs = _pairs(values, "parent_id", "level")
        for key, (parent, level), row in zip(values.keys, pairs, values.rows, strict=True):
            if key is not None and parent is not None:
                outer = levels.get(parent)
                _check_parent((values.where, row), key[0], parent, (level, outer), circles, findings)


def _check_parent(
    at: tuple[tuple[str, str], int],
    name: str,
    parent: str,
    levels: tuple[str | None, str | None],
    circles: Mapping[str, str],
    findings: Findings,
) -> None:
    where, row = at
    inner, outer = levels
    if parent == name:
        findings.fault(where, "self_parent", row, "parent_id", parent)
    elif name in circles:
        findings.fault(where, "parent_cycle", row, "parent_id", parent, cycle=circles[name])
    elif inner and outer and LEVELS.index(outer) >= LEVELS.index(inner):
        findings.fault(where, "parent_level", row, "parent_id", parent, level=inner, parent=outer)


def _circles(parents: Mapping[str, str]) -> dict[str, str]:
    """Return territory -> the circle it is part of, drawn as ``A → B → A``."""
    circles: dict[str, str] = {}
    settled: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        current: str | None = start
        while current is not None and current not in path and current not in settled:
            path[current] = None
            current = parents.get(current)
        if current is not None and current in path:
            members = list(path)[list(path).index(current) :]
            for i, member in enumerate(members):
                circles[member] = " → ".join([*members[i:], *members[:i], member])
        settled.update(path)
    return circles
