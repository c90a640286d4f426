"""How places are called: spellings made equal, administrative words read, a phrase cut into its parts.

Text only; what a name stands for is `recommender.territory.gazetteer`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recommender.domain import Territory
from recommender.taxonomy import LEVELS, folded
from recommender.territory.country_names import spoken_names

_ABBREVIATIONS = {
    "sto": "santo",
    "sta": "santa",
    "pto": "puerto",
    "gral": "general",
    "gnral": "general",
    "cnel": "coronel",
    "crnel": "coronel",
}
_FIRST_LEVEL = {
    "provincia": ("province", "AR", "BE", "CA", "CR", "CU", "DO", "EC", "ES", "NP", "PA"),
    "departamento": ("department", "BO", "CO", "GT", "HN", "HT", "NI", "PE", "PY", "SV", "UY"),
    "estado": ("state", "BR", "MX", "US", "VE"),
    "región": ("region", "CL", "PH"),
}
# What a country calls its first level, where that is known: Spanish and English.
FIRST_LEVEL = {country: (es, en) for es, (en, *countries) in _FIRST_LEVEL.items() for country in countries}
SEPARATORS = re.compile(r"[,;/()\[\]]|\s[-–—]\s|\s(?:en|in)\s", re.IGNORECASE)


class Kind(NamedTuple):
    """What a word such as "cantón" says of a place; empty fields say nothing.

    `first_level` is the Spanish word of a kind of first-level territory, which countries that call
    theirs otherwise do not have: no department of Colombia is a province.
    """

    level: str = ""
    first_level: str = ""

    def fits(self, territory: Territory) -> bool:
        """Tell whether `territory` can be of this kind."""
        called = FIRST_LEVEL.get(country_of(territory), (self.first_level,))[0]
        return self.level in ("", territory.level) and self.first_level in ("", called)


_KINDS = {
    word: kind
    for kind, some in (
        (Kind("country"), ("pais", "country", "republica", "republic")),
        (Kind("admin1", "provincia"), ("provincia", "province")),
        (Kind("admin1", "departamento"), ("departamento", "department")),
        (Kind("admin1", "estado"), ("estado", "state")),
        (Kind("admin1"), ("region", "provincial", "prefectura")),
        (Kind("admin2"), ("canton", "cantonal", "municipio", "municipality", "municipal", "municipalidad")),
        (Kind("admin2"), ("alcaldia", "ciudad", "city")),
        (Kind("admin3"), ("parroquia", "parish", "parroquial")),
        (Kind(), ("gad", "gadm", "gadp", "gobierno", "autonomo", "descentralizado")),
    )
    for word in some
}
_LINKS = frozenset(("de", "del", "of"))
_ARTICLES = frozenset(("el", "la", "los", "las", "the"))
_FILLERS = _LINKS | _ARTICLES
# Words that open an official name and that people leave out when they speak of the place.
_DRESS = _LINKS | frozenset(_KINDS) | {"distrito", "metropolitano", "metropolitana", "capital", "autonoma"}


def words(text: str) -> list[str]:
    """Return the words of `text` without case, accents and punctuation.

    >>> words("EL CARMEN, (Manabí)")
    ['el', 'carmen', 'manabi']
    """
    return re.findall(r"\w+", folded(text))


def key(some: Iterable[str]) -> str:
    """Return words as the text names are compared by; common abbreviations are written out."""
    return " ".join(_ABBREVIATIONS.get(x, x) for x in some)


def country_of(territory: Territory) -> str:
    """Return the id of the territory's country."""
    return territory.country_id or territory.id.split("-")[0]


def plain(name: str) -> str:
    """Return a name without its bracket and without what stands behind a comma.

    >>> plain("Bolivia, Plurinational State of"), plain("Alfredo Baquerizo Moreno (Juján)")
    ('Bolivia', 'Alfredo Baquerizo Moreno')
    """
    return re.sub(r"\(.*?\)", "", name).split(",")[0].strip() or name


def depth(territory: Territory) -> int:
    """Return 0 for a country, 1 for its first level and so on."""
    return LEVELS.index(territory.level) if territory.level in LEVELS else len(LEVELS)


def readings(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield (name, qualifiers) as words: whole, cut at separators, then cut between any two words.

    >>> [" ".join(name) + " | " + str(len(rest)) for name, rest in readings("Olmedo, Loja")]
    ['olmedo loja | 0', 'olmedo | 1', 'olmedo | 1']
    """
    whole = words(text)
    if not whole:
        return
    yield whole, []
    parts = [x for x in map(words, SEPARATORS.split(text)) if x]
    if len(parts) > 1:
        yield parts[0], parts[1:]
    for i in range(len(whole) - 1, 0, -1):
        for j in range(len(whole), i, -1):
            yield whole[:i], [x for x in (whole[i:j], whole[j:]) if x]


def undressed(some: Sequence[str]) -> Iterator[tuple[Sequence[str], Kind]]:
    """Yield (name, kind wanted): as given, then without words of kind and articles before or behind.

    >>> [(" ".join(name), kind.level) for name, kind in undressed(["canton", "de", "manta"])]
    [('canton de manta', ''), ('de manta', 'admin2'), ('manta', 'admin2')]
    """
    yield some, Kind()
    kind, i = Kind(), 0
    while i < len(some) and (some[i] in _KINDS or some[i] in _FILLERS):
        said = _KINDS.get(some[i], Kind())
        kind = said if said.level else kind
        i += 1
        yield some[i:], kind
    if len(some) > 1 and (behind := _KINDS.get(some[-1])):
        yield some[:-1], behind


def all_names(territory: Territory) -> dict[str, bool]:
    """Return the keys of every name -> True where it is the official one.

    Other names are aliases, the seat, a country's name in each language, and what people make of
    the official name: "Callao" of "El Callao", "Bogotá" of "Distrito Capital de Bogotá", "Bolivia"
    of "Bolivia, Plurinational State of".
    """
    found: dict[str, bool] = {}
    bracket = re.search(r"\((.+?)\)", territory.name)
    spoken = words(plain(territory.name))
    official = words(territory.name)
    others = [spoken, _without_dress(spoken), words(bracket[1]) if bracket else []]
    aliases = (*territory.aliases, *spoken_names(territory), territory.capital or "")
    for some in (official, *map(words, aliases), *others):
        if some:
            found.setdefault(key(some), some is official)
        if len(some) > 1 and some[0] in _ARTICLES:
            found.setdefault(key(some[1:]), False)
    return found


def _without_dress(some: list[str]) -> list[str]:
    i = 0
    while i < len(some) and some[i] in _DRESS:
        i += 1
    # A link must join the two: "Ciudad de México" is México, "Capital Norte" is not "Norte".
    return some[i:] if i > 1 and some[i - 1] in _LINKS else []
