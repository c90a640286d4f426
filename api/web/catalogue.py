"""The catalogue for readers: search with facets, the page of a practice, the page of an organisation."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request

from api.answers import similar_out
from api.language import current_language
from api.negotiation import snapshot
from api.network_answers import partners_out
from api.paging import page_of
from api.profiles import facet_out, organisation_out, practice_brief, practice_out
from api.schemas_catalogue import PracticesQuery
from api.web.blueprint import page
from api.web.forms import read_form
from recommender.search import SORTS

SIMILAR = 5
PARTNERS = 10
CHECKED = ("themes", "populations", "organisation_types", "countries", "sdgs", "gcm_objectives")
"""Facets with several choices at once; the others are one choice of a list."""


@page("practicas", "practices")
def practices() -> str:
    """Search the catalogue: words, filters, and how many practices each choice would show."""
    state, language = snapshot(), current_language()
    query = read_form(PracticesQuery)
    result = state.search.search(query.q, query.filters().to_domain(), query.sort, language)
    rows, fields = page_of(result.rows.tolist(), query)
    facets = [facet_out(name, values, state, language) for name, values in result.facets.items()]
    return render_template(
        "practices.html",
        practices=[practice_brief(state.practice_ids[row], state, language) for row in rows],
        facets=facets,
        checked=CHECKED,
        sorts=SORTS,
        query=query,
        chosen_values=[
            (facet, value, _without(facet.filter, value.value))
            for facet in facets
            for value in facet.values
            if value.selected
        ],
        page=fields,
        previous=fields["links"].previous,
        next=fields["links"].next,
    )


@page("practicas/<id>", "practices/<id>")
def practice(id: str) -> str:
    """Show a practice as its source tells it: who, where, how, since when, and what is alike."""
    state, language = snapshot(), current_language()
    found = state.practice(id)
    record = practice_out(found, state, language)
    alike = [
        similar_out(
            state.practice(other), rank, likeness, state.places_of(other), state.pipeline.catalogue, language
        )
        for rank, (other, likeness) in enumerate(state.pipeline.similar(found.id, SIMILAR), 1)
    ]
    places = state.pipeline.catalogue.territories
    ran = [places[adoption.territory.id] for adoption in record.adoptions]
    return render_template(
        "practice.html",
        practice=record,
        alike=alike,
        partners=[(state.pipeline.catalogue.organisations.get(body), body) for body in record.partners],
        points=[place for place in ran if place.latitude is not None],
        kind=_kind(record.organisation.type, language) if record.organisation else None,
    )


@page("organizaciones/<id>", "organisations/<id>")
def organisation(id: str) -> str:
    """Show an organisation and the practices it ran or took part in."""
    state, language = snapshot(), current_language()
    found = state.organisation(id)
    country = state.pipeline.catalogue.territories.get(found.country or "")
    return render_template(
        "organisation.html",
        body=organisation_out(found, state, language),
        country=country.name if country else None,
        partners=partners_out(state.pipeline.network.partners(id, PARTNERS), state, language),
    )


def _kind(code: str | None, language: str) -> str | None:
    return snapshot().pipeline.taxonomy.title("organisation_types", code, language) if code else None


def _without(name: str, value: str) -> str:
    """Return this address's parameters without one choice, and from the first page."""
    kept = [(key, one) for key, one in request.args.items(multi=True) if (key, one) != (name, value)]
    return urlencode([(key, one) for key, one in kept if key != "page" and one])
