"""What the territory's and the record's features say in words, with figures and years.

Each sayer takes a `Subject` (who is compared with what) and a feature's value and gives one
sentence in Spanish and English. Sentences state what the data say; none promises success.
"""

from __future__ import annotations

from dataclasses import dataclass

from recommender.comparison import Comparison, Standing
from recommender.domain import Catalogue, Practice, Text
from recommender.figures import join, number, quantity, statement
from recommender.taxonomy import Taxonomy

QUOTED = 2
"""Figures quoted in one sentence: enough to check it, few enough to read on a phone."""


@dataclass(frozen=True)
class Subject:
    """One pair as the sentences see it; lists are ordered by how much they matter.

    `origin_id` is the most alike place where the practice ran, None where none is known.
    """

    catalogue: Catalogue
    taxonomy: Taxonomy
    practice: Practice
    territory_id: str | None = None
    origin_id: str | None = None
    drivers: tuple[Standing, ...] = ()
    alikes: tuple[Comparison, ...] = ()
    differences: tuple[Comparison, ...] = ()
    groups: tuple[Standing, ...] = ()

    def place(self, territory_id: str) -> str:
        """Name a territory, with its province or country where the name alone may mislead."""
        territory = self.catalogue.territories[territory_id]
        parent = self.catalogue.territories.get(territory.parent_id or "")
        return (
            territory.name
            if parent is None or parent.name == territory.name
            else (f"{territory.name} ({parent.name})")
        )

    def titles(self, vocabulary: str, codes: tuple[str, ...], language: str) -> str:
        """Name codes of a vocabulary in a sentence: "salud y vivienda"."""
        return join([self.taxonomy.title(vocabulary, c, language).lower() for c in codes], language)


def need_alignment(subject: Subject, value: float) -> Text:
    """Quote the indicators on which the place most has, or most lacks, the problem."""
    sign = 1.0 if value >= 0 else -1.0
    quoted = [d for d in subject.drivers if d.share * sign > 0][:QUOTED]
    if not quoted:
        return Text(
            {
                "es": "En los indicadores de que trata la práctica, el territorio está en la media.",
                "en": "On the indicators the practice speaks of, the territory stands in the middle.",
            }
        )
    return Text({language: _need(subject, quoted, sign, language) for language in ("es", "en")})


def _need(subject: Subject, quoted: list[Standing], sign: float, language: str) -> str:
    figures = "; ".join(_standing(subject, driver, language) for driver in quoted)
    if language == "es":
        start = "El problema que atiende se da aquí" if sign > 0 else "El problema que atiende es menor aquí"
    else:
        start = (
            "The problem it addresses is present here"
            if sign > 0
            else "The problem it addresses is smaller here"
        )
    return f"{start}: {figures}."


def _standing(subject: Subject, driver: Standing, language: str) -> str:
    indicator = subject.catalogue.indicators[driver.indicator_id]
    worse = driver.percentile if driver.need > 0 else 1.0 - driver.percentile
    said = f"{statement(indicator, driver.value, language)} ({driver.year}{_lent(subject, driver, language)})"
    share = number(100.0 * max(worse, 1.0 - worse), language, 0)
    kind = KINDS[subject.catalogue.territories[driver.from_id].level][language]
    if language == "es":
        return f"{said}, {'más' if worse >= 0.5 else 'menos'} necesidad que en el {share} % de {kind}"
    return f"{said}, {'more' if worse >= 0.5 else 'less'} need than in {share}% of {kind}"


KINDS = {
    "country": {"es": "los países", "en": "countries"},
    "admin1": {"es": "las provincias", "en": "provinces"},
    "admin2": {"es": "los cantones", "en": "cantons"},
    "admin3": {"es": "las parroquias", "en": "parishes"},
}


def _lent(subject: Subject, standing: Standing, language: str) -> str:
    if not standing.borrowed:
        return ""
    name = subject.catalogue.territories[standing.from_id].name
    return f", dato de la provincia de {name}" if language == "es" else f", figure of {name} province"


