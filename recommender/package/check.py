"""Reads the files of several packages and looks at everything before anything is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.package.boundaries import check_boundaries
from recommender.package.cells import Values, read_values
from recommender.package.faults import Fault, Findings, Note
from recommender.package.manifest import Manifest, read_manifest
from recommender.package.merge import merge
from recommender.package.references import Known, check_hierarchy, check_references, check_rows
from recommender.package.schema import BOUNDARIES, TABLES
from recommender.package.table import read_cells
from recommender.package.units import check_units


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found: all faults, notes, and the rows of every file (package -> file -> rows)."""

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Several packages read together: the report, the joined tables and the manifests.

    The tables are to be used only where the report has no fault.
    """

    report: CheckReport
    tables: Mapping[str, Values]
    manifests: tuple[Manifest, ...]


def read_all(paths: Iterable[Path], known: Known | None = None) -> Reading:
    """Read and check packages together.

    Parameters
    ----------
    paths : iterable of Path
        The packages' folders; one given twice is read once.
    known : mapping of str to frozenset of str, optional
        Ids that exist beyond these packages (table -> ids).
    """
    findings, known = Findings(), known or {}
    folders = {Path(path).resolve(): Path(path) for path in paths}
    manifests = [m for m in (read_manifest(folder, findings) for folder in folders.values()) if m is not None]
    broken: set[str] = set()
    read = [values for manifest in manifests for values in _read_package(manifest, broken, findings)]
    check_rows(read, findings)
    check_references(read, known, broken, findings)
    check_units(read, findings)
    check_hierarchy(read, findings)
    tables = merge(read, findings)
    counts = {manifest.package: _counts(manifest, read) for manifest in manifests}
    ids = {key[0] for values in read if values.table.name == "territories" for key in values.keys if key}
    ids |= known.get("territories", frozenset())
    resolvable = ids if ids and "territories" not in broken else None
    for manifest in manifests:
        if manifest.boundaries is not None:
            where = (manifest.package, manifest.boundaries.path)
            path = manifest.folder / manifest.boundaries.path
            counts[manifest.package][BOUNDARIES] = check_boundaries(path, where, resolvable, findings)
    # the order of reading is kept within a file; stages must not shuffle what a person looks up
    faults = sorted(findings.faults, key=lambda f: (f.package, f.file, f.row or 0))
    report = CheckReport(tuple(faults), tuple(findings.notes), counts)
    return Reading(report, tables, tuple(manifests))


def _read_package(manifest: Manifest, broken: set[str], findings: Findings) -> list[Values]:
    """Read the tables of one package; `broken` collects those that could not be read whole."""
    broken.update(manifest.missing)
    read = []
    for name, table in TABLES.items():
        resource = manifest.tables.get(name)
        if resource is None:
            continue
        cells = read_cells(manifest.folder / resource.path, (manifest.package, resource.path), findings)
        if cells is None or not cells.whole:
            broken.add(name)
        if cells is not None:
            read.append(read_values(cells, table, manifest, resource, findings))
    return read


def _counts(manifest: Manifest, read: Sequence[Values]) -> dict[str, int]:
    return {values.where[1]: len(values.rows) for values in read if values.where[0] == manifest.package}
