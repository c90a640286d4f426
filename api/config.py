"""The settings: the one place that reads the environment (variables ``ARRAIGO_<NAME>``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from flask import Config
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.validation import invalid_input
from recommender.domain import UnknownValue

HOME = Path(__file__).resolve().parent.parent
"""The folder that holds `data/`: the source tree this package is imported from."""

MEBIBYTE = 1024 * 1024


def _several(value: object) -> object:
    """Read ``a:b`` as two folders, so that a shell variable needs no JSON."""
    return value.split(":") if isinstance(value, str) else value


def _text(value: object) -> object:
    """Take a folder or model called ``2024`` for what it is although the environment reads a number."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _model(value: object) -> object:
    """Take an empty setting, or ``none``, for no model."""
    return None if value is None or str(value).strip().lower() in ("", "none") else _text(value)


class Settings(BaseModel):
    """Everything a deployment may set; every default works on a bare machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    packages: Annotated[tuple[Path, ...], BeforeValidator(_several)] = Field(
        default=(HOME / "data" / "ecuador", HOME / "data" / "world"),
        description="Data packages loaded when the registry is empty; folders separated by ':'.",
    )
    taxonomy: Annotated[Path, BeforeValidator(_text)] = Field(
        default=HOME / "data" / "taxonomy", description="Folder of the vocabularies."
    )
    registry: str = Field(
        default=f"sqlite:///{HOME / 'var' / 'registry.db'}",
        description="Registry database, an SQLAlchemy URL.",
    )
    cache: Annotated[Path, BeforeValidator(_text)] = Field(
        default=HOME / "var" / "cache", description="Folder of text vectors and of the rebuilt text model."
    )
    encoder: Annotated[str | None, BeforeValidator(_text)] = Field(
        default=None,
        description="A sentence-transformers model by name or folder; unset: multilingual-e5-small.",
    )
    model: Annotated[Path | None, BeforeValidator(_model)] = Field(
        default=HOME / "models" / "CURRENT",
        description="Learned model: its folder, or the file CURRENT beside the folders; none: the reviewed "
        "prior alone.",
    )
    encoder_wait: float = Field(
        default=60, gt=0, description="Seconds a text query waits for the text encoder before it is refused."
    )
    body_limit: int = Field(default=MEBIBYTE, gt=0, description="Largest request body accepted, in bytes.")
    reload_seconds: float = Field(
        default=30, ge=0, description="How often a running service looks for a changed registry; 0: never."
    )
    host: str = Field(default="127.0.0.1", description="Address `arraigo serve` listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port `arraigo serve` listens on.")
    contact: str | None = Field(
        default=None,
        pattern=r"^(mailto:|https://)\S+$",
        description="Where a correction is asked for, 'mailto:' or 'https://'; unset: the pages say whom.",
    )
    tiles: str | None = Field(
        default=None,
        pattern=r"^https://[^\s/]+/\S*\{z\}\S*$",
        description="Map tiles, https://…/{z}/{x}/{y}.png; unset: the maps draw themselves and call no one.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes of `arraigo serve`; each holds its own text encoder (about 0.8 GB).",
    )
    threads: int = Field(default=8, ge=1, le=256, description="Requests one process works on at a time.")


def read_settings() -> Settings:
    """Read ``ARRAIGO_*`` from the environment over the defaults.

    Raises
    ------
    UnknownValue
        A variable is not a setting or its value cannot be used; the variable is named.
    """
    config = Config(HOME)
    config.from_prefixed_env("ARRAIGO")
    given = {name.lower(): value for name, value in config.items()}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"ARRAIGO_{str(first['loc'][0]).upper()}"
        allowed = [f"ARRAIGO_{name.upper()}" for name in Settings.model_fields]
        if first["type"] == "extra_forbidden":
            raise UnknownValue(
                es=f"{variable} no es un ajuste de Arraigo. Existen: {', '.join(allowed)}.",
                en=f"{variable} is not a setting of Arraigo. There are: {', '.join(allowed)}.",
                allowed=allowed,
                value=variable,
            ) from None
        wrong = invalid_input(error)
        raise UnknownValue(
            es=f"El ajuste {variable} no se puede usar. {wrong.es}",
            en=f"The setting {variable} cannot be used. {wrong.en}",
            value=first["input"],
        ) from None


def describe_settings() -> list[tuple[str, str, str]]:
    """List every setting as (environment variable, default, description), for help and documents."""
    return [
        (f"ARRAIGO_{name.upper()}", _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _shown(default: object) -> str:
    """Write a default with folders relative to the project."""
    if isinstance(default, tuple):
        return ":".join(map(_shown, default))
    return "" if default is None else str(default).replace(f"{HOME}/", "")
