"""What the command line says of itself, in Spanish and English."""

from __future__ import annotations

import click


def explain_usage(error: click.ClickException, language: str) -> str:
    """Return one line on a wrong command, option or argument, with the remedy."""
    english = error.format_message()
    if language != "es":
        return english
    help_line = _help_line(error)
    if isinstance(error, click.NoSuchOption):
        near = f" ¿Quiso decir {', '.join(error.possibilities)}?" if error.possibilities else ""
        return f"No hay opción {error.option_name}.{near}{help_line}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"Falta {_name(error.param)}.{help_line}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name(error.param)}: valor no válido ({error.message}).{help_line}"
    if isinstance(error, click.FileError):
        return f"No se puede abrir «{error.ui_filename}»: {error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"La opción {error.option_name} se usó mal ({error.message}).{help_line}"
    if "No such command" in english:
        return f"No hay tal orden: {english.removeprefix('No such command').strip(' .')}.{help_line}"
    return f"Uso incorrecto ({english}).{help_line}"


def _name(param: click.Parameter) -> str:
    """Return an option or argument as it is typed."""
    return param.opts[0] if isinstance(param, click.Option) else (param.human_readable_name or "")


def _help_line(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f" Ayuda: {context.command_path} --help" if context is not None else ""
