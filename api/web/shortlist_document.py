"""The shortlist as a document to hand on: an overview, then each practice with its reasons and its plan."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask_babel import gettext as _  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate

from api.documents import HEAD, NOTE, SMALL, TEXT, Block, Paragraph, Table, place
from api.documents_docx import add_block, new_file
from api.documents_pdf import MARGIN, flowable, load_fonts, printable
from api.schemas_answer import RecommendationOut
from api.schemas_catalogue import PracticeOut
from api.schemas_fit import FitOut
from api.web.formats import day, dollars, share

SCALE = 1.2
"""Letters a little larger than on the two pages of a comparison: here nothing has to fit."""
REASONS, DIFFERENCES, CHANGES = 4, 3, 3
"""Lines of each kind for a practice; the comparison's own document has them all."""


@dataclass(frozen=True)
class Entry:
    """A chosen practice; with a place, its row in the ranking and its comparison where there is one."""

    record: PracticeOut
    row: RecommendationOut | None
    plan: FitOut | None


@dataclass(frozen=True)
class ShortlistDocument:
    """What stands in the document; `subtitle` says for which place and need."""

    title: str
    subtitle: str
    entries: tuple[Entry, ...]
    notice: str
    versions: str
    language: str

    def blocks(self) -> list[Block]:
        """Return everything in order."""
        found: list[Block] = [Paragraph(self.subtitle)] if self.subtitle else []
        found.append(self._overview())
        for rank, entry in enumerate(self.entries, 1):
            found += self._entry(rank, entry)
        return [*found, Paragraph(f"{self.versions} {self.notice}", NOTE)]

    def _overview(self) -> Table:
        ranked = any(entry.row for entry in self.entries)
        head = [_("Practice"), *([_("Anticipated fit"), _("Data known")] if ranked else [])]
        head += [_("Evidence"), _("Cost")]
        rows = []
        for rank, entry in enumerate(self.entries, 1):
            figures = []
            if ranked:
                figures = [_fit(entry.row), share(entry.row.coverage if entry.row else None)]
            label = entry.record.evidence_label
            rows.append((f"{rank}. {entry.record.title}", *figures, label, dollars(entry.record.budget_usd)))
        widths = (0.46, 0.15, 0.11, 0.14, 0.14) if ranked else (0.6, 0.2, 0.2)
        return Table(tuple(head), tuple(rows), widths)

    def _entry(self, rank: int, entry: Entry) -> list[Block]:
        record, unknown = entry.record, _("not known")
        where = "; ".join(dict.fromkeys(place(adoption.territory) for adoption in record.adoptions))
        who = record.organisation.name if record.organisation else unknown
        blocks: list[Block] = [
            Paragraph(f"{rank}. {record.title}", HEAD),
            Paragraph(record.summary, TEXT),
            Paragraph(who, SMALL, f"{_('Who ran it')}: "),
            Paragraph(where or unknown, SMALL, f"{_('Where it ran')}: "),
            Paragraph(record.requirements or unknown, SMALL, f"{_('What it takes')}: "),
        ]
        if entry.row:
            blocks += _list(_("Why"), [reason.sentence for reason in entry.row.reasons[:REASONS]])
            blocks += _list(
                _("What differs from where it ran"),
                [difference.sentence for difference in entry.row.differences[:DIFFERENCES]],
            )
        if entry.plan:
            changes = [f"{action.title}. {action.change}" for action in entry.plan.plan.actions[:CHANGES]]
            blocks += _list(_("What to change or check first"), changes)
        source = record.source
        told = source.name or source.url or unknown
        read = f" ({_('read on %(day)s', day=day(source.retrieved))})" if source.retrieved else ""
        return [*blocks, Paragraph(f"{told}{read}", NOTE, f"{_('Source')}: ", source.url or "")]


def shortlist_pdf(document: ShortlistDocument) -> bytes:
    """Return the document as PDF; equal content gives equal bytes."""
    load_fonts()
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=printable(document.title),
        author="Arraigo",
        lang=document.language,
        invariant=1,
    )
    blocks = [Paragraph(document.title, HEAD), *document.blocks()]
    flow = [flowable(block, SCALE * (1.4 if at == 0 else 1.0)) for at, block in enumerate(blocks)]
    for each, block in zip(flow, blocks, strict=True):
        each.keepWithNext = isinstance(block, Paragraph) and (block.style == HEAD or not block.text)
    template.build(flow)
    return out.getvalue()


def shortlist_docx(document: ShortlistDocument) -> bytes:
    """Return the document as DOCX."""
    file = new_file(document.title, document.language)
    for at, block in enumerate([Paragraph(document.title, HEAD), *document.blocks()]):
        add_block(file, block, SCALE * (1.4 if at == 0 else 1.0))
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _fit(row: RecommendationOut | None) -> str:
    if row is None:
        return str(_("not known"))
    band = {"high": _("high"), "medium": _("medium"), "low": _("low")}[row.band]
    return f"{round(row.fit)} / 100 · {band}"


def _list(lead: str, sentences: list[str]) -> list[Block]:
    """Return a line in bold and a line for each sentence; nothing where there is none."""
    if not sentences:
        return []
    return [Paragraph("", SMALL, f"{lead}:"), *(Paragraph(f"•  {text}", SMALL) for text in sentences)]
