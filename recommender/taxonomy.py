"""The vocabularies practices and questions are described with, in Spanish and English.

The codes are constants of the program: what may stand in a data package. Titles, meanings and the
words people use for a code are data (``data/taxonomy``), so that wording can grow without a release.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from recommender.domain import LANGUAGES, DataError, Text

THEMES = (
    "rights_protection",
    "economic_inclusion",
    "migration_development",
    "health",
    "education",
    "housing",
    "information_services",
    "gender",
    "children_youth",
    "culture_tourism",
    "social_cohesion",
    "governance",
    "regularisation",
    "financial_inclusion_remittances",
    "food_agriculture",
    "climate_environment",
    "anti_trafficking",
    "return_reintegration",
)
POPULATIONS = (
    "migrants",
    "refugees",
    "returnees",
    "emigrant_families",
    "host_community",
    "women",
    "children_adolescents",
    "youth",
    "lgbtiq",
    "indigenous",
    "afrodescendant",
    "people_with_disabilities",
    "older_people",
    "victims_of_trafficking",
    "survivors_of_gbv",
)
ORGANISATION_TYPES = (
    "civil_society",
    "public_institution",
    "cooperation_agency",
    "university",
    "private_enterprise",
)
SDGS = tuple(range(1, 18))
GCM_OBJECTIVES = tuple(range(1, 24))
EVIDENCE_LEVELS = (1, 2, 3, 4, 5)
OUTCOMES = ("tried", "adopted", "sustained", "failed")
DIRECTIONS = ("need_high", "need_low", "context")
LEVELS = ("country", "admin1", "admin2", "admin3")
TAGS_BASES = ("stated", "inferred")
ASKERS = ("local_government", "organisation", "cooperation_agency")
RECOGNITIONS = ("intercooperation_innovative", "intercooperation_outstanding")  # else free text

VOCABULARIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "themes": THEMES,
        "populations": POPULATIONS,
        "sdgs": tuple(map(str, SDGS)),
        "gcm_objectives": tuple(map(str, GCM_OBJECTIVES)),
        "organisation_types": ORGANISATION_TYPES,
    }
)

COLUMNS = (
    "vocabulary",
    "code",
    *(f"{kind}_{x}" for kind in ("title", "description", "terms") for x in LANGUAGES),
)


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a vocabulary in words.

    Parameters
    ----------
    vocabulary, code : str
        A name and a code of `VOCABULARIES`; goals and objectives are numbers written as text.
    title, description : Text
        A short name and one sentence of meaning, in both languages.
    terms : mapping of str to tuple of str
        Language -> words and phrases people use for it, as they are written, without inflections.
    """

    vocabulary: str
    code: str
    title: Text
    description: Text
    terms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All vocabularies in words; `entries` maps vocabulary -> code -> Term in the constants' order."""

    entries: Mapping[str, Mapping[str, Term]]

    def terms(self, vocabulary: str) -> Mapping[str, Term]:
        """Return the terms of one vocabulary by code, in the order of `VOCABULARIES`."""
        return self.entries[vocabulary]

    def title(self, vocabulary: str, code: str | int, language: str) -> str:
        """Return the title of a code in `language` (``es`` or ``en``)."""
        return self.entries[vocabulary][str(code)].title.get(language)


