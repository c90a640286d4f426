"""Ranked practices: for a question in a body, or for a territory as a plain link."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import ranking_out
from api.csv_rows import ranking_csv
from api.language import current_language
from api.negotiation import API, snapshot, wants_csv
from api.responses import csv_response, dump, refusals
from api.schemas_answer import RankingOut
from api.schemas_catalogue import TerritoryPath
from api.schemas_query import AnswerQuery, RecommendationsIn, TerritoryRecommendationsQuery
from recommender.query import Query

recommendations = APIBlueprint(
    "recommendations",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="recommendations", description="Ranked practices.")],
)


@recommendations.post("/recommendations", responses={200: RankingOut, **refusals(400, 413, 415, 422, 503)})
def create_recommendations(body: RecommendationsIn, query: AnswerQuery) -> Response:
    """Rank practices for a territory, an organisation and a need.

    Territory, organisation and need combine freely; any one alone is a question. Nothing of it is
    stored or logged.
    """
    return _answer(body.to_domain(snapshot().pipeline.gazetteer), query.format)


@recommendations.get(
    "/territories/<id>/recommendations", responses={200: RankingOut, **refusals(304, 404, 422, 503)}
)
def list_recommendations(path: TerritoryPath, query: TerritoryRecommendationsQuery) -> Response:
    """Rank practices for a territory, as a plain link.

    A need written here stands in the address: descriptions of persons belong in a POST body.
    """
    gazetteer = snapshot().pipeline.gazetteer
    return _answer(query.question(path.id).to_domain(gazetteer), query.format)


def _answer(question: Query, form: str | None) -> Response:
    state = snapshot()
    answer = ranking_out(state.recommend(question), state, current_language())
    if wants_csv(form):
        return csv_response(ranking_csv(answer, excel=form == "csv-excel"), "arraigo.csv")
    return dump(answer)
