"""Figures as people read them: numbers, units and years in Spanish and English.

Spanish follows the usage of Ecuador's statistics office: decimal comma, point between thousands,
a thin gap before the per cent sign written as a plain space.
"""

from __future__ import annotations

from recommender.domain import Indicator

PLACEHOLDER = "{value}"
"""Where an indicator's phrase takes its figure: "{value} of workers have social security"."""


def number(value: float, language: str, decimals: int | None = None) -> str:
    """Write a number with the language's separators.

    Parameters
    ----------
    value : float
        The number.
    language : {'es', 'en'}
    decimals : int, optional
        Digits after the mark; by default none from 100 on, one from 1 on, two below.

    Examples
    --------
    >>> number(1234567.0, "es"), number(38.25, "es"), number(0.456, "en")
    ('1.234.567', '38,2', '0.46')
    """
    if decimals is None:
        decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "es" else text


def quantity(value: float, unit: str, language: str) -> str:
    """Write a number with its unit, shortened to what a sentence needs.

    Units are the data dictionary's ("% of population", "per 1,000 residents"); what a percentage
    is of stands in the indicator's own name or phrase.

    Examples
    --------
    >>> quantity(21.34, "% of population", "es"), quantity(4.2, "per 1,000 residents", "en")
    ('21,3 %', '4.2 per 1,000 residents')
    """
    figure = number(value, language)
    if unit.startswith("%"):
        return f"{figure} %" if language == "es" else f"{figure}%"
    if unit.startswith("index"):
        return number(value, language, 2)
    for start, (es, en) in UNITS.items():
        if unit.startswith(start):
            return f"{figure} {es if language == 'es' else en}"
    return f"{figure} {unit}".strip()


UNITS = {
    "per 1,000": ("por cada 1.000 habitantes", "per 1,000 residents"),
    "per 100,000": ("por cada 100.000 habitantes", "per 100,000 residents"),
    "persons per km2": ("habitantes por km²", "people per km²"),
    "persons": ("personas", "people"),
    "years": ("años", "years"),
}
"""Start of a unit in the data dictionary -> how a sentence says it in Spanish and English."""


def statement(indicator: Indicator, value: float, language: str) -> str:
    """Say an indicator's value: its phrase where the package gives one, else name and figure.

    Examples
    --------
    >>> from recommender.domain import Text
    >>> cover = Indicator("ss", Text({"en": "Social security"}), Text(), "%", "need_low", "INEC")
    >>> statement(cover, 38.2, "en")
    'Social security: 38.2%'
    """
    figure = quantity(value, indicator.unit, language)
    phrase = indicator.phrase.values.get(language)
    if phrase:
        return phrase.replace(PLACEHOLDER, figure)
    return f"{indicator.name.get(language)}: {figure}"


def join(parts: list[str], language: str) -> str:
    """Join words as a sentence does: "a, b y c" / "a, b and c"; Spanish "e" before an i-sound.

    Examples
    --------
    >>> join(["salud", "vivienda", "inclusión"], "es"), join(["health", "housing"], "en")
    ('salud, vivienda e inclusión', 'health and housing')
    """
    if len(parts) < 2:
        return "".join(parts)
    last = parts[-1]
    word = "and" if language == "en" else "e" if _sounds_i(last) else "y"
    return f"{', '.join(parts[:-1])} {word} {last}"


def _sounds_i(word: str) -> bool:
    start = word.lower()
    return start.startswith(("i", "í", "hi", "hí")) and not start.startswith(("hie", "hia"))
