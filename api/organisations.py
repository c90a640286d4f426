"""Organisations: list and profiles."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import organisation_brief
from api.language import current_language
from api.negotiation import API, snapshot
from api.paging import page_of
from api.profiles import organisation_out
from api.responses import dump, refusals
from api.schemas_catalogue import IdPath, OrganisationOut, OrganisationsOut, OrganisationsQuery

organisations = APIBlueprint(
    "organisations",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="organisations", description="Who runs practices.")],
)


@organisations.get("/organisations", responses={200: OrganisationsOut, **refusals(304, 422, 503)})
def list_organisations(query: OrganisationsQuery) -> Response:
    """List organisations, by words of their name where `q` is given."""
    state = snapshot()
    catalogue = state.pipeline.catalogue
    page, fields = page_of(state.find_organisations(query.q, query.type, query.country), query)
    briefs = [organisation_brief(catalogue, organisation) for organisation in page]
    return dump(
        OrganisationsOut(
            organisations=[brief for brief in briefs if brief],
            data_version=state.pipeline.data_version,
            **fields,
        )
    )


@organisations.get("/organisations/<id>", responses={200: OrganisationOut, **refusals(304, 404, 422, 503)})
def show_organisation(path: IdPath) -> Response:
    """Show an organisation and the practices it ran."""
    state = snapshot()
    return dump(organisation_out(state.organisation(path.id), state, current_language()))
