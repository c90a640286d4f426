"""Measures of the two places: need, groups, likeness by indicators, setting, overlap, distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.domain import Text
from recommender.explanation import sentences
from recommender.figures import join, number, statement
from recommender.territory.comparison import ALIKE, FLAG, Comparison
from recommender.territory.country_names import country_name
from recommender.territory.geography import distances_km
from recommender.territory.indicators import POPULATION
from recommender.transfer.factors import Factor
from recommender.transfer.pair import Pair, words
from recommender.transfer.report import Finding, Value, said

NEED_TOLERANCE = 0.10
NEED_HIGH = 0.67
"""In the third of territories that need it most, need is enough whatever it was elsewhere."""
NEED_LOW = 0.33
FAR_APART = 0.75
"""Mean difference of several indicators, in national standard deviations, from which places differ: two
cantons of Ecuador at random differ by some 0.8."""
UNNAMED = 0.1
"""Weight of an indicator of a factor that the practice's text does not speak of."""
BORDER_KM = 50.0
NEAR_KM = 100.0
"""A day's visit and back by road."""
LISTED = 3
QUOTES = {"es": "«{}»", "en": '"{}"'}

NO_DATA = said("No hay datos para compararlo.", "There are no data to compare it.")
NO_ORIGIN = sentences.UNKNOWN_ORIGIN


def need(pair: Pair, factor: Factor) -> Finding:
    """Compare how much both places need what the practice addresses."""
    relevance = pair.ground.context.relevance[pair.row].astype(np.float64)
    weights = np.where(pair.matrix.direction != 0, relevance, 0.0)
    standing = np.where(
        pair.matrix.direction > 0, pair.matrix.percentile, 1.0 - pair.matrix.percentile
    ).astype(np.float64)
    here = standing[pair.here]
    known = (weights > 0) & np.isfinite(here)
    if pair.origin is not None:
        there = standing[pair.origin]
        both = known & np.isfinite(there)
        if both.any():
            return _needs(pair, _mean(weights, here, both), _mean(weights, there, both), int(both.sum()))
    if not known.any():
        return Finding("unknown", NO_DATA)
    only = _mean(weights, here, known)
    sentence = said(
        f"Aquí hay más necesidad que en el {number(100 * only, 'es', 0)} % de los territorios de su nivel; "
        "donde se hizo, no se conoce.",
        f"There is more need here than in {number(100 * only, 'en', 0)}% of territories of its level; "
        "where it ran it is not known.",
    )
    status = "alike" if only >= NEED_HIGH else "differs" if only <= NEED_LOW else "unknown"
    return Finding(status, sentence, here=_share(only))


def groups(pair: Pair, factor: Factor) -> Finding:
    """Compare how present the practice's groups are."""
    weights = pair.ground.context.groups[pair.row]
    ids = [pair.matrix.indicator_ids[column] for column in np.flatnonzero(weights)]
    if not ids:
        return Finding(
            "ask",
            said(
                "Ninguna estadística del paquete cuenta a los grupos de la práctica.",
                "No statistic of the package counts the practice's groups.",
            ),
        )
    parts = [pair.compared[id] for id in ids if id in pair.compared]
    if not parts:
        only = next((value for id in ids if (value := pair.value(pair.here, id))), None)
        told = {x: f"{NO_ORIGIN.get(x)} {_size(pair, only, x) if only else ''}".strip() for x in ("es", "en")}
        return Finding("unknown", Text(told), here=only)
    off = float(np.mean([part.sd for part in parts]))
    leading = max(parts, key=lambda part: abs(part.sd))
    here, there = pair.sides(leading)
    told = {
        language: " ".join(
            filter(None, (sentences.difference(pair.subject, leading, language), _size(pair, here, language)))
        )
        for language in ("es", "en")
    }
    status = "differs" if off < -ALIKE else "alike"
    return Finding(status, Text(told), here, there, off, tuple(parts))


