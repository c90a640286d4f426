"""The command that ranks practices: the same question, checks and rows as over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from recommender.query import LIKELY

if TYPE_CHECKING:
    from api.schemas_answer import RankingOut, RecommendationOut
    from api.schemas_places import PlaceFitOut

MODE_HELP = "fit: an index, what reaches a place anyway held constant; likely: with it, and its probability."

PLACES = 3
"""Places named in the table; the JSON names all."""

PRESENT = 5
"""Practices named that already run in the territory."""

WORDS = {
    "es": {
        "embedding": "Preparación de los textos",
        "practice": "Práctica",
        "fit": "Ajuste",
        "where": "Dónde se hizo",
        "high": "alto",
        "medium": "medio",
        "low": "bajo",
        "probability": "Prob.",
        "coverage": "Datos",
        "evidence": "Evidencia",
        "counts": "{shown} de {eligible} prácticas que cumplen los filtros ({considered} en total). "
        "Datos {data}, modelo {model}.",
        "present": "Ya se hace o se hizo aquí: {titles}.",
        "none": "Ninguna práctica cumple los filtros ({considered} en total).",
    },
    "en": {
        "embedding": "Preparing the texts",
        "practice": "Practice",
        "fit": "Fit",
        "where": "Where it ran",
        "high": "high",
        "medium": "medium",
        "low": "low",
        "probability": "Prob.",
        "coverage": "Data",
        "evidence": "Evidence",
        "counts": "{shown} of {eligible} practices that pass the filters ({considered} in all). "
        "Data {data}, model {model}.",
        "present": "It already runs or ran here: {titles}.",
        "none": "No practice passes the filters ({considered} in all).",
    },
}


def _several(flag: str, name: str, text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(flag, name, multiple=True, metavar="CODE", help=f"{text}; may be repeated.")


@click.command()
@click.option("--territory", help="Id, name, alias or capital; accents are forgiven.")
@click.option("--need", help="What is needed, in your own words.")
@click.option(
    "--organisation",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON file with the organisation's profile.",
)
@click.option("--asker", help="local_government, organisation or cooperation_agency; said back only.")
@_several("--theme", "themes", "Theme")
@_several("--population", "populations", "Population group")
@_several("--sdg", "sdgs", "Sustainable Development Goal, 1-17")
@_several("--gcm", "gcm_objectives", "Global Compact for Migration objective, 1-23")
@_several("--organisation-type", "organisation_types", "Type of the organisation that ran it")
@_several("--country", "countries", "Country where it ran, ISO 3166-1 alpha-2")
@click.option("--budget-max", "budget_max_usd", metavar="USD", help="Largest budget; unknown ones stay in.")
@click.option("--year-from", metavar="YEAR", help="Earliest start; unknown ones stay in.")
@click.option("--year-to", metavar="YEAR", help="Latest start; unknown ones stay in.")
@click.option("-k", "k", metavar="N", help="Rows, 1 to 500.  [default: 10]")
@click.option(
    "--weights",
    multiple=True,
    metavar="FEATURE=FACTOR",
    help="Factor on a feature's weight; may be repeated.",
)
@click.option("--mode", help=MODE_HELP)
@click.option(
    "--diversity/--no-diversity", "diversify", default=True, help="Re-rank for diversity.  [default: yes]"
)
@click.option(
    "--include-present", is_flag=True, default=None, help="Rank what already runs in the territory too."
)
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV.")
@json_option
@language_option
def rank(organisation: Path | None, as_csv: bool, as_json: bool, language: str, **given: Any) -> None:  # noqa: ANN401
    """Rank practices for a territory, an organisation and a need; any one of them is enough."""
    from api.answers import ranking_out
    from api.csv_rows import ranking_csv
    from api.engine import Engine
    from api.schemas_query import RankOptions

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    asked = {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v not in (None, ())}
    options = RankOptions.model_validate(asked)
    profile = _read_profile(organisation) if organisation else None
    question = options.question(territory=options.territory, organisation=profile)
    with progress_bar(WORDS[language]["embedding"]) as progress:
        state = Engine(read_settings()).load(progress, with_encoder=options.need is not None)
    ranking = state.recommend(question.to_domain(state.pipeline.gazetteer))
    answer = ranking_out(ranking, state, language)
    if as_json:
        click.echo(answer.model_dump_json())
    elif as_csv:
        click.echo(ranking_csv(answer), nl=False)
    else:
        _show(answer, language)


def _read_profile(path: Path) -> object:
    """Read an organisation's profile from a JSON file; its form is checked with the question."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise QueryError(
            es=f"El perfil de la organización «{path}» no se puede leer: {reason}. "
            "Se espera un archivo JSON en UTF-8.",
            en=f'The organisation profile "{path}" cannot be read: {reason}. '
            "A JSON file in UTF-8 is expected.",
            file=str(path),
        ) from None


