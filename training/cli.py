"""Training's commands of the console script ``arraigo``; they join through entry points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recommender.adoption.model import Mode
from recommender.qrels import Run, write_run
from training import adoption_report, cli_adoption, cli_exposure, cli_need, exposure, need_report
from training.adoption_report import TASK_NAMES

HOME = Path(__file__).resolve().parent.parent
SHIPPED = (HOME / "data" / "ecuador", HOME / "data" / "world")


@click.command()
@click.argument("package", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--task", type=click.Choice(["need", "exposure", *TASK_NAMES]), required=True, help="What is measured."
)
@click.option(
    "--catalogue",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="need, exposure: packages of the practices ranked (default: those shipped); may be given again.",
)
@click.option("--cutoffs", default="", help="fit, next, new-territory: years, as in 1990,1995,2000.")
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True),
    help="A model's folder, or models/CURRENT: nothing is refitted.",
)
@click.option("--refit", is_flag=True, help="Fit for each query's date on the package itself (default).")
@click.option("--mode", type=click.Choice(["likely", "fit"]), default="likely", show_default=True)
@click.option("--full", is_flag=True, help="Peers through libraries, and ablations, in the same table.")
@click.option(
    "--run-out", type=click.Path(path_type=Path, dir_okay=False), help="CSV query_id,item_id,score."
)
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="Write the table here too.")
@click.option("--seed", default=0, show_default=True, help="Seed of the bootstrap.")
@click.option(
    "--cache", type=click.Path(path_type=Path), default=HOME / "var" / "cache", help="Text vectors."
)
@click.option("--encoder", help="need: a sentence-transformers model by name or folder, as configured.")
@click.option(
    "--taxonomy",
    type=click.Path(path_type=Path),
    default=cli_need.TAXONOMY,
    help="need: folder of the vocabularies, as configured.",
)
@click.option("--json", "as_json", is_flag=True, help="Every figure, per query too, as JSON.")
def evaluate(
    package: Path,
    task: str,
    catalogue: tuple[Path, ...],
    cutoffs: str,
    model: Path | None,
    refit: bool,
    mode: Mode,
    full: bool,
    run_out: Path | None,
    table: Path | None,
    seed: int,
    cache: Path,
    encoder: str | None,
    taxonomy: Path,
    as_json: bool,
) -> None:
    """Measure the ranking on PACKAGE, beside its peers, with 95 % intervals."""
    if refit and model is not None:
        raise click.UsageError("--refit and --model exclude each other")
    run: Run | None = None
    with _bar("Embedding") as embedding, _bar("Asking") as asking:
        if task == "need":
            result, provenance = cli_need.measure(
                package,
                catalogue or SHIPPED,
                cache,
                seed,
                embedding,
                asking,
                encoder=encoder,
                taxonomy=taxonomy,
                model=model or cli_need.CURRENT,
            )
            written = need_report.markdown(result, cli_need.FULL, provenance)
            document = need_report.document(result, cli_need.FULL, provenance)
            run, heading = result.runs[cli_need.FULL], f"# Judged needs\n\n{cli_need.INTRODUCTION}\n\n"
        elif task == "exposure":
            shown, provenance = cli_exposure.measure(
                package,
                catalogue or SHIPPED,
                cache,
                model=model or cli_need.CURRENT,
                taxonomy=taxonomy,
                encoder=encoder,
                embedding=embedding,
                asking=asking,
            )
            written, document = exposure.markdown(shown, provenance), exposure.document(shown, provenance)
            heading = "# Exposure\n\n"
        else:
            outcomes, provenance = cli_adoption.evaluate_task(
                package,
                task,
                cache,
                cutoffs=_years(cutoffs),
                model=model,
                mode=mode,
                full=full,
                seed=seed,
                embedding=embedding,
                asking=asking,
            )
            titles = {name: f"{name}, {package.name}" for name in outcomes}
            parts = [adoption_report.markdown(titles[name], o, provenance) for name, o in outcomes.items()]
            written = "\n".join(parts)
            document = {name: adoption_report.document(o, provenance) for name, o in outcomes.items()}
            run, heading = next(iter(outcomes.values())).run, "# Recorded adoptions\n\n"
    if run_out is not None and run is not None:
        write_run(run, run_out)
    if table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(heading + written, encoding="utf-8")
    click.echo(json.dumps(document, indent=1) if as_json else written)


@click.command()
@click.argument(
    "packages", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the model; its name is the version.",
)
@click.option("--seed", default=0, show_default=True, help="Kept with the model.")
@click.option(
    "--cache", type=click.Path(path_type=Path), default=HOME / "var" / "cache", help="Text vectors."
)
@click.option("--json", "as_json", is_flag=True, help="The whole manifest.")
def train(packages: tuple[Path, ...], out: Path, seed: int, cache: Path, as_json: bool) -> None:
    """Learn from the adoptions that PACKAGES record, and measure on those that came later."""
    with _bar("Embedding") as embedding, _bar("Measuring") as measuring:
        manifest = cli_adoption.train_model(
            packages, out, cache, seed=seed, embedding=embedding, measuring=measuring
        )
    if as_json:
        click.echo(json.dumps(asdict(manifest), indent=1))
        return
    click.echo(f"{out}: {manifest.version}")
    for task, reached in manifest.metrics.items():
        low, high = reached["difference"][1:]
        click.echo(
            f"{task}: nDCG@10 {reached['likely']:.3f} (fit {reached['fit']:.3f}), "
            f"{reached['strongest_reference']} {reached['reference']:.3f}, "
            f"difference [{low:+.3f}, {high:+.3f}], ECE {reached['ece']:.3f}"
        )


def _years(text: str) -> tuple[int, ...]:
    """Read years separated by commas."""
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise click.BadParameter(f"'{text}' is not a list of years such as 1990,1995") from error


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
