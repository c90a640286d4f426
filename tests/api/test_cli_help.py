"""Help speaks the language asked for, and nothing of ours is left untranslated."""

import click
import pytest
from click.testing import CliRunner

from api.cli import main
from api.cli_help import said
from api.config import describe_settings

OURS = sorted(main.commands)


def shown(*args):
    """Return what is printed, words one space apart."""
    return " ".join(CliRunner().invoke(main, args).stdout.split())


def test_help_is_spanish_unless_english_is_asked_for():
    assert shown("--help").startswith("Uso: ")
    assert "Órdenes" in shown("--help") and "Commands" not in shown("--help")
    assert shown("--help", "--language", "en").startswith("Usage: ")
    assert "Commands" in shown("--language", "en", "--help")


@pytest.mark.parametrize("name", OURS)
def test_a_commands_help_is_in_one_language(name):
    spanish, english = shown(name, "--help"), shown(name, "--language", "en", "--help")

    assert "Opciones" in spanish and "Muestra esta ayuda." in spanish
    assert "Options" in english and "Show this message and exit." in english
    for mixed in ("Show this message", "[default", "required]", "Usage", "[OPTIONS]"):
        assert mixed not in spanish


def texts():
    """List every help text of our own commands, and of the settings."""
    for command in (main, *main.commands.values()):
        yield command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "version":
                yield parameter.help
    for _, _, meaning in describe_settings():
        yield meaning


@pytest.mark.parametrize("text", sorted({" ".join(text.split()) for text in texts() if text}))
def test_every_text_of_ours_has_its_spanish(text):
    assert said(text, "es") != text or not text.isascii()


def test_the_language_before_the_command_is_that_of_its_answer(monkeypatch):
    assert "significado" in shown("settings")
    assert "meaning" in shown("--language", "en", "settings")


def test_asking_in_spanish_leaves_the_commands_themselves_as_they_are():
    before = main.commands["rank"].help
    shown("rank", "--help")

    assert main.commands["rank"].help == before
