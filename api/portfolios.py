"""What to fund where under a budget."""

from __future__ import annotations

from threading import BoundedSemaphore

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.language import current_language
from api.negotiation import API, CSV, JSON, XLSX, chosen_format, snapshot
from api.portfolio_answers import portfolio_csv, portfolio_out, portfolio_xlsx
from api.responses import csv_response, dump, file_response, refusals
from api.schemas_portfolio import PortfolioFormat, PortfolioIn, PortfolioOut
from api.snapshot import Snapshot
from recommender.allocation import fund
from recommender.domain import NotReady

portfolios = APIBlueprint(
    "portfolios",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="portfolios", description="What to fund where.")],
)

FORMATS = {"json": JSON, "csv": CSV, "xlsx": XLSX}
AT_ONCE = 2
"""Portfolios one process works on at a time: each keeps a processor busy for seconds."""
_DESKS = BoundedSemaphore(AT_ONCE)


class PortfoliosBusy(NotReady):
    """As many portfolios as one process works on are being worked on; asking again later will work."""


@portfolios.post("/portfolios", responses={200: PortfolioOut, **refusals(400, 413, 415, 422, 503)})
def create_portfolio(body: PortfolioIn, query: PortfolioFormat) -> Response:
    """Choose the grants worth most within a budget and other limits, with what is proven of the choice.

    Nothing of it is stored. Where no set of grants keeps all limits, the refusal names those in conflict.
    """
    answer = portfolio_for(body, snapshot(), current_language())
    form = query.format or chosen_format(FORMATS)
    if form in ("csv", "csv-excel"):
        return csv_response(portfolio_csv(answer, excel=form == "csv-excel"), "arraigo.csv")
    if form == "xlsx":
        return file_response(portfolio_xlsx(answer), XLSX, "arraigo.xlsx")
    return dump(answer)


def portfolio_for(asked: PortfolioIn, state: Snapshot, language: str) -> PortfolioOut:
    """Choose the grants where there is a free desk, and write the answer.

    Raises
    ------
    QueryError
        When the portfolio cannot be asked for as it is, or no set of grants keeps all limits.
    PortfoliosBusy
        When `AT_ONCE` others are being worked on.
    """
    question = asked.to_domain(state.pipeline.gazetteer)
    if not _DESKS.acquire(blocking=False):
        raise PortfoliosBusy(
            es=f"Ya se calculan {AT_ONCE} carteras a la vez, el máximo de este servicio; "
            "vuelva a pedirla en unos segundos.",
            en=f"{AT_ONCE} portfolios are being worked out already, the most this service does at once; "
            "ask again in a few seconds.",
            limit=AT_ONCE,
        )
    try:
        return portfolio_out(fund(state.pipeline, question), state, language)
    finally:
        _DESKS.release()
