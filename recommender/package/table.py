"""One file of a data package as cells: decoding, RFC 4180, header and ragged rows; no meaning yet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from recommender.package.faults import Findings

# largest whole number that a float holds exactly: below it 50000.0 is written as 50000
_EXACT = 2.0**53


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one file by column, verbatim.

    Parameters
    ----------
    columns : dict of str to tuple of str
        Header -> cells, all of the same length n.
    rows : list of int
        Row of each record as a spreadsheet counts it (the header is row 1), length n.
    damaged : frozenset of (str, int)
        Cells already reported (column, position); they are read as empty and not judged again.
    whole : bool
        False where some rows could not be read.
    """

    columns: dict[str, tuple[str, ...]]
    rows: list[int]
    damaged: frozenset[tuple[str, int]] = frozenset()
    whole: bool = True


def as_cell(value: object) -> str:
    """Return a value as it is written in a cell: unknown is empty, a list is joined with ``;``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return ";".join(map(str, value)) if isinstance(value, tuple) else str(value)


def read_cells(path: Path, where: tuple[str, str], findings: Findings) -> Cells | None:
    """Read the CSV file at `path`; None where not even its header can be read.

    Rows with too few or too many cells are reported and left out.
    """
    before = len(findings.faults)
    text = _decode(path, where, findings)
    if text is None:
        return None
    records = _parse(text, where, findings)
    if not records or not records[0]:
        if len(records) or not text:
            findings.fault(where, "no_header", 1)
        return None
    header = records[0]
    unread = len(findings.faults) - before
    usable = _check_header(header, where, findings)
    rows, kept = [], []
    for row, record in enumerate(records[1:], start=2):
        if len(record) == len(header):
            rows.append(row)
            kept.append(record)
        elif record:  # a blank line is no record
            unread += 1
            findings.fault(
                where, "ragged", row, None, ",".join(record), cells=len(record), columns=len(header)
            )
    turned = list(zip(*kept, strict=True)) if kept else [()] * len(header)
    columns: dict[str, tuple[str, ...]] = {header[i]: turned[i] for i in usable}
    damaged = frozenset(_damage(columns, rows, where, findings)) if _is_suspect(text) else frozenset()
    return Cells(columns, rows, damaged, whole=not unread)


def _decode(path: Path, where: tuple[str, str], findings: Findings) -> str | None:
    """Decode as UTF-8; bytes that are not UTF-8 survive as surrogates so that their cell can be named."""
    try:
        data = path.read_bytes()
    except OSError as error:
        findings.fault(where, "file_unreadable", detail=error.strerror)
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        findings.fault(where, "encoding", 1, None, "UTF-16")
        return None
    return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def _parse(text: str, where: tuple[str, str], findings: Findings) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        findings.fault(where, "csv", len(records) + 1, detail=str(error))
    return records


def _check_header(header: list[str], where: tuple[str, str], findings: Findings) -> list[int]:
    """Return the positions of the columns that can be used: named, and named once."""
    times = Counter(header)
    for name in (name for name, n in times.items() if n > 1 and name.strip()):
        findings.fault(where, "header_twice", 1, _legible(name), _legible(name))
    usable = []
    for position, name in enumerate(header):
        if not name.strip():
            findings.fault(where, "header_blank", 1, number=position + 1)
        elif _is_suspect(name):
            findings.fault(where, "nul" if "\x00" in name else "encoding", 1, None, _legible(name))
        elif header.index(name) == position:
            usable.append(position)
    return usable


def _is_suspect(text: str) -> bool:
    return "\x00" in text or (not text.isascii() and _has_surrogates(text))


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _legible(text: str) -> str:
    """Return `text` with the bytes that are not UTF-8 written in hexadecimal."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _damage(
    columns: dict[str, tuple[str, ...]], rows: list[int], where: tuple[str, str], findings: Findings
) -> list[tuple[str, int]]:
    damaged = []
    for name, cells in columns.items():
        for position, cell in enumerate(cells):
            if _is_suspect(cell):
                code = "nul" if "\x00" in cell else "encoding"
                findings.fault(where, code, rows[position], name, _legible(cell))
                damaged.append((name, position))
    return damaged
