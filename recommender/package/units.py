"""What a unit allows: a share of something lies between 0 and 100, a count or a rate is not negative."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.package.cells import Values
from recommender.package.faults import Findings

COUNTED = ("persons", "per 1,000", "per 100,000")
"""Starts of units that nothing can be less than none of."""
MOST = 1e10
"""More people, or a larger rate, than there can be."""
ANY = (float("-inf"), float("inf"))


def check_units(read: Sequence[Values], findings: Findings) -> None:
    """Report every observation that its indicator's unit rules out.

    Only units that say what they are of are judged: "% of households" is a share, "% per year" may
    be negative and "index" may be anything.
    """
    limits: dict[str, tuple[float, float]] = {}
    for values in read:
        if values.table.name == "indicators":
            ids, units = values.columns.get("id", ()), values.columns.get("unit", ())
            limits |= {
                id_: allowed
                for id_, unit in zip(ids, units, strict=False)
                if id_ and unit and (allowed := _limits(unit))
            }
    for values in read:
        if values.table.name == "observations":
            _check(values, limits, findings)


def _check(values: Values, limits: dict[str, tuple[float, float]], findings: Findings) -> None:
    ids, cells = values.columns.get("indicator_id", ()), values.columns.get("value", ())
    for position, (id_, value) in enumerate(zip(ids, cells, strict=False)):
        low, high = limits.get(id_, ANY)
        if value is not None and not low <= value <= high:
            shown = f"{low:g}…{high:g}"
            findings.fault(values.where, "range", values.rows[position], "value", f"{value:g}", range=shown)


def _limits(unit: str) -> tuple[float, float] | None:
    if unit.startswith("% of "):
        return 0.0, 100.0
    return (0.0, MOST) if unit.startswith(COUNTED) else None
