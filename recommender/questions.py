"""What must be asked of an organisation before a practice is replicated: asked, never asserted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from recommender.domain import LANGUAGES, Practice, Text
from recommender.query import OrganisationProfile

LEGAL: Mapping[str, Text] = MappingProxyType(
    {
        "public_institution": Text(
            {
                "es": "¿Tiene su institución la competencia legal para llevar esta práctica, "
                "o la comparte con otro nivel de gobierno?",
                "en": "Does your institution have the legal competence to run this practice, "
                "or does it share it with another level of government?",
            }
        ),
        "civil_society": Text(
            {
                "es": "¿Permiten sus estatutos y su registro llevar esta práctica, "
                "y qué convenio con la autoridad local haría falta?",
                "en": "Do your statutes and registration allow you to run this practice, "
                "and which agreement with the local authority would be needed?",
            }
        ),
        "cooperation_agency": Text(
            {
                "es": "¿Cabe esta práctica en su mandato y en su convenio con el país, "
                "y quién la llevaría después?",
                "en": "Is this practice within your mandate and your agreement with the country, "
                "and who would carry it on afterwards?",
            }
        ),
        "university": Text(
            {
                "es": "¿Permite su reglamento llevar esta práctica (vinculación, pasantías, certificados), "
                "y con qué institución la compartiría?",
                "en": "Do your rules allow you to run this practice (outreach, placements, certificates), "
                "and with which institution would you share it?",
            }
        ),
        "private_enterprise": Text(
            {
                "es": "¿Permite su objeto social llevar esta práctica, y qué permisos o convenios exigiría?",
                "en": "Does your company's purpose allow you to run this practice, "
                "and which permits or agreements would it require?",
            }
        ),
    }
)
"""Organisation type -> the question about what it may run."""

LEGAL_UNKNOWN = Text(
    {
        "es": "¿Qué tipo de organización es la suya, y puede legalmente llevar esta práctica?",
        "en": "What type of organisation is yours, and may it legally run this practice?",
    }
)
BUDGET = Text(
    {
        "es": "¿De qué presupuesto anual dispone? Sin ese dato no se compara con el costo.",
        "en": "What yearly budget do you have? Without it nothing is compared with the cost.",
    }
)
STAFF = Text(
    {
        "es": "¿Cuántas personas de su equipo podrían dedicarse a la práctica?",
        "en": "How many people of your team could work on the practice?",
    }
)
HORIZON = Text(
    {
        "es": "¿Cuántos meses puede sostenerla? Sin ese dato no se compara con su duración.",
        "en": "For how many months can you sustain it? Without it nothing is compared with its duration.",
    }
)


COST = Text(
    {
        "es": "El costo de la práctica no consta: ¿cuánto costaría un año de ella en su territorio? "
        "El equipo de origen puede saberlo.",
        "en": "The cost of the practice is not on record: what would a year of it cost in your territory? "
        "The team that ran it may know.",
    }
)


def gaps(profile: OrganisationProfile) -> tuple[Text, ...]:
    """Return questions about what the profile leaves open: budget, staff, horizon."""
    asked = ((profile.budget_usd, BUDGET), (profile.staff, STAFF), (profile.horizon_months, HORIZON))
    return tuple(question for value, question in asked if value is None)


def questions(profile: OrganisationProfile, practice: Practice) -> tuple[Text, ...]:
    """Return what to ask this organisation about this practice.

    First what it may legally run, then whether it has what an adopter needs (said to be stated by
    the source or inferred), then the cost where none is on record.
    """
    asked = [LEGAL.get(profile.type or "", LEGAL_UNKNOWN)]
    if practice.requirements:
        asked.append(_requirements(practice, profile.staff))
    if practice.budget_usd is None:
        asked.append(COST)
    return tuple(asked)


def _requirements(practice: Practice, staff: int | None) -> Text:
    stated = practice.tags_basis == "stated"
    needed = {language: practice.requirements.get(language).rstrip(".") for language in LANGUAGES}
    basis_es = "según su fuente" if stated else "inferido de su descripción"
    basis_en = "stated by its source" if stated else "inferred from its description"
    team_es = "" if staff is None else f", con un equipo de {staff}"
    team_en = "" if staff is None else f", with a team of {staff}"
    return Text(
        {
            "es": f"Requiere ({basis_es}): {needed['es']}. ¿Cuenta con ello{team_es}?",
            "en": f"It needs ({basis_en}): {needed['en']}. Do you have it{team_en}?",
        }
    )
