"""Commands on data packages: load, check, export."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from api.cli_output import json_option, language_option, print_json, progress_bar, report
from api.config import read_settings

WORDS = {
    "es": {
        "faultless": "Sin errores en {n} paquete(s).",
        "faulty": "{n} error(es); no se cargaría nada.",
        "embedding": "Preparación de los textos",
        "loaded": "Cargado: {practices} prácticas, {territories} territorios, {organisations} "
        "organizaciones. Versión de los datos {version}.",
        "exported": "Exportado a {folder}.",
        "veiled": "Los lugares de {n} casas de acogida para sobrevivientes se dan por provincia; los textos "
        "son los de sus fuentes públicas.",
        "exact": "Contiene los cantones de {n} casas de acogida para sobrevivientes: no lo entregue a "
        "terceros.",
        "note": "Nota",
        "package": "paquete",
        "file": "archivo",
        "rows": "filas",
    },
    "en": {
        "faultless": "No faults in {n} package(s).",
        "faulty": "{n} fault(s); nothing would be loaded.",
        "embedding": "Preparing the texts",
        "loaded": "Loaded: {practices} practices, {territories} territories, {organisations} organisations. "
        "Data version {version}.",
        "exported": "Exported to {folder}.",
        "veiled": "The places of {n} shelters for survivors are told by province; the texts are those of "
        "their public sources.",
        "exact": "It holds the cantons of {n} shelters for survivors: do not hand it on.",
        "note": "Note",
        "package": "package",
        "file": "file",
        "rows": "rows",
    },
}

packages_argument = click.argument("packages", nargs=-1, type=click.Path(path_type=Path))


@click.command()
@packages_argument
@language_option
@json_option
def load(packages: tuple[Path, ...], language: str, as_json: bool) -> None:
    """Replace the registry's contents by data PACKAGES and compute the vectors of their texts.

    All or nothing: a faulty package is refused whole. Without PACKAGES the registry stays as it is
    (an empty one gets the packages that come along) and only missing vectors are computed.
    """
    from api.engine import Engine, open_registry
    from recommender.package import read_packages

    settings, words = read_settings(), WORDS[language]
    if packages:
        with open_registry(settings) as registry:
            registry.replace(read_packages(packages))
    with progress_bar(words["embedding"]) as progress:
        pipeline = Engine(settings).load(progress).pipeline
    catalogue = pipeline.catalogue
    counts = {
        "practices": len(catalogue.practices),
        "territories": len(catalogue.territories),
        "organisations": len(catalogue.organisations),
        "version": pipeline.data_version,
    }
    if as_json:
        print_json(counts)
    else:
        click.echo(words["loaded"].format(**counts))


@click.command()
@click.argument("packages", nargs=-1, required=True, type=click.Path(path_type=Path))
@language_option
@json_option
def check(packages: tuple[Path, ...], language: str, as_json: bool) -> None:
    """Check data PACKAGES together and print every fault: file, row, column, value, remedy."""
    from recommender.package import check_packages

    found, words = check_packages(packages), WORDS[language]
    if as_json:
        print_json({"faults": found.faults, "notes": found.notes, "counts": found.counts})
    else:
        for fault in found.faults:
            click.echo(fault.line(language))
        for note in found.notes:
            click.echo(f"{words['note']}: {note.line(language)}")
        counted = [
            {words["package"]: package, words["file"]: file, words["rows"]: rows}
            for package, files in found.counts.items()
            for file, rows in files.items()
        ]
        report(counted)
        summary = "faulty" if found.faults else "faultless"
        n = len(found.faults) or len(packages)
        click.echo(words[summary].format(n=n), err=bool(found.faults))
    if found.faults:
        sys.exit(2)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="arraigo", show_default=True, help="Name of the package.")
@click.option("--title", default="Arraigo", show_default=True, help="Title of the package.")
@click.option("--replace", is_flag=True, help="Overwrite a package that lies there.")
@click.option(
    "--exact-places",
    is_flag=True,
    help="Name the cantons of shelters for survivors too: for a copy that is kept, not handed on.",
)
@language_option
def export(folder: Path, name: str, title: str, replace: bool, exact_places: bool, language: str) -> None:
    """Write everything in the registry to FOLDER as a data package.

    Shelters for survivors are told by province, as everywhere else.
    """
    from api.engine import read_catalogue
    from recommender.discretion import is_shelter, veil
    from recommender.package import catalogue_version
    from recommender.package.write import write_package

    catalogue, words = read_catalogue(read_settings()), WORDS[language]
    shelters = sum(map(is_shelter, catalogue.practices.values()))
    if not exact_places and shelters:
        veiled = veil(catalogue)
        catalogue = dataclasses.replace(veiled, version=catalogue_version(veiled))
    write_package(catalogue, folder, name=name, title=title, replace=replace)
    click.echo(words["exported"].format(folder=folder))
    if shelters:
        click.echo(words["exact" if exact_places else "veiled"].format(n=shelters))
