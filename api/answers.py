"""From the core's answers to the schemas, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.language import current_language
from api.schemas import OrganisationBrief, PlaceBrief, SourceOut
from api.schemas_answer import (
    ConceptOut,
    ContributionOut,
    DifferenceOut,
    FiltersOut,
    OrganisationProfileOut,
    OriginOut,
    PresentOut,
    QueryOut,
    RankingOut,
    RecommendationOut,
    SimilarPracticeOut,
)
from api.snapshot import Snapshot
from recommender.domain import Catalogue, Practice
from recommender.query import (
    Chance,
    Contribution,
    Difference,
    ModelUse,
    OrganisationProfile,
    Query,
    Ranking,
    Recommendation,
)
from recommender.taxonomy import VOCABULARIES
from recommender.territory.country_names import country_name

NOTICE = {
    "es": "Ajuste anticipado según los datos disponibles: no es un aval ni un pronóstico de éxito.",
    "en": "Anticipated fit from the data at hand: not an endorsement, not a forecast of success.",
}

EVIDENCE = {
    "es": (
        "no calificada",
        "1: explica con claridad su lógica",
        "2: datos que muestran cambio",
        "3: efecto atribuible a la práctica",
        "4: replicada con evaluación independiente",
        "5: sistemas para sostenerla a escala",
    ),
    "en": (
        "not rated",
        "1: a clear account of its logic",
        "2: data that show change",
        "3: change caused by the practice",
        "4: replicated with independent evaluation",
        "5: systems for consistent delivery at scale",
    ),
}
"""Nesta Standards of Evidence by level; position 0 is "not rated"."""


def evidence_label(level: int | None, language: str) -> str:
    """Return the words for an evidence level; None is said to be not rated."""
    return EVIDENCE[language][level or 0]


def place_brief(catalogue: Catalogue, territory_id: str, language: str | None = None) -> PlaceBrief:
    """Return a territory in few words; countries in `language`, the request's where none is given."""
    language = language or current_language()
    place = catalogue.territories[territory_id]
    parent = catalogue.territories.get(place.parent_id or "")
    return PlaceBrief(
        id=place.id,
        name=country_name(place, language),
        level=place.level,
        parent=country_name(parent, language) if parent else None,
        country=place.country_id,
    )


def organisation_brief(catalogue: Catalogue, organisation_id: str | None) -> OrganisationBrief | None:
    """Return an organisation in few words; None where none is known."""
    if organisation_id is None:
        return None
    found = catalogue.organisations[organisation_id]
    return OrganisationBrief(id=found.id, name=found.name, type=found.type)


def practice_source(practice: Practice) -> SourceOut:
    """Return where a practice's record comes from."""
    return SourceOut(name=practice.source_name, url=practice.source_url, retrieved=practice.retrieved)


def ranking_out(ranking: Ranking, state: Snapshot, language: str) -> RankingOut:
    """Return a whole answer in `language`."""
    catalogue = state.pipeline.catalogue
    return RankingOut(
        notice=NOTICE[language],
        language=language,
        query=_query(ranking.query, state, language),
        recommendations=[_row(row, catalogue, language) for row in ranking.recommendations],
        already_here=[
            PresentOut(practice_id=found, title=catalogue.practices[found].title.get(language))
            for found in ranking.already_here
        ],
        considered=ranking.considered,
        eligible=ranking.eligible,
        need_remark=ranking.need_remark.get(language) if ranking.need_remark else None,
        data_version=ranking.data_version,
        model_version=ranking.model_version,
        **model_use(ranking.model_use, language),
    )


def model_use(used: ModelUse, language: str) -> dict[str, Any]:
    """Return what an answer owes to the learned model, as fields of a schema."""
    return {
        "learned_model": used.learned,
        "new_to_model": list(used.new_countries),
        "model_remarks": [remark.get(language) for remark in used.remarks],
    }


def chance_fields(chance: Chance | None) -> dict[str, float | None]:
    """Return a probability and its interval as fields of a schema; three times null where there is none."""
    return {
        "probability": None if chance is None else chance.probability,
        "probability_low": None if chance is None else chance.low,
        "probability_high": None if chance is None else chance.high,
    }


def similar_out(
    practice: Practice,
    rank: int,
    similarity: float,
    places: Sequence[str],
    catalogue: Catalogue,
    language: str,
) -> SimilarPracticeOut:
    """Return one practice alike to another."""
    return SimilarPracticeOut(
        practice_id=practice.id,
        title=practice.title.get(language),
        rank=rank,
        similarity=similarity,
        origin=_origin(practice, places, catalogue, language),
        source=practice_source(practice),
    )


