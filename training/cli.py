"""Training's commands of the console script ``arraigo``; they join through entry points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recommender.qrels import write_run
from training import cli_need, need_report

HOME = Path(__file__).resolve().parent.parent
SHIPPED = (HOME / "data" / "ecuador", HOME / "data" / "world")


@click.command()
@click.argument("package", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--task", type=click.Choice(["need"]), required=True, help="What is measured.")
@click.option(
    "--catalogue",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Packages of the practices that are ranked (default: those shipped); may be given again.",
)
@click.option(
    "--run-out", type=click.Path(path_type=Path, dir_okay=False), help="CSV query_id,item_id,score."
)
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="Write the table here too.")
@click.option("--seed", default=0, show_default=True, help="Seed of the bootstrap.")
@click.option(
    "--cache", type=click.Path(path_type=Path), default=HOME / "var" / "cache", help="Text vectors."
)
@click.option("--json", "as_json", is_flag=True, help="Every figure, per query too, as JSON.")
def evaluate(
    package: Path,
    task: str,
    catalogue: tuple[Path, ...],
    run_out: Path | None,
    table: Path | None,
    seed: int,
    cache: Path,
    as_json: bool,
) -> None:
    """Measure the ranking on PACKAGE, beside its peers, with 95 % intervals."""
    with _bar("Embedding") as embedding, _bar("Asking") as asking:
        result, provenance = cli_need.measure(package, catalogue or SHIPPED, cache, seed, embedding, asking)
    written = need_report.markdown(result, cli_need.FULL, provenance)
    if run_out is not None:
        write_run(result.runs[cli_need.FULL], run_out)
    if table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(f"# Judged needs\n\n{cli_need.INTRODUCTION}\n\n{written}", encoding="utf-8")
    if as_json:
        click.echo(json.dumps(need_report.document(result, cli_need.FULL, provenance), indent=1))
    else:
        click.echo(written)


@contextmanager
def _bar(title: str) -> Iterator[cli_need.Progress]:
    """Show a progress bar on standard error once the first step is reported."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(title, total=None)

    def report(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        bar.stop()
