"""Organisations side by side: partners, practices for an organisation, the ecosystem in figures."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import ranking_out
from api.csv_rows import ranking_csv
from api.language import current_language
from api.negotiation import API, snapshot, wants_csv
from api.network_answers import ecosystem_out, partners_out
from api.responses import csv_response, dump, refusals
from api.schemas_answer import RankingOut
from api.schemas_catalogue import IdPath
from api.schemas_network import (
    EcosystemOut,
    EcosystemQuery,
    OrganisationRecommendationsQuery,
    PartnersIn,
    PartnersOut,
    PartnersQuery,
)
from recommender.network.ecosystem import ecosystem
from recommender.query import Query

network = APIBlueprint(
    "network",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="network", description="Who works on what, where and with whom.")],
)


@network.get("/organisations/<id>/partners", responses={200: PartnersOut, **refusals(304, 404, 422, 503)})
def list_partners(path: IdPath, query: PartnersQuery) -> Response:
    """List organisations that work on the same need, near or with what this one lacks, with reasons."""
    state = snapshot()
    found = state.pipeline.network.partners(path.id, query.k, query.type)
    return dump(partners_out(found, state, current_language()))


@network.post("/partners", responses={200: PartnersOut, **refusals(400, 413, 415, 422, 503)})
def create_partners(body: PartnersIn) -> Response:
    """List possible partners of an organisation that is not in the catalogue, with reasons.

    Nothing of its profile is stored or logged.
    """
    state = snapshot()
    profile = body.organisation.to_domain(state.pipeline.gazetteer)
    found = state.pipeline.network.partners_for(profile, body.k, body.type)
    return dump(partners_out(found, state, current_language()))


@network.get(
    "/organisations/<id>/recommendations", responses={200: RankingOut, **refusals(304, 404, 422, 503)}
)
def list_organisation_recommendations(path: IdPath, query: OrganisationRecommendationsQuery) -> Response:
    """Rank practices for an organisation of the catalogue, by what is recorded of it.

    Its type, the themes and groups of its practices, where they ran, and they themselves as its past
    practices, which are left out of the rows.
    """
    state, language = snapshot(), current_language()
    profile = state.pipeline.network.profile(path.id)
    question = Query(
        organisation=profile, filters=query.filters().to_domain(), k=query.k, diversify=query.diversify
    )
    answer = ranking_out(state.recommend(question, profile.past_practices), state, language)
    if wants_csv(query.format):
        return csv_response(ranking_csv(answer, excel=query.format == "csv-excel"), "arraigo.csv")
    return dump(answer)


@network.get("/ecosystem", responses={200: EcosystemOut, **refusals(304, 422, 503)})
def show_ecosystem(query: EcosystemQuery) -> Response:
    """Count who does what where: organisations and practices by type, theme, group and territory."""
    state = snapshot()
    pipeline = state.pipeline
    found = ecosystem(pipeline.catalogue, pipeline.network, query.theme, query.country)
    return dump(ecosystem_out(found, state, current_language(), query.k))
