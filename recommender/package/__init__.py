"""Data packages: check everything and refuse whole, read into a Catalogue, write back.

A package is a folder with datapackage.json and CSV files in the exchange format. Several packages
are one catalogue: references resolve over all of them, and a row that two packages have is one row
where no cell contradicts (empty agrees with anything).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from recommender.domain import Catalogue, PackageRefused, Text
from recommender.package.build import build_catalogue, catalogue_version
from recommender.package.check import CheckReport, Reading, read_all
from recommender.package.faults import Fault, Note
from recommender.package.references import Known
from recommender.package.write import write_package

__all__ = [
    "CheckReport",
    "Fault",
    "JudgedNeed",
    "Judgements",
    "Note",
    "catalogue_version",
    "check_packages",
    "read_judgements",
    "read_packages",
    "write_package",
]


@dataclass(frozen=True, slots=True)
class JudgedNeed:
    """A need somebody stated; `language` is the one it was written in, `need` has translations too."""

    id: str
    need: Text
    territory_id: str | None = None
    organisation_id: str | None = None
    asker: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Judgements:
    """Needs and the grades (0-3) practices got for them.

    `grades` is need id -> practice id -> grade; a pair that is absent was not judged, which is not
    the same as 0.
    """

    queries: Mapping[str, JudgedNeed]
    grades: Mapping[str, Mapping[str, int]]


def check_packages(paths: Iterable[Path]) -> CheckReport:
    """Check packages together and report every fault; nothing is loaded or changed."""
    return read_all(paths).report


def read_packages(paths: Iterable[Path]) -> Catalogue:
    """Read packages into one catalogue.

    Raises
    ------
    PackageRefused
        Where there is any fault; `facts["faults"]` holds all of them and nothing is loaded.
    """
    return build_catalogue(_accepted(read_all(paths)).tables)


def read_judgements(folder: Path, catalogue: Catalogue | None = None) -> Judgements:
    """Read the judged needs of a package with queries.csv and judgements.csv.

    Parameters
    ----------
    folder : Path
    catalogue : Catalogue, optional
        Where given, the territories and practices named must be in it.

    Raises
    ------
    PackageRefused
        Where there is any fault.
    """
    known: Known = {}
    if catalogue is not None:
        known = {
            "territories": frozenset(catalogue.territories),
            "practices": frozenset(catalogue.practices),
            "organisations": frozenset(catalogue.organisations),
        }
    tables = _accepted(read_all([folder], known)).tables
    queries: dict[str, JudgedNeed] = {}
    grades: dict[str, dict[str, int]] = {}
    if "queries" in tables:
        columns = tables["queries"].columns
        names = [name for name in columns if not name.startswith("need_")]
        for i, key in enumerate(columns["id"]):
            need = {c[5:]: columns[c][i] for c in columns if c.startswith("need_") and columns[c][i]}
            queries[key] = JudgedNeed(need=Text(need), **{name: columns[name][i] for name in names})
    if "judgements" in tables:
        columns = tables["judgements"].columns
        rows = zip(columns["query_id"], columns["practice_id"], columns["grade"], strict=True)
        for query, practice, grade in rows:
            grades.setdefault(query, {})[practice] = grade
    return Judgements(MappingProxyType(queries), MappingProxyType(grades))


def _accepted(reading: Reading) -> Reading:
    faults = reading.report.faults
    if not faults:
        return reading
    n, first = len(faults), faults[0]
    raise PackageRefused(
        es=f"No se cargó nada: {n} {'error' if n == 1 else 'errores'}. El primero: {first.line('es')}",
        en=f"Nothing was loaded: {n} {'fault' if n == 1 else 'faults'}. The first: {first.line('en')}",
        faults=faults,
    )
