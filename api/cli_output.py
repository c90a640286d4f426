"""How the command line shows things: tables, JSON, progress bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from pydantic_core import to_json
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from recommender.domain import LANGUAGES

language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of answers.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def report(rows: Sequence[Mapping[str, Any]], title: str | None = None) -> None:
    """Print rows as a table; all rows have the columns of the first."""
    if not rows:
        return
    table = Table(title=title, title_justify="left", show_lines=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(escape("" if value is None else str(value)) for value in row.values()))
    Console().print(table)


def print_json(value: object) -> None:
    """Print anything as JSON."""
    click.echo(to_json(value, fallback=str, inf_nan_mode="null").decode())


@contextmanager
def progress_bar(text: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback (done, of) that draws a bar on the error stream, from its first call on."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(
        *columns, console=console, transient=not console.is_terminal, disable=not console.is_terminal
    )
    task = None
    told, of = -1, 0

    def advance(done: int, total: int) -> None:
        nonlocal task, told, of
        if not console.is_terminal:  # in a log, a line each tenth instead of a bar
            if total != of:  # another piece of work
                told, of = -1, total
            if (tenth := 10 * done // max(total, 1)) > told:
                click.echo(f"{text}: {done}/{total}", err=True)
                told = tenth
            return
        if task is None:
            bar.start()
            task = bar.add_task(text, total=total)
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if task is not None:
            bar.stop()