def indicators(pair: Pair, factor: Factor) -> Finding:
    """Compare a factor's statistics; which direction counts is the factor's."""
    parts = [pair.compared[id] for id in factor.indicators if id in pair.compared]
    if not parts:
        return Finding("unknown", NO_ORIGIN if pair.origin is None else NO_DATA)
    weights = np.array([UNNAMED + part.importance for part in parts])
    size = float(weights @ [_counted(part, factor.worse) for part in parts] / weights.sum())
    parts.sort(key=lambda part: (-(UNNAMED + part.importance) * abs(part.sd), part.indicator_id))
    here, there = pair.sides(parts[0])
    mean = Text({language: _average(size, len(parts), language) for language in ("es", "en")})
    told = {
        language: f"{mean.get(language)} {sentences.difference(pair.subject, parts[0], language)}"
        for language in ("es", "en")
    }
    status = "differs" if size > FAR_APART else "alike"
    return Finding(status, Text(told), here, there, size, tuple(parts), mean)


def setting(pair: Pair, factor: Factor) -> Finding:
    """Compare country, natural region, nearness to a border and urban share.

    Where no place has indicators to compare, the nearest place where it ran still has a country.
    """
    origin = pair.origin if pair.origin is not None else _nearest(pair)[0]
    if origin is None:
        return Finding("unknown", NO_ORIGIN)
    here, there = pair.territory, pair.place(origin)
    same_country = here.country_id == there.country_id
    region = here.region == there.region if here.region and there.region and same_country else None
    zones = [_border(pair, place) for place in (pair.here, origin)]
    border = zones[0] == zones[1] if None not in zones else None
    urban = pair.compared.get(factor.indicators[0])
    off = None if urban is None else abs(urban.sd) <= FLAG
    if same_country and region is None and border is None and off is None:
        return Finding("unknown", NO_DATA)
    alike = same_country and False not in (region, border, off)
    sides = [_setting(pair, place, urban, first) for place, first in ((pair.here, True), (origin, False))]
    place = {language: pair.subject.place(there.id, language) for language in ("es", "en")}
    sentence = said(
        f"Aquí: {sides[0].text.get('es')}. En {place['es']}: {sides[1].text.get('es')}.",
        f"Here: {sides[0].text.get('en')}. In {place['en']}: {sides[1].text.get('en')}.",
    )
    sd = None if urban is None else urban.sd
    return Finding(
        "alike" if alike else "differs", sentence, sides[0], sides[1], sd, () if urban is None else (urban,)
    )


def alternatives(pair: Pair, factor: Factor) -> Finding:
    """List what already runs here on the same themes; nothing recorded is not nothing."""
    ground = pair.ground
    running = ground.gathered(ground.practices_at, ground.within[pair.territory.id]) - {pair.practice.id}
    records = [ground.catalogue.practices[id] for id in sorted(running)]
    themes = set(pair.practice.themes)
    shared = [record for record in records if themes.intersection(record.themes)]
    shared.sort(key=lambda record: -len(themes.intersection(record.themes)))
    if not shared:
        return Finding(
            "ask",
            said(
                "El catálogo no registra aquí otra práctica del mismo tema; puede haberla.",
                "The catalogue records no other practice on the theme here; there may be one.",
            ),
        )
    titles = {
        language: join(
            [QUOTES[language].format(record.title.get(language)) for record in shared[:LISTED]], language
        )
        for language in ("es", "en")
    }
    sentence = said(
        f"Ya hay {len(shared)} en el catálogo con temas en común: {titles['es']}.",
        f"The catalogue already has {len(shared)} here with themes in common: {titles['en']}.",
    )
    here = words(f"{len(shared)} registradas", f"{len(shared)} on record", float(len(shared)), "practices")
    return Finding("differs", sentence, here=here)


def distance(pair: Pair, factor: Factor) -> Finding:
    """Measure to the nearest place where it ran."""
    nearest, far = _nearest(pair)
    if nearest is None or far is None:
        return Finding("unknown", NO_ORIGIN)
    place = pair.place(nearest).id
    name = {language: pair.subject.place(place, language) for language in ("es", "en")}
    sentence = said(
        f"El lugar más próximo donde se hizo es {name['es']}, a {number(far, 'es', 0)} km en línea recta.",
        f"The nearest place where it ran is {name['en']}, {number(far, 'en', 0)} km away in a straight line.",
    )
    there = words(f"{number(far, 'es', 0)} km", f"{number(far, 'en', 0)} km", far, "km")
    return Finding("alike" if far <= NEAR_KM else "differs", sentence, there=there)


