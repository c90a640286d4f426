"""The command that says what to fund where: the same question, checks and rows as over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli_output import json_option, language_option, progress_bar
from api.config import read_settings
from recommender.domain import QueryError
from recommender.figures import number

if TYPE_CHECKING:
    from api.schemas_portfolio import PortfolioOut

WORDS = {
    "es": {
        "embedding": "Preparación de los textos",
        "practice": "Práctica",
        "territory": "Territorio",
        "fit": "Ajuste",
        "need": "Necesidad",
        "cost": "Costo USD",
        "survival": "Se mantiene",
        "assumed": "supuesto",
        "total": "{count} subvenciones, {total} USD de {budget} ({assumed} USD sobre un costo supuesto); "
        "quedan {left} USD.",
        "optimal": "Óptimo probado en {seconds} s.",
        "within_gap": "A lo sumo {gap} % por debajo del óptimo ({seconds} s).",
        "share": "Mínimo para {name}: {needed} USD; se conceden {granted} USD.",
        "greedy": "La regla de mejor valor por dólar alcanza {value} frente a {own}{missed}.",
        "missed": " e incumple el mínimo para {names}",
        "considered": "{candidates} de {considered} pares de práctica y territorio eran posibles{excluded}.",
        "excluded": "; fuera: {reasons}",
        "already_there": "ya se hace allí",
        "shelter": "refugio que no se muestra tan de cerca",
        "cost_unknown": "costo desconocido",
        "need_unknown": "necesidad desconocida",
        "people_unknown": "población desconocida",
        "above_budget": "cuesta más que el presupuesto",
        "more": "Con {more} USD más: +{value} de valor, {added} subvenciones nuevas, {dropped} menos.",
    },
    "en": {
        "embedding": "Preparing the texts",
        "practice": "Practice",
        "territory": "Territory",
        "fit": "Fit",
        "need": "Need",
        "cost": "Cost USD",
        "survival": "Survives",
        "assumed": "assumed",
        "total": "{count} grants, USD {total} of {budget} (USD {assumed} on an assumed cost); "
        "USD {left} are left.",
        "optimal": "Proven optimal in {seconds} s.",
        "within_gap": "At most {gap}% below the optimum ({seconds} s).",
        "share": "Minimum for {name}: USD {needed}; USD {granted} are granted.",
        "greedy": "The rule of best value per dollar reaches {value} against {own}{missed}.",
        "missed": " and misses the minimum for {names}",
        "considered": "{candidates} of {considered} pairs of practice and territory were possible{excluded}.",
        "excluded": "; left out: {reasons}",
        "already_there": "already runs there",
        "shelter": "shelter that is not shown that closely",
        "cost_unknown": "cost not known",
        "need_unknown": "need not known",
        "people_unknown": "population not known",
        "above_budget": "costs more than the budget",
        "more": "With USD {more} more: +{value} of value, {added} new grants, {dropped} fewer.",
    },
}

WIDTHS = {"practice": 26, "territory": 10}
"""Least widths of columns, so that long titles do not break in the middle of words."""


@click.command()
@click.option("--budget", "budget_usd", type=float, required=True, metavar="USD", help="Never exceeded.")
@click.option("--horizon", "horizon_months", type=int, metavar="MONTHS", help="Within how many months.")
@click.option("--territory", "territories", multiple=True, help="Id or name; may be repeated.")
@click.option("--level", help="country, admin1 or admin2.  [default: the smallest there is]")
@click.option("--region", help="Region of the territories.")
@click.option("--country", help="Country of the territories, ISO 3166-1 alpha-2.")
@click.option("--theme", "themes", multiple=True, metavar="CODE", help="Theme; may be repeated.")
@click.option(
    "--min-share",
    "shares",
    multiple=True,
    metavar="DIMENSION:CODE=PART",
    help="Least part of the budget, as region:Costa=0.3; province, region, theme or organisation_type.",
)
@click.option("--max-per-territory", type=int, metavar="N", help="Most grants of one territory.")
@click.option("--max-per-practice", type=int, metavar="N", help="Most grants of one practice.")
@click.option(
    "--assumed-cost",
    metavar="USD[,LOW,HIGH]",
    help="Assumed cost of a grant where none is recorded, and its range.",
)
@click.option("--weight-by-population", is_flag=True, default=None, help="Weigh by the target population.")
@click.option("--more", "more_usd", type=float, metavar="USD", help="What would so much more buy?")
@click.option("--draws", type=int, metavar="N", help="Draws of plausible costs and scores.  [default: 50]")
@click.option("--seed", type=int, metavar="N", help="Of the draws.  [default: 0]")
@click.option("--time-limit", "time_limit_seconds", type=float, metavar="SECONDS", help="Of the search.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a spreadsheet to FILE.")
@json_option
@language_option
def allocate(as_csv: bool, xlsx: Path | None, as_json: bool, language: str, **given: Any) -> None:  # noqa: ANN401
    """Choose which practice to fund in which territory under a budget."""
    from api.engine import Engine
    from api.portfolio_answers import portfolio_csv, portfolio_out, portfolio_xlsx
    from api.schemas_portfolio import PortfolioIn
    from recommender.allocation import fund

    asked = PortfolioIn.model_validate(_body(given))
    with progress_bar(WORDS[language]["embedding"]) as progress:
        state = Engine(read_settings()).load(progress)
    question = asked.to_domain(state.pipeline.gazetteer)
    answer = portfolio_out(fund(state.pipeline, question), state, language)
    if xlsx is not None:
        xlsx.write_bytes(portfolio_xlsx(answer))
    if as_json:
        click.echo(answer.model_dump_json())
    elif as_csv:
        click.echo(portfolio_csv(answer), nl=False)
    elif xlsx is None:
        _show(answer, language)


def _body(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options in the form of a body, to be checked like one."""
    body = {name: value for name, value in given.items() if value is not None and value != ()}
    body["filters"] = {"themes": list(body.pop("themes", ()))}
    if "territories" in body:
        body["territories"] = list(body["territories"])
    body["minimum_shares"] = [_share(text) for text in body.pop("shares", ())]
    if "assumed_cost" in body:
        names = ("value", "low", "high")
        parts = body.pop("assumed_cost").split(",")
        if len(parts) not in (1, 3):
            raise _unreadable("--assumed-cost", ",".join(parts), "50000 / 50000,25000,100000")
        body["assumed_cost_usd"] = {
            name: _number("--assumed-cost", part) for name, part in zip(names, parts, strict=False)
        }
    return body


