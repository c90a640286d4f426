"""What countries are called in each language (Unicode CLDR, through Babel)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from recommender.domain import LANGUAGES, Territory
from recommender.figures import join


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


def two_letters(code: str) -> str:
    """Return the two-letter code of a country known by three (ISO 3166-1); any other code as it is.

    Examples
    --------
    >>> two_letters("COL"), two_letters("EC"), two_letters("XX")
    ('CO', 'EC', 'XX')
    """
    return str(next(iter(get_global("territory_aliases").get(code) or ()), code))


def country_names(codes: Iterable[str], language: str) -> str:
    """Name countries by their codes in a sentence, in the order of their names; unknown codes stay.

    Examples
    --------
    >>> country_names(["COL", "BR", "EC"], "es")
    'Brasil, Colombia y Ecuador'
    """
    names = (_names(language).get(two_letters(code), code) for code in codes)
    return join(sorted(names), language)


@lru_cache(maxsize=len(LANGUAGES))
def _names(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}
