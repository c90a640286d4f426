"""Rows as a spreadsheet (XLSX): numbers stay numbers, texts are never run as formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

LONGEST = 32_767
"""Characters that a cell can hold."""
WIDTH = 24


def write_xlsx(sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Return one sheet per name; the columns are those of all its rows, in order of first appearance.

    Unknown is an empty cell.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.write_row(0, 0, columns, bold)
            sheet.freeze_panes(1, 0)
            if columns:
                sheet.set_column(0, len(columns) - 1, WIDTH)
            for at, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    _write(sheet, at, place, row.get(column))
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: object) -> None:  # noqa: ANN401
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value)[:LONGEST])
