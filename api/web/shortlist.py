"""The shortlist: chosen practices side by side. It lives in the address, and in the reader's browser."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response, abort, render_template, request

from api.answers import NOTICE, place_brief, ranking_out
from api.csv_rows import SEPARATOR, write_csv
from api.language import current_language
from api.negotiation import XLSX, snapshot
from api.profiles import practice_out
from api.responses import csv_response, file_response
from api.schemas import PlaceBrief
from api.schemas_answer import RecommendationOut
from api.schemas_catalogue import PracticeOut
from api.spreadsheet import write_xlsx
from api.web.blueprint import page
from recommender.query import Query

LONGEST = 30


class Chosen(NamedTuple):
    """The chosen practices, best fit first; `fits` has a row for each that can be ranked for the place."""

    records: list[PracticeOut]
    fits: dict[str, RecommendationOut]
    place: PlaceBrief | None
    need: str | None


@page("seleccion", "shortlist")
def shortlist() -> str:
    """Show the chosen practices side by side; with a place, how each would fit there."""
    return render_template("shortlist.html", **_chosen()._asdict())


@page("seleccion/tabla.<form>", "shortlist/table.<form>")
def shortlist_table(form: str) -> Response:
    """Hand on the chosen practices as a table."""
    rows = _rows(_chosen())
    if form == "csv":
        return csv_response(write_csv(rows), "arraigo.csv")
    if form == "xlsx":
        return file_response(write_xlsx({"practices": rows}), XLSX, "arraigo.xlsx")
    return abort(404)


def _chosen() -> Chosen:
    state, language = snapshot(), current_language()
    ids = list(dict.fromkeys(value for value in request.args.getlist("practice") if value))[:LONGEST]
    records = [practice_out(state.practice(id), state, language) for id in ids]
    name, need = request.args.get("place", "").strip(), request.args.get("need", "").strip() or None
    here = state.pipeline.gazetteer.resolve(name) if name else None
    fits: dict[str, RecommendationOut] = {}
    if here and ids:
        every = Query(territory_id=here.id, need=need, k=500, diversify=False, include_present=True)
        answer = ranking_out(state.recommend(every), state, language)
        fits = {row.practice_id: row for row in answer.recommendations if row.practice_id in ids}
    records.sort(key=lambda record: -(fits[record.id].score if record.id in fits else 0))
    return Chosen(records, fits, place_brief(state.pipeline.catalogue, here.id) if here else None, need)


def _rows(chosen: Chosen) -> list[dict[str, Any]]:
    """Return one row a practice; what is not known is an empty cell."""
    pipeline = snapshot().pipeline
    rows = []
    for record in chosen.records:
        fit = chosen.fits.get(record.id)
        rows.append(
            {
                "practice_id": record.id,
                "title": record.title,
                "territory_id": chosen.place.id if chosen.place else None,
                "fit": fit.fit if fit else None,
                "band": fit.band if fit else None,
                "coverage": fit.coverage if fit else None,
                "evidence": record.evidence,
                "organisation": record.organisation.name if record.organisation else None,
                "places": SEPARATOR.join(dict.fromkeys(a.territory.name for a in record.adoptions)),
                "budget_usd": record.budget_usd,
                "requirements": record.requirements,
                "source": record.source.name,
                "source_url": record.source.url,
                "retrieved": record.source.retrieved,
                "data_version": record.data_version,
                "model_version": pipeline.model_version,
                "notice": NOTICE[current_language()],
            }
        )
    return rows
