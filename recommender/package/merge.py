"""Several packages as one: one row per key, contradictions named with both packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recommender.package.cells import Values
from recommender.package.faults import Findings
from recommender.package.table import as_cell


def merge(read: Iterable[Values], findings: Findings) -> dict[str, Values]:
    """Join the packages' tables: one row per key; empty agrees with anything, a contradiction is a fault.

    Returns
    -------
    dict of str to Values
        Table -> rows of all packages. Rows without a key are left out.
    """
    merged: dict[str, _Merged] = {}
    for values in read:
        merged.setdefault(values.table.name, _Merged(values)).add(values, findings)
    return {name: table.values for name, table in merged.items()}


class _Merged:
    """One table over several packages; remembers where every cell came from."""

    def __init__(self, first: Values) -> None:
        self.values = Values(first.where, first.table, {}, [], [])
        self._position: dict[tuple[Any, ...], int] = {}
        self._row_origin: list[Values] = []
        self._cell_origin: dict[tuple[str, int], tuple[Values, int]] = {}
        self._extras: dict[str, list[str]] = {}

    def add(self, values: Values, findings: Findings) -> None:
        """Append the rows of one package's file and join those whose key is there already."""
        ours = self.values
        before = len(ours.rows)
        joined: list[tuple[int, int]] = []
        fresh: list[int] = []
        for position, key in enumerate(values.keys):
            if key is None:
                continue
            there = self._position.setdefault(key, before + len(fresh))
            if there < before:
                joined.append((there, position))
            elif there == before + len(fresh):
                fresh.append(position)
        for table, added, empty in self._sides(values):
            for name in added:
                table.setdefault(name, [empty(name)] * before)
            for name, cells in table.items():
                new = added.get(name)
                cells.extend([empty(name)] * len(fresh) if new is None else [new[i] for i in fresh])
        ours.rows.extend(values.rows[i] for i in fresh)
        ours.keys.extend(values.keys[i] for i in fresh)
        self._row_origin.extend([values] * len(fresh))
        for there, position in joined:
            self._join(there, values, position, findings)
        ours.extras = {name: tuple(cells) for name, cells in self._extras.items()}

    def _sides(self, values: Values) -> list[tuple[dict[str, list[Any]], Mapping[str, Sequence[Any]], Any]]:
        lists = {c.name for c in self.values.table.columns if c.kind in ("words", "codes", "integers")}
        return [
            (self.values.columns, values.columns, lambda name: () if name in lists else None),
            (self._extras, values.extras, lambda name: ""),
        ]

    def _join(self, there: int, values: Values, position: int, findings: Findings) -> None:
        for table, added, _ in self._sides(values):
            for name, cells in added.items():
                old, new = table[name][there], cells[position]
                if new is None or new in ("", ()):
                    continue
                if old is None or old in ("", ()):
                    table[name][there] = new
                    self._cell_origin[name, there] = (values, values.rows[position])
                elif old != new:
                    self._contradict(name, there, old, new, values, position, findings)

    def _contradict(
        self,
        name: str,
        there: int,
        old: object,
        new: object,
        values: Values,
        position: int,
        findings: Findings,
    ) -> None:
        default = (self._row_origin[there], self.values.rows[there])
        origin, row = self._cell_origin.get((name, there), default)
        findings.fault(
            values.where,
            "contradiction",
            values.rows[position],
            values.headers.get(name, name),
            as_cell(new),
            other=f"{origin.where[0]}: {origin.where[1]} ({row})",
            said=as_cell(old),
            key=" ".join(map(str, values.keys[position] or ())),
        )
