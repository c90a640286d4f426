"""A practice against a place: what is alike, what differs, what to adapt; and the same to hand on."""

from __future__ import annotations

from flask import Response, abort, render_template, request

from api.documents import layout
from api.documents_docx import write_docx
from api.documents_pdf import write_pdf
from api.fit import fit_out
from api.language import current_language
from api.negotiation import DOCX, PDF, snapshot
from api.responses import file_response
from api.schemas_fit import FitOut
from api.schemas_fit_query import FitIn, FitQuery
from api.web.blueprint import page
from api.web.forms import carried, read_form
from api.web.waiting import hold
from recommender.query import Query

ANSWER = "a."
"""What the name of a form's field starts with where it answers a question of the comparison."""
WRITERS = {"pdf": (write_pdf, PDF), "docx": (write_docx, DOCX)}


@page("practicas/<id>/en/<territory_id>", "practices/<id>/in/<territory_id>")
def compare(id: str, territory_id: str) -> str:
    """Show the comparison and the adaptation plan for the question of the list it was opened from.

    Answers to what is asked stand in the address, as the need, the weights and the mode do.
    """
    asked = read_form(FitQuery)
    answer = _comparison(id, territory_id, asked)
    return render_template(
        "compare.html", it=answer, answers=answer.answers, prefix=ANSWER, question=carried(asked)
    )


@page("practicas/<id>/en/<territory_id>/plan.<form>", "practices/<id>/in/<territory_id>/plan.<form>")
def plan(id: str, territory_id: str, form: str) -> Response:
    """Hand on the comparison, answers included, as a document."""
    if form not in WRITERS:
        abort(404)
    answer = _comparison(id, territory_id, read_form(FitQuery))
    write, media = WRITERS[form]
    name = f"arraigo-{answer.practice.id}-{answer.territory.id}.{form}"
    return file_response(write(layout(answer)), media, name)


def _comparison(id: str, territory_id: str, asked: FitQuery) -> FitOut:
    answers = {
        name.removeprefix(ANSWER): value
        for name, value in request.args.items()
        if name.startswith(ANSWER) and value
    }
    body = FitIn.model_validate(asked.body().model_dump() | {"answers": answers})
    hold(Query(need=body.need))
    return fit_out(id, territory_id, body, snapshot(), current_language())
