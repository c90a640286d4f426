"""Which calibration to ship: ways to a probability, and to its interval, compared on the training parts.

``python -m training.calibration_choice BENCHMARKS --out docs/results/adoption-calibration.md`` cuts the
training part of each benchmark package once more, learns on what came before and asks about what came
after. Nothing of the parts that are tested on is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from warnings import catch_warnings, filterwarnings

import click
import numpy as np

from recommender.adoption.calibration import (
    Calibration,
    brier_score,
    calibrate,
    conformal_ends,
    coverage,
    expected_calibration_error,
    tens,
)
from recommender.text.encoders import open_embedder
from training.cli_adoption import read_package, see
from training.earlier import earlier_cuts
from training.ground import Sight
from training.history import Floats, Records
from training.learning import PULLS, Pairs, fit_weights, held_out_scores, pairs_of
from training.tables import library_versions, machine

HOME = Path(__file__).resolve().parent.parent
SIGMOID, ISOTONIC, VENN_ABERS = "sigmoid", "isotonic", "Venn-Abers"
ONE_TAIL, BOTH_TAILS, BINOMIAL = "conformal", "conformal, both tails", "binomial"
NORMAL = 1.645
"""Standard errors on either side of nine tenths of a normal distribution."""
DIGITS = 3
"""Digits that probabilities are rounded to before Venn-Abers: its cost grows with their number."""


@dataclass(frozen=True)
class Held:
    """How ways to calibrate held on one cut.

    Parameters
    ----------
    name : str
        Package, situation and cut.
    pairs : int
        Pairs asked about.
    promises : mapping of str to (float, float)
        Way to a probability -> ECE and Brier score.
    intervals : mapping of str to (float, float)
        Way to an interval -> coverage and mean width.
    venn_abers_width : float
        Mean width of the two probabilities that Venn-Abers gives.
    """

    name: str
    pairs: int
    promises: Mapping[str, tuple[float, float]]
    intervals: Mapping[str, tuple[float, float]]
    venn_abers_width: float


def compare(name: str, situation: str, learned: Pairs, asked: Pairs) -> Held:
    """Calibrate on learned pairs in every way, and see how it holds on the pairs asked about."""
    weights = fit_weights(learned, PULLS[situation])
    held = held_out_scores(situation, learned)
    shipped = calibrate(held, learned.log_rate, learned.adopted, learned.query)
    before = shipped.probability(held, learned.log_rate)
    after = shipped.probability(np.nan_to_num(asked.values) @ weights, asked.log_rate)
    venn, width = _venn_abers(before, learned.adopted, after)
    promised = {SIGMOID: after, ISOTONIC: _isotonic(before, learned.adopted, after), VENN_ABERS: venn}
    low, high = conformal_ends(*tens(before, learned.adopted, learned.query), both_tails=True)
    bands = len(shipped.low)
    calibrations: Mapping[str, Calibration] = {
        ONE_TAIL: shipped,
        BOTH_TAILS: replace(shipped, low=low, high=high),
        BINOMIAL: replace(shipped, low=(-NORMAL,) * bands, high=(NORMAL,) * bands),
    }
    return Held(
        name,
        len(asked.query),
        {
            way: (expected_calibration_error(chance, asked.adopted), brier_score(chance, asked.adopted))
            for way, chance in promised.items()
        },
        {way: coverage(c, after, asked.adopted, asked.query) for way, c in calibrations.items()},
        width,
    )


def compare_cuts(name: str, records: Records, sight: Sight) -> Iterator[Held]:
    """Compare on every earlier cut of a package that leaves something to learn from and to ask."""
    for cut in earlier_cuts(records):
        learned, asked = (pairs_of(cut.situation, episodes, sight) for episodes in (cut.lessons, cut.asked))
        if len(learned.query) and len(asked.query):
            yield compare(f"{name}, {cut.situation}, {cut.label}", cut.situation, learned, asked)


def markdown(rows: list[Held], data: str) -> str:
    """Write the comparison as a Markdown table, with the means over all rows below."""
    ways, intervals = (SIGMOID, ISOTONIC, VENN_ABERS), (ONE_TAIL, BOTH_TAILS, BINOMIAL)
    head = ["package, situation, cut", "pairs"]
    head += [f"{way}: ECE / Brier" for way in ways] + [f"{way}: holds / width" for way in intervals]
    lines = [
        "# Ways to calibrate, on the training parts",
        "",
        "The training part of each benchmark package was cut once more: weights and calibration come from",
        "what was recorded before the cut, the figures from what came after. The first way of each kind is",
        "the one shipped. Isotonic regression and Venn-Abers (library `venn-abers`) calibrate the sigmoid's",
        "probability. Intervals are of the share observed among ten comparable pairs, at 90 %.",
        "",
        f"| {' | '.join(head)} |",
        "| --- |" + " ---: |" * (len(head) - 1),
    ]
    lines += [_line(row.name, str(row.pairs), row.promises, row.intervals, ways, intervals) for row in rows]
    mean = _mean(rows, lambda row: row.promises, ways)
    lines.append(_line("mean", "", mean, _mean(rows, lambda row: row.intervals, intervals), ways, intervals))
    width = np.mean([row.venn_abers_width for row in rows])
    versions = ", ".join(f"{name} {number}" for name, number in library_versions().items())
    return "\n".join(
        [
            *lines,
            "",
            f"The two probabilities of Venn-Abers lie {width:.3f} apart on average: they bound the"
            " probability, not the share that ten pairs will show. A package whose earlier projects leave"
            " nothing to ask about has no row.",
            "",
            f"Data: {data}, training parts. Nothing is drawn at random. Machine: {machine()}. {versions}.",
            "",
        ]
    )


@click.command()
@click.argument("benchmarks", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the table here too.")
@click.option(
    "--cache", type=click.Path(path_type=Path), default=HOME / "var" / "cache", help="Text vectors."
)
def main(benchmarks: Path, out: Path | None, cache: Path) -> None:
    """Compare ways to calibrate on the packages in the folder BENCHMARKS."""
    embedder = open_embedder(cache)
    rows: list[Held] = []
    data: list[str] = []
    folders = sorted(path.parent for path in benchmarks.glob("*/practices.csv"))
    with click.progressbar(folders, label="Comparing") as bar:
        for folder in bar:
            records, version = read_package(folder)
            rows += compare_cuts(folder.name, records, see(embedder, [records]))
            data.append(version)
    written = markdown(rows, ", ".join(data))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(written, encoding="utf-8")
    click.echo(written)


def _isotonic(before: Floats, adopted: np.ndarray, after: Floats) -> Floats:
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(before, adopted)
    return np.asarray(fitted.predict(after), dtype=np.float64)


def _venn_abers(before: Floats, adopted: np.ndarray, after: Floats) -> tuple[Floats, float]:
    """Return the probabilities, and how far apart the two they are merged from lie on average."""
    from venn_abers import VennAbers

    fitted = VennAbers()
    with catch_warnings():  # the library asks for the smallest of no slope at the last step, and copes
        filterwarnings("ignore", message="All-NaN slice", category=RuntimeWarning)
        fitted.fit(_two(before), adopted.astype(int), precision=DIGITS)
    merged, both = fitted.predict_proba(_two(after))
    return np.asarray(merged[:, 1], dtype=np.float64), float((both[:, 1] - both[:, 0]).mean())


def _two(chance: Floats) -> Floats:
    return np.column_stack([1 - chance, chance])


def _mean(
    rows: list[Held], part: Callable[[Held], Mapping[str, tuple[float, float]]], ways: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
    found = {way: np.mean([part(row)[way] for row in rows], axis=0) for way in ways}
    return {way: (float(first), float(second)) for way, (first, second) in found.items()}


def _line(
    name: str,
    pairs: str,
    promises: Mapping[str, tuple[float, float]],
    intervals: Mapping[str, tuple[float, float]],
    ways: tuple[str, ...],
    kinds: tuple[str, ...],
) -> str:
    cells = ["{:.3f} / {:.4f}".format(*promises[way]) for way in ways]
    cells += ["{:.1%} / {:.2f}".format(*intervals[kind]) for kind in kinds]
    return f"| {' | '.join([name, pairs, *cells])} |"


if __name__ == "__main__":
    main()
