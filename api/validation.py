"""What a schema refuses, said in Spanish and English: field, value, what is allowed."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from recommender.domain import QueryError

LARGEST = 10**15
"""Whole numbers from here on are not told by all their digits."""

EXPECTED = {
    "int": ("un número entero", "a whole number"),
    "float": ("un número", "a number"),
    "string": ("un texto", "a text"),
    "bool": ("true o false", "true or false"),
    "list": ("una lista", "a list"),
    "dict": ("un objeto", "an object"),
    "model": ("un objeto", "an object"),
    "mapping": ("un objeto", "an object"),
}
"""Stem of pydantic's error type -> what was expected, in Spanish and English."""

LIMITS = {
    "ge": ("el mínimo es {}", "the minimum is {}"),
    "gt": ("tiene que ser mayor que {}", "it must be greater than {}"),
    "le": ("el máximo es {}", "the maximum is {}"),
    "lt": ("tiene que ser menor que {}", "it must be less than {}"),
    "max_length": ("el largo máximo es {}", "the longest allowed is {}"),
    "min_length": ("el largo mínimo es {}", "the shortest allowed is {}"),
}
"""Key of pydantic's error context -> the limit that was passed, in Spanish and English."""


class InvalidInput(QueryError):
    """The input does not have the declared form; `facts["errors"]` lists every fault found.

    `code` is that of the first fault: ``unknown-field``, ``missing-field``, ``wrong-type``,
    ``unknown-value``, ``out-of-range`` or ``invalid-input``.
    """

    def __init__(self, faults: Sequence[dict[str, Any]]) -> None:
        first = faults[0]
        facts = {key: value for key, value in first.items() if key not in ("es", "en", "code")}
        super().__init__(
            es=" ".join(fault["es"] for fault in faults),
            en=" ".join(fault["en"] for fault in faults),
            **facts,
            errors=faults,
        )
        self._code = str(first["code"])

    @property
    def code(self) -> str:
        """The name of the first fault, stable for programs."""
        return self._code


def invalid_input(error: ValidationError) -> InvalidInput:
    """Translate a refused validation into one error in both languages."""
    faults = [_fault(detail) for detail in error.errors(include_url=False)]
    return InvalidInput([fault for at, fault in enumerate(faults) if fault not in faults[:at]])


def no_object(value: object) -> InvalidInput:
    """Return the refusal of a body that is not a JSON object."""
    return InvalidInput([_bad("body", _brief(value), "wrong-type", *_sentence(EXPECTED["dict"]))])


def _fault(detail: ErrorDetails) -> dict[str, Any]:
    """Return one fault as data: code, field, value, both sentences, and what is allowed if known."""
    kind, context = detail["type"], detail.get("ctx", {})
    path = _path(detail["loc"])
    if kind == "unknown_field":
        return _unknown_field(path, context)
    where = path or "body"
    if kind == "missing":
        return _said(
            "missing-field", where, None, f"Falta el campo «{where}».", f'The field "{where}" is missing.'
        )
    value = _brief(detail["input"])
    if kind == "unknown_value":
        return _unknown_value(where, value, context)
    if kind == "conflict":
        return _said("invalid-input", where, value, context["es"], context["en"])
    stem = kind.split("_")[0]
    if kind == "finite_number":
        return _bad(
            where, value, "out-of-range", "tiene que ser un número finito", "it must be a finite number"
        )
    limit = next((key for key in LIMITS if key in context), None)
    if limit:
        es, en = LIMITS[limit]
        passed = context[limit]
        shown = int(passed) if isinstance(passed, float) and passed.is_integer() else passed
        fault = _bad(where, value, "out-of-range", es.format(shown), en.format(shown))
        return {**fault, "limit": passed}
    if stem in EXPECTED and kind != "string_pattern_mismatch":
        if kind == "float_type" and isinstance(detail["input"], int) and not isinstance(value, bool):
            return _bad(where, value, "out-of-range", "es demasiado grande", "it is too large")
        return _bad(where, value, "wrong-type", *_sentence(EXPECTED[stem]))
    return _bad(
        where, value, "invalid-input", "no tiene la forma esperada", "it does not have the expected form"
    )


def _unknown_field(path: str, context: dict[str, Any]) -> dict[str, Any]:
    """Say which name was not expected, which are, and which one was probably meant."""
    allowed = list(context["allowed"])
    field = f"{path}.{context['field']}" if path else str(context["field"])
    near = difflib.get_close_matches(str(context["field"]), allowed, 1)
    fault = _said(
        "unknown-field",
        field,
        context["field"],
        f"El campo «{field}» no existe. {_meant(near, 'es')}Existen: {', '.join(allowed)}.",
        f'There is no field "{field}". {_meant(near, "en")}There are: {", ".join(allowed)}.',
    )
    return {**fault, "allowed": allowed, "nearest": near}


def _unknown_value(where: str, value: object, context: dict[str, Any]) -> dict[str, Any]:
    """Say which value is not in the vocabulary, which are, and which one was probably meant."""
    allowed = list(context["allowed"])
    near = difflib.get_close_matches(str(value), [str(code) for code in allowed], 1)
    names = ", ".join(str(code) for code in allowed)
    fault = _said(
        "unknown-value",
        where,
        value,
        f"«{value}» no es un valor de «{where}». {_meant(near, 'es')}Valores permitidos: {names}.",
        f'"{value}" is not a value of "{where}". {_meant(near, "en")}Allowed values: {names}.',
    )
    return {**fault, "allowed": allowed, "nearest": near}


def _meant(near: Sequence[str], language: str) -> str:
    """Return "Did you mean …?" where something is near, else nothing."""
    if not near:
        return ""
    return f"¿Quiso decir «{near[0]}»? " if language == "es" else f'Did you mean "{near[0]}"? '


def _bad(where: str, value: object, code: str, es: str, en: str) -> dict[str, Any]:
    """Say that the value of a field breaks a rule."""
    return _said(
        code,
        where,
        value,
        f"«{where}»: {_shown(value)} no sirve; {es}.",
        f'"{where}": {_shown(value)} will not do; {en}.',
    )


def _sentence(expected: tuple[str, str]) -> tuple[str, str]:
    return f"se espera {expected[0]}", f"{expected[1]} is expected"


def _said(code: str, field: str, value: object, es: str, en: str) -> dict[str, Any]:
    return {"code": code, "field": field, "value": value, "es": es, "en": en}


def _path(location: Sequence[int | str]) -> str:
    """Write ``("filters", "themes", 0)`` as ``filters.themes[0]``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _brief(value: object) -> object:
    """Keep a refused value short and printable; structures are named, not repeated."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode()
        return value if len(value) <= 80 else value[:79] + "…"
    if isinstance(value, float) and not math.isfinite(value):  # not to be had in JSON
        return str(value)
    if isinstance(value, int) and abs(value) >= LARGEST:
        return f"{value:.3e}" if abs(value) < 1e308 else "1e308…"
    return value


def _shown(value: object) -> str:
    """Write a value as JSON has it, so that "5" and 5 can be told apart; what was cut stays as it is."""
    return str(value) if value in ("{…}", "[…]") else json.dumps(value, ensure_ascii=False)
