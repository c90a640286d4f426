"""Settings come from the environment, in one place, and bad ones are named."""

from pathlib import Path

import pytest

from api.config import HOME, Settings, describe_settings, read_settings
from recommender.domain import UnknownValue


def test_a_bare_environment_gives_working_defaults():
    settings = read_settings()

    assert [folder.name for folder in settings.packages] == ["ecuador", "world"]
    assert all((folder / "datapackage.json").is_file() for folder in (*settings.packages, settings.taxonomy))
    assert settings.registry.startswith("sqlite:///")
    assert settings.body_limit == 1024 * 1024


def test_variables_are_read_over_the_defaults(monkeypatch):
    monkeypatch.setenv("ARRAIGO_PACKAGES", "one:two/three")
    monkeypatch.setenv("ARRAIGO_PORT", "8123")
    monkeypatch.setenv("ARRAIGO_ENCODER", "2024")

    settings = read_settings()

    assert settings.packages == (Path("one"), Path("two/three"))
    assert settings.port == 8123
    assert settings.encoder == "2024"


def test_a_variable_that_is_no_setting_is_refused_with_those_there_are(monkeypatch):
    monkeypatch.setenv("ARRAIGO_PROT", "8123")

    with pytest.raises(UnknownValue) as refused:
        read_settings()

    assert "ARRAIGO_PROT" in refused.value.es
    assert "ARRAIGO_PORT" in refused.value.facts["allowed"]


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "0"), ("PORT", "x"), ("WORKERS", "0"), ("BODY_LIMIT", "-1")]
)
def test_a_value_that_will_not_do_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(f"ARRAIGO_{name}", value)

    with pytest.raises(UnknownValue) as refused:
        read_settings()

    assert f"ARRAIGO_{name}" in refused.value.en


def test_every_setting_is_described():
    described = describe_settings()

    assert len(described) == len(Settings.model_fields)
    assert all(meaning for _, _, meaning in described)
    assert str(HOME) not in " ".join(default for _, default, _ in described)