def _show(answer: RankingOut, language: str) -> None:
    """Print the rows as a table, then each with its reasons, then what the answer rests on."""
    words, console = WORDS[language], Console(highlight=False)
    if answer.need_remark:
        console.print(escape(answer.need_remark) + "\n")
    if answer.recommendations:
        table = Table()
        likely = answer.query.mode == LIKELY
        chance = ("probability",) if likely else ()
        for name in ("#", "practice", "fit", *chance, "coverage", "evidence", "where"):
            table.add_column(words.get(name, name), overflow="fold", ratio=2 if name == "practice" else None)
        for row in answer.recommendations:
            table.add_row(*(escape(cell) for cell in _cells(row, language, likely)))
        console.print(table)
        for row in answer.recommendations:
            _show_reasons(row, console)
    if answer.already_here:
        titles = "; ".join(present.title for present in answer.already_here[:PRESENT])
        more = "; …" if len(answer.already_here) > PRESENT else ""
        console.print("\n" + escape(words["present"].format(titles=titles + more)))
    text = words["counts" if answer.recommendations else "none"].format(
        shown=len(answer.recommendations),
        eligible=answer.eligible,
        considered=answer.considered,
        data=answer.data_version,
        model=answer.model_version,
    )
    for remark in answer.model_remarks:
        console.print("\n" + escape(remark))
    console.print(f"\n{escape(text)}\n[italic]{escape(answer.notice)}[/italic]")


def _cells(row: RecommendationOut, language: str, likely: bool) -> list[str]:
    words = WORDS[language]
    places = [place.name for place in row.origin.territories]
    more = f" +{len(places) - PLACES}" if len(places) > PLACES else ""
    return [
        str(row.rank),
        row.title,
        f"{row.fit:.0f} {words.get(row.band, row.band)}",
        *([chance_words(row, language)] if likely else []),
        f"{row.coverage * 100:.0f} %",
        row.evidence_label,
        ", ".join(places[:PLACES]) + more,
    ]


def chance_words(row: RecommendationOut | PlaceFitOut, language: str) -> str:
    """Write a probability with the ends of its interval, in percent; "?" where there is none."""
    if row.probability is None or row.probability_low is None or row.probability_high is None:
        return "?"
    low, high = 100 * row.probability_low, 100 * row.probability_high
    return f"{number(100 * row.probability, language, 1)} % ({low:.0f}-{high:.0f})"


def _show_reasons(row: RecommendationOut, console: Console) -> None:
    """Print reasons (+), differences (≠), remarks (·) and questions (?), then who ran it and the source."""
    body = row.origin.organisation.name if row.origin.organisation else None
    marked = [
        *(("+", reason.sentence) for reason in row.reasons),
        *(("≠", difference.sentence) for difference in row.differences),
        *(("·", remark) for remark in row.remarks),
        *(("?", question) for question in row.questions),
        ("→", ", ".join(filter(None, [row.practice_id, body, row.source.url]))),
    ]
    console.print(f"\n[bold]{row.rank}. {escape(row.title)}[/bold]")
    for mark, line in marked:
        grid = Table.grid(padding=(0, 1))
        grid.add_column()
        grid.add_column(overflow="fold")
        grid.add_row(f"  {mark}", escape(line))
        console.print(grid)
