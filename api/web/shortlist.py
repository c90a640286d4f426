"""The shortlist: chosen practices side by side. It lives in the address, and in the reader's browser."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response, abort, render_template, request
from flask_babel import gettext  # type: ignore[import-untyped]

from api.answers import NOTICE, place_brief, ranking_out
from api.csv_rows import SEPARATOR, write_csv
from api.documents import place
from api.fit import fit_out
from api.language import current_language
from api.negotiation import DOCX, PDF, XLSX, snapshot
from api.profiles import practice_out
from api.responses import csv_response, file_response
from api.schemas import PlaceBrief
from api.schemas_answer import RecommendationOut
from api.schemas_catalogue import PracticeOut
from api.schemas_fit_query import FitIn
from api.spreadsheet import write_xlsx
from api.web.blueprint import page
from api.web.shortlist_document import Entry, ShortlistDocument, shortlist_docx, shortlist_pdf
from api.web.waiting import hold
from recommender.query import FIT, LIKELY, Query

LONGEST = 30
TABLES = ("csv", "xlsx")
WRITERS = {"pdf": (shortlist_pdf, PDF), "docx": (shortlist_docx, DOCX)}


class Chosen(NamedTuple):
    """The chosen practices in the order of `mode`; `fits` has a row for each that can be ranked there."""

    records: list[PracticeOut]
    fits: dict[str, RecommendationOut]
    place: PlaceBrief | None
    need: str | None
    remarks: list[str]
    mode: str
    """In what order the list was that they were chosen from; theirs is the same."""


@page("seleccion", "shortlist")
def shortlist() -> str:
    """Show the chosen practices side by side; with a place, how each would fit there."""
    return render_template("shortlist.html", **_chosen()._asdict())


@page("seleccion/tabla.<form>", "shortlist/table.<form>")
def shortlist_table(form: str) -> Response:
    """Hand on the chosen practices as a table."""
    if form not in TABLES:
        abort(404)
    rows = _rows(_chosen())
    if form == "xlsx":
        return file_response(write_xlsx({"practices": rows}), XLSX, "arraigo.xlsx")
    return csv_response(write_csv(rows), "arraigo.csv")


@page("seleccion/documento.<form>", "shortlist/document.<form>")
def shortlist_document(form: str) -> Response:
    """Hand on the chosen practices as a document: reasons, differences and first changes of each."""
    if form not in WRITERS:
        abort(404)
    write, media = WRITERS[form]
    return file_response(write(_document(_chosen())), media, f"arraigo.{form}")


def _chosen() -> Chosen:
    state, language = snapshot(), current_language()
    ids = list(dict.fromkeys(value for value in request.args.getlist("practice") if value))[:LONGEST]
    records = [practice_out(state.practice(id), state, language) for id in ids]
    name, need = request.args.get("place", "").strip(), request.args.get("need", "").strip() or None
    mode = LIKELY if request.args.get("mode") == LIKELY else FIT
    here = state.pipeline.gazetteer.resolve(name) if name else None
    fits: dict[str, RecommendationOut] = {}
    remarks: list[str] = []
    if here and ids:
        every = Query(
            territory_id=here.id, need=need, mode=mode, k=500, diversify=False, include_present=True
        )
        hold(every)
        answer = ranking_out(state.recommend(every), state, language)
        remarks = answer.model_remarks
        fits = {row.practice_id: row for row in answer.recommendations if row.practice_id in ids}
    records.sort(key=lambda record: -(fits[record.id].score if record.id in fits else 0))
    brief = place_brief(state.pipeline.catalogue, here.id) if here else None
    return Chosen(records, fits, brief, need, remarks, mode)


def _document(chosen: Chosen) -> ShortlistDocument:
    """Lay out the document; with a place, each practice is compared with it for the same need."""
    state, language = snapshot(), current_language()
    asked, here = FitIn(need=chosen.need, mode=chosen.mode), chosen.place
    entries = tuple(
        Entry(
            record,
            chosen.fits.get(record.id),
            fit_out(record.id, here.id, asked, state, language) if here else None,
        )
        for record in chosen.records
    )
    place_told = gettext("Anticipated fit for %(place)s.", place=place(here)) if here else ""
    need_told = gettext("Need: %(need)s", need=chosen.need) if chosen.need else ""
    pipeline = state.pipeline
    return ShortlistDocument(
        title=gettext("My selection"),
        subtitle=" ".join(filter(None, (place_told, need_told))),
        entries=entries,
        notice=NOTICE[language],
        versions=gettext(
            "Data %(data)s, model %(model)s.", data=pipeline.data_version, model=pipeline.model_version
        ),
        language=language,
    )


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
                "probability": fit.probability if fit else None,
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
