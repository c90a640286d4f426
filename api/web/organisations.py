"""Journey of an organisation: a short profile, practices to replicate, weights to turn."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from api.answers import ranking_out
from api.language import current_language
from api.negotiation import snapshot
from api.network_answers import partners_out
from api.places import answer_for
from api.schemas_answer import RankingOut
from api.schemas_places import PlaceFilters, PlacesOut
from api.schemas_query import OrganisationIn, QuestionQuery
from api.snapshot import Snapshot
from api.web.blueprint import page
from api.web.forms import choices, figure, read_form
from api.web.places import answer_rows
from api.web.waiting import hold
from recommender.features import SPECS

WEIGHED = (
    "themes_shared",
    "populations_shared",
    "type_fit",
    "need_alignment",
    "likeness_nearest",
    "budget_fit",
)
"""Features whose weight an organisation can turn: one for each of the questions it has opinions on."""
FACTORS = ("0", "0.5", "1", "2")
PARTNERS = 8
FIRST, PLACES = 3, 3
"""Practices of which places are named, and how many: enough for a first idea; each links to its map."""
NUMBERS = {"budget_usd": float, "staff": int, "horizon_months": int}


@page("organizacion", "organisation")
def profile() -> str:
    """Ask for a short profile; with one, show practices to replicate."""
    state, language = snapshot(), current_language()
    given = _given()
    answer = rows = partners = None
    places: list[PlacesOut] = []
    asked = read_form(QuestionQuery, weights=_weights(), themes=[], populations=[])  # they describe who asks
    if given or asked.need:
        body = OrganisationIn.model_validate(given)
        question = asked.question(None, body.model_dump() if given else None)
        query = question.to_domain(state.pipeline.gazetteer)
        hold(query)
        answer = ranking_out(state.recommend(query), state, language)
        rows = answer_rows(state, answer.recommendations, language)
        if query.organisation:
            partners = partners_out(
                state.pipeline.network.partners_for(query.organisation, PARTNERS), state, language
            )
        places = _places(answer, asked.weights, state, language)
    meanings = {spec.name: spec.meaning.get(language) for spec in SPECS}
    return render_template(
        "profile.html",
        given=given,
        asked=asked,
        answer=answer,
        rows=rows,
        partners=partners,
        places=places,
        turned={"weights": asked.weights} if asked.weights else {},
        themes=choices(state, "themes", language),
        populations=choices(state, "populations", language),
        organisation_types=choices(state, "organisation_types", language),
        weighed=[(name, meanings[name], request.args.get(f"w.{name}", "1")) for name in WEIGHED],
        factors=FACTORS,
    )


def _places(answer: RankingOut, weights: list[str], state: Snapshot, language: str) -> list[PlacesOut]:
    """Return where the first practices of the list would take root best."""
    asked = PlaceFilters(k=PLACES, weights=weights)
    first = answer.recommendations[:FIRST]
    return [answer_for(row.practice_id, asked, state, language, linked=False) for row in first]


def _given() -> dict[str, Any]:
    """Read the fields of the profile that were filled in; a number that is none is refused by name."""
    args = request.args
    given: dict[str, Any] = {
        name: args[name].strip() for name in ("type", "about") if args.get(name, "").strip()
    }
    for name in ("themes", "populations"):
        if args.getlist(name):
            given[name] = args.getlist(name)
    places = [place.strip() for place in args.get("territories", "").split(",") if place.strip()]
    past = [line.strip() for line in args.get("past", "").splitlines() if line.strip()]
    given |= {"territories": places} if places else {}
    given |= {"past_practices": past} if past else {}
    for name, form in NUMBERS.items():
        if args.get(name, "").strip():
            given[name] = figure(form, args[name])
    return given


def _weights() -> list[str]:
    """Return the factors that were turned away from 1."""
    turned = {name: request.args.get(f"w.{name}", "") for name in WEIGHED}
    return [f"{name}={factor}" for name, factor in turned.items() if factor not in ("", "1")]
