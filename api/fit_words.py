"""Words for the codes of a comparison, in Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping

STATUS: Mapping[str, tuple[str, str]] = {
    "alike": ("se parece", "alike"),
    "differs": ("difiere", "differs"),
    "unknown": ("sin dato", "unknown"),
    "ask": ("por preguntar", "to ask"),
}
LEVEL: Mapping[str, tuple[str, str]] = {
    "strong": ("firme", "strong"),
    "medium": ("medio", "medium"),
    "weak": ("débil", "weak"),
    "unknown": ("por conocer", "not known"),
}
REQUIREMENT: Mapping[str, tuple[str, str]] = {
    "met": ("se cumple", "met"),
    "missing": ("falta", "missing"),
    "ask": ("por preguntar", "to ask"),
    "stated": ("según su fuente", "stated by its source"),
    "inferred": ("inferido de su texto", "inferred from its text"),
    "record": ("según su registro", "from its record"),
}


def word(table: Mapping[str, tuple[str, str]], code: str, language: str) -> str:
    """Return the word for a code."""
    return table[code][language == "en"]
