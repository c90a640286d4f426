"""Journey of a local government: a place, its profile, what could work there."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.answers import place_brief, ranking_out
from api.engine import current_engine
from api.language import current_language
from api.negotiation import snapshot
from api.peers import peers_out
from api.profiles import practice_brief, territory_out
from api.schemas import FORMATS
from api.schemas_catalogue import IndicatorValueOut, TerritoryOut
from api.schemas_peers import PeersOut
from api.schemas_query import TerritoryRecommendationsQuery
from api.snapshot import Snapshot
from api.web.blueprint import page, web
from api.web.forms import carried, choices, read_form
from api.web.waiting import hold
from recommender.domain import AmbiguousPlace, Territory, UnknownId
from recommender.search import BUDGET_STEPS

CANTON, PROVINCE = "admin2", "admin1"
BOUNDARIES = "boundaries.geojson"
STANDING_OUT = 6
"""Needs shown first on a profile: as many as fit on a phone's first screens."""
PRESSING = 0.7
"""A need stands out where it is larger than in seven of ten places of its like."""
STEPS = (0, 1, 3, 6)
"""From how many practices on record a place's mark grows."""


class IndicatorRow(NamedTuple):
    """One line of a profile; `need` is the share (0-1) of like places with less need, NaN unknown."""

    it: IndicatorValueOut
    need: float
    national: float | None
    peers: float | None
    """Median of the places most like it."""
    peers_share: float | None
    """Share (0-1) of places of its level below that median's places, the middle one of them."""


@page("", "")
def start() -> str:
    """Show the way in: a map, a name to type, and the three doors."""
    state = snapshot()
    return render_template("start.html", groups=_provinces(state), steps=STEPS, counts=_counts(state))


@page("lugares", "places")
def find_place() -> str | Response:
    """Lead to the place meant; where several are meant or none, list which there are."""
    state, language = snapshot(), current_language()
    asked = request.args.get("q", "").strip()
    if not asked:
        return redirect(url_for("web.start"))
    gazetteer, catalogue = state.pipeline.gazetteer, state.pipeline.catalogue
    try:
        return redirect(url_for("web.place", id=gazetteer.resolve(asked).id))
    except (AmbiguousPlace, UnknownId) as error:
        refusal = error.message(language)
        candidates: Any = error.facts.get("candidates") or ()
        nearest: Any = error.facts.get("nearest") or ()
        named = [row["id"] for row in candidates] or list(nearest)
    found = [place.id for place in gazetteer.search(asked, 10)] or named
    found = named if candidates else found
    briefs = [place_brief(catalogue, id) for id in found if id in catalogue.territories]
    return render_template("find_place.html", asked=asked, places=briefs, refusal=refusal)


@page("lugares/<id>", "places/<id>")
def place(id: str) -> str | Response:
    """Show what is known of a place and what already runs there; the way to what could work."""
    state, language = snapshot(), current_language()
    found = state.pipeline.gazetteer.resolve(id)
    if found.id != id:
        return redirect(url_for("web.place", id=found.id))
    profile = territory_out(found, state, language)
    like = _peers(found, state, language)
    inside = [t for t in state.pipeline.catalogue.territories.values() if t.parent_id == found.id]
    return render_template(
        "place.html",
        place=profile,
        rows=_indicator_rows(profile, found, like, state, language),
        here=[practice_brief(practice, state, language) for practice in profile.practices],
        like=like,
        inside=sorted(inside, key=lambda t: t.name),
        counts=_counts(state),
    )


@page("lugares/<id>/practicas", "places/<id>/practices")
def recommend(id: str) -> str:
    """Show ranked practices for a place, with reasons, differences and what is not known."""
    state, language = snapshot(), current_language()
    found = state.pipeline.gazetteer.resolve(id)
    asked = read_form(TerritoryRecommendationsQuery)
    question = asked.question(found.id).to_domain(state.pipeline.gazetteer)
    hold(question)
    answer = ranking_out(state.recommend(question), state, language)
    return render_template(
        "recommend.html",
        question=carried(asked),
        learned=answer.learned_model is not None,
        place=place_brief(state.pipeline.catalogue, found.id),
        answer=answer,
        asked=asked,
        rows=answer_rows(state, answer.recommendations, language),
        themes=choices(state, "themes", language),
        populations=choices(state, "populations", language),
        organisation_types=choices(state, "organisation_types", language),
        budgets=BUDGET_STEPS,
        files={form: _file(found.id, form) for form in FORMATS},
    )


