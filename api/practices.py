"""Practices: catalogue search with facets, single practices, similar ones."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import similar_out
from api.language import current_language
from api.negotiation import API, snapshot
from api.paging import page_of
from api.profiles import facet_out, practice_brief, practice_out
from api.responses import dump, refusals
from api.schemas_answer import SimilarOut
from api.schemas_catalogue import IdPath, PracticeOut, PracticesOut, PracticesQuery, SimilarQuery

practices = APIBlueprint(
    "practices", __name__, url_prefix=API, abp_tags=[Tag(name="practices", description="The catalogue.")]
)


@practices.get("/practices", responses={200: PracticesOut, **refusals(304, 422, 503)})
def list_practices(query: PracticesQuery) -> Response:
    """Search the catalogue: words in Spanish or English, filters, and how many each choice would show."""
    state, language = snapshot(), current_language()
    result = state.search.search(query.q, query.filters().to_domain(), query.sort, language)
    page, fields = page_of(result.rows.tolist(), query)
    answer = PracticesOut(
        practices=[practice_brief(state.practice_ids[row], state, language) for row in page],
        facets=[facet_out(name, values, state, language) for name, values in result.facets.items()],
        data_version=state.pipeline.data_version,
        **fields,
    )
    return dump(answer)


@practices.get("/practices/<id>", responses={200: PracticeOut, **refusals(304, 404, 422, 503)})
def show_practice(path: IdPath) -> Response:
    """Show a practice as its source tells it."""
    state = snapshot()
    return dump(practice_out(state.practice(path.id), state, current_language()))


@practices.get("/practices/<id>/similar", responses={200: SimilarOut, **refusals(304, 404, 422, 503)})
def list_similar(path: IdPath, query: SimilarQuery) -> Response:
    """List the practices whose texts are most alike."""
    state = snapshot()
    practice = state.practice(path.id)
    rows = [
        similar_out(
            state.practice(other),
            rank,
            similarity,
            state.places_of(other),
            state.pipeline.catalogue,
            current_language(),
        )
        for rank, (other, similarity) in enumerate(state.pipeline.similar(practice.id, query.k), 1)
    ]
    versions = {"data_version": state.pipeline.data_version, "model_version": state.pipeline.model_version}
    return dump(SimilarOut(practice_id=practice.id, similar=rows, **versions))
