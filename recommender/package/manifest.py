"""The manifest of a data package: what datapackage.json says the folder holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from recommender.package.faults import Findings
from recommender.package.schema import BOUNDARIES, TABLES

MANIFEST = "datapackage.json"
LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Resource:
    """One file the manifest lists; `foreign` are the columns it declares as foreign keys."""

    path: str
    columns: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()

    @property
    def stem(self) -> str:
        """The file's name without folder and ending, which says what table it is."""
        return PurePosixPath(self.path).stem


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself.

    `language` is the language of columns without a suffix; `doubts` is what to know before using
    a figure (a property of ours: Frictionless allows more than it names). `missing` are the tables
    that are listed but have no file.
    """

    folder: Path
    package: str
    name: str
    title: str
    version: str
    created: str
    language: str
    licences: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    tables: Mapping[str, Resource] = field(default_factory=dict)
    boundaries: Resource | None = None
    missing: tuple[str, ...] = ()


def read_manifest(folder: Path, findings: Findings) -> Manifest | None:
    """Read and check the manifest of `folder`; None where nothing further can be read.

    Parameters
    ----------
    folder : Path
        A package's folder (or its datapackage.json).
    findings : Findings
        Collects the faults and notes.
    """
    if folder.name == MANIFEST:
        folder = folder.parent
    package = str(folder)
    where = (package, MANIFEST)
    content = _read_json(folder, where, findings)
    if content is None:
        return None
    before = len(findings.faults)
    _check_head(content, where, findings)
    listed = _read_resources(content, where, findings)
    resources = [resource for resource in listed if (folder / resource.path).exists()]
    for resource in listed:
        if resource not in resources:
            findings.fault((package, resource.path), "file_missing")
    if len(findings.faults) > before and not resources:
        return None
    _note_strays(folder, resources, where, findings)
    languages = [part for part in str(content.get("language") or "").split(";") if LANGUAGE.fullmatch(part)]
    named = {resource.path: resource for resource in resources}
    return Manifest(
        folder=folder,
        package=package,
        name=str(content.get("name", "")),
        title=str(content.get("title", "")),
        version=str(content.get("version", "")),
        created=str(content.get("created", "")),
        language=languages[0] if languages else "",
        licences=_titles(content.get("licenses")),
        sources=_titles(content.get("sources")),
        doubts=_texts(content.get("doubts")),
        tables={r.stem: r for r in resources if r.path.endswith(".csv") and r.stem in TABLES},
        missing=tuple(r.stem for r in listed if r not in resources),
        boundaries=next((r for path, r in named.items() if PurePosixPath(path).name == BOUNDARIES), None),
    )


def _read_json(folder: Path, where: tuple[str, str], findings: Findings) -> dict[str, Any] | None:
    try:
        content = json.loads((folder / MANIFEST).read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        findings.fault(where, "manifest_missing")
    except OSError as error:
        findings.fault(where, "file_unreadable", detail=error.strerror)
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        findings.fault(where, "encoding", row, None, repr(error.object[error.start : error.start + 4]))
    except json.JSONDecodeError as error:
        line = "".join(error.doc.split("\n")[error.lineno - 1 : error.lineno])
        findings.fault(where, "not_json", error.lineno, None, line.strip() or None, detail=error.msg)
    except RecursionError:
        findings.fault(where, "not_json", detail="nested too deeply")
    else:
        if isinstance(content, dict):
            return content
        findings.fault(where, "not_object", value=type(content).__name__)
    return None


def _check_head(content: dict[str, Any], where: tuple[str, str], findings: Findings) -> None:
    """Check what stands beside the resources: names are needed, papers are asked for."""
    name = content.get("name")
    if not isinstance(name, str) or not name.strip():
        findings.fault(where, "manifest_field", value=_brief(name), field="name", expected="text")
    language = content.get("language")
    if language is not None and not (
        isinstance(language, str) and all(map(LANGUAGE.fullmatch, language.split(";")))
    ):
        findings.fault(
            where, "manifest_field", value=_brief(language), field="language", expected="es, en, en;es, …"
        )
    for wanted in ("title", "version", "created", "licenses", "sources"):
        if not content.get(wanted):
            findings.note(
                where,
                None,
                es=f"datapackage.json no dice «{wanted}»",
                en=f"datapackage.json does not say '{wanted}'",
            )


def _read_resources(content: dict[str, Any], where: tuple[str, str], findings: Findings) -> list[Resource]:
    listed = content.get("resources")
    if not isinstance(listed, list) or not listed:
        findings.fault(
            where, "manifest_field", value=_brief(listed), field="resources", expected="[{path, schema}, …]"
        )
        return []
    found: dict[str, Resource] = {}
    for entry in listed:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not _is_inside(path):
            value = _brief(path if isinstance(entry, dict) else entry)
            findings.fault(where, "resource_path", value=value)
            continue
        name = PurePosixPath(path).name
        if name in found:
            findings.fault(where, "resource_twice", value=path)
        else:
            found[name] = _resource(path, entry.get("schema"))
    return list(found.values())


def _is_inside(path: str) -> bool:
    if not path or "\x00" in path or "\\" in path:
        return False
    parts = PurePosixPath(path)
    return bool(parts.name) and not parts.is_absolute() and ".." not in parts.parts


def _resource(path: str, schema: object) -> Resource:
    if not isinstance(schema, dict):
        return Resource(path)
    fields = schema.get("fields")
    names = [f.get("name") for f in fields if isinstance(f, dict)] if isinstance(fields, list) else []
    keys = schema.get("foreignKeys")
    foreign: list[object] = []
    for key in keys if isinstance(keys, list) else ():
        columns = key.get("fields") if isinstance(key, dict) else None
        foreign += columns if isinstance(columns, list) else [columns]
    return Resource(
        path,
        tuple(n for n in names if isinstance(n, str)),
        frozenset(c for c in foreign if isinstance(c, str)),
    )


def _note_strays(folder: Path, resources: list[Resource], where: tuple[str, str], findings: Findings) -> None:
    """Say which files are not read: those the manifest leaves out, and those the format does not know."""
    listed = {PurePosixPath(resource.path).parts[0] for resource in resources} | {MANIFEST}
    for path in sorted(folder.iterdir()):
        if path.name not in listed and not path.name.startswith("."):
            findings.note(
                (where[0], path.name),
                None,
                es="datapackage.json no lo menciona; se ignora",
                en="datapackage.json does not list it; it is ignored",
            )
    for resource in resources:
        name = PurePosixPath(resource.path).name
        if name != BOUNDARIES and not (name.endswith(".csv") and resource.stem in TABLES):
            findings.note(
                (where[0], resource.path),
                None,
                es="no es un archivo del formato; no se lee",
                en="it is not a file of the format; it is not read",
            )


def _titles(entries: object) -> tuple[str, ...]:
    if not isinstance(entries, list):
        return ()
    return tuple(str(e.get("title") or e.get("name") or "") for e in entries if isinstance(e, dict))


def _texts(entries: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in entries) if isinstance(entries, list) else ()


def _brief(value: object) -> str | None:
    return None if value is None else str(value)
