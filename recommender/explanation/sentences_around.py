"""What surroundings and an organisation's capacity say in words."""

from __future__ import annotations

import math

from recommender.domain import Text
from recommender.explanation.sentences import Subject
from recommender.figures import number
from recommender.territory.geography import NEAR_KM


def origin_nearness(subject: Subject, value: float) -> Text:
    """Give the distance to the closest place where it ran."""
    km = -NEAR_KM * math.log(max(value, 1e-300))
    far = {language: number(km, language, 0) for language in ("es", "en")}
    return Text(
        {
            "es": f"El lugar más cercano donde ya se hizo está a {far['es']} km en línea recta.",
            "en": f"The closest place where it ran is {far['en']} km away in a straight line.",
        }
    )


def like_territories(subject: Subject, value: float) -> Text:
    """Say whether like territories already run it."""
    if not value:
        return Text(
            {
                "es": "Ninguno de los quince territorios más parecidos la ha hecho, según el registro.",
                "en": "None of the fifteen most alike territories has run it, as far as recorded.",
            }
        )
    return Text(
        {
            "es": f"Ya se hace en territorios parecidos ({number(100 * value, 'es', 0)} % de los quince "
            "más semejantes, ponderados por parecido).",
            "en": f"Like territories already run it ({number(100 * value, 'en', 0)}% of the fifteen most "
            "alike, weighted by likeness).",
        }
    )


def organisation_here(subject: Subject, value: float) -> Text:
    """Count the other practices that its organisation or network runs here."""
    n = _count(value)
    if not n:
        return Text(
            {
                "es": "La organización que la llevó no tiene otras prácticas registradas aquí.",
                "en": "The organisation that ran it has no other practice recorded here.",
            }
        )
    return Text(
        {
            "es": f"La organización que la llevó, o su red, ya trabaja aquí: "
            f"{n} {'práctica' if n == 1 else 'prácticas'}.",
            "en": f"The organisation that ran it, or its network, already works here: {n} "
            f"{'practice' if n == 1 else 'practices'}.",
        }
    )


def neighbour_practice(subject: Subject, value: float) -> Text:
    """Count bordering territories that run it."""
    n = _count(value)
    return Text(
        {
            "es": f"Territorios limítrofes que ya la hacen: {n}.",
            "en": f"Bordering territories that already run it: {n}.",
        }
    )


def province_practice(subject: Subject, value: float) -> Text:
    """Count places of the same province that run it."""
    n = _count(value)
    return Text(
        {
            "es": f"Lugares de la misma provincia que ya la hacen: {n}.",
            "en": f"Places in the same province that already run it: {n}.",
        }
    )


def theme_supply(subject: Subject, value: float) -> Text:
    """Say how much is already done here on its themes."""
    n = max(_count(value), 1)
    if not value:
        return Text(
            {
                "es": "No hay aquí otras prácticas registradas sobre sus temas.",
                "en": "No other practice on its themes is recorded here.",
            }
        )
    return Text(
        {
            "es": f"Ya hay aquí trabajo sobre sus temas (como {n} {'práctica' if n == 1 else 'prácticas'}, "
            "según cuánto los comparten): puede ser una base o una duplicación.",
            "en": f"There is work on its themes here already (like {n} "
            f"{'practice' if n == 1 else 'practices'}, by how far they share them): "
            "a base to build on, or an overlap.",
        }
    )


def budget_fit(subject: Subject, value: float) -> Text:
    """Hold the organisation's money against the known cost."""
    cost, have = subject.practice.budget_usd, subject.profile.budget_usd if subject.profile else None
    if cost is None or have is None:
        raise ValueError(f"budget_fit of {subject.practice.id} has a value but no cost or no budget")
    money = {lang: (number(cost, lang, 0), number(have, lang, 0)) for lang in ("es", "en")}
    es = "alcanza" if value >= 0 else "no alcanza"
    en = "is enough" if value >= 0 else "is not enough"
    return Text(
        {
            "es": f"Costó {money['es'][0]} USD en total; con {money['es'][1]} USD al año {es}.",
            "en": f"It cost {money['en'][0]} USD in all; {money['en'][1]} USD a year {en}.",
        }
    )


