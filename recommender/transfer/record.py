"""Measures of the practice's own record: simplicity, documentation, evidence, places, gender, age."""

from __future__ import annotations

from recommender.figures import join, number
from recommender.transfer.factors import Factor
from recommender.transfer.pair import Pair, parts_of, words
from recommender.transfer.report import Finding, said

FILLED_ENOUGH = 6
EVIDENCE_ENOUGH = 3
PLACES_ENOUGH = 2
OLD_YEARS = 10
GENDER_GROUPS = frozenset({"women", "lgbtiq", "survivors_of_gbv"})
GENDER_THEMES = frozenset({"gender", "rights_protection"})

NOT_ON_RECORD = said(
    "El registro de la práctica no lo dice; se pregunta.", "The practice's record does not say; it is asked."
)


def simplicity(pair: Pair, factor: Factor) -> Finding:
    """Count what has to come together."""
    count, median = parts_of(pair.practice), pair.ground.parts_median
    if count is None or median is None:
        return Finding("unknown", NOT_ON_RECORD)
    usual = {
        language: number(median, language, 0 if median == int(median) else 1) for language in ("es", "en")
    }
    sentence = said(
        f"Reúne {count} requisitos y actores; lo usual en el catálogo es {usual['es']}.",
        f"It brings together {count} requirements and actors; {usual['en']} is usual in the catalogue.",
    )
    there = words(str(count), str(count), float(count), "parts")
    return Finding("alike" if count <= median else "differs", sentence, there=there)


def documentation(pair: Pair, factor: Factor) -> Finding:
    """Count the filled fields of the record, and name those that are not."""
    record = pair.practice
    fields = {
        ("resumen", "summary"): bool(record.summary),
        ("requisitos", "requirements"): bool(record.requirements),
        ("resultados", "results"): bool(record.results),
        ("organización", "organisation"): record.organisation_id is not None,
        ("año inicial", "start year"): record.start_year is not None,
        ("año final", "end year"): record.end_year is not None,
        ("presupuesto", "budget"): record.budget_usd is not None,
        ("personas atendidas", "people reached"): record.people_reached is not None,
        ("página de la fuente", "source page"): record.source_url is not None,
    }
    filled = sum(fields.values())
    lacking = [names for names, there in fields.items() if not there]
    es, en = (
        join([names[place] for names in lacking], language) for place, language in ((0, "es"), (1, "en"))
    )
    sentence = said(
        f"El registro llena {filled} de 9 campos" + (f"; falta: {es}." if lacking else "."),
        f"The record fills {filled} of 9 fields" + (f"; lacking: {en}." if lacking else "."),
    )
    there_value = words(f"{filled} de 9", f"{filled} of 9", float(filled), "fields")
    return Finding("alike" if filled >= FILLED_ENOUGH else "differs", sentence, there=there_value)


def evidence(pair: Pair, factor: Factor) -> Finding:
    """Read the evidence level; not rated is unknown."""
    level = pair.practice.evidence_level
    if level is None:
        return Finding(
            "unknown", said("Su evidencia no está calificada.", "Its evidence has not been rated.")
        )
    sentence = said(f"Nivel {level} de 5 de Nesta.", f"Nesta level {level} of 5.")
    there = words(f"nivel {level}", f"level {level}", float(level), "Nesta level")
    return Finding("alike" if level >= EVIDENCE_ENOUGH else "differs", sentence, there=there)


def replicated(pair: Pair, factor: Factor) -> Finding:
    """Count places and settings, without the target itself."""
    territories = pair.ground.catalogue.territories
    places = [territories[adoption.territory_id] for adoption in pair.elsewhere]
    if not places:
        return Finding("unknown", said("No consta en qué lugar se hizo.", "Where it ran is not on record."))
    settings = len({(place.country_id, place.region or place.id) for place in places})
    count = len(places)
    sentence = said(
        f"Se registra en {count} {'lugar' if count == 1 else 'lugares'} de {settings} "
        f"{'entorno' if settings == 1 else 'entornos'} (país y región).",
        f"On record in {count} {'place' if count == 1 else 'places'} of {settings} "
        f"{'setting' if settings == 1 else 'settings'} (country and region).",
    )
    there = words(str(count), str(count), float(count), "places")
    return Finding("alike" if count >= PLACES_ENOUGH else "differs", sentence, there=there)


def gender(pair: Pair, factor: Factor) -> Finding:
    """See whether the record names them; silence is no answer."""
    record = pair.practice
    groups = tuple(code for code in record.populations if code in GENDER_GROUPS)
    themes = tuple(code for code in record.themes if code in GENDER_THEMES)
    if not groups and not themes:
        return Finding("ask", NOT_ON_RECORD)
    named = {
        language: join(
            [
                pair.subject.titles(vocabulary, codes, language)
                for vocabulary, codes in (("populations", groups), ("themes", themes))
                if codes
            ],
            language,
        )
        for language in ("es", "en")
    }
    stated = record.tags_basis == "stated"
    sentence = said(
        f"El registro nombra: {named['es']} ({'declarado' if stated else 'inferido de su texto'}).",
        f"The record names: {named['en']} ({'stated' if stated else 'inferred from its text'}).",
    )
    return Finding("alike", sentence, there=words(named["es"], named["en"]))


def age(pair: Pair, factor: Factor) -> Finding:
    """Count the years since it ended or, where that is not known, began."""
    record, present = pair.practice, pair.ground.present
    year = record.end_year or record.start_year
    if year is None or present is None:
        return Finding("unknown", said("No consta de qué años es.", "Its years are not on record."))
    years = max(0, present - year)
    ended = record.end_year is not None
    sentence = said(
        f"{'Terminó' if ended else 'Empezó'} en {year}, hace {years} {'año' if years == 1 else 'años'}.",
        f"It {'ended' if ended else 'began'} in {year}, {years} {'year' if years == 1 else 'years'} ago.",
    )
    there = words(f"{years} años", f"{years} years", float(years), "years", year)
    return Finding("alike" if years <= OLD_YEARS else "differs", sentence, there=there)


def duration(pair: Pair) -> int | None:
    """Return the calendar years touched; None where one end is not known."""
    record = pair.practice
    if record.start_year is None or record.end_year is None:
        return None
    return record.end_year - record.start_year + 1


MEASURES = {
    "simplicity": simplicity,
    "documentation": documentation,
    "evidence": evidence,
    "replicated": replicated,
    "gender": gender,
    "age": age,
}
