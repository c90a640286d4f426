"""The house keeps its rules: short modules, one direction of imports, papers that tell the truth."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from recommender.artifact import open_model
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.query import Query
from recommender.taxonomy import read_taxonomy
from recommender.text.encoders import open_embedder

HOME = Path(__file__).resolve().parents[1]
README = (HOME / "README.md").read_text(encoding="utf-8")
MODULES = sorted(
    path for folder in ("recommender", "api", "training") for path in (HOME / folder).rglob("*.py")
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_module_fits_in_the_head(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 300


def test_imports_point_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_every_command_the_readme_names_exists():
    listed = re.search(r"lists the commands: (.*?)\. A data", README, re.DOTALL).group(1)
    targets = re.findall(r"^([a-z]+):.*##", (HOME / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(re.findall(r"`(\w+)`", listed)) == main.list_commands(None)
    assert set(re.findall(r"`?make (\w+)`?\n", README)) | set(re.findall(r"`make (\w+)`", README)) <= set(
        targets
    )


@pytest.mark.model
def test_the_answer_the_readme_shows_is_the_one_that_is_given():
    catalogue = read_packages([HOME / "data" / "ecuador", HOME / "data" / "world"])
    embedder = open_embedder(HOME / "var" / "cache")
    model, _ = open_model(HOME / "models" / "CURRENT", embedder.fingerprint)
    pipeline = Pipeline.build(catalogue, read_taxonomy(HOME / "data" / "taxonomy"), embedder, model=model)

    ranking = pipeline.recommend(
        Query(territory_id="EC-2101", need="jóvenes venezolanos sin empleo formal", k=1)
    )

    row = ranking.recommendations[0]
    shown = " ".join(README.split())
    assert f"1. {catalogue.practices[row.practice_id].title.get('es')}" in shown
    assert f"│ {row.fit:.0f} alto" in shown
    for said in (*row.reasons, *row.differences):
        assert said.sentence.get("es") in shown
    assert ranking.data_version in shown
