"""The command line: ``arraigo <command>``; training's commands join through entry points.

Every refusal that has a name (bad input, a faulty package, a taken port, a registry or model that
cannot be used) ends with one clear line and exit code 2; what the machine refuses on the way (a full
disk, no permission) with one line and exit code 1.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any

import click
from pydantic import ValidationError

from api.cli_allocate import allocate
from api.cli_data import check, export, load
from api.cli_help import in_language, said
from api.cli_messages import explain_usage
from api.cli_output import language_option, report
from api.cli_places import places
from api.cli_rank import rank
from api.cli_serve import serve
from api.config import describe_settings, read_settings
from api.validation import invalid_input
from recommender.domain import LANGUAGES, ArraigoError

GROUP = "arraigo.commands"
"""Entry points of this group are commands; each is imported only when it is run or listed."""

COLUMNS = {"es": ("variable", "por omisión", "significado"), "en": ("variable", "default", "meaning")}
"""What is listed of each setting."""
SHARED = ("cache", "encoder", "taxonomy")
"""Settings that commands of other packages take as options."""


class CommandLine(click.Group):
    """A group that takes in commands of other packages and turns every refusal into one line."""

    language = LANGUAGES[0]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands, those that joined included."""
        return sorted({*super().list_commands(ctx), *entry_points(group=GROUP).names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it from its package where it joined."""
        found = super().get_command(ctx, cmd_name)
        if found is None and (joined := entry_points(group=GROUP, name=cmd_name)):
            found = next(iter(joined)).load()
        return found and in_language(found, self.language)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:  # noqa: ANN401
        """Run a command and end the process with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        language = _language_in(given)
        try:
            extra["standalone_mode"] = False
            speaking = copy.copy(in_language(self, language))
            speaking.language = language  # type: ignore[attr-defined]
            code = click.Group.main(speaking, given, *rest, **extra)
            sys.exit(code if isinstance(code, int) else 0)
        except ArraigoError as error:
            _end(error.message(language), 2)
        except ValidationError as error:
            _end(invalid_input(error).message(language), 2)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.Abort:
            _end({"es": "Interrumpido.", "en": "Interrupted."}[language], 130)
        except click.ClickException as error:
            _end(explain_usage(error, language), 2)
        except BrokenPipeError:  # the reader has seen enough
            sys.stdout = sys.stderr
            sys.exit(0)
        except OSError as error:
            _end(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)


@click.group(
    cls=CommandLine,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Settings are environment variables; `arraigo settings` lists them.",
)
@click.version_option(package_name="arraigo")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of help and answers.")
@click.pass_context
def main(ctx: click.Context, language: str | None) -> None:
    """Arraigo ranks which good practices would take root in a territory or an organisation, and says why."""
    name = ctx.invoked_subcommand
    if name and name not in main.commands:
        ctx.default_map = {name: _configured()}
    elif name and language:
        ctx.default_map = {name: {"language": language}}


@main.command()
@language_option
def settings(language: str) -> None:
    """List the settings: environment variable, default, meaning."""
    heads = COLUMNS[language]
    report([dict(zip(heads, (v, d, said(m, language)), strict=True)) for v, d, m in describe_settings()])


for command in (serve, load, check, rank, places, allocate, export):
    main.add_command(command)


def _configured() -> dict[str, str]:
    """Return the settings as defaults of options of the same name, for commands that do not know us."""
    given = read_settings()
    return {name: str(value) for name in SHARED if (value := getattr(given, name)) is not None}


def _language_in(args: Sequence[str]) -> str:
    """Find the language asked for before anything is parsed, so that a refusal speaks it too."""
    for at, arg in enumerate(args):
        asked = arg.partition("=")[2] if arg.startswith("--language=") else None
        if arg == "--language" and at + 1 < len(args):
            asked = args[at + 1]
        if asked in LANGUAGES:
            return asked
    return LANGUAGES[0]


def _end(line: str, code: int) -> None:
    click.echo(" ".join(line.split()), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