def likeness(subject: Subject, value: float) -> Text:
    """Name the most alike place where the practice ran and what is alike, or most different, there."""
    if subject.origin_id is None:
        return UNKNOWN_ORIGIN
    alike = value >= LIKE_RANDOM
    compared = (subject.alikes if alike else subject.differences)[:QUOTED]
    said = {}
    for language in ("es", "en"):
        place = subject.place(subject.origin_id)
        figures = "; ".join(comparison(subject, c, language) for c in compared)
        if language == "es":
            start = (
                f"Se parece a {place}, donde ya se hizo" if alike else f"Difiere de {place}, donde ya se hizo"
            )
        else:
            start = f"It is like {place}, where it ran" if alike else f"It differs from {place}, where it ran"
        said[language] = f"{start}: {figures}." if figures else f"{start}."
    return Text(said)


LIKE_RANDOM = 0.3679
"""Likeness of two places at random, exp(-1): above it a place is called alike."""

UNKNOWN_ORIGIN = Text(
    {
        "es": "No se puede comparar con el lugar de origen: no se conoce ninguno concreto "
        "o no tiene indicadores.",
        "en": "It cannot be compared with where it ran: no single place is known, or it has no indicators.",
    }
)


def comparison(subject: Subject, compared: Comparison, language: str) -> str:
    """Say one indicator here and there: "38 % aquí (2022), 21 % allá"."""
    indicator = subject.catalogue.indicators[compared.indicator_id]
    here = statement(indicator, compared.here, language)
    there = quantity(compared.there, indicator.unit, language)
    year = f"{compared.there_year}" if compared.there_year != compared.here_year else ""
    lent = [word for flag, word in ((compared.here_borrowed, 0), (compared.there_borrowed, 1)) if flag]
    if language == "es":
        sides = ("aquí", "allá")
        marks = "".join(f"; dato provincial {sides[i]}" for i in lent)
        return f"{here} aquí ({compared.here_year}), {there} allá{f' ({year})' if year else ''}{marks}"
    sides = ("here", "there")
    marks = "".join(f"; provincial figure {sides[i]}" for i in lent)
    return f"{here} here ({compared.here_year}), {there} there{f' ({year})' if year else ''}{marks}"


def groups_present(subject: Subject, value: float) -> Text:
    """Quote the statistics on the practice's population groups."""
    sign = 1.0 if value >= 0.5 else -1.0
    quoted = [g for g in subject.groups if (g.percentile - 0.5) * sign >= 0][:QUOTED]
    said = {}
    for language in ("es", "en"):
        figures = "; ".join(
            f"{statement(subject.catalogue.indicators[g.indicator_id], g.value, language)} "
            f"({g.year}{_lent(subject, g, language)})"
            for g in quoted
        )
        many = sign > 0
        if language == "es":
            start = (
                "Los grupos a los que sirve viven aquí más que en otros lugares"
                if many
                else "Los grupos a los que sirve viven aquí menos que en otros lugares"
            )
        else:
            start = (
                "The groups it serves live here more than elsewhere"
                if many
                else "The groups it serves live here less than elsewhere"
            )
        said[language] = f"{start}: {figures}." if figures else f"{start}."
    return Text(said)


def evidence_level(subject: Subject, value: float) -> Text:
    """Give the evidence level."""
    level = number(value, "en", 0)
    return Text(
        {
            "es": f"Nivel de evidencia {level} de 5 (estándares de Nesta).",
            "en": f"Evidence level {level} of 5 (Nesta standards).",
        }
    )


def replications(subject: Subject, value: float) -> Text:
    """Count the places where it ran."""
    places = round(2.0**value)
    if places == 1:
        return Text(
            {"es": "Se conoce un solo lugar donde se hizo.", "en": "One place where it ran is known."}
        )
    return Text(
        {
            "es": f"Ya se hizo en {places} lugares conocidos.",
            "en": f"It already ran in {places} known places.",
        }
    )


def context_variety(subject: Subject, value: float) -> Text:
    """Count the settings where it ran."""
    settings = round(2.0**value)
    if settings == 1:
        return Text(
            {"es": "Se ha hecho en un solo tipo de entorno.", "en": "It ran in one kind of setting only."}
        )
    return Text(
        {
            "es": f"Se ha hecho en {settings} entornos distintos (países o regiones).",
            "en": f"It ran in {settings} different settings (countries or regions).",
        }
    )


def age(subject: Subject, value: float) -> Text:
    """Say when it ran."""
    practice = subject.practice
    if practice.end_year:
        return Text({"es": f"Terminó en {practice.end_year}.", "en": f"It ended in {practice.end_year}."})
    return Text({"es": f"Empezó en {practice.start_year}.", "en": f"It began in {practice.start_year}."})