def folded(text: str) -> str:
    """Return `text` without case, accents and doubled spaces: two spellings of one phrase are equal.

    >>> folded(" Niñez  y Adolescencia ")
    'ninez y adolescencia'
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def read_taxonomy(folder: Path) -> Taxonomy:
    """Read ``datapackage.json`` and ``terms.csv`` of `folder`.

    Raises
    ------
    DataError
        A file is missing or unreadable, or the terms do not cover exactly the codes of
        `VOCABULARIES` in both languages; `facts["faults"]` lists every fault as a Text.
    """
    rows = list(_rows(folder))
    faults = [fault for line, row in rows for fault in _row_faults(line, row)]
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows:
        key = (row["vocabulary"], row["code"])
        if key in seen:
            faults.append(
                _fault(
                    line,
                    "code",
                    row["code"],
                    f"ya está en la línea {seen[key]}",
                    f"is already on line {seen[key]}",
                )
            )
        seen[key] = line
    faults += [
        _fault(None, vocabulary, code, "falta; añada su fila", "is missing; add its row")
        for vocabulary, codes in VOCABULARIES.items()
        for code in codes
        if (vocabulary, code) not in seen
    ]
    if faults:
        raise DataError(
            es=f"{folder / 'terms.csv'}: " + "; ".join(x.get("es") for x in faults),
            en=f"{folder / 'terms.csv'}: " + "; ".join(x.get("en") for x in faults),
            file=str(folder / "terms.csv"),
            faults=tuple(faults),
        )
    terms = {(row["vocabulary"], row["code"]): _term(row) for _, row in rows}
    return Taxonomy(
        MappingProxyType(
            {
                vocabulary: MappingProxyType({code: terms[vocabulary, code] for code in codes})
                for vocabulary, codes in VOCABULARIES.items()
            }
        )
    )


def _rows(folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of the file that the manifest names; every row has all `COLUMNS`."""
    path = folder / "datapackage.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        path = folder / next(x["path"] for x in manifest["resources"] if x["name"] == "terms")
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [x for x in COLUMNS if x not in (reader.fieldnames or ())]
            if missing:
                raise _unreadable(path, f"faltan las columnas {missing}", f"columns {missing} are missing")
            for row in reader:
                yield reader.line_num, {x: (row[x] or "").strip() for x in COLUMNS}
    except FileNotFoundError as error:
        raise _unreadable(path, "el archivo no existe", "the file does not exist") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise _unreadable(path, f"no se puede leer: {error}", f"cannot be read: {error}") from error
    except (StopIteration, KeyError, TypeError) as error:
        raise _unreadable(
            path, "no nombra el recurso «terms»", 'does not name the resource "terms"'
        ) from error


def _unreadable(path: Path, es: str, en: str) -> DataError:
    return DataError(
        es=f"{path}: {es}; restaure la carpeta de la taxonomía.",
        en=f"{path}: {en}; restore the taxonomy folder.",
        file=str(path),
        faults=(Text({"es": es, "en": en}),),
    )


def _fault(line: int | None, column: str, value: str, es: str, en: str) -> Text:
    at = ("", "") if line is None else (f"línea {line}, ", f"line {line}, ")
    return Text({"es": f"{at[0]}{column} «{value}» {es}", "en": f'{at[1]}{column} "{value}" {en}'})


def _row_faults(line: int, row: Mapping[str, str]) -> Iterator[Text]:
    vocabulary, code = row["vocabulary"], row["code"]
    if vocabulary not in VOCABULARIES:
        allowed = ", ".join(VOCABULARIES)
        yield _fault(line, "vocabulary", vocabulary, f"no es uno de: {allowed}", f"is not one of: {allowed}")
        return
    if code not in VOCABULARIES[vocabulary]:
        yield _fault(line, "code", code, f"no es un código de {vocabulary}", f"is not a code of {vocabulary}")
    for column in COLUMNS[2:]:
        if not row[column]:
            yield _fault(
                line, column, "", f"está vacío para {code}; escríbalo", f"is empty for {code}; write it"
            )
    for language in LANGUAGES:
        known: set[str] = set()
        for term in _split(row[f"terms_{language}"]):
            if folded(term) in known:
                yield _fault(
                    line, f"terms_{language}", term, "se repite; quítelo", "is repeated; take it out"
                )
            known.add(folded(term))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(x.strip() for x in cell.split(";") if x.strip())


def _term(row: Mapping[str, str]) -> Term:
    title, description = (
        Text({x: row[f"{kind}_{x}"] for x in LANGUAGES}) for kind in ("title", "description")
    )
    terms = MappingProxyType({x: _split(row[f"terms_{x}"]) for x in LANGUAGES})
    return Term(row["vocabulary"], row["code"], title, description, terms)
