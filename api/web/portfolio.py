"""What to fund where: a budget and limits in, grants on a map and in a table out."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import Any

from flask import Response, abort, render_template, request
from pydantic import ValidationError

from api.language import current_language
from api.negotiation import XLSX, snapshot
from api.portfolio_answers import portfolio_csv, portfolio_xlsx
from api.portfolios import portfolio_for
from api.responses import csv_response, file_response
from api.schemas_portfolio import PortfolioIn, PortfolioOut
from api.validation import invalid_input
from api.web.blueprint import page
from api.web.forms import choices, figure
from recommender.domain import QueryError

DRAWS = 20
"""Draws of plausible costs and scores: enough to tell a firm grant from a lucky one in a few seconds."""
NUMBERS = {
    "budget_usd": float,
    "more_usd": float,
    "less_usd": float,
    "max_per_territory": int,
    "max_per_practice": int,
}
PROVINCE = "admin1"
TEXTS = ("region", "level")
SHARES = ("theme", "province", "organisation_type")
"""Dimensions of which a minimum share can be asked for on the page."""


@page("cartera", "portfolio")
def portfolio() -> str:
    """Ask for a budget and limits; with a budget, show what to fund where and what more money would buy."""
    state, language = snapshot(), current_language()
    answer = _chosen() if request.args.get("budget_usd", "").strip() else None
    territories = state.pipeline.catalogue.territories
    by_name = sorted(territories.values(), key=attrgetter("name"))
    titles = {id: practice.title.get(language) for id, practice in state.pipeline.catalogue.practices.items()}
    by_place: dict[str, list[Any]] = defaultdict(list)
    for grant in answer.grants if answer else ():
        by_place[grant.territory.id].append(grant)
    less, refused = _with_less() if answer else (None, None)
    return render_template(
        "portfolio.html",
        answer=answer,
        less=less,
        refused=refused,
        places=[(territories[id], grants) for id, grants in by_place.items()],
        territories=territories,
        titles=titles,
        themes=choices(state, "themes", language),
        organisation_types=choices(state, "organisation_types", language),
        provinces=[t for t in by_name if t.level == PROVINCE and t.region],
        regions=sorted({t.region for t in territories.values() if t.region}),
    )


@page("cartera/subvenciones.<form>", "portfolio/grants.<form>")
def grants(form: str) -> Response:
    """Hand on the portfolio as a table."""
    answer = _chosen()
    if form == "csv":
        return csv_response(portfolio_csv(answer, excel="excel" in request.args), "arraigo.csv")
    if form == "xlsx":
        return file_response(portfolio_xlsx(answer), XLSX, "arraigo.xlsx")
    return abort(404)


def _chosen() -> PortfolioOut:
    given = _given()
    given.pop("less_usd", None)
    return portfolio_for(PortfolioIn.model_validate(given), snapshot(), current_language())


def _with_less() -> tuple[PortfolioOut | None, str | None]:
    """Choose with less money, and what the money taken away had bought; or say why nothing can be chosen."""
    given = _given()
    less, budget = given.pop("less_usd", None), given["budget_usd"]
    if not (isinstance(less, float) and isinstance(budget, float) and less > 0):
        return None, None
    try:
        asked = PortfolioIn.model_validate(
            given | {"budget_usd": budget - less, "more_usd": less, "draws": 0}
        )
        return portfolio_for(asked, snapshot(), current_language()), None
    except QueryError as refusal:
        return None, refusal.message(current_language())
    except ValidationError as refusal:
        return None, invalid_input(refusal).message(current_language())


def _given() -> dict[str, Any]:
    """Read the form as the body that programs send; a number that is none is refused by name."""
    args = {name: value.strip() for name, value in request.args.items() if value.strip()}
    given: dict[str, Any] = {name: args[name] for name in TEXTS if name in args}
    given |= {name: figure(form, args[name]) for name, form in NUMBERS.items() if name in args}
    if "assumed" in args:
        given["assumed_cost_usd"] = {"value": figure(float, args["assumed"])}
    themes = [theme for theme in request.args.getlist("themes") if theme]
    given["filters"] = {"themes": themes}
    given["minimum_shares"] = [
        {"dimension": name, "code": args[f"for_{name}"], "share": _part(args[f"share_{name}"])}
        for name in SHARES
        if f"for_{name}" in args and f"share_{name}" in args
    ]
    return given | {"draws": DRAWS}


def _part(percent: str) -> object:
    value = figure(float, percent)
    return value / 100 if isinstance(value, float) else value
