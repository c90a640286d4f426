"""Who does what where: the catalogue in figures."""

from __future__ import annotations

from flask import render_template

from api.language import current_language
from api.negotiation import snapshot
from api.network_answers import ecosystem_out
from api.schemas_network import EcosystemQuery
from api.web.blueprint import page
from api.web.forms import choices, read_form
from recommender.network.ecosystem import ecosystem
from recommender.territory.country_names import country_name


@page("ecosistema", "ecosystem")
def overview() -> str:
    """Count practices by type, theme, group, province and year."""
    state, language = snapshot(), current_language()
    asked = read_form(EcosystemQuery)
    pipeline = state.pipeline
    found = ecosystem(pipeline.catalogue, pipeline.network, asked.theme, asked.country)
    territories = pipeline.catalogue.territories
    return render_template(
        "ecosystem.html",
        it=ecosystem_out(found, state, language, asked.k),
        asked=asked,
        themes=choices(state, "themes", language),
        countries=sorted(
            (country_name(place, language), place.country_id)
            for place in territories.values()
            if place.level == "country"
        ),
    )
