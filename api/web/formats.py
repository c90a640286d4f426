"""Numbers, money and dates as a reader of the page's language writes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import has_request_context, request
from flask_babel import format_currency, format_date, format_decimal, gettext  # type: ignore[import-untyped]

from api.language import current_language

GAP = "\u202f"
"""A narrow space that does not break: between a figure and its sign."""
APART = re.compile(r"(?<=\d) (?=(?:%|km²?|USD)(?!\w))|(?<=\bUSD) (?=\d)")
"""The plain space of a sentence at which a line must not end."""


def keep_together(value: Any) -> Any:  # noqa: ANN401  # whatever a template writes
    """Keep figures and their units on one line in whatever a template writes out; markup stays markup."""
    if not isinstance(value, str) or not APART.search(value):
        return value
    if has_request_context() and value in request.args.values():
        return value  # what a visitor wrote goes back as it came
    return type(value)(APART.sub("\u00a0", value))


def number(value: float | None) -> str:
    """Write a figure with the digits that matter; unknown is said."""
    if value is None:
        return str(gettext("not known"))
    size = abs(value)
    pattern = "#,##0" if size >= 1000 or value == int(value) else "#,##0.0" if size >= 1 else "#,##0.00"
    return str(format_decimal(value, format=pattern))


def signed(value: float) -> str:
    """Write a difference with its sign and three digits."""
    return ("+" if value >= 0 else "−") + str(format_decimal(abs(value), format="0.000"))


def share(value: float | None) -> str:
    """Write a share of 0-1 in percent."""
    if value is None:
        return str(gettext("not known"))
    return f"{format_decimal(round(100 * value), format='#,##0')}{_percent()}"


def chance(value: float | None) -> str:
    """Write a probability in percent, a small one with a digit behind the comma."""
    if value is None:
        return str(gettext("not known"))
    pattern = "#,##0.0" if 0 < value < 0.1 else "#,##0"
    return f"{format_decimal(100 * value, format=pattern)}{_percent()}"


def measured(value: float | None, unit: str) -> str:
    """Write a value with a percent sign where its unit is one."""
    if value is None or not unit.startswith("%"):
        return number(value)
    return number(value) + _percent()


def _percent() -> str:
    """Return the sign as the language sets it: apart in Spanish, close in English."""
    return "%" if current_language() == "en" else f"{GAP}%"


def unit_words(unit: str) -> str:
    """Return a unit without the percent sign that stands at the figure already."""
    return unit.removeprefix("%").strip()


def dollars(value: float | None) -> str:
    """Write an amount in US dollars."""
    if value is None:
        return str(gettext("not known"))
    return str(format_currency(value, "USD", format="¤¤\u00a0#,##0", currency_digits=False))


def day(value: str | None) -> str:
    """Write an ISO date; what is none stays as the source has it."""
    if not value:
        return str(gettext("not known"))
    try:
        return str(format_date(date.fromisoformat(value), "long"))
    except ValueError:
        return value


def web_address(value: str | None) -> str | None:
    """Return an address only where it leads to the web: a record must not run a script."""
    return value if value and value.lower().startswith(("https://", "http://")) else None


FILTERS = {
    "number": number,
    "share": share,
    "signed": signed,
    "chance": chance,
    "measured": measured,
    "unit_words": unit_words,
    "dollars": dollars,
    "day": day,
    "web_address": web_address,
}
