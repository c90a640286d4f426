"""The two pages as PDF: as many changes and questions as fit, never a third page."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, TableStyle
from reportlab.platypus import Paragraph as PdfParagraph
from reportlab.platypus import Table as PdfTable

from api.documents import HEAD, NOTE, SMALL, TEXT, Block, Document, Paragraph, place

FONT, BOLD = "Vera", "VeraBd"
"""Bitstream Vera, which comes with the library and may be embedded."""
MARGIN = 15 * mm
BAND = 23 * mm
"""Height of the head of page one."""
DEEP, PALE, GREY = colors.HexColor("#12504b"), colors.HexColor("#e8f0ef"), colors.HexColor("#5b6664")
CHOICES = ((1.2, 10), (1.15, 10), (1.1, 10), (1.05, 10), *((1.0, most) for most in range(10, 0, -1)))
"""Scale of the letters and most items of a list: the first that fits is taken."""
SIZES = {HEAD: (9.0, 11.0, 5.0), TEXT: (7.6, 9.6, 2.4), SMALL: (7.0, 8.8, 1.6), NOTE: (6.2, 7.8, 3.0)}
"""Style -> font size, leading and space before, in points."""


def write_pdf(document: Document) -> bytes:
    """Return the document as PDF, always two pages; equal answers give equal bytes."""
    load_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang=document.language)
    canvas.setTitle(printable(document.title))
    canvas.setAuthor("Arraigo")
    scale, first, second = fitting(document)
    _page(canvas, document, document.first(first), 1, scale)
    _page(canvas, document, document.second(second), 2, scale)
    canvas.save()
    return out.getvalue()


def fitting(document: Document) -> tuple[float, int, int]:
    """Return the scale of the letters of both pages and how much of its lists each can show."""
    load_fonts()
    pages = ((document.first, _height(1)), (document.second, _height(2)))
    scale = min(_largest(page, height)[0] for page, height in pages)
    first, second = (_largest(page, height, scale)[1] for page, height in pages)
    return scale, first, second


def printable(text: str) -> str:
    """Write a character that the font lacks by its base letter, or leave it out."""
    known = _characters()
    return "".join(
        char
        if ord(char) in known
        else "".join(c for c in unicodedata.normalize("NFKD", char) if ord(c) in known)
        for char in text
    )


def _largest(page: Callable[[int], list[Block]], height: float, most: float = 9.0) -> tuple[float, int]:
    for scale, limit in CHOICES:
        if scale <= most:
            flow = [flowable(block, scale) for block in page(limit)]
            parts = [
                (each.getSpaceBefore(), each.wrap(_width(), height)[1], each.getSpaceAfter()) for each in flow
            ]
            if sum(map(sum, parts)) <= height:
                return scale, limit
    return CHOICES[-1]


def _page(canvas: Canvas, document: Document, blocks: list[Block], page: int, scale: float) -> None:
    width, height = A4
    if page == 1:
        canvas.setFillColor(DEEP)
        canvas.rect(0, height - BAND, width, BAND, stroke=0, fill=1)
        head = [
            PdfParagraph(escape(printable(document.say("heading"))).upper(), _style(SMALL, colors.white)),
            PdfParagraph(escape(printable(document.answer.practice.title)), _style(HEAD, colors.white, 12.0)),
            PdfParagraph(
                escape(printable(document.say("for", place=place(document.answer.territory)))),
                _style(TEXT, colors.white, 9.5),
            ),
        ]
        _fill(canvas, head, 2 * mm, height - BAND, BAND)
    _fill(canvas, [flowable(block, scale) for block in blocks], 0.0, _bottom(), _height(page))
    canvas.setFillColor(GREY)
    canvas.setFont(FONT, 6.5)
    canvas.drawString(
        MARGIN, 8 * mm, printable(f"Arraigo · {document.answer.practice.id} · {document.answer.territory.id}")
    )
    canvas.drawRightString(width - MARGIN, 8 * mm, f"{page} / 2")
    canvas.showPage()


def _fill(canvas: Canvas, flow: Sequence[Flowable], padding: float, bottom: float, height: float) -> None:
    """Lay flowables into a frame; shrink them a little rather than lose one."""
    frame = Frame(MARGIN, bottom, _width(), height, 0, padding, 0, padding)
    frame.addFromList([KeepInFrame(_width(), height - 2 * padding - 1, list(flow), mode="shrink")], canvas)


def flowable(block: Block, scale: float = 1.0) -> Flowable:
    """Return a paragraph or table, its letters `scale` times their size."""
    if isinstance(block, Paragraph):
        lead = f'<font name="{BOLD}">{escape(printable(block.lead))}</font>' if block.lead else ""
        text = escape(printable(block.text))
        if block.link:
            text = f"<a href={quoteattr(block.link)}>{text}</a>"
        return PdfParagraph(lead + text, _style(block.style, size=SIZES[block.style][0] * scale))
    cells = [[PdfParagraph(escape(printable(cell)), _cell(BOLD, scale)) for cell in block.header]]
    cells += [
        [PdfParagraph(escape(printable(cell)), _cell(FONT, scale)) for cell in row] for row in block.rows
    ]
    table = PdfTable(
        cells, colWidths=[share * _width() for share in block.widths], spaceBefore=3, spaceAfter=2
    )
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#c4cfcd")),
                ("TOPPADDING", (0, 0), (-1, -1), 0.8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


@cache
def _style(name: str, color: colors.Color = colors.black, size: float | None = None) -> ParagraphStyle:
    given, leading, before = SIZES[name]
    used = size or given
    bold = name == HEAD
    return ParagraphStyle(
        f"{name}-{color}-{used}",
        fontName=BOLD if bold else FONT,
        fontSize=used,
        leading=leading * used / given,
        spaceBefore=before,
        textColor=DEEP if bold and color == colors.black else GREY if name == NOTE else color,
    )


@cache
def _cell(font: str, scale: float) -> ParagraphStyle:
    return ParagraphStyle(f"cell-{font}-{scale}", fontName=font, fontSize=6.6 * scale, leading=8.0 * scale)


@cache
def load_fonts() -> None:
    """Make the fonts known; before any text is measured."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


@cache
def _characters() -> frozenset[int]:
    load_fonts()
    return frozenset(pdfmetrics.getFont(FONT).face.charToGlyph)


def _width() -> float:
    return float(A4[0] - 2 * MARGIN)


def _bottom() -> float:
    return float(13 * mm)


def _height(page: int) -> float:
    return float(A4[1] - _bottom() - (BAND + 3 * mm if page == 1 else 11 * mm))
