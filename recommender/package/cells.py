"""The cells of one file as values: types, vocabularies, ranges, required cells and keys."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recommender.package.faults import Findings
from recommender.package.manifest import Manifest, Resource
from recommender.package.schema import Column, Table
from recommender.package.table import Cells

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URL = re.compile(r"https?://[^\s<>\"]+")
_SUFFIX = re.compile(r"(.+)_([a-z]{2,3})")
_UNFINITE = {"nan", "inf", "infinity"}
_UNKNOWN = {"n/a", "#n/a"}


class Verdict(NamedTuple):
    """What a cell means: its value, or the code and facts of what is wrong with it."""

    value: Any
    problem: str = ""
    facts: dict[str, object] = {}  # noqa: RUF012  (never changed)


@dataclass(slots=True)
class Values:
    """One file's values by column (None where empty or faulty), each column of length n.

    Parameters
    ----------
    where : (str, str)
        Package and file, for messages.
    columns : dict
        Column -> values; texts by language are ``title_es``, ``title_en``.
    rows : list of int
        Spreadsheet row of each record, length n.
    keys : list of tuple
        Key of each record; None where a part of it is missing.
    extras : dict
        Columns beyond the format -> cells, verbatim.
    headers : dict
        Column -> the header it came from, for messages.
    foreign : frozenset of str
        Columns the manifest declares as foreign keys.
    faulty : set of (str, int)
        Cells whose value is not known because it is wrong (column, position).
    """

    where: tuple[str, str]
    table: Table
    columns: dict[str, list[Any]]
    rows: list[int]
    keys: list[tuple[Any, ...] | None]
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    faulty: set[tuple[str, int]] = field(default_factory=set)


def read_values(
    cells: Cells, table: Table, manifest: Manifest, resource: Resource, findings: Findings
) -> Values:
    """Judge every cell of one file and report each fault with its row, column and value."""
    where = (manifest.package, resource.path)
    values = Values(where, table, {}, cells.rows, [], foreign=resource.foreign)
    for header, column in _assign(cells, table, values, findings).items():
        name = _canonical(header, column, manifest, where, findings)
        parsed = _judge_column(header, column, cells, values, findings)
        if name in values.columns:
            _join_languages(values, name, header, parsed, findings)
        else:
            values.columns[name] = parsed
            values.headers[name] = header
    _check_columns(values, cells, resource, findings)
    _check_required(values, cells, findings)
    _check_keys(values, findings)
    return values


def _assign(cells: Cells, table: Table, values: Values, findings: Findings) -> dict[str, Column]:
    """Say which column of the format each header is; the others are kept as extras, with a note."""
    plain = {column.name: column for column in table.columns if not column.languages}
    spoken = {column.name: column for column in table.columns if column.languages}
    assigned: dict[str, Column] = {}
    for header, column_cells in cells.columns.items():
        suffix = _SUFFIX.fullmatch(header)
        if header in plain or header in spoken:
            assigned[header] = plain.get(header) or spoken[header]
        elif suffix and suffix[1] in spoken:
            assigned[header] = spoken[suffix[1]]
        else:
            values.extras[header] = column_cells
            findings.note(
                values.where,
                header,
                es="la columna no es del formato; se conserva",
                en="the column is not part of the format; it is kept",
            )
    return assigned


def _canonical(
    header: str, column: Column, manifest: Manifest, where: tuple[str, str], findings: Findings
) -> str:
    if not column.languages or header != column.name:
        return header
    if not manifest.language:
        findings.fault(
            (where[0], "datapackage.json"),
            "manifest_field",
            column=header,
            field="language",
            expected="es, en, …",
        )
    return f"{header}_{manifest.language or 'und'}"


def _judge_column(header: str, column: Column, cells: Cells, values: Values, findings: Findings) -> list[Any]:
    # most cells repeat (codes, years, ids): each distinct one is judged once
    texts = cells.columns[header]
    verdicts = {text: _judge(text, column) for text in set(texts)}
    judged = [verdicts[text].value for text in texts]
    if any(verdict.problem for verdict in verdicts.values()):
        for position, text in enumerate(texts):
            verdict = verdicts[text]
            if verdict.problem and (header, position) not in cells.damaged:
                row = cells.rows[position]
                findings.fault(values.where, verdict.problem, row, header, text, **verdict.facts)
                values.faulty.add((header, position))
    for name, position in cells.damaged:
        if name == header:
            judged[position] = None
            values.faulty.add((header, position))
    return judged


def _judge(text: str, column: Column) -> Verdict:
    if not text:
        return Verdict(() if column.kind in _LISTS else None)
    if text.isspace():
        return Verdict(None, "blank")
    if column.kind == "id":
        return Verdict(text)
    if text.strip().lower() in _UNKNOWN:
        return Verdict(None, "not_available")
    return _JUDGES[column.kind](text, column)


def _text(text: str, column: Column) -> Verdict:
    return Verdict(text)


def _code(text: str, column: Column) -> Verdict:
    if text in column.allowed:
        return Verdict(text)
    return Verdict(None, "not_code", {"allowed": ", ".join(column.allowed)})


def _integer(text: str, column: Column) -> Verdict:
    if not _INTEGER.fullmatch(text):
        return Verdict(None, "not_finite" if text.lstrip("+-").lower() in _UNFINITE else "not_integer")
    return _ranged(int(text), column)


def _number(text: str, column: Column) -> Verdict:
    if not _NUMBER.fullmatch(text):
        return Verdict(None, "not_finite" if text.lstrip("+-").lower() in _UNFINITE else "not_number")
    value = float(text) + 0.0  # -0.0 becomes 0.0: databases do not all keep the sign
    return _ranged(value, column) if math.isfinite(value) else Verdict(None, "not_finite")


def _ranged(value: float, column: Column) -> Verdict:
    low, high = column.low, column.high
    if (low is not None and value < low) or (high is not None and value > high):
        shown = f"{'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}"
        return Verdict(None, "range", {"range": shown})
    return Verdict(value)


def _flag(text: str, column: Column) -> Verdict:
    return Verdict(text == "1") if text in ("0", "1") else Verdict(None, "not_code", {"allowed": "0, 1"})


def _url(text: str, column: Column) -> Verdict:
    return Verdict(text) if _URL.fullmatch(text) else Verdict(None, "not_url")


def _date(text: str, column: Column) -> Verdict:
    if not _DATE.fullmatch(text):
        return Verdict(None, "not_date")
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return Verdict(None, "not_date")
    return Verdict(text)


def _list(item: Callable[[str, Column], Verdict]) -> Callable[[str, Column], Verdict]:
    def judge(text: str, column: Column) -> Verdict:
        values = []
        for part in (part.strip() for part in text.split(";")):
            verdict = item(part, column) if part else Verdict(None, "item_empty")
            if verdict.problem:
                return Verdict((), verdict.problem, verdict.facts)
            if verdict.value in values:
                return Verdict((), "item_twice", {"item": part})
            values.append(verdict.value)
        return Verdict(tuple(values))

    return judge


_LISTS = {"words", "codes", "integers"}
_JUDGES: dict[str, Callable[[str, Column], Verdict]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "url": _url,
    "date": _date,
    "words": _list(_text),
    "codes": _list(_code),
    "integers": _list(_integer),
}


def _join_languages(values: Values, name: str, header: str, parsed: list[Any], findings: Findings) -> None:
    """Join ``title`` with ``title_en`` where the package's language is English."""
    present = values.columns[name]
    for position, (old, new) in enumerate(zip(present, parsed, strict=True)):
        if not old:
            present[position] = new
        elif new and old != new:
            row = values.rows[position]
            findings.fault(values.where, "text_twice", row, header, str(new), other=values.headers[name])


