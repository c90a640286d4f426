"""The command that ranks territories for a practice: the same rows as over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli_output import json_option, language_option, progress_bar
from api.cli_rank import MODE_HELP, chance_words
from api.config import read_settings
from recommender.figures import number
from recommender.query import LIKELY

if TYPE_CHECKING:
    from api.schemas_places import PlacesOut

WORDS = {
    "es": {
        "embedding": "Preparación de los textos",
        "territory": "Territorio",
        "fit": "Ajuste",
        "probability": "Prob.",
        "need": "Necesidad",
        "supply": "Ya se hace allí",
        "people": "Personas",
        "coverage": "Datos",
        "high": "alto",
        "medium": "medio",
        "low": "bajo",
        "counts": "{shown} de {total} territorios ({eligible} cumplen los filtros). "
        "Datos {data}, modelo {model}.",
        "present": "Ya se hace o se hizo en: {places}.",
    },
    "en": {
        "embedding": "Preparing the texts",
        "territory": "Territory",
        "fit": "Fit",
        "probability": "Prob.",
        "need": "Need",
        "supply": "Already there",
        "people": "People",
        "coverage": "Data",
        "high": "high",
        "medium": "medium",
        "low": "low",
        "counts": "{shown} of {total} territories ({eligible} pass the filters). Data {data}, model {model}.",
        "present": "It already runs or ran in: {places}.",
    },
}


@click.command()
@click.argument("practice_id")
@click.option("--level", help="country, admin1 or admin2.  [default: the smallest with indicators]")
@click.option("--region", help="Region of the territories; accents are forgiven.")
@click.option("--country", help="ISO 3166-1 alpha-2.")
@click.option(
    "--weights",
    multiple=True,
    metavar="FEATURE=FACTOR",
    help="Factor on a feature's weight; may be repeated.",
)
@click.option("--mode", help=MODE_HELP)
@click.option("-k", "k", metavar="N", help="Rows, 1 to 500.  [default: 10]")
@click.option("--page", metavar="N", help="Page of rows.  [default: 1]")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV.")
@click.option("--geojson", "as_geojson", is_flag=True, help="Answer as points of a map.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a spreadsheet to FILE.")
@json_option
@language_option
def places(
    practice_id: str,
    as_csv: bool,
    as_geojson: bool,
    xlsx: Path | None,
    as_json: bool,
    language: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Rank the territories where a practice would take root, with need and present supply."""
    from api.engine import Engine
    from api.place_tables import places_csv, places_geojson, places_xlsx
    from api.places import answer_for
    from api.schemas_places import PlaceFilters

    asked = {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v not in (None, ())}
    filters = PlaceFilters.model_validate(asked)
    with progress_bar(WORDS[language]["embedding"]) as progress:
        state = Engine(read_settings()).load(progress)
    answer = answer_for(practice_id, filters, state, language, linked=False)
    if xlsx is not None:
        xlsx.write_bytes(places_xlsx(answer))
    if as_json:
        click.echo(answer.model_dump_json())
    elif as_csv:
        click.echo(places_csv(answer), nl=False)
    elif as_geojson:
        click.echo(places_geojson(answer))
    elif xlsx is None:
        _show(answer, language)


def _show(answer: PlacesOut, language: str) -> None:
    """Print the rows as a table, then each with its reasons, then what the answer rests on."""
    words, console = WORDS[language], Console(highlight=False)
    console.print(f"[bold]{escape(answer.practice.title)}[/bold]")
    table = Table()
    likely = answer.mode == LIKELY
    chance = ("probability",) if likely else ()
    for name in ("#", "territory", "fit", *chance, "need", "supply", "people", "coverage"):
        table.add_column(words.get(name, name), overflow="fold")
    for row in answer.places:
        people = [
            f"{group.name}: {number(group.persons, language, 0)}"
            for group in row.target_population
            if group.persons is not None
        ]
        cells = (
            str(row.rank),
            f"{row.territory.name} ({row.territory.parent})" if row.territory.parent else row.territory.name,
            f"{row.fit:.0f} {words.get(row.band, row.band)}",
            *([chance_words(row, language)] if likely else []),
            "?" if row.need.value is None else f"{row.need.value:+.2f}",
            str(len(row.supply.practices)),
            "\n".join(people) or "?",
            f"{row.coverage * 100:.0f} %",
        )
        table.add_row(*(escape(cell) for cell in cells))
    console.print(table)
    for row in answer.places:
        console.print(f"\n[bold]{row.rank}. {escape(row.territory.name)}[/bold]")
        marked = [("+", reason.sentence) for reason in row.reasons]
        marked += [("≠", difference.sentence) for difference in row.differences]
        marked += [("·", remark) for remark in row.remarks]
        for mark, line in marked:
            grid = Table.grid(padding=(0, 1))
            grid.add_row(f"  {mark}", escape(line))
            console.print(grid)
    if answer.already_here:
        named = "; ".join(place.name for place in answer.already_here)
        console.print("\n" + escape(words["present"].format(places=named)))
    text = words["counts"].format(
        shown=len(answer.places),
        total=answer.total,
        eligible=answer.eligible,
        data=answer.data_version,
        model=answer.model_version,
    )
    for remark in answer.model_remarks:
        console.print("\n" + escape(remark))
    console.print(
        f"\n{escape(text)}\n[italic]{escape(answer.discretion or '')} {escape(answer.notice)}[/italic]"
    )
