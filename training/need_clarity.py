"""Whether needs that nothing answers are told from others: ``python -m training.need_clarity``."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from recommender.artifact import open_model
from recommender.domain import LANGUAGES, EmptyQuery
from recommender.package import read_judgements, read_packages
from recommender.pipeline import Pipeline
from recommender.query import Query
from recommender.taxonomy import read_taxonomy
from recommender.text.clarity import VAGUEST
from recommender.text.encoders import open_embedder
from training.cli_need import CURRENT, TAXONOMY
from training.tables import Provenance

HOME = Path(__file__).resolve().parent.parent
CATALOGUE = (HOME / "data" / "ecuador", HOME / "data" / "world")
OFF_TOPIC = HOME / "data" / "needs" / "off-topic"
PLACE = "EC-2101"  # Lago Agrio; what a need raises differs little from place to place
MISTYPED = 0.1  # share of words with a wrong, missing or transposed letter
SHORTEST = 3  # letters of a word that is mistyped
INTRODUCTION = (
    "Needs that the catalogue is not meant to answer (`data/needs/off-topic`: written by a language model "
    "before it saw any score of them, in Spanish and English, not graded; a practice may touch some all the "
    "same) and needs that it must answer: judged ones, and short ones of the same making. *Not answered*: "
    "share of wordings of which the answer says so, or that are refused as empty. *As noise*: share of which "
    "the need counts a tenth, its least. *Raised*: median points of the anticipated-fit index by which the "
    "first row exceeds that of the same place asked nothing. The rule is learned from the catalogue's own "
    "titles. Which signs it reads was chosen on the development part; the held-out part was asked once that "
    "was settled."
)


@dataclass(frozen=True)
class Group:
    """Wordings of needs that belong together."""

    name: str
    texts: Sequence[str]


def off_topic(package: Path) -> list[Group]:
    """Read the needs that are not judged: off-topic by part and distance, and short ones to be answered."""
    groups: dict[str, list[str]] = {}
    with (package / "queries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["part"], f"{row['part']}, {row['distance']}"):
                groups.setdefault(name, []).extend(row[f"need_{language}"] for language in LANGUAGES)
    return [Group(name, texts) for name, texts in groups.items()]


def judged(package: Path, catalogue: Sequence[Path]) -> list[Group]:
    """Read judged needs: as asked, translated, and as asked with typing errors."""
    needs = list(read_judgements(package, read_packages(catalogue)).queries.values())
    asked = [need.need.get(need.language or LANGUAGES[0]) for need in needs]
    others = [text for need in needs for name, text in need.need.values.items() if name != need.language]
    return [
        Group(f"{package.name}, as asked", asked),
        Group(f"{package.name}, translated", others),
        Group(f"{package.name}, one word in ten mistyped", list(mistyped(asked, random.Random(0)))),
    ]


def mistyped(texts: Iterable[str], chance: random.Random) -> Iterable[str]:
    """Return texts with an error in some words: letters transposed, one left out, one wrong."""

    def change(found: re.Match[str]) -> str:
        word = found.group()
        if len(word) < SHORTEST or chance.random() >= MISTYPED:
            return word
        at, kind = chance.randrange(len(word) - 1), chance.randrange(3)
        wrong = (word[at + 1] + word[at] + word[at + 2 :], word[at + 1 :], "x" + word[at + 1 :])
        return word[:at] + wrong[kind]

    return (re.sub(r"\w+", change, text) for text in texts)


def measure(pipeline: Pipeline, groups: Iterable[Group]) -> Mapping[str, tuple[int, float, float, float]]:
    """Ask every need of a place: wordings, share not answered, share as noise, points raised (median)."""
    found = {}
    usual = _first(pipeline, None)[0]
    for group in groups:
        rows = np.array([_first(pipeline, text) for text in group.texts])
        found[group.name] = (
            len(rows),
            float((rows[:, 1] < 1).mean()),
            float((rows[:, 1] < VAGUEST + 1e-3).mean()),
            float(np.median(rows[:, 0] - usual)),
        )
    return found


def _first(pipeline: Pipeline, need: str | None) -> tuple[float, float]:
    """Return the index of the first row and how clearly the need is answered, 0.1-1."""
    try:
        scored = pipeline.score(Query(territory_id=PLACE, need=need, diversify=False))
    except EmptyQuery:  # nothing is ranked: as if nothing were asked
        return _first(pipeline, None)[0], VAGUEST
    match = scored.question.need
    return float(scored.fit.index.max()), 1.0 if match is None else match.clarity


@click.command()
@click.argument("packages", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--off-topic", "apart", type=click.Path(path_type=Path, exists=True), default=OFF_TOPIC)
@click.option("--cache", type=click.Path(path_type=Path), default=HOME / "var" / "cache")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), required=True)
def main(packages: tuple[Path, ...], apart: Path, cache: Path, table: Path) -> None:
    """Measure on the off-topic needs and on PACKAGES of judged needs, and write TABLE."""
    groups = off_topic(apart) + [group for package in packages for group in judged(package, CATALOGUE)]
    embedder = open_embedder(cache)
    learned, _ = open_model(CURRENT, embedder.fingerprint)
    words = read_taxonomy(TAXONOMY)
    pipeline = Pipeline.build(read_packages(CATALOGUE), words, embedder, model=learned)
    names = ", ".join(path.name for path in (apart, *packages, *CATALOGUE))
    model = f"{pipeline.model_version}, encoder {embedder.fingerprint}"
    lines = [
        "# Needs that the catalogue does not answer",
        "",
        INTRODUCTION,
        "",
        "| needs | wordings | not answered | as noise | raised |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, (count, vague, noise, raised) in measure(pipeline, groups).items():
        lines.append(f"| {name} | {count} | {vague:.0%} | {noise:.0%} | {raised:+.1f} |")
    source = Provenance(f"{names} ({pipeline.data_version})", model, 0)
    libraries = ", ".join(f"{name} {number}" for name, number in source.versions.items())
    lines += [
        "",
        f"Data: {source.data}. Model: {model}. Seed {source.seed}. Machine: {source.machine}. {libraries}.",
    ]
    table.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