def _check_columns(values: Values, cells: Cells, resource: Resource, findings: Findings) -> None:
    for name in resource.columns:
        if name not in cells.columns:
            findings.fault(values.where, "column_declared", 1, name)
    for column in values.table.columns:
        found = _columns_of(values, column)
        if column.required and not found and column.name not in resource.columns:
            findings.fault(values.where, "column_missing", 1, column.name)


def _columns_of(values: Values, column: Column) -> list[str]:
    if not column.languages:
        return [column.name] if column.name in values.columns else []
    return [n for n in values.columns if (m := _SUFFIX.fullmatch(n)) and m[1] == column.name]


def _check_required(values: Values, cells: Cells, findings: Findings) -> None:
    for column in values.table.columns:
        names = _columns_of(values, column) if column.required else []
        if not names:
            continue
        headers = [values.headers[name] for name in names]
        for position, row in enumerate(values.rows):
            if not any(cells.columns[header][position] for header in headers):
                findings.fault(values.where, "empty", row, headers[0], "")


def _check_keys(values: Values, findings: Findings) -> None:
    """Fill in the keys and report those that come twice."""
    parts = [values.columns.get(name) for name in values.table.key]
    n = len(values.rows)
    columns = [part for part in parts if part is not None]
    if len(columns) < len(parts):
        values.keys = [None] * n
        return
    values.keys = [None if None in key else key for key in zip(*columns, strict=True)]
    if len(set(values.keys)) == n:
        return
    first: dict[tuple[Any, ...], int] = {}
    for position, key in enumerate(values.keys):
        if key is None:
            continue
        if key in first:
            shown, column = ", ".join(map(str, key)), ", ".join(values.table.key)
            row, other = values.rows[position], values.rows[first[key]]
            findings.fault(values.where, "key_twice", row, column, shown, other=other)
        else:
            first[key] = position
