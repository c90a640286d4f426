"""Catalogue -> data package: the folder appears whole, and only after it was read back alike."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from recommender.domain import Catalogue, DataError, Text
from recommender.package.build import build_catalogue
from recommender.package.check import read_all
from recommender.package.manifest import MANIFEST
from recommender.package.schema import TABLES, Column, Table
from recommender.package.table import as_cell

_TYPES = {"integer": "integer", "flag": "integer", "number": "number", "date": "date"}


def write_package(
    catalogue: Catalogue,
    folder: Path,
    *,
    name: str,
    title: str,
    version: str = "1.0.0",
    created: str | None = None,
    licences: Sequence[str] = (),
    sources: Sequence[str] = (),
    replace: bool = False,
) -> Path:
    """Write `catalogue` as a data package.

    The package is written beside its place, read back and compared, and only then moved there.

    Parameters
    ----------
    catalogue : Catalogue
    folder : Path
        Where the package is to be; its parent folder is created where missing.
    name, title, version, created : str
        For the manifest; `created` is today where not given (YYYY-MM-DD).
    licences, sources : sequence of str
        Titles for the manifest; without sources, those of the catalogue's observations.
    replace : bool
        Whether a data package that is there already may be replaced.

    Raises
    ------
    DataError
        Where something is there already, or where the catalogue cannot be told in this format.
    """
    folder = Path(folder)
    if folder.exists() and not (replace and (folder / MANIFEST).is_file()):
        raise DataError(
            es=f"Ya existe «{folder}». Indique otra carpeta, o permita reemplazar si es un paquete de datos.",
            en=f"'{folder}' already exists. Name another folder, or allow replacing if it is a data package.",
            path=str(folder),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        made = Path(beside) / folder.name
        made.mkdir()
        resources = [_write_table(catalogue, table, made) for table in TABLES.values()]
        head = {
            "profile": "tabular-data-package",
            "name": name,
            "title": title,
            "version": version,
            "created": created or datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "language": "en;es",
            "licenses": [{"name": "other", "title": said} for said in licences or ("not confirmed",)],
            "sources": [{"title": said} for said in sources or _named_sources(catalogue)],
            "resources": [resource for resource in resources if resource],
        }
        content = json.dumps(head, ensure_ascii=False, indent=1)
        (made / MANIFEST).write_text(content + "\n", encoding="utf-8")
        _compare(made, catalogue)
        if folder.exists():
            folder.rename(Path(beside) / "before")
        made.rename(folder)
    return folder


def _compare(made: Path, catalogue: Catalogue) -> None:
    """Raise where what was written does not say what `catalogue` says."""
    reading = read_all([made])
    faults = reading.report.faults
    if not faults and build_catalogue(reading.tables) == catalogue:
        return
    shutil.rmtree(made)
    es = faults[0].line("es") if faults else "lo escrito no se lee igual."
    en = faults[0].line("en") if faults else "what was written does not read back alike."
    raise DataError(
        es=f"No se escribió nada: el catálogo no cabe en el formato de paquetes. {es}",
        en=f"Nothing was written: the catalogue does not fit the package format. {en}",
        faults=faults,
    )


def _named_sources(catalogue: Catalogue) -> list[str]:
    named = {
        f"{s.publisher}: {s.description}" if s.description else s.publisher: None
        for s in catalogue.sources.values()
    }
    return list(named) or ["see source_name and source_url of each record"]


def _write_table(catalogue: Catalogue, table: Table, folder: Path) -> dict[str, Any] | None:
    """Write one file and return its resource; None where the catalogue has no row for it."""
    things = _things(catalogue, table.name)
    if not things:
        return None
    columns: dict[str, list[str]] = {}
    kinds: dict[str, Column | None] = {}
    for column in table.columns:
        for name, read in _readers(column, table, things):
            cells = [as_cell(read(thing)) for thing in things]
            if any(cells) or (column.required and not column.languages):
                columns[name], kinds[name] = cells, column
    keys = list(zip(*(columns[name] for name in table.key), strict=True))
    extras = catalogue.extras.get(table.name, {})
    for name in sorted({name for row in extras.values() for name in row}):
        columns[name], kinds[name] = [extras.get(key, {}).get(name, "") for key in keys], None
    with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # RFC 4180: its line ends are CRLF, which also quotes a lone CR
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return _resource(catalogue, table, kinds)


def _things(catalogue: Catalogue, name: str) -> Sequence[Any]:
    part = getattr(catalogue, "sources" if name == "observation_sources" else name, ())
    return list(part.values()) if isinstance(part, Mapping) else part


def _readers(column: Column, table: Table, things: Iterable[Any]) -> list[tuple[str, Callable[[Any], Any]]]:
    """Return the headers of a column of the format, and how to get each from a row's object."""
    if column.languages:
        # an indicator's unit stands alone as well; by language it is a field of its own
        attribute = "unit_text" if (table.name, column.name) == ("indicators", "unit") else column.name
        languages = sorted({language for thing in things for language in getattr(thing, attribute).values})
        return [(f"{column.name}_{language}", _speaker(attribute, language)) for language in languages]
    attribute = "id" if (table.name, column.name) == ("observation_sources", "source") else column.name
    return [(column.name, lambda thing: getattr(thing, attribute))]


def _speaker(attribute: str, language: str) -> Callable[[Any], str]:
    def read(thing: object) -> str:
        text: Text = getattr(thing, attribute)
        return text.values.get(language, "")

    return read


def _resource(catalogue: Catalogue, table: Table, kinds: Mapping[str, Column | None]) -> dict[str, Any]:
    fields = []
    foreign = []
    for name, column in kinds.items():
        field: dict[str, Any] = {"name": name, "type": "string"}
        if column is not None:
            field["type"] = _TYPES.get(column.kind, "string")
            if column.required and not column.languages:
                field["constraints"] = {"required": True}
            if column.refers and _is_whole(catalogue, column):
                target = "" if column.refers == table.name else column.refers
                reference = {"resource": target, "fields": TABLES[column.refers].key[0]}
                foreign.append({"fields": name, "reference": reference})
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": table.name,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": schema,
    }


def _is_whole(catalogue: Catalogue, column: Column) -> bool:
    """Tell whether a reference holds for every row (a source may also be free text)."""
    if not column.declared:
        return True
    return all(o.source is None or o.source in catalogue.sources for o in catalogue.observations)
