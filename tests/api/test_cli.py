"""The command line as its users meet it."""

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from api.cli import main
from api.cli_output import progress_bar
from api.config import HOME
from api.engine import open_registry
from recommender.package import read_packages
from tests.recommender.tiny_package import write_tiny


@pytest.fixture
def arraigo():
    """Run a command; the answer has `exit_code`, `stdout` and `stderr`."""
    return lambda *args: CliRunner().invoke(main, args)


def test_the_rows_are_those_of_http(arraigo, deployment, ecuador):
    asked = {"territory": "Nueva Loja", "k": 3, "filters": {"populations": ["youth"]}}
    over_http = ecuador.post("/api/v1/recommendations", json=asked)

    typed = arraigo("rank", "--territory", "Nueva Loja", "--population", "youth", "-k", "3", "--json")

    assert typed.exit_code == 0
    assert typed.stdout == over_http.get_data(as_text=True) + "\n"


def test_a_first_rank_loads_the_shipped_data(arraigo, deployment, shipped):
    answer = arraigo("rank", "--territory", "Quito", "--json", "--language", "en")

    assert json.loads(answer.stdout)["data_version"] == shipped.pipeline.data_version
    assert json.loads(answer.stdout)["considered"] == 248


def test_a_table_shows_reasons_source_and_notice(arraigo, deployment):
    spanish = arraigo("rank", "--territory", "Lago Agrio", "-k", "2")
    english = arraigo("rank", "--territory", "Lago Agrio", "-k", "2", "--language", "en")

    assert "Dónde se hizo" in spanish.stdout
    assert "no es un aval" in spanish.stdout
    assert "Where it ran" in english.stdout
    assert "http" in english.stdout


def test_csv_on_the_command_line_is_the_csv_of_http(arraigo, deployment, ecuador):
    over_http = ecuador.get("/api/v1/territories/EC-2101/recommendations?k=2&format=csv")

    typed = arraigo("rank", "--territory", "EC-2101", "-k", "2", "--csv")

    rows = [list(csv.DictReader(io.StringIO(text, newline=""))) for text in (typed.stdout, over_http.text)]
    assert rows[0] == rows[1]


def test_an_organisation_is_read_from_a_file(arraigo, deployment, tmp_path):
    profile = tmp_path / "ong.json"
    profile.write_text(
        '{"type": "civil_society", "territories": ["Manabí"], "budget_usd": 80000, "staff": 12}'
    )

    answer = arraigo("rank", "--organisation", str(profile), "--json", "-k", "1")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["query"]["organisation"]["territories"][0]["id"] == "EC-M"


WRONG = [
    (["rank"], "consulta está vacía", "query is empty"),
    (["rank", "--territory", "Atlantis"], "Atlantis", "Atlantis"),
    (["rank", "--territory", "Bolívar"], "Carchi", "Carchi"),
    (["rank", "--territory", "Quito", "-k", "0"], "mínimo es 1", "minimum is 1"),
    (["rank", "--territory", "Quito", "-k", "many"], "número entero", "whole number"),
    (
        ["rank", "--territory", "Quito", "--theme", "helth"],
        "¿Quiso decir «health»?",
        'Did you mean "health"?',
    ),
    (["rank", "--territory", "Quito", "--weights", "nope=1"], "nope", "nope"),
    (["rank", "--territory", "Quito", "--weights", "need_dense=nan"], "finito", "finite"),
    (["rank", "--organisation", "missing.json"], "missing.json", "missing.json"),
    (["rank", "--teritory", "Quito"], "--territory", "--territory"),
    (["serve", "--port", "x"], "port", "port"),
    (["serve", "--port", "70000"], "65535", "65535"),
    (["dance"], "dance", "dance"),
    (["check"], "Falta", "Missing"),
    (["load", "missing-folder"], "missing-folder", "missing-folder"),
]


@pytest.mark.parametrize(("args", "spanish", "english"), WRONG, ids=[" ".join(wrong[0]) for wrong in WRONG])
def test_bad_input_ends_with_one_clear_line_and_code_2(arraigo, deployment, args, spanish, english):
    for language, words in (("es", spanish), ("en", english)):
        answer = arraigo(*args, *(["--language", language] if args != ["dance"] else []))

        if args == ["dance"] and language == "en":
            continue
        assert answer.exit_code == 2
        assert words in answer.stderr
        assert len(answer.stderr.strip().splitlines()) == 1
        assert answer.stdout == ""


@pytest.mark.parametrize("content", ["nonsense", "[1]", '{"staff": "12"}', '{"shoe_size": 4}', "\x00"])
def test_a_bad_organisation_file_is_named(arraigo, deployment, tmp_path, content):
    profile = tmp_path / "ong.json"
    profile.write_text(content)

    answer = arraigo("rank", "--organisation", str(profile))

    assert answer.exit_code == 2
    assert "organisation" in answer.stderr or "ong.json" in answer.stderr


def test_check_finds_no_fault_in_what_is_shipped(arraigo):
    answer = arraigo("check", str(HOME / "data" / "ecuador"), str(HOME / "data" / "world"))

    assert answer.exit_code == 0
    assert "Sin errores" in answer.stdout


def test_check_prints_every_fault_with_its_place_and_remedy(arraigo, tmp_path):
    package = tmp_path / "ecuador"
    shutil.copytree(HOME / "data" / "ecuador", package)
    practices = package / "practices.csv"
    text = practices.read_text(encoding="utf-8").replace("economic_inclusion", "econmic_inclusion", 1)
    practices.write_text(text, encoding="utf-8")

    answer = arraigo("check", str(package))

    assert answer.exit_code == 2
    assert "practices.csv" in answer.stdout
    assert "econmic_inclusion" in answer.stdout
    assert "Remedio" in answer.stdout


