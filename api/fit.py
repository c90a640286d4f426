"""Would this practice take root here, and what would have to change: one practice, one territory."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.documents import layout
from api.documents_docx import write_docx
from api.documents_pdf import write_pdf
from api.fit_answers import FitWriter
from api.language import current_language
from api.negotiation import API, DOCX, JSON, PDF, chosen_format, snapshot
from api.responses import dump, file_response, refusals
from api.schemas_fit import FitOut
from api.schemas_fit_query import FitFormat, FitIn, FitPath, FitQuery
from api.snapshot import Snapshot
from recommender.query import Query

fit = APIBlueprint(
    "fit",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="fit", description="A practice against a territory, and what to adapt.")],
)

FORMATS = {"json": JSON, "pdf": PDF, "docx": DOCX}


@fit.get("/practices/<id>/fit/<territory_id>", responses={200: FitOut, **refusals(304, 404, 422, 503)})
def show_fit(path: FitPath, query: FitQuery) -> Response:
    """Compare a practice with a territory on 29 factors, and plan what to adapt.

    With the need, weights and mode of a ranking, `fit` is that ranking's own figure.
    """
    return _answer(path, query.body(), query.format)


@fit.post(
    "/practices/<id>/fit/<territory_id>", responses={200: FitOut, **refusals(400, 404, 413, 415, 422, 503)}
)
def create_fit(path: FitPath, body: FitIn, query: FitFormat) -> Response:
    """Compare for an organisation, with answers to what was asked. They change this result only.

    Nothing of the organisation or the answers is stored or logged.
    """
    return _answer(path, body, query.format)


def fit_out(practice_id: str, territory: str, asked: FitIn, state: Snapshot, language: str) -> FitOut:
    """Compare and write the answer.

    Raises
    ------
    QueryError
        When practice, territory, organisation, need, weights or answers cannot be used as given.
    NotReady
        When a text is to be read and the encoder does not load in time.
    """
    gazetteer = state.pipeline.gazetteer
    question = Query(
        territory_id=gazetteer.resolve(territory).id,
        organisation=asked.organisation.to_domain(gazetteer) if asked.organisation else None,
        need=asked.need,
        asker=asked.asker,
        weights=asked.weights,
        mode=asked.mode,
    )
    found = state.compare(practice_id, question, asked.answers)
    return FitWriter(found, state, language).answer(asked.answers)


def _answer(path: FitPath, asked: FitIn, form: str | None) -> Response:
    language = current_language()
    answer = fit_out(path.id, path.territory_id, asked, snapshot(), language)
    chosen = form or chosen_format(FORMATS)
    name = f"arraigo-{answer.practice.id}-{answer.territory.id}.{chosen}"
    if chosen == "pdf":
        return file_response(write_pdf(layout(answer)), PDF, name)
    if chosen == "docx":
        return file_response(write_docx(layout(answer)), DOCX, name)
    return dump(answer)
