"""The two pages a council can be handed: what stands on them, whatever writes them (PDF or DOCX)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from api.schemas_fit import ActionOut, FactorOut, FitOut, ValueOut
from recommender.figures import number
from recommender.transfer.record import NOT_ON_RECORD

HEAD, TEXT, SMALL, NOTE = "head", "text", "small", "note"
"""Styles of a paragraph: a section's head, running text, smaller text, the notice."""


class Paragraph(NamedTuple):
    """Running text; `lead` stands before it in bold, `link` is the address it leads to."""

    text: str
    style: str = TEXT
    lead: str = ""
    link: str = ""


class Table(NamedTuple):
    """Rows of cells under a header; `widths` are shares of the page's width and sum to 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


Block = Paragraph | Table

WORDS = {
    "heading": ("Comparación y plan de adaptación", "Comparison and adaptation plan"),
    "for": ("Para {place}", "For {place}"),
    "compared": (
        "Comparada con {place}, el lugar más parecido donde se hizo",
        "Compared with {place}, the most alike place where it ran",
    ),
    "no_origin": (
        "Sin un lugar de origen con indicadores para comparar",
        "No place of origin with indicators to compare with",
    ),
    "run_by": ("La llevó a cabo: {name}", "Run by: {name}"),
    "need": ("Para la necesidad: «{need}».", 'For the need: "{need}".'),
    "order": (
        "El ajuste ordena las prácticas para este lugar; trasladarla o no depende del eslabón más débil:",
        "The fit orders practices for this place; whether to transfer it depends on the weakest link:",
    ),
    "three": (
        "Ajuste anticipado {fit} de 100 · Evidencia: {evidence} · Factores conocidos: {coverage} %",
        "Anticipated fit {fit} of 100 · Evidence: {evidence} · Factors known: {coverage}%",
    ),
    "link": ("Eslabón", "Link"),
    "level": ("Estado", "State"),
    "because": ("Pesa en contra o falta saber", "Weighs against it, or is not known"),
    "changes": (
        "Qué cambiar o comprobar, lo más importante primero",
        "What to change or check, most important first",
    ),
    "none": ("Ninguna diferencia conocida que importe.", "No known difference that matters."),
    "also": ("Donde se hizo pese a ello: {cases}.", "Where it ran all the same: {cases}."),
    "similar": (
        "Una práctica parecida («{title}») se hizo en {place}",
        'A similar practice ("{title}") ran in {place}',
    ),
    "needs": ("Lo que requiere", "What it needs"),
    "cost": ("Costo", "Cost"),
    "partners": (
        "Con quién contar (registradas en el territorio o su provincia)",
        "Who could help (on record in the territory or its province)",
    ),
    "nobody": ("ninguna registrada; puede haberlas", "none on record; there may be some"),
    "factors": (
        "Los 29 factores",
        "The 29 factors",
    ),
    "factor": ("Factor", "Factor"),
    "sides": ("Aquí / donde se hizo", "Here / where it ran"),
    "ask_here": ("Por responder aquí", "To answer here"),
    "ask_there": ("Para preguntar al equipo de origen", "To ask the team that ran it"),
    "source": (
        "Fuente de la práctica: {name} (leída el {date}). ",
        "Source of the practice: {name} (read on {date}). ",
    ),
    "figures": ("Cifras: {names}.", "Figures: {names}."),
    "versions": ("Datos {data} · modelo {model}", "Data {data} · model {model}"),
    "unknown": ("sin dato", "not known"),
    "generality": (
        "Índice de generalización de Tipton {index} sobre {places} lugares.",
        "Tipton's generalisability index {index} over {places} places.",
    ),
}


@dataclass(frozen=True)
class Document:
    """Two pages; each takes how much of its lists it may show, so that a writer can make it fit."""

    answer: FitOut

    @property
    def language(self) -> str:
        """Language of the text."""
        return self.answer.language

    @property
    def title(self) -> str:
        """What the file is called."""
        return f"{self.say('heading')}: {self.answer.practice.title}"

    def say(self, key: str, **values: object) -> str:
        """Return one of the fixed texts."""
        return WORDS[key][self.language == "en"].format(**values)

    def first(self, limit: int) -> list[Block]:
        """Return page one: verdict, chain, `limit` changes, needs, cost, partners."""
        answer = self.answer
        actions = answer.plan.actions[:limit]
        blocks: list[Block] = [*self._opening(), self._chain(), Paragraph(self.say("changes"), HEAD)]
        blocks += [self._action(action) for action in actions] or [Paragraph(self.say("none"))]
        if answer.plan.requirements:
            blocks.append(Paragraph(self.say("needs"), HEAD))
            blocks += self._needs()
        if answer.plan.cost:
            blocks += [Paragraph(self.say("cost"), HEAD), Paragraph(answer.plan.cost.sentence)]
        blocks.append(Paragraph(self.say("partners"), HEAD))
        blocks += [
            Paragraph(self._partners(row.type, limit), SMALL, f"{row.name}: ") for row in answer.plan.partners
        ]
        return blocks

    def second(self, limit: int) -> list[Block]:
        """Return page two: the factors, `limit` questions for either side, sources, notice."""
        answer = self.answer
        rows = tuple(self._factor(factor) for factor in answer.factors)
        header = ("", self.say("factor"), self.say("level"), self.say("sides"))
        blocks: list[Block] = [
            Paragraph(self.say("factors"), HEAD),
            Table(header, rows, (0.04, 0.41, 0.12, 0.43)),
            Paragraph(self.say("ask_here"), HEAD),
            *numbered([each.question for each in answer.plan.questions[:limit]]),
            Paragraph(self.say("ask_there"), HEAD),
            *numbered(answer.plan.origin_questions[:limit]),
        ]
        if answer.generality:
            figure = number(answer.generality.index, self.language, 2)
            blocks.append(
                Paragraph(self.say("generality", index=figure, places=answer.generality.places), SMALL)
            )
        return [*blocks, *self._closing()]

    def _opening(self) -> list[Block]:
        answer = self.answer
        told = (
            self.say("compared", place=place(answer.compared_with))
            if answer.compared_with
            else self.say("no_origin")
        )
        lead = answer.practice.organisation
        run_by = [self.say("run_by", name=lead.name)] if lead else []
        three = self.say(
            "three",
            fit=number(answer.fit, self.language, 0),
            evidence=answer.evidence_label,
            coverage=number(100 * answer.coverage, self.language, 0),
        )
        line = " · ".join([*run_by, told])
        blocks: list[Block] = [
            Paragraph(f"{line}.", SMALL),
            Paragraph(f". {answer.notice}", TEXT, three),
            Paragraph(self.say("order"), SMALL),
            Paragraph("", TEXT, answer.verdict),
        ]
        if answer.need:
            blocks.insert(1, Paragraph(self.say("need", need=shortened(answer.need, 240)), SMALL))
        return blocks + [Paragraph(remark, SMALL) for remark in answer.remarks[:2]]

    def _chain(self) -> Table:
        rows = tuple(
            (
                link.name[0].upper() + link.name[1:],
                link.level_label,
                shortened("; ".join(link.because[:3]), 150),
            )
            for link in self.answer.chain
        )
        return Table((self.say("link"), self.say("level"), self.say("because")), rows, (0.25, 0.13, 0.62))

    def _action(self, action: ActionOut) -> Paragraph:
        cases = [case for case in action.cases if case.same_practice] or action.cases[:1]
        told = ""
        if cases and cases[0].same_practice:
            names = ", ".join(
                dict.fromkeys(f"{place(case.territory)} ({case.value.text})" for case in cases[:2])
            )
            told = " " + self.say("also", cases=names)
        elif cases:
            similar = self.say(
                "similar", title=shortened(cases[0].title, 70), place=place(cases[0].territory)
            )
            told = f" {similar} ({cases[0].value.text})."
        return Paragraph(
            unbroken(f"{shortened(action.difference, 260)} {action.change}{told}"),
            TEXT,
            f"{action.rank}. {action.title}. ",
        )

    def _partners(self, kind: str, limit: int) -> str:
        row = next(row for row in self.answer.plan.partners if row.type == kind)
        names = [body.name for body in row.organisations]
        more = f" (+{len(names) - limit})" if len(names) > limit else ""
        return f"{', '.join(names[:limit])}{more}" if names else self.say("nobody")

    def _factor(self, factor: FactorOut) -> tuple[str, ...]:
        known = [self._side(value) for value in (factor.here, factor.there) if value]
        indicator = next((v.indicator for v in (factor.here, factor.there) if v and v.indicator), None)
        told = f"{shortened(indicator, 34)}: " if indicator else ""
        told += " / ".join(known)
        if not known and factor.sentence != NOT_ON_RECORD.get(self.language):
            told = factor.sentence
        return (str(factor.number), factor.title, factor.status_label, shortened(told, 92))

    def _side(self, value: ValueOut) -> str:
        return unbroken(value.text) + (f" ({value.year})" if value.year and value.indicator_id else "")

    def _needs(self) -> list[Block]:
        """Return what it needs, gathered by state and by where the need is from."""
        gathered: dict[str, list[str]] = {}
        for each in self.answer.plan.requirements:
            state = f"{each.status_label[0].upper()}{each.status_label[1:]} ({each.basis_label}): "
            gathered.setdefault(state, []).append(each.text)
        return [
            Paragraph(f"{shortened('; '.join(texts), 600)}.", TEXT, state)
            for state, texts in gathered.items()
        ]

    def _closing(self) -> list[Block]:
        answer = self.answer
        source, unknown = answer.practice.source, self.say("unknown")
        names = [each.name for each in answer.sources]
        told = self.say("source", name=source.name or unknown, date=source.retrieved or unknown)
        blocks: list[Block] = [Paragraph(told + shortened(source.url or "", 400), NOTE, "", source.url or "")]
        if names:
            blocks.append(Paragraph(self.say("figures", names=shortened(gathered(names), 1500)), NOTE))
        versions = self.say("versions", data=answer.data_version, model=answer.model_version)
        return [*blocks, Paragraph(f"{versions}. {answer.notice}", NOTE)]


def layout(answer: FitOut) -> Document:
    """Return the document of a comparison."""
    return Document(answer)


def place(brief: object) -> str:
    """Name a place with what contains it."""
    name, parent = str(getattr(brief, "name", "")), getattr(brief, "parent", None)
    return f"{name} ({parent})" if parent and parent != name else name


def numbered(items: list[str]) -> list[Block]:
    """Return a list, one paragraph an item."""
    return [Paragraph(f"{rank}. {item}", SMALL) for rank, item in enumerate(items, 1)] or [
        Paragraph("–", SMALL)
    ]


def unbroken(text: str) -> str:
    """Keep a figure and its sign on one line."""
    return text.replace(" %", "\u00a0%")


def gathered(names: list[str]) -> str:
    """Write names of tables with their publication once.

    Examples
    --------
    >>> gathered(["Census 2022, table 1", "Survey", "Census 2022, table 2"])
    'Census 2022: table 1; table 2. Survey'
    """
    tables: dict[str, list[str]] = {}
    for name in names:
        publication, _, table = name.partition(", ")
        tables.setdefault(publication, []).extend([table] if table else [])
    return ". ".join(f"{name}: {'; '.join(found)}" if found else name for name, found in tables.items())


def shortened(text: str, most: int) -> str:
    """Cut a text at a word, with a sign that it goes on.

    Examples
    --------
    >>> shortened("uno dos tres", 8)
    'uno dos…'
    """
    if len(text) <= most:
        return text
    return text[: most + 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
