"""The shortlist: chosen practices side by side. It lives in the address, and in the reader's browser."""

from __future__ import annotations

from flask import render_template, request

from api.answers import place_brief, ranking_out
from api.language import current_language
from api.negotiation import snapshot
from api.profiles import practice_out
from api.web.site import page
from recommender.query import Query

LONGEST = 30


@page("seleccion", "shortlist")
def shortlist() -> str:
    """Show the chosen practices side by side; with a place, how each would fit there."""
    state, language = snapshot(), current_language()
    ids = list(dict.fromkeys(value for value in request.args.getlist("practice") if value))[:LONGEST]
    records = [practice_out(state.practice(id), state, language) for id in ids]
    name, need = request.args.get("place", "").strip(), request.args.get("need", "").strip() or None
    here = state.pipeline.gazetteer.resolve(name) if name else None
    fits = {}
    if here and ids:
        every = Query(territory_id=here.id, need=need, k=500, diversify=False, include_present=True)
        answer = ranking_out(state.recommend(every), state, language)
        fits = {row.practice_id: row for row in answer.recommendations if row.practice_id in ids}
    return render_template(
        "shortlist.html",
        records=sorted(records, key=lambda record: -(fits[record.id].score if record.id in fits else 0)),
        fits=fits,
        place=place_brief(state.pipeline.catalogue, here.id) if here else None,
        need=need,
    )
