"""The adoption tasks on one page: an overview of what `arraigo evaluate --full --json` kept of each.

``python -m training.summary FOLDER OUT`` reads every ``*.json`` of the folder and the Markdown table of the
same name beside it; `make adoption` makes them all and calls this.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from recommender.evaluation import NDCG_10, Interval, compare
from training.adoption_report import LEFT_OUT, SYSTEM
from training.tables import cell

OURS, FIT = SYSTEM["likely"], SYSTEM["fit"]
CEILING = "LambdaMART, same features (ceiling)"
LEARNED_PEERS = (
    "BM25",
    "dense",
    "TF-IDF",
    "ALS",
    "LightFM",
    "logistic",
    "indicator kNN",
    "momentum of the alike",
)
"""How the names of peers through libraries begin; the other rows are references or our own."""
TOGETHER, ALONE = "text + indicators alone", ("text alone", "indicators alone")
POOLED = ("scaling", "placement")
ECE_BAR, COVERED = 0.03, (0.88, 0.92)


@dataclass(frozen=True)
class Told:
    """One task of one package, as kept.

    Parameters
    ----------
    name : str
        Task and package.
    task : str
    scores : mapping of str to Series
        System -> nDCG@10 of every query.
    reference : str
        The reference method of the highest mean.
    calibration : mapping, optional
        ECE, Brier, coverage and width of `mode=likely`.
    provenance : mapping
    """

    name: str
    task: str
    scores: Mapping[str, pd.Series[float]]
    reference: str
    calibration: Mapping[str, float] | None
    provenance: Mapping[str, Any]

    def mean(self, system: str) -> float:
        """Return the mean nDCG@10 of a system."""
        return float(self.scores[system].mean())

    def less(self, system: str, ours: str = OURS) -> Interval:
        """Return ours less another system, paired."""
        return compare(self.scores[ours], self.scores[system])

    @property
    def peer(self) -> str | None:
        """The strongest peer through a library, the ceiling apart."""
        names = [name for name in self.scores if name.startswith(LEARNED_PEERS)]
        return max(names, key=self.mean, default=None)


def read(folder: Path) -> list[Told]:
    """Read what was kept of every task, in the order of file names."""
    found = []
    for path in sorted(folder.glob("*.json")):
        for task, kept in json.loads(path.read_text(encoding="utf-8")).items():
            scores = {
                system["name"]: pd.Series(
                    {query: measured[str(NDCG_10)] for query, measured in system["per_query"].items()}
                )
                for system in kept["systems"]
            }
            package = kept["provenance"]["data"].split(" ")[0]
            found.append(
                Told(
                    f"{task}, {package}",
                    task,
                    scores,
                    kept["baseline"],
                    kept["calibration"],
                    kept["provenance"],
                )
            )
    return found


def overview(told: Sequence[Told]) -> str:
    """Write the overview, the pooled differences and which bars are met."""
    own = [each for each in told if LEFT_OUT not in each.scores]
    left_out = [each for each in told if LEFT_OUT in each.scores]
    parts = [
        _table(
            "| task, package | queries | likely | fit | strongest reference | less it | strongest peer "
            "| less it | ceiling |",
            [_row(each) for each in own],
        ),
        "## Over all packages of a task\n",
        _table(
            "| task | queries | likely less the strongest reference of each package |",
            [
                f"| {task} | {len(values)} | {cell(compare(values, values * 0), signed=True)} |"
                for task in POOLED
                if len(values := _pooled(own, task))
            ],
        ),
        "## Text and indicators\n",
        _table(
            "| task, package | together | text alone | together less it | indicators alone "
            "| together less it |",
            [_together(each) for each in own if TOGETHER in each.scores],
        ),
        "## Weights of other countries\n",
        _table(
            "| task, package | fitted on all | the country left out | share |",
            [
                f"| {each.name} | {each.mean(OURS):.3f} | {each.mean(LEFT_OUT):.3f} "
                f"| {each.mean(LEFT_OUT) / each.mean(OURS):.1%} |"
                for each in left_out
            ],
        ),
        "## Probabilities\n",
        _table(
            f"| task, package | ECE (bar {ECE_BAR}) | Brier | coverage of 90 % intervals "
            f"(bar {COVERED[0]:.0%} to {COVERED[1]:.0%}) | width |",
            [_held(each) for each in own if each.calibration],
        ),
        "## Bars not met\n",
        "\n".join(f"- {line}" for each in own for line in _missed(each)) + "\n",
    ]
    return "\n".join(parts)


def _table(heading: str, rows: Sequence[str]) -> str:
    rule = "|" + " --- |" * (heading.count("|") - 1)
    return "\n".join([heading, rule, *rows]) + "\n"


def _row(each: Told) -> str:
    peer = each.peer
    ceiling = f"{each.mean(CEILING):.3f}" if CEILING in each.scores else ""
    against = f"{peer} {each.mean(peer):.3f} | {cell(each.less(peer), signed=True)}" if peer else " | "
    return (
        f"| {each.name} | {len(each.scores[OURS])} | {each.mean(OURS):.3f} | {each.mean(FIT):.3f} "
        f"| {each.reference} {each.mean(each.reference):.3f} "
        f"| {cell(each.less(each.reference), signed=True)} "
        f"| {against} | {ceiling} |"
    )


def _pooled(told: Sequence[Told], task: str) -> pd.Series[float]:
    """Return ours less the strongest reference for every query of every package of a task."""
    parts = [
        (each.scores[OURS] - each.scores[each.reference]).add_prefix(f"{each.name}:")
        for each in told
        if each.task == task
    ]
    return pd.concat(parts) if len(parts) > 1 else pd.Series(dtype=float)


def _together(each: Told) -> str:
    against = " | ".join(
        f"{each.mean(name):.3f} | {cell(each.less(name, TOGETHER), signed=True)}" for name in ALONE
    )
    return f"| {each.name} | {each.mean(TOGETHER):.3f} | {against} |"


def _held(each: Told) -> str:
    kept = each.calibration or {}
    return (
        f"| {each.name} | {kept['ECE']:.3f} | {kept['Brier']:.3f} | {kept['coverage']:.1%} "
        f"| {kept['width']:.2f} |"
    )


def _missed(each: Told) -> list[str]:
    """Say which bars a task misses, and by how much."""
    rivals = dict.fromkeys(name for name in (each.reference, each.peer) if name)
    lines = [
        f"{each.name}: {each.mean(OURS):.3f}, not above {name} ({each.mean(name):.3f})."
        for name in rivals
        if each.mean(OURS) <= each.mean(name)
    ]
    if each.task == "fit" and each.less(each.reference).low <= 0:
        lines.append(
            f"{each.name}: the interval of the difference to {each.reference} is not above zero, "
            f"{cell(each.less(each.reference), signed=True)}."
        )
    kept = each.calibration
    if kept and kept["ECE"] > ECE_BAR:
        lines.append(f"{each.name}: ECE {kept['ECE']:.3f} above {ECE_BAR}.")
    if kept and not COVERED[0] <= kept["coverage"] <= COVERED[1]:
        lines.append(f"{each.name}: 90 % intervals hold {kept['coverage']:.1%}.")
    return lines


INTRODUCTION = """# Recorded adoptions

Written by `make adoption BENCHMARKS=folder` (the benchmark packages are not part of the project). nDCG@10
over queries; differences are paired, with 95 % bootstrap intervals. Nothing was chosen on the parts measured
here, but they were looked at more than once while the model grew, several candidates a task: small
differences are noise. The model is fitted anew for each query's date; what the shipped one reaches stands
in its card. LightFM does not build with the present tools and is missing among the peers.
"""


def main(folder: Path, out: Path) -> None:
    """Write the page from the folder of what was kept."""
    told = read(folder)
    tables = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    single = "\n".join(text.replace("# Recorded adoptions\n\n", "", 1) for text in tables)
    out.write_text(f"{INTRODUCTION}\n{overview(told)}\n{single}", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
