"""What is wrong with a data package: faults, notes and their sentences in Spanish and English."""

from __future__ import annotations

from dataclasses import dataclass, field

from recommender.domain import Text
from recommender.package.sentences import SENTENCES

LONGEST = 160


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place of one package.

    Parameters
    ----------
    package, file : str
        The folder as it was given, and the file inside it.
    row : int or None
        Row as a spreadsheet counts it: the header is row 1, and a cell with line breaks is still
        one row. In a JSON file, its line; in boundaries, the number of the feature.
    column, value : str or None
        The column and the offending value, verbatim.
    problem, remedy : Text
        What is wrong and what to do, in es and en.
    """

    package: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: Text
    remedy: Text

    def line(self, language: str) -> str:
        """Return the whole fault on one line in `language` (``es`` or ``en``)."""
        row, column, value, remedy = _LABELS["es" if language == "es" else "en"]
        where = [f"{self.package}: {_shown(self.file)}"]
        if self.row is not None:
            where.append(f"{row} {self.row}")
        if self.column is not None:
            where.append(f"{column} {_shown(self.column)}")
        if self.value is not None:
            where.append(f"{value} «{_shown(self.value)}»")
        return f"{', '.join(where)}: {self.problem.get(language)}. {remedy}: {self.remedy.get(language)}."


_LABELS = {"es": ("fila", "columna", "valor", "Remedio"), "en": ("row", "column", "value", "Remedy")}


def _shown(value: str) -> str:
    """Return `value` on one printable line, shortened: a terminal never gets raw control characters."""
    short = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in short)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that does not stop a package from loading."""

    package: str
    file: str
    column: str | None
    text: Text

    def line(self, language: str) -> str:
        """Return the whole note on one line in `language` (``es`` or ``en``)."""
        label = _LABELS["es" if language == "es" else "en"][1]
        column = "" if self.column is None else f", {label} {_shown(self.column)}"
        return f"{self.package}: {_shown(self.file)}{column}: {self.text.get(language)}."


@dataclass(slots=True)
class Findings:
    """Collects the faults and notes of a reading; nothing is raised until everything was looked at."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def fault(
        self,
        where: tuple[str, str],
        code: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        **facts: object,
    ) -> None:
        """Add the fault `code` at `where` (package, file)."""
        es, en, remedy_es, remedy_en = (sentence.format_map(facts) for sentence in SENTENCES[code])
        problem, remedy = Text({"es": es, "en": en}), Text({"es": remedy_es, "en": remedy_en})
        self.faults.append(Fault(*where, row, column, value, problem, remedy))

    def note(self, where: tuple[str, str], column: str | None, *, es: str, en: str) -> None:
        """Add a note at `where` (package, file)."""
        self.notes.append(Note(*where, column, Text({"es": es, "en": en})))