@web.get("/map/base.geojson")
def base_map() -> Response:
    """Draw the ground of the maps: boundaries that a package supplies, else the provinces shipped here."""
    supplied = [folder / BOUNDARIES for folder in current_engine().settings.packages]
    features: list[Any] = []
    for path in supplied:
        if path.is_file():
            features += json.loads(path.read_bytes().decode("utf-8-sig"))["features"]
    if not features:
        return web.send_static_file("base/ecuador.geojson")
    return jsonify({"type": "FeatureCollection", "features": features})


def _file(territory_id: str, form: str) -> str:
    """Return the address at which the same answer is given to programs and spreadsheets."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if value.strip()]
    given = [(name, value) for name, value in asked if name in TerritoryRecommendationsQuery.model_fields]
    address = url_for("recommendations.list_recommendations", id=territory_id)
    kept = [pair for pair in given if pair[0] not in ("format", "lang")]
    return f"{address}?{urlencode([*kept, ('lang', current_language()), ('format', form)])}"


def _peers(found: Territory, state: Snapshot, language: str) -> PeersOut | None:
    """Return the territory beside its peers; None for a country, which has none."""
    if found.level not in (CANTON, PROVINCE):
        return None
    return peers_out(state.pipeline.peers.peers(found.id), state, language)


def answer_rows(state: Snapshot, rows: Any, language: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Put beside each ranked row what its practice's record says in few words."""
    brief = [practice_brief(row.practice_id, state, language) for row in rows]
    kind = state.pipeline.taxonomy.title
    catalogue = state.pipeline.catalogue
    return [
        {
            "row": row,
            "brief": about,
            "kind": kind("organisation_types", about.organisation.type, language)
            if about.organisation and about.organisation.type
            else None,
            "budget": catalogue.practices[row.practice_id].budget_usd,
        }
        for row, about in zip(rows, brief, strict=True)
    ]


def _counts(state: Snapshot) -> dict[str, int]:
    return {place: len(practices) for place, practices in state.practices_at.items()}


def _provinces(state: Snapshot) -> list[tuple[Territory, list[Territory]]]:
    """List provinces with their cantons, both by name; only provinces that have some."""
    territories = state.pipeline.catalogue.territories
    cantons: dict[str, list[Territory]] = defaultdict(list)
    for territory in territories.values():
        if territory.level == CANTON and territory.parent_id:
            cantons[territory.parent_id].append(territory)
    groups = [
        (territories[parent], sorted(inside, key=lambda t: t.name)) for parent, inside in cantons.items()
    ]
    return sorted(groups, key=lambda group: group[0].name)


def _indicator_rows(
    profile: TerritoryOut, found: Territory, like: PeersOut | None, state: Snapshot, language: str
) -> dict[str, list[IndicatorRow]]:
    """Sort indicators into needs that stand out, other known ones and unknown ones.

    The country's own value and the peers' median stand beside each where they are known.
    """
    country = state.pipeline.catalogue.territories.get(found.country_id)
    national: dict[str, float | None] = {}
    if country is not None and country.id != found.id:
        values = territory_out(country, state, language).indicators
        national = {row.indicator_id: row.value for row in values}
    peers = _medians([peer.territory.id for peer in like.peers] if like else [], state)
    rows = [
        IndicatorRow(
            row, _need(row), national.get(row.indicator_id), *peers.get(row.indicator_id, (None, None))
        )
        for row in profile.indicators
    ]
    known = [row for row in rows if row.it.value is not None]
    return {
        "pressing": sorted((row for row in known if row.need >= PRESSING), key=lambda row: -row.need)[
            :STANDING_OUT
        ],
        "known": sorted(known, key=lambda row: row.it.name),
        "unknown": [row for row in rows if row.it.value is None],
    }


def _medians(ids: list[str], state: Snapshot) -> dict[str, tuple[float, float | None]]:
    """Return the median value and percentile over some territories of every indicator known in most."""
    matrix = state.matrix
    rows = [matrix.territory_ids.index(id) for id in ids]
    found: dict[str, tuple[float, float | None]] = {}
    for column, indicator in enumerate(matrix.indicator_ids):
        values, shares = matrix.values[rows, column], matrix.percentile[rows, column]
        values, shares = values[np.isfinite(values)], shares[np.isfinite(shares)]
        if 2 * len(values) > len(rows):
            found[indicator] = (float(np.median(values)), float(np.median(shares)) if len(shares) else None)
    return found


def _need(row: IndicatorValueOut) -> float:
    """Return the share of like places with less need; NaN where the indicator does not speak of need."""
    if row.percentile is None or row.direction not in ("need_high", "need_low"):
        return math.nan
    return row.percentile if row.direction == "need_high" else 1 - row.percentile
