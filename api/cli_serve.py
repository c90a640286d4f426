"""The command that serves HTTP."""

from __future__ import annotations

import click

from api.cli_output import language_option
from api.config import Settings, read_settings


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", help="Port to listen on.")
@click.option("--workers", help="Processes; each holds its own text encoder.")
@click.option("--threads", help="Requests one process works on at a time.")
@language_option
def serve(language: str, **given: str | None) -> None:
    """Serve Arraigo over HTTP.

    Defaults are the settings ARRAIGO_HOST, ARRAIGO_PORT, ARRAIGO_WORKERS and ARRAIGO_THREADS.
    """
    from api.server import run

    asked = {name: value for name, value in given.items() if value is not None}
    run(Settings.model_validate({**read_settings().model_dump(), **asked}), language)
