"""What the territory's and the record's features say in words, with figures and years.

Each sayer takes a `Subject` (who is compared with what) and a feature's value and gives one
sentence in Spanish and English. Sentences state what the data say; none promises success.
"""

from __future__ import annotations

from dataclasses import dataclass

from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Practice, Text
from recommender.figures import join, number, quantity, statement
from recommender.query import OrganisationProfile
from recommender.taxonomy import Taxonomy
from recommender.territory.comparison import Comparison, Standing
from recommender.territory.country_names import country_name
from recommender.text.matching import Evidence

QUOTED = 2
"""Figures quoted in one sentence: enough to check it, few enough to read on a phone."""


@dataclass(frozen=True)
class Subject:
    """One pair as the sentences see it; lists are ordered by how much they matter.

    `origin_id` is the most alike place where the practice ran, None where none is known. `recorded` are
    the parts of what recorded adoptions say, in log odds.
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
    profile: OrganisationProfile | None = None
    evidence: Evidence | None = None
    recorded: tuple[tuple[FeatureSpec, float], ...] = ()

    def place(self, territory_id: str, language: str) -> str:
        """Name a territory with what contains it: "Manta (Manabí)", "la provincia de El Oro"."""
        territory = self.catalogue.territories[territory_id]
        if (territory.country_id, territory.level) == ("EC", "admin1"):
            return f"la provincia de {territory.name}" if language == "es" else f"{territory.name} province"
        parent = self.catalogue.territories.get(territory.parent_id or "")
        if parent is None or parent.name == territory.name:
            return country_name(territory, language)
        return f"{territory.name} ({country_name(parent, language)})"

    def kind(self, territory_id: str, language: str) -> str:
        """Name, in the plural, what a territory is compared with."""
        territory = self.catalogue.territories[territory_id]
        return KINDS.get((territory.country_id, territory.level), OTHER_KIND)[language]

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
    kind = subject.kind(driver.from_id, language)
    if indicator.shrink_persons and not driver.borrowed:  # its standing is not that of the figure quoted
        return f"{said}{STEADIED[language]}"
    if language == "es":
        return f"{said}, {'más' if worse >= 0.5 else 'menos'} necesidad que en el {share} % de {kind}"
    return f"{said}, {'more' if worse >= 0.5 else 'less'} need than in {share}% of {kind}"


STEADIED = {
    "es": ", cifra volátil que se compara ajustada hacia la de su provincia",
    "en": ", a volatile figure that is compared after moving it towards its province's",
}
"""Said instead of a rank where a rate is shrunk: the rank is of the shrunk rate, not of what is quoted."""


KINDS = {
    ("EC", "admin1"): {"es": "las provincias", "en": "provinces"},
    ("EC", "admin2"): {"es": "los cantones", "en": "cantons"},
}
OTHER_KIND = {"es": "los territorios de su nivel", "en": "territories of its level"}


def _lent(subject: Subject, standing: Standing, language: str) -> str:
    if not standing.borrowed:
        return ""
    place = subject.place(standing.from_id, language)
    return f", dato de {place}" if language == "es" else f", figure of {place}"


def likeness(subject: Subject, value: float) -> Text:
    """Name the most alike place where the practice ran and what is alike, or most different, there."""
    if subject.origin_id is None:
        return UNKNOWN_ORIGIN
    alike = value >= LIKE_RANDOM
    compared = (subject.alikes if alike else subject.differences)[:QUOTED]
    said = {}
    for language in ("es", "en"):
        place = subject.place(subject.origin_id, language)
        figures = "; ".join(comparison(subject, c, language) for c in compared)
        if language == "es":
            start = (
                f"Se parece a {place}, donde ya se hizo" if alike else f"Difiere de {place}, donde ya se hizo"
            )
        else:
            start = f"It is like {place}, where it ran" if alike else f"It differs from {place}, where it ran"
        said[language] = f"{start}: {figures}." if figures else f"{start}."
    return Text(said)


def likeness_mean(subject: Subject, value: float) -> Text:
    """Give the mean likeness to all places where it ran."""
    alike = value >= LIKE_RANDOM
    es = "se parecen a este" if alike else "difieren de este"
    en = "are like this one" if alike else "differ from this one"
    figure = {language: number(value, language, 2) for language in ("es", "en")}
    return Text(
        {
            "es": f"En conjunto, los lugares donde se hizo {es} (parecido {figure['es']} de 1; "
            "0,37 es lo usual entre dos lugares).",
            "en": f"All in all, the places where it ran {en} (likeness {figure['en']} of 1; "
            "0.37 is usual between two places).",
        }
    )


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
    """Say one indicator here and there: "38 % aquí (2022), 21 % allá (2022)"."""
    indicator = subject.catalogue.indicators[compared.indicator_id]
    here = statement(indicator, compared.here, language)
    there = quantity(compared.there, indicator.unit, language)
    when = _when(compared.here_year, compared.here_borrowed, language)
    when_there = _when(compared.there_year, compared.there_borrowed, language)
    if language == "es":
        return f"{here} aquí {when}, {there} allá {when_there}"
    return f"{here} here {when}, {there} there {when_there}"


def difference(subject: Subject, compared: Comparison, language: str) -> str:
    """Say one difference with its size in national standard deviations."""
    indicator = subject.catalogue.indicators[compared.indicator_id]
    here = statement(indicator, compared.here, language)
    there = quantity(compared.there, indicator.unit, language)
    place = subject.place(compared.there_territory_id, language)
    size = number(abs(compared.sd), language, 1)
    when = _when(compared.here_year, compared.here_borrowed, language)
    when_there = _when(compared.there_year, compared.there_borrowed, language)
    said = f"{here[0].upper()}{here[1:]}"
    if language == "es":
        sense = "más" if compared.sd > 0 else "menos"
        return (
            f"{said} aquí {when}; en {place}, {there} {when_there}: "
            f"{size} desviaciones estándar nacionales {sense}."
        )
    sense = "more" if compared.sd > 0 else "less"
    return (
        f"{said} here {when}; {there} {when_there} in {place}: {size} national standard deviations {sense}."
    )


def _when(year: int, borrowed: bool, language: str) -> str:
    lent = {"es": ", dato provincial", "en": ", provincial figure"}[language] if borrowed else ""
    return f"({year}{lent})"


def groups_present(subject: Subject, value: float) -> Text:
    """Quote the statistics on the practice's population groups."""
    sign = 1.0 if value >= 0.5 else -1.0
    quoted = [g for g in subject.groups if (g.percentile - 0.5) * sign >= 0][:QUOTED]
    degree = "usual" if abs(value - 0.5) < TELLING else "more" if sign > 0 else "less"
    said = {}
    for language in ("es", "en"):
        figures = "; ".join(
            f"{statement(subject.catalogue.indicators[g.indicator_id], g.value, language)} "
            f"({g.year}{_lent(subject, g, language)})"
            for g in quoted
        )
        start = GROUPS_HERE[degree][language]
        said[language] = f"{start}: {figures}." if figures else f"{start}."
    return Text(said)


TELLING = 0.1
"""Standing from the usual 0.5 below which a place is called like most."""
GROUPS_HERE = {
    "more": {
        "es": "Los grupos a los que sirve viven aquí más que en otros lugares",
        "en": "The groups it serves live here more than elsewhere",
    },
    "usual": {
        "es": "Los grupos a los que sirve viven aquí como en la mayoría de los lugares",
        "en": "The groups it serves live here as in most places",
    },
    "less": {
        "es": "Los grupos a los que sirve viven aquí menos que en otros lugares",
        "en": "The groups it serves live here less than elsewhere",
    },
}


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
