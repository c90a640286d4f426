"""Help in the language asked for: click's own frame and our texts."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import click

from api.cli_spanish import FRAME, HEADINGS, TEXTS


def said(text: str | None, language: str) -> str:
    """Return one of our English texts in `language`; one that has no Spanish stays English."""
    plain = " ".join((text or "").split())
    return TEXTS.get(plain, plain) if language == "es" else plain


def in_language(command: click.Command, language: str) -> click.Command:
    """Return a command that explains itself in `language`; the one given stays as it is."""
    if language != "es":
        return command
    speaking = copy.copy(command)
    speaking.context_class = SpanishContext
    if " ".join((command.help or "").split()) in TEXTS:
        speaking.help = said(command.help, language)
    speaking.epilog = said(command.epilog, language) or None
    return speaking


class SpanishFormatter(click.HelpFormatter):
    """Writes a command's help in Spanish."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, _framed(args), "Uso: ")

    def write_heading(self, heading: str) -> None:
        """Write the title of a list."""
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of options or commands."""
        super().write_dl([(name, _option(text)) for name, text in rows], col_max, col_spacing)


class SpanishContext(click.Context):
    """Where a command explains itself in Spanish."""

    formatter_class = SpanishFormatter


def _option(text: str) -> str:
    """Translate an option's help, and what click says behind it of its default."""
    whole = said(text, "es")
    if whole != " ".join(text.split()):
        return whole
    meaning, mark, extra = text.rpartition("  [")
    return f"{said(meaning, 'es')}{mark}{_framed(mark.strip() + extra)[1:]}" if mark else _framed(text)


def _framed(text: str) -> str:
    for english, spanish in FRAME.items():
        text = text.replace(english, spanish)
    return text
