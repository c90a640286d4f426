"""From catalogue records to the schemas of profiles and lists, in one language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from api.answers import evidence_label, organisation_brief, place_brief, practice_source
from api.place_answers import DISCRETION
from api.schemas import Choice
from api.schemas_catalogue import (
    AdoptionOut,
    FacetOut,
    FacetValueOut,
    IndicatorValueOut,
    OrganisationOut,
    PracticeBrief,
    PracticeOut,
    TerritoryOut,
)
from api.snapshot import Snapshot
from recommender.discretion import is_shelter
from recommender.domain import Organisation, Practice, Territory
from recommender.search import FacetValue
from recommender.taxonomy import VOCABULARIES
from recommender.territory.country_names import country_name

FACETS = {
    "themes": ("Tema", "Theme"),
    "populations": ("Población", "Population"),
    "sdgs": ("Objetivo de Desarrollo Sostenible", "Sustainable Development Goal"),
    "gcm_objectives": (
        "Objetivo del Pacto Mundial para la Migración",
        "Global Compact for Migration objective",
    ),
    "organisation_types": ("Tipo de organización", "Type of organisation"),
    "countries": ("País", "Country"),
    "budget_max_usd": ("Presupuesto máximo (USD)", "Largest budget (USD)"),
    "year_from": ("Desde el año", "From year"),
    "year_to": ("Hasta el año", "To year"),
}
"""Filter -> its name in Spanish and English."""


def facet_out(name: str, values: Sequence[FacetValue], state: Snapshot, language: str) -> FacetOut:
    """Return one facet with the names of its choices."""
    choices = [
        FacetValueOut(
            value=v.value, label=_label(name, v.value, state, language), count=v.count, selected=v.selected
        )
        for v in values
    ]
    return FacetOut(filter=name, label=FACETS[name][language == "en"], values=choices)


def _label(facet: str, value: str, state: Snapshot, language: str) -> str:
    if facet in VOCABULARIES:
        return state.pipeline.taxonomy.title(facet, value, language)
    if facet == "countries":
        country = state.pipeline.catalogue.territories.get(value)
        return country_name(country, language) if country else value
    return value


def practice_brief(practice_id: str, state: Snapshot, language: str) -> PracticeBrief:
    """Return a practice in few words."""
    catalogue = state.pipeline.catalogue
    practice = catalogue.practices[practice_id]
    return PracticeBrief(
        id=practice.id,
        title=practice.title.get(language),
        summary=practice.summary.get(language),
        language=_language_of(practice, language),
        organisation=organisation_brief(catalogue, practice.organisation_id),
        territories=[place_brief(catalogue, place, language) for place in state.places_of(practice.id)],
        themes=list(practice.themes),
        populations=list(practice.populations),
        start_year=practice.start_year,
        evidence=practice.evidence_level,
        evidence_label=evidence_label(practice.evidence_level, language),
    )


def practice_out(practice: Practice, state: Snapshot, language: str) -> PracticeOut:
    """Return a practice as its source tells it."""
    catalogue = state.pipeline.catalogue
    return PracticeOut(
        id=practice.id,
        title=practice.title.get(language),
        summary=practice.summary.get(language),
        requirements=practice.requirements.get(language) or None,
        results=practice.results.get(language) or None,
        language=_language_of(practice, language),
        organisation=organisation_brief(catalogue, practice.organisation_id),
        partners=list(practice.partners),
        themes=_choices("themes", practice.themes, state, language),
        populations=_choices("populations", practice.populations, state, language),
        sdgs=_choices("sdgs", practice.sdgs, state, language),
        gcm_objectives=_choices("gcm_objectives", practice.gcm_objectives, state, language),
        tags_basis=practice.tags_basis,
        start_year=practice.start_year,
        end_year=practice.end_year,
        budget_usd=practice.budget_usd,
        people_reached=practice.people_reached,
        evidence=practice.evidence_level,
        evidence_label=evidence_label(practice.evidence_level, language),
        recognition=practice.recognition,
        adoptions=[
            AdoptionOut(
                territory=place_brief(catalogue, adoption.territory_id, language),
                year=adoption.year,
                organisation=organisation_brief(catalogue, adoption.organisation_id),
                outcome=adoption.outcome,
                source_url=adoption.source_url,
            )
            for adoption in state.adoptions.get(practice.id, ())
        ],
        discretion=DISCRETION[language] if is_shelter(practice) else None,
        source=practice_source(practice),
        data_version=state.pipeline.data_version,
    )


def territory_out(place: Territory, state: Snapshot, language: str) -> TerritoryOut:
    """Return the profile of a territory; an indicator that is not known there is listed as such."""
    return TerritoryOut(
        id=place.id,
        name=country_name(place, language),
        level=place.level,
        parent=place_brief(state.pipeline.catalogue, place.parent_id, language) if place.parent_id else None,
        country=place.country_id,
        local_code=place.local_code,
        latitude=place.latitude,
        longitude=place.longitude,
        area_km2=place.area_km2,
        region=place.region,
        capital=place.capital,
        aliases=list(place.aliases),
        indicators=_indicators(place, state, language),
        practices=list(state.practices_at.get(place.id, ())),
        data_version=state.pipeline.data_version,
    )


def organisation_out(body: Organisation, state: Snapshot, language: str) -> OrganisationOut:
    """Return the profile of an organisation with the practices it ran or took part in."""
    return OrganisationOut(
        id=body.id,
        name=body.name,
        type=_choices("organisation_types", (body.type,), state, language)[0] if body.type else None,
        country=body.country,
        network=list(body.network),
        url=body.url,
        about=body.about.get(language) or None,
        practices=[
            practice_brief(practice, state, language) for practice in state.practices_of.get(body.id, ())
        ],
        data_version=state.pipeline.data_version,
    )


def _language_of(practice: Practice, language: str) -> str:
    """Return the language a practice's title is shown in."""
    return language if language in practice.title.values else next(iter(practice.title.values), language)


def _choices(vocabulary: str, codes: Sequence[str | int], state: Snapshot, language: str) -> list[Choice]:
    return [
        Choice(code=code, name=state.pipeline.taxonomy.title(vocabulary, code, language)) for code in codes
    ]


def _indicators(place: Territory, state: Snapshot, language: str) -> list[IndicatorValueOut]:
    """Return one entry per indicator of the catalogue, known or not."""
    matrix, catalogue = state.matrix, state.pipeline.catalogue
    row = matrix.territory_ids.index(place.id)
    known = np.isfinite(matrix.values[row])
    ranked = np.isfinite(matrix.percentile[row])
    borrowed = matrix.borrowed[row]
    entries = []
    for column, indicator in enumerate(catalogue.indicators.values()):
        source = catalogue.sources.get((matrix.source(row, column) if known[column] else None) or "")
        entries.append(
            IndicatorValueOut(
                indicator_id=indicator.id,
                name=indicator.name.get(language),
                unit=indicator.unit_text.get(language) or indicator.unit,
                direction=indicator.direction,
                value=float(matrix.values[row, column]) if known[column] else None,
                year=int(matrix.years[row, column]) if known[column] else None,
                percentile=round(float(matrix.percentile[row, column]), 4) if ranked[column] else None,
                borrowed=bool(borrowed[column]),
                source=f"{source.publisher}: {source.description}" if source else indicator.source,
                licence=source.licence if source else indicator.licence,
            )
        )
    return entries
