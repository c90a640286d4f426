"""Rows as CSV: exactly the rows of the JSON answer, flattened.

A nested value is a column with a dotted name; a list of texts, places or sentences is one cell
separated by ``" | "``; contributions are one pair of columns per feature. Unknown is an empty cell.
UTF-8, commas, CRLF (RFC 4180); with a byte order mark only where Excel is meant to open it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from api.schemas_answer import RankingOut

SEPARATOR = " | "
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that starts so would be run as a formula by a spreadsheet."""
BYTE_ORDER_MARK = "\ufeff"


def ranking_csv(answer: RankingOut, excel: bool = False) -> str:
    """Return an answer's rows as CSV text; every row names the data and the model version."""
    rows = [
        {
            **flat(row.model_dump()),
            "data_version": answer.data_version,
            "model_version": answer.model_version,
            "notice": answer.notice,
        }
        for row in answer.recommendations
    ]
    return (BYTE_ORDER_MARK if excel else "") + write_csv(rows)


def write_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV text; the columns are those of all rows, in order of first appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without nesting (see above)."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name == "contributions":
            for part in value:
                found[f"contributions.{part['name']}.value"] = part["value"]
                found[f"contributions.{part['name']}.feature_value"] = part["feature_value"]
        elif name == "organisation" and value is None:
            continue  # its columns stay empty
        elif isinstance(value, Mapping):
            found.update({f"{name}.{key}": inner for key, inner in flat(value).items()})
        elif isinstance(value, list):
            found[name] = SEPARATOR.join(_words(item) for item in value)
        else:
            found[name] = value
    return found


def _words(item: object) -> str:
    """Return a text as it is, a reason or difference as its sentence, a place or practice as its name."""
    if isinstance(item, Mapping):
        named = f"{item.get('name') or item.get('title')} ({item.get('id')})"
        return str(item.get("sentence") or named)
    return str(item)


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
