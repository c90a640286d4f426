"""What to fund where under a budget."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.language import current_language
from api.negotiation import API, CSV, JSON, XLSX, chosen_format, snapshot
from api.portfolio_answers import portfolio_csv, portfolio_out, portfolio_xlsx
from api.responses import csv_response, dump, file_response, refusals
from api.schemas_portfolio import PortfolioFormat, PortfolioIn, PortfolioOut
from recommender.allocation import fund

portfolios = APIBlueprint(
    "portfolios",
    __name__,
    url_prefix=API,
    abp_tags=[Tag(name="portfolios", description="What to fund where.")],
)

FORMATS = {"json": JSON, "csv": CSV, "xlsx": XLSX}


@portfolios.post("/portfolios", responses={200: PortfolioOut, **refusals(400, 413, 415, 422, 503)})
def create_portfolio(body: PortfolioIn, query: PortfolioFormat) -> Response:
    """Choose the grants worth most within a budget and other limits, with what is proven of the choice.

    Nothing of it is stored. Where no set of grants keeps all limits, the refusal names those in conflict.
    """
    state = snapshot()
    portfolio = fund(state.pipeline, body.to_domain(state.pipeline.gazetteer))
    answer = portfolio_out(portfolio, state, current_language())
    form = query.format or chosen_format(FORMATS)
    if form in ("csv", "csv-excel"):
        return csv_response(portfolio_csv(answer, excel=form == "csv-excel"), "arraigo.csv")
    if form == "xlsx":
        return file_response(portfolio_xlsx(answer), XLSX, "arraigo.xlsx")
    return dump(answer)
