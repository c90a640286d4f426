"""Who, where and how: a catalogue's practices and organisations counted by type, theme and territory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recommender.domain import Catalogue, Practice, Territory
from recommender.network import NetworkIndex
from recommender.query_check import check_codes
from recommender.retrieval import practice_countries
from recommender.taxonomy import ORGANISATION_TYPES, POPULATIONS, THEMES

PROVINCE = "admin1"


@dataclass(frozen=True, slots=True)
class Count:
    """How many practices and organisations; `key` None: not known. What overlaps is counted each time."""

    key: str | None
    practices: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """Counts of the practices that pass the filters, and of the organisations that take part in them.

    Attributes
    ----------
    types, themes, populations, territories : tuple of Count
        Most practices first, then by key. A practice counts in every theme, group and place it has;
        a territory counts what is recorded for itself, not for its parts.
    provinces : tuple of Count
        The same for the first level below the country, with all that is recorded for its parts.
    years : tuple of (year or None, practices)
        When they began, earliest first; None, not known, comes last.
    crossed : tuple of (type or None, theme, practices)
        How each type of leading organisation works.
    families : tuple of (network, organisation ids)
        Bodies with more than one organisation.
    unplaced : int
        Practices recorded for no place, or for a whole country only.
    """

    practices: int
    organisations: int
    types: tuple[Count, ...]
    themes: tuple[Count, ...]
    populations: tuple[Count, ...]
    territories: tuple[Count, ...]
    provinces: tuple[Count, ...]
    years: tuple[tuple[int | None, int], ...]
    crossed: tuple[tuple[str | None, str, int], ...]
    families: tuple[tuple[str, tuple[str, ...]], ...]
    unplaced: int


def ecosystem(
    catalogue: Catalogue, network: NetworkIndex, theme: str | None = None, country: str | None = None
) -> Ecosystem:
    """Count a catalogue, or the part of it on one theme or in one country.

    Raises
    ------
    UnknownValue
        When there is no such theme, or no practice in such a country.
    """
    if theme is not None:
        check_codes("theme", [theme], THEMES)
    countries = dict(zip(catalogue.practices, practice_countries(catalogue), strict=True))
    if country is not None:
        check_codes("country", [country], sorted({code for codes in countries.values() for code in codes}))
    kept = {
        practice.id: practice
        for practice in catalogue.practices.values()
        if (theme is None or theme in practice.themes)
        and (country is None or country in countries[practice.id])
    }
    bodies = _bodies(network, kept)
    places: dict[str, set[str]] = {practice: set() for practice in kept}
    for adoption in catalogue.adoptions:
        if adoption.ran and adoption.practice_id in kept:
            places[adoption.practice_id].add(adoption.territory_id)
    taking_part = set().union(*bodies.values())
    leads = {
        id: catalogue.organisations[p.organisation_id].type if p.organisation_id else None
        for id, p in kept.items()
    }
    crossed = Counter((leads[id], own) for id, practice in kept.items() for own in practice.themes)
    levels = {place.id: place.level for place in catalogue.territories.values()}
    inside = {place: province for place in levels if (province := _province(catalogue, place))}
    years = Counter(practice.start_year for practice in kept.values())
    return Ecosystem(
        practices=len(kept),
        organisations=len(taking_part),
        types=_types(catalogue, leads, taking_part),
        themes=_counts(((t, id) for id, p in kept.items() for t in p.themes), bodies, THEMES),
        populations=_counts(((g, id) for id, p in kept.items() for g in p.populations), bodies, POPULATIONS),
        territories=_counts(((t, id) for id, ids in places.items() for t in ids), bodies, ()),
        provinces=_counts(
            ((inside[t], id) for id, ids in places.items() for t in ids if t in inside), bodies, ()
        ),
        years=tuple(sorted(years.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))),
        crossed=tuple((*pair, crossed[pair]) for pair in sorted(crossed, key=_pair_order)),
        families=_families(catalogue, taking_part),
        unplaced=sum(all(levels[place] == "country" for place in found) for found in places.values()),
    )


def _province(catalogue: Catalogue, territory_id: str) -> str | None:
    """Return the territory of the first level below the country that one is or lies in; None: a country."""
    place: Territory | None = catalogue.territories[territory_id]
    while place is not None and place.level not in (PROVINCE, "country"):
        place = catalogue.territories.get(place.parent_id or "")
    return place.id if place is not None and place.level == PROVINCE else None


def _bodies(network: NetworkIndex, kept: Mapping[str, Practice]) -> dict[str, set[str]]:
    """Return who takes part in each practice."""
    bodies: dict[str, set[str]] = {practice: set() for practice in kept}
    for body, ids in network.practices.items():
        for practice in ids:
            if practice in bodies:
                bodies[practice].add(body)
    return bodies


def _families(catalogue: Catalogue, bodies: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    families: dict[str, list[str]] = defaultdict(list)
    for body in sorted(bodies):
        for name in catalogue.organisations[body].network:
            families[name].append(body)
    return tuple((name, tuple(ids)) for name, ids in sorted(families.items()) if len(ids) > 1)


def _types(catalogue: Catalogue, leads: dict[str, str | None], taking_part: set[str]) -> tuple[Count, ...]:
    """Count practices by who leads them, and organisations by what they are."""
    kinds = [catalogue.organisations[body].type for body in taking_part]
    known: list[str | None] = [*ORGANISATION_TYPES]
    if None in kinds or None in leads.values():
        known.append(None)
    led = list(leads.values())
    return tuple(Count(kind, led.count(kind), kinds.count(kind)) for kind in known)


def _counts(
    pairs: Iterable[tuple[str, str]], bodies: dict[str, set[str]], always: Iterable[str]
) -> tuple[Count, ...]:
    """Count practices and those who take part in them by key; keys of `always` are told even if 0."""
    practices: dict[str, set[str]] = {key: set() for key in always}
    for key, practice in pairs:
        practices.setdefault(key, set()).add(practice)
    counts = [
        Count(key, len(ids), len(set().union(*(bodies[practice] for practice in ids))))
        for key, ids in practices.items()
    ]
    return tuple(sorted(counts, key=lambda count: (-count.practices, count.key or "")))


def _pair_order(pair: tuple[str | None, str]) -> tuple[str, str]:
    return pair[0] or "~", pair[1]
