"""From reverse rankings to their schemas, in one language."""

from __future__ import annotations

from collections.abc import Sequence

from api.answers import (
    NOTICE,
    chance_fields,
    contribution_out,
    difference_out,
    evidence_label,
    model_use,
    organisation_brief,
    place_brief,
    practice_source,
)
from api.schemas import Links
from api.schemas_places import NeedOut, PlaceFitOut, PlacesOut, PracticeRef, SupplyOut, TargetGroupOut
from api.snapshot import Snapshot
from recommender.domain import Catalogue
from recommender.figures import number
from recommender.query import Contribution, OrganisationProfile
from recommender.questions import questions as questions_about
from recommender.reverse import PlaceFit, PlaceRanking
from recommender.territory.target_groups import TargetGroup

DISCRETION = {
    "es": "Esta práctica da refugio a sobrevivientes: sus lugares se muestran y se ordenan por provincia. "
    "Su título y sus textos son los de su fuente pública.",
    "en": "This practice gives shelter to survivors: its places are shown and ranked by province. "
    "Its title and texts are those of its public source.",
}
UNCOUNTED = {
    "es": "{group}: ninguna estadística a mano los cuenta sobre toda la población del territorio.",
    "en": "{group}: no statistic at hand counts them out of the whole population of the territory.",
}
FORMULA = {
    "es": "{group}: {persons} personas = {share} por cada {per} habitantes ({indicator}, {share_year}"
    "{borrowed}) × {population} habitantes ({population_year}). Fuentes: {sources}.",
    "en": "{group}: {persons} people = {share} per {per} residents ({indicator}, {share_year}"
    "{borrowed}) × {population} residents ({population_year}). Sources: {sources}.",
}
BORROWED = {"es": ", valor del territorio superior", "en": ", value of the territory above"}


def practice_ref(catalogue: Catalogue, practice_id: str, language: str) -> PracticeRef:
    """Return a practice by id, title and organisation."""
    practice = catalogue.practices[practice_id]
    return PracticeRef(
        id=practice.id,
        title=practice.title.get(language),
        organisation=organisation_brief(catalogue, practice.organisation_id),
    )


def places_out(
    ranking: PlaceRanking, state: Snapshot, language: str, page: int, pages: int, links: Links | None
) -> PlacesOut:
    """Return a reverse ranking in `language`."""
    catalogue = state.pipeline.catalogue
    practice = catalogue.practices[ranking.query.practice_id]
    return PlacesOut(
        notice=NOTICE[language],
        language=language,
        practice=practice_ref(catalogue, practice.id, language),
        evidence=practice.evidence_level,
        evidence_label=evidence_label(practice.evidence_level, language),
        source=practice_source(practice),
        questions=[text.get(language) for text in questions_about(OrganisationProfile(), practice)],
        places=[_place(row, state, language) for row in ranking.places],
        already_here=[place_brief(catalogue, place, language) for place in ranking.already_here],
        levels=list(ranking.levels),
        discretion=DISCRETION[language] if ranking.veiled else None,
        considered=ranking.considered,
        eligible=ranking.eligible,
        total=ranking.ranked,
        page=page,
        pages=pages,
        k=ranking.query.k,
        links=links,
        weights=dict(ranking.query.weights),
        mode=ranking.query.mode,
        data_version=state.pipeline.data_version,
        model_version=state.pipeline.model_version,
        **model_use(ranking.model_use, language),
    )


def _place(row: PlaceFit, state: Snapshot, language: str) -> PlaceFitOut:
    catalogue = state.pipeline.catalogue
    place, fit = catalogue.territories[row.territory_id], row.fit
    told = {part.name: part for part in fit.contributions}
    return PlaceFitOut(
        rank=fit.rank,
        territory=place_brief(catalogue, place.id, language),
        latitude=place.latitude,
        longitude=place.longitude,
        fit=fit.fit,
        band=fit.band,
        score=fit.score,
        **chance_fields(fit.chance),
        coverage=fit.coverage,
        need=NeedOut(value=row.need, sentence=_sentence(told.get("need_alignment"), language)),
        supply=SupplyOut(
            value=told["theme_supply"].feature_value if "theme_supply" in told else None,
            sentence=_sentence(told.get("theme_supply"), language),
            practices=[practice_ref(catalogue, practice, language) for practice in row.supply],
        ),
        target_population=[_group(group, state, language) for group in row.groups],
        reasons=[contribution_out(part, language) for part in fit.reasons],
        differences=[difference_out(part, catalogue, language) for part in fit.differences],
        remarks=[text.get(language) for text in fit.remarks],
        contributions=[contribution_out(part, language) for part in fit.contributions],
    )


def _sentence(part: Contribution | None, language: str) -> str:
    return part.sentence.get(language) if part else ""


def _group(group: TargetGroup, state: Snapshot, language: str) -> TargetGroupOut:
    """Return the people of a group with the formula written out."""
    title = state.pipeline.taxonomy.title("populations", group.group, language)
    sources = [
        source_name(source, state.pipeline.catalogue)
        for source in (group.share_source, group.population_source)
    ]
    return TargetGroupOut(
        group=group.group,
        name=title,
        persons=None if group.persons is None else round(group.persons),
        sentence=_formula(group, title, sources, state.pipeline.catalogue, language),
        indicator_id=group.indicator_id,
        share=group.share,
        share_per=group.per,
        share_year=group.share_year,
        share_borrowed=group.share_borrowed,
        share_source=sources[0],
        population=group.population,
        population_year=group.population_year,
        population_source=sources[1],
    )


def _formula(
    group: TargetGroup, title: str, sources: Sequence[str | None], catalogue: Catalogue, language: str
) -> str:
    if (
        group.persons is None
        or group.indicator_id is None
        or group.share is None
        or group.per is None
        or group.population is None
    ):
        return UNCOUNTED[language].format(group=title)
    return FORMULA[language].format(
        group=title,
        persons=number(group.persons, language, 0),
        share=number(group.share, language),
        per=number(group.per, language, 0),
        indicator=catalogue.indicators[group.indicator_id].name.get(language),
        share_year=group.share_year,
        borrowed=BORROWED[language] if group.share_borrowed else "",
        population=number(group.population, language, 0),
        population_year=group.population_year,
        sources="; ".join(dict.fromkeys(filter(None, sources))),
    )


def source_name(source_id: str | None, catalogue: Catalogue) -> str | None:
    """Return a source in words; what is no source of the catalogue stays as it is."""
    source = catalogue.sources.get(source_id or "")
    return f"{source.publisher}: {source.description}" if source else source_id
