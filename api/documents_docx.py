"""The two pages as DOCX, for who wants to edit them; what fits the PDF's pages fits here."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from api.documents import HEAD, NOTE, SMALL, TEXT, Block, Document, Paragraph, Table, place
from api.documents_pdf import fitting

FONT = "Arial"
SIZES = {HEAD: 9.5, TEXT: 7.6, SMALL: 7.0, NOTE: 6.2}
"""Arial runs narrower than the PDF's font: equal sizes leave room."""
BEFORE = {HEAD: 5.0, TEXT: 2.0, SMALL: 1.0, NOTE: 3.0}
DEEP = RGBColor(0x12, 0x50, 0x4B)
CELL = 6.4


def write_docx(document: Document) -> bytes:
    """Return the document as DOCX: two pages of A4, parted by a page break."""
    file = new_file(document.title, document.language)
    scale, first, second = fitting(document)
    _head(file, document)
    for block in document.first(first):
        add_block(file, block, scale)
    before = len(file.paragraphs)
    for block in document.second(second):
        add_block(file, block, scale)
    file.paragraphs[before].paragraph_format.page_break_before = True
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def new_file(title: str, language: str) -> Any:  # noqa: ANN401
    """Return an empty document on A4 with narrow margins."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(11)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SIZES[TEXT])
    file.core_properties.title, file.core_properties.author = clean(title), "Arraigo"
    file.core_properties.language = language
    return file


def clean(text: str) -> str:
    """Leave out control characters, which a DOCX cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")


def _head(file: Any, document: Document) -> None:  # noqa: ANN401
    title = file.add_heading(clean(document.answer.practice.title), level=1)
    _tight(title, 0.0)
    _font(title.runs[0], 13.0, DEEP)
    told = f"{document.say('heading')} · {document.say('for', place=place(document.answer.territory))}"
    line = file.add_paragraph()
    _tight(line, 0.0)
    _font(line.add_run(clean(told)), 9.0, DEEP)


def add_block(file: Any, block: Block, scale: float = 1.0) -> None:  # noqa: ANN401
    """Append a paragraph or table, its letters `scale` times their size."""
    if isinstance(block, Table):
        _table(file, block, scale)
        return
    if block.style == HEAD:
        head = file.add_heading(clean(block.text), level=2)
        _tight(head, BEFORE[HEAD])
        _font(head.runs[0], SIZES[HEAD] * scale, DEEP)
        return
    paragraph = file.add_paragraph()
    _tight(paragraph, BEFORE[block.style])
    _runs(paragraph, block, scale)


def _runs(paragraph: Any, block: Paragraph, scale: float) -> None:  # noqa: ANN401
    if block.lead:
        lead = paragraph.add_run(clean(block.lead))
        lead.bold = True
        _font(lead, SIZES[block.style] * scale)
    if block.text:
        _font(paragraph.add_run(clean(block.text)), SIZES[block.style] * scale)


def _table(file: Any, block: Table, scale: float) -> None:  # noqa: ANN401
    table = file.add_table(rows=1 + len(block.rows), cols=len(block.header), style="Table Grid")
    table.autofit = False
    for at, (row, texts) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
        for cell, text, share in zip(row.cells, texts, block.widths, strict=True):
            cell.width = Mm(180 * share)
            paragraph = cell.paragraphs[0]
            _tight(paragraph, 0.0)
            run = paragraph.add_run(clean(text))
            run.bold = at == 0
            _font(run, CELL * scale)
    _repeat(table.rows[0])


def _repeat(row: Any) -> None:  # noqa: ANN401
    """Mark a table's header as such, which screen readers tell."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _tight(paragraph: Any, before: float) -> None:  # noqa: ANN401
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(0), 1.0


def _font(run: Any, size: float, color: RGBColor | None = None) -> None:  # noqa: ANN401
    run.font.name, run.font.size = FONT, Pt(round(size * 2) / 2)
    if color is not None:
        run.font.color.rgb = color