def horizon_fit(subject: Subject, value: float) -> Text:
    """Hold the organisation's horizon against the known duration."""
    first, last = subject.practice.start_year, subject.practice.end_year
    enough = value >= 0
    es = f"Se hizo en {first}" if first == last else f"Se hizo de {first} a {last}"
    en = f"It ran in {first}" if first == last else f"It ran from {first} to {last}"
    return Text(
        {
            "es": f"{es}; el plazo de su organización {'alcanza' if enough else 'es más corto'}.",
            "en": f"{en}; your organisation's horizon {'is enough' if enough else 'is shorter'}.",
        }
    )


def type_fit(subject: Subject, value: float) -> Text:
    """Say whether an organisation of the same type ran it."""
    ours = subject.profile.type if subject.profile else None
    kind = {lang: subject.titles("organisation_types", (ours or "",), lang) for lang in ("es", "en")}
    if value >= 1.0:
        return Text(
            {
                "es": f"La llevó una organización de su mismo tipo ({kind['es']}).",
                "en": f"An organisation of your own type ran it ({kind['en']}).",
            }
        )
    if value > 0.0:
        return Text(
            {
                "es": f"Participó como socia una organización de su mismo tipo ({kind['es']}).",
                "en": f"An organisation of your own type took part as a partner ({kind['en']}).",
            }
        )
    return Text(
        {
            "es": f"La llevó una organización de otro tipo que la suya ({kind['es']}).",
            "en": f"An organisation of another type than yours ({kind['en']}) ran it.",
        }
    )


def themes_shared(subject: Subject, value: float) -> Text:
    """Name the themes shared with the organisation."""
    return _shared(subject, "themes", "temas", "themes")


def populations_shared(subject: Subject, value: float) -> Text:
    """Name the population groups shared with the organisation."""
    return _shared(subject, "populations", "grupos de población", "population groups")


def territory_nearness(subject: Subject, value: float) -> Text:
    """Give the distance from the organisation's territories to where it ran."""
    if value >= 1.0:
        return Text(
            {"es": "Se hizo donde trabaja su organización.", "en": "It ran where your organisation works."}
        )
    km = -NEAR_KM * math.log(max(value, 1e-300))
    return Text(
        {
            "es": f"Se hizo a {number(km, 'es', 0)} km de donde trabaja su organización.",
            "en": f"It ran {number(km, 'en', 0)} km from where your organisation works.",
        }
    )


def past_likeness(subject: Subject, value: float) -> Text:
    """Say how like it is to what the organisation already ran."""
    return Text(
        {
            "es": f"Se parece a lo que su organización ya hizo ({number(value, 'es', 2)} de 1).",
            "en": f"It is like what your organisation already ran ({number(value, 'en', 2)} of 1).",
        }
    )


def _shared(subject: Subject, vocabulary: str, es: str, en: str) -> Text:
    ours = getattr(subject.profile, vocabulary) if subject.profile else ()
    theirs = getattr(subject.practice, vocabulary)
    shared = tuple(code for code in theirs if code in ours)
    if not shared:
        return Text(
            {
                "es": f"No comparte {es} con su organización.",
                "en": f"It shares no {en} with your organisation.",
            }
        )
    return Text(
        {
            "es": f"Comparte {es} con su organización: {subject.titles(vocabulary, shared, 'es')}.",
            "en": f"It shares {en} with your organisation: {subject.titles(vocabulary, shared, 'en')}.",
        }
    )


def _count(value: float) -> int:
    """Undo ``1 - 2^-n``."""
    return round(-math.log2(max(1.0 - value, 1e-9)))