def _share(text: str) -> dict[str, Any]:
    name, equals, part = text.rpartition("=")
    dimension, colon, code = name.partition(":")
    if not (equals and colon):
        raise _unreadable("--min-share", text, "region:Costa=0.3")
    return {"dimension": dimension, "code": code, "share": _number("--min-share", part)}


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unreadable(option, text, "0.3") from None


def _unreadable(option: str, value: str, example: str) -> QueryError:
    return QueryError(
        es=f"{option}: «{value}» no se entiende; se espera algo como {example}.",
        en=f'{option}: "{value}" is not understood; something like {example} is expected.',
        field=option,
        value=value,
    )


def _show(answer: PortfolioOut, language: str) -> None:
    """Print the grants as a table, then what the portfolio costs, proves and rests on."""
    words, console = WORDS[language], Console(highlight=False)
    table = Table()
    for name in ("#", "practice", "territory", "fit", "need", "cost", "survival"):
        table.add_column(words.get(name, name), overflow="fold", min_width=WIDTHS.get(name))
    for grant in answer.grants:
        mark = f" ({words['assumed']})" if grant.cost_basis == "assumed" else ""
        cells = (
            str(grant.rank),
            grant.practice.title,
            grant.territory.name,
            f"{grant.fit:.0f}",
            number(grant.need_percentile, language, 2),
            _dollars(grant.cost_usd, language) + mark,
            "" if grant.survival is None else f"{grant.survival:.0%}",
        )
        table.add_row(*(escape(cell) for cell in cells))
    if answer.grants:
        console.print(table)
    console.print("\n" + escape("\n".join([*_lines(answer, language), *answer.assumptions])))
    console.print(f"[italic]{escape(answer.notice)}[/italic]")


def _lines(answer: PortfolioOut, language: str) -> list[str]:
    """Say what the portfolio costs, proves, leaves out and would do with more money."""
    words = WORDS[language]
    total = words["total"].format(
        count=len(answer.grants),
        total=_dollars(answer.total_usd, language),
        budget=_dollars(answer.budget_usd, language),
        assumed=_dollars(answer.assumed_usd, language),
        left=_dollars(answer.left_usd, language),
    )
    proven = words[answer.status].format(
        gap=number(100 * answer.gap, language, 2), seconds=number(answer.seconds, language, 1)
    )
    shares = [
        words["share"].format(
            name=share.name,
            needed=_dollars(share.needed_usd, language),
            granted=_dollars(share.granted_usd, language),
        )
        for share in answer.minimum_shares
    ]
    missed = words["missed"].format(names=", ".join(answer.greedy.missed_shares))
    greedy = words["greedy"].format(
        value=number(answer.greedy.value, language, 1),
        own=number(answer.value, language, 1),
        missed=missed if answer.greedy.missed_shares else "",
    )
    return [total, *shares, proven, greedy, *_more(answer, language), _considered(answer, language)]


def _more(answer: PortfolioOut, language: str) -> list[str]:
    more = answer.more
    if more is None or more.value is None:
        return []
    told = {"more": number(more.more_usd, language, 0), "value": number(more.value, language, 1)}
    counts = {"added": len(more.added), "dropped": len(more.dropped)}
    return [WORDS[language]["more"].format(**told, **counts)]


def _considered(answer: PortfolioOut, language: str) -> str:
    words = WORDS[language]
    reasons = ", ".join(
        f"{words[reason]} ({number(count, language, 0)})"
        for reason, count in answer.excluded.items()
        if count
    )
    return words["considered"].format(
        candidates=number(answer.candidates, language, 0),
        considered=number(answer.considered, language, 0),
        excluded=words["excluded"].format(reasons=reasons) if reasons else "",
    )


def _dollars(amount: float, language: str) -> str:
    """Write dollars, with cents only where there are some."""
    return number(amount, language, 0 if amount == int(amount) else 2)