def _nearest(pair: Pair) -> tuple[int | None, float | None]:
    """Return the nearest place where it ran, and its distance in km."""
    places = [pair.rows[adoption.territory_id] for adoption in pair.elsewhere]
    points = pair.ground.points
    km = distances_km(points[[pair.here]], points[places])[0] if places else np.array([])
    if not np.isfinite(km).any():
        return None, None
    nearest = int(np.nanargmin(km))
    return places[nearest], float(km[nearest])


def _needs(pair: Pair, here: float, there: float, count: int) -> Finding:
    drivers = [d for d in pair.ground.context.need_drivers(pair.row, pair.here) if d.share > 0][:1]
    named = [(pair.ground.catalogue.indicators[d.indicator_id], d) for d in drivers]
    lead = {
        language: "".join(f" {_sentence(statement(i, d.value, language))} ({d.year})." for i, d in named)
        for language in ("es", "en")
    }
    ours, theirs = ([number(100 * share, x, 0) for x in ("es", "en")] for share in (here, there))
    sentence = said(
        f"Aquí hay más necesidad que en el {ours[0]} % de los territorios de su nivel; donde se hizo, que en "
        f"el {theirs[0]} % (media de {count} indicadores).{lead['es']}",
        f"There is more need here than in {ours[1]}% of territories of its level; where it ran, than in "
        f"{theirs[1]}% (mean of {count} indicators).{lead['en']}",
    )
    enough = here >= there - NEED_TOLERANCE or here >= NEED_HIGH
    return Finding("alike" if enough else "differs", sentence, _share(here), _share(there))


def _mean(weights: np.ndarray, values: np.ndarray, known: np.ndarray) -> float:
    return float(weights[known] @ values[known] / weights[known].sum())


def _share(value: float) -> Value:
    es, en = (number(100 * value, language, 0) for language in ("es", "en"))
    return words(f"más que el {es} %", f"more than {en}%", value, "share of territories with less need")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _counted(part: Comparison, worse: str) -> float:
    return abs(part.sd) if worse == "either" else max(0.0, -part.sd if worse == "less" else part.sd)


def _average(size: float, count: int, language: str) -> str:
    figure = number(size, language, 1)
    if language == "es":
        return f"Diferencia media de {figure} desviaciones estándar nacionales en {count} indicadores."
    return f"Mean difference of {figure} national standard deviations over {count} indicators."


def _size(pair: Pair, here: Value, language: str) -> str:
    """Say how many persons a share is of: share x population."""
    people = persons(pair, here)
    if people is None:
        return ""
    figure = number(people, language, 0)
    return f"Son unas {figure} personas." if language == "es" else f"That is some {figure} people."


def persons(pair: Pair, share: Value) -> float | None:
    """Return share x population of the place itself; None where either is not its own or not known."""
    place = pair.rows[share.territory_id or ""]
    population = pair.value(place, POPULATION)
    if population is None or population.number is None or share.number is None or population.borrowed:
        return None
    if share.borrowed or not (share.unit.startswith("% of population") or share.unit.startswith("per 1,000")):
        return None
    return population.number * share.number / (100.0 if share.unit.startswith("%") else 1000.0)


def _border(pair: Pair, place: int) -> bool | None:
    km = pair.ground.border_km[place]
    return bool(km <= BORDER_KM) if np.isfinite(km) else None


def _setting(pair: Pair, place: int, urban: Comparison | None, here: bool) -> Value:
    territory = pair.ground.catalogue.territories[pair.matrix.territory_ids[place]]
    country = pair.ground.catalogue.territories.get(territory.country_id)
    parts: dict[str, list[str]] = {"es": [], "en": []}
    for language, told in parts.items():
        told += filter(None, (territory.region, country_name(country, language) if country else ""))
        km = pair.ground.border_km[place]
        if np.isfinite(km):
            figure = number(float(km), language, 0)
            told.append(
                f"a {figure} km de una frontera" if language == "es" else f"{figure} km from a border"
            )
        if urban is not None:
            figure = number(urban.here if here else urban.there, language, 0)
            told.append(f"{figure} % urbano" if language == "es" else f"{figure}% urban")
    return Value(said(", ".join(parts["es"]), ", ".join(parts["en"])), territory_id=territory.id)


MEASURES = {
    "need": need,
    "groups": groups,
    "indicators": indicators,
    "setting": setting,
    "alternatives": alternatives,
    "distance": distance,
}
__all__: Sequence[str] = ("MEASURES", "persons")