def test_check_answers_in_json(arraigo):
    answer = arraigo("check", str(HOME / "data" / "world"), str(HOME / "data" / "ecuador"), "--json")

    assert json.loads(answer.stdout)["faults"] == []


def test_a_faulty_package_changes_nothing_in_the_registry(arraigo, deployment, tmp_path):
    arraigo("rank", "--territory", "Quito")
    with open_registry(deployment) as registry:
        before = registry.version()
    (tmp_path / "datapackage.json").write_text("nonsense")

    answer = arraigo("load", str(tmp_path))

    with open_registry(deployment) as registry:
        assert registry.version() == before
    assert answer.exit_code == 2


def test_what_is_exported_can_be_read_again(arraigo, deployment, shipped, tmp_path):
    answer = arraigo("export", str(tmp_path / "all"))

    assert answer.exit_code == 0
    assert read_packages([tmp_path / "all"]).practices.keys() == shipped.pipeline.catalogue.practices.keys()


SHELTER = "casa-digna-santo-domingo"


@pytest.mark.parametrize(("flags", "place"), [((), "EC-SD"), (("--exact-places",), "EC-2301")])
def test_shelters_are_exported_by_province_unless_asked_otherwise(
    arraigo, deployment, tmp_path, flags, place
):
    answer = arraigo("export", str(tmp_path / "all"), *flags)

    told = read_packages([tmp_path / "all"])
    assert answer.exit_code == 0
    assert [a.territory_id for a in told.adoptions if a.practice_id == SHELTER] == [place]
    assert "sobrevivientes" in answer.stdout


def test_a_second_piece_of_work_is_reported_too(capsys):
    with progress_bar("Texts") as advance:
        for done in range(5):
            advance(done, 4)
        for done in range(0, 101, 50):
            advance(done, 100)

    lines = capsys.readouterr().err.splitlines()
    assert lines[4:] == ["Texts: 4/4", "Texts: 0/100", "Texts: 50/100", "Texts: 100/100"]


def test_settings_are_listed_in_either_language(arraigo):
    spanish, english = arraigo("settings").stdout, arraigo("settings", "--language", "en").stdout

    assert "ARRAIGO_PORT" in spanish and "ARRAIGO_PORT" in english
    assert "por omisión" in spanish and "vocabularios" in spanish
    assert "default" in english and "vocabularies" in english


def test_commands_of_other_packages_join_by_entry_point(monkeypatch, arraigo):
    class Joined:
        names = frozenset({"greet"})

        def __iter__(self):
            return iter([self])

        def load(self):
            return click.command("greet")(lambda: click.echo("hola"))

    monkeypatch.setattr("api.cli.entry_points", lambda **_: Joined())

    assert "greet" in arraigo("--help").stdout
    assert arraigo("greet").stdout == "hola\n"


@pytest.fixture
def judged(tmp_path):
    """A package of one judged need."""
    return write_tiny(
        tmp_path / "judged",
        {
            "queries": "id,territory_id,asker,need_es,language\nq1,EC-2101,organisation,Empleo,es\n",
            "judgements": "query_id,practice_id,grade\nq1,co-dignifai,3\n",
        },
    )


@pytest.mark.parametrize("setting", ["TAXONOMY", "CACHE", "ENCODER"])
def test_measuring_uses_the_settings_of_the_deployment(
    arraigo, deployment, judged, tmp_path, monkeypatch, setting
):
    other = tmp_path / "elsewhere" / setting.lower()
    other.parent.mkdir()
    if setting == "CACHE":
        other.write_text("a file where a folder is to be")
    monkeypatch.setenv(f"ARRAIGO_{setting}", str(other))

    answer = arraigo("evaluate", str(judged), "--task", "need")

    assert answer.exit_code == (1 if setting == "CACHE" else 2)
    assert str(other) in answer.stderr


def test_a_taken_port_is_refused_like_any_other_input(arraigo):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = arraigo("serve", "--port", str(taken.getsockname()[1]))

    assert answer.exit_code == 2
    assert "puerto" in answer.stderr


def test_the_real_program_never_shows_a_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "rank", "--territory", "Quito", "-k", "9999", "--language", "en"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == '"k": "9999" will not do; the maximum is 500.\n'


def keep_practices(package, wanted):
    """Leave only a few practices in a copy of a shipped package."""
    for file, column in (("practices.csv", "id"), ("adoptions.csv", "practice_id")):
        with (package / file).open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        with (package / file).open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0])
            writer.writeheader()
            writer.writerows(row for row in rows if row[column] in wanted)


@pytest.mark.model
def test_the_real_program_understands_a_need_in_either_language(tmp_path):
    folders = {"ARRAIGO_REGISTRY": f"sqlite:///{tmp_path / 'r.db'}", "ARRAIGO_CACHE": str(tmp_path / "cache")}
    settings = {"check": True, "env": {**os.environ, **folders}, "capture_output": True, "text": True}
    rubbish = "sl-freetown-microempresas-residuos"
    shutil.copytree(HOME / "data" / "world", tmp_path / "world")
    keep_practices(tmp_path / "world", {rubbish, "co-centros-integrate", "hn-retorno-con-oportunidades"})
    command = [sys.executable, "-m", "api.cli"]

    subprocess.run([*command, "load", str(tmp_path / "world")], **settings)

    for need in ("reciclaje y recolección de basura", "rubbish collection and recycling"):
        ranked = subprocess.run([*command, "rank", "--need", need, "--json"], **settings)
        assert json.loads(ranked.stdout)["recommendations"][0]["practice_id"] == rubbish