def _query(query: Query, state: Snapshot, language: str) -> QueryOut:
    filters, catalogue = query.filters, state.pipeline.catalogue
    return QueryOut(
        territory=place_brief(catalogue, query.territory_id, language) if query.territory_id else None,
        organisation=profile_out(query.organisation, catalogue, language) if query.organisation else None,
        need=query.need,
        concepts=_concepts(query.need, state, language) if query.need else [],
        asker=query.asker,
        filters=FiltersOut.model_validate(
            {name: getattr(filters, name) for name in FiltersOut.model_fields}, strict=False
        ),
        k=query.k,
        weights=dict(query.weights),
        mode=query.mode,
        diversify=query.diversify,
        include_present=query.include_present,
    )


def _concepts(need: str, state: Snapshot, language: str) -> list[ConceptOut]:
    """Return what a need speaks of, the clearest of each vocabulary first."""
    mentions = state.concepts.mentions(need)
    title = state.pipeline.taxonomy.title
    return [
        ConceptOut(
            vocabulary=vocabulary,
            code=code,
            name=title(vocabulary, code, language),
            words=list(mentions.phrases[vocabulary, code]),
        )
        for vocabulary in VOCABULARIES
        for code in mentions.codes(vocabulary)
    ]


def profile_out(
    profile: OrganisationProfile, catalogue: Catalogue, language: str | None = None
) -> OrganisationProfileOut:
    """Return who asked, as understood."""
    return OrganisationProfileOut(
        name=profile.name,
        type=profile.type,
        themes=list(profile.themes),
        populations=list(profile.populations),
        territories=[place_brief(catalogue, place, language) for place in profile.territory_ids],
        budget_usd=profile.budget_usd,
        staff=profile.staff,
        horizon_months=profile.horizon_months,
        about=profile.about,
        past_practices=list(profile.past_practices),
    )


def _row(row: Recommendation, catalogue: Catalogue, language: str) -> RecommendationOut:
    practice = catalogue.practices[row.practice_id]
    return RecommendationOut(
        practice_id=practice.id,
        title=practice.title.get(language),
        rank=row.rank,
        fit=row.fit,
        band=row.band,
        score=row.score,
        **chance_fields(row.chance),
        coverage=row.coverage,
        evidence=row.evidence,
        evidence_label=evidence_label(row.evidence, language),
        moved_from=row.moved_from,
        territory=place_brief(catalogue, row.territory_id, language) if row.territory_id else None,
        origin=_origin(practice, row.origin_territory_ids, catalogue, language),
        source=practice_source(practice),
        reasons=[contribution_out(part, language) for part in row.reasons],
        differences=[difference_out(part, catalogue, language) for part in row.differences],
        remarks=[text.get(language) for text in row.remarks],
        questions=[text.get(language) for text in row.questions],
        contributions=[contribution_out(part, language) for part in row.contributions],
    )


def _origin(practice: Practice, places: Sequence[str], catalogue: Catalogue, language: str) -> OriginOut:
    return OriginOut(
        territories=[place_brief(catalogue, place, language) for place in places],
        organisation=organisation_brief(catalogue, practice.organisation_id),
    )


def contribution_out(part: Contribution, language: str) -> ContributionOut:
    """Return one feature's share of a score."""
    return ContributionOut(
        name=part.name,
        value=part.value,
        feature_value=part.feature_value,
        basis=part.basis,
        model=part.model,
        sentence=part.sentence.get(language),
    )


def difference_out(part: Difference, catalogue: Catalogue, language: str) -> DifferenceOut:
    """Return how a territory differs from a place of origin on one indicator."""
    return DifferenceOut(
        indicator_id=part.indicator_id,
        indicator=catalogue.indicators[part.indicator_id].name.get(language),
        unit=catalogue.indicators[part.indicator_id].unit_text.get(language) or part.unit,
        here=part.here,
        here_year=part.here_year,
        here_borrowed=part.here_borrowed,
        there=part.there,
        there_year=part.there_year,
        there_borrowed=part.there_borrowed,
        there_territory=place_brief(catalogue, part.there_territory_id, language),
        sd=part.sd,
        flagged=part.flagged,
        importance=part.importance,
        sentence=part.sentence.get(language),
    )
