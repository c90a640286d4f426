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
        "embedding": "Vectores de los textos",
        "practice": "Práctica",
        "territory": "Territorio",
        "fit": "Ajuste",
        "need": "Necesidad",
        "cost": "Costo USD",
        "survival": "Se mantiene",
        "assumed": "supuesto",
        "total": "{count} subvenciones, {total} USD de {budget} ({assumed} USD sobre un costo supuesto); "
        "quedan {left} USD.",
        "optimal": "Óptimo probado en {seconds:.1f} s.",
        "within_gap": "A lo sumo {gap:.2%} por debajo del óptimo ({seconds:.1f} s).",
        "greedy": "La regla de mejor valor por dólar alcanza {value:.1f} frente a {own:.1f}.",
        "more": "Con {more} USD más: +{value:.1f} de valor, {added} subvenciones nuevas, {dropped} menos.",
    },
    "en": {
        "embedding": "Vectors of the texts",
        "practice": "Practice",
        "territory": "Territory",
        "fit": "Fit",
        "need": "Need",
        "cost": "Cost USD",
        "survival": "Survives",
        "assumed": "assumed",
        "total": "{count} grants, USD {total} of {budget} (USD {assumed} on an assumed cost); "
        "USD {left} are left.",
        "optimal": "Proven optimal in {seconds:.1f} s.",
        "within_gap": "At most {gap:.2%} below the optimum ({seconds:.1f} s).",
        "greedy": "The rule of best value per dollar reaches {value:.1f} against {own:.1f}.",
        "more": "With USD {more} more: +{value:.1f} of value, {added} new grants, {dropped} fewer.",
    },
}


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
        table.add_column(words.get(name, name), overflow="fold", ratio=2 if name == "practice" else None)
    for grant in answer.grants:
        mark = f" ({words['assumed']})" if grant.cost_basis == "assumed" else ""
        cells = (
            str(grant.rank),
            grant.practice.title,
            grant.territory.name,
            f"{grant.fit:.0f}",
            f"{grant.need_percentile:.2f}",
            number(grant.cost_usd, language, 2) + mark,
            "" if grant.survival is None else f"{grant.survival:.0%}",
        )
        table.add_row(*(escape(cell) for cell in cells))
    if answer.grants:
        console.print(table)
    lines = [
        words["total"].format(
            count=len(answer.grants),
            total=number(answer.total_usd, language, 2),
            budget=number(answer.budget_usd, language, 2),
            assumed=number(answer.assumed_usd, language, 2),
            left=number(answer.left_usd, language, 2),
        ),
        words[answer.status].format(gap=answer.gap, seconds=answer.seconds),
        words["greedy"].format(value=answer.greedy.value, own=answer.value),
    ]
    more = answer.more
    if more is not None and more.value is not None:
        counts = {"added": len(more.added), "dropped": len(more.dropped)}
        lines.append(
            words["more"].format(more=number(more.more_usd, language, 0), value=more.value, **counts)
        )
    console.print("\n" + escape("\n".join([*lines, *answer.assumptions])))
    console.print(f"[italic]{escape(answer.notice)}[/italic]")
