"""What countries are called in each language (Unicode CLDR, through Babel)."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

from recommender.domain import LANGUAGES, Territory


def country_name(territory: Territory, language: str) -> str:
    """Return a whole country's name in `language`; of any other territory its own name.

    Examples
    --------
    >>> spain = Territory("ES", "Spain", "country")
    >>> country_name(spain, "es"), country_name(spain, "en")
    ('España', 'Spain')
    """
    if territory.level != "country":
        return territory.name
    return _names(language).get(territory.id, territory.name)


def spoken_names(territory: Territory) -> list[str]:
    """Return what a country is called in all languages of the house; nothing for other territories."""
    if territory.level != "country":
        return []
    return [_names(language)[territory.id] for language in LANGUAGES if territory.id in _names(language)]


@lru_cache(maxsize=len(LANGUAGES))
def _names(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}
