"""A learned model on disk: plain JSON tables behind digests; nothing on disk is ever executed.

A folder ``models/<version>/`` holds ``tables.json`` (what the model is) and ``manifest.json`` (what it
was made from, and the digest of the tables and of itself). ``models/CURRENT`` names the version in use.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recommender.adoption.calibration import Calibration
from recommender.adoption.model import SPECS, AdoptionModel, Situation
from recommender.domain import ModelError, Text
from recommender.ranker import FitRanker, Table, strange_columns

FORMAT = "arraigo-model/1"
MANIFEST, TABLES, CURRENT = "manifest.json", "tables.json", "CURRENT"


@dataclass(frozen=True)
class Manifest:
    """What a model was made from.

    Parameters
    ----------
    version : str
    encoder : str
        Fingerprint of the text encoder; another encoder's vectors mean nothing to the model.
    data : mapping of str to str
        Package name -> version (digest) of its contents.
    seed : int
    libraries : mapping of str to str
        Library -> version.
    metrics : mapping
        What it reached, as measured when it was made.
    left_out : mapping
        The same in countries that took no part in fit and calibration, by task and package.
    """

    version: str
    encoder: str
    data: Mapping[str, str]
    seed: int
    libraries: Mapping[str, str]
    metrics: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, Any] = field(default_factory=dict)


def write_model(model: AdoptionModel, manifest: Manifest, folder: Path) -> None:
    """Write a model; the manifest comes last, so that a folder without one is no model."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = _dumped(
        {
            "countries": sorted(model.countries),
            "situations": {name: _described(situation) for name, situation in model.situations.items()},
        }
    )
    document = {"format": FORMAT, **asdict(manifest), "tables_sha256": _digest(tables)}
    _replace(folder / TABLES, tables)
    _replace(folder / MANIFEST, _dumped({**document, "sha256": _digest(_dumped(document))}))


def read_model(path: Path, encoder: str | None = None) -> tuple[AdoptionModel, Manifest]:
    """Read a model after its digests have been checked.

    Parameters
    ----------
    path : Path
        A model's folder, or the file ``CURRENT`` beside the folders.
    encoder : str, optional
        Fingerprint of the encoder in use, which must be the model's own.

    Raises
    ------
    ModelError
        The model is missing, damaged or changed, of another format, or made for other features or
        another encoder.
    """
    folder = path.parent / _bytes(path).decode("utf-8", "replace").strip() if path.name == CURRENT else path
    document = _manifest(folder)
    tables = _bytes(folder / TABLES)
    if _digest(tables) != document["tables_sha256"]:
        raise _changed(folder / TABLES)
    if encoder is not None and document["encoder"] != encoder:
        raise ModelError(
            es=f"{folder.name}: el modelo se hizo con el codificador «{document['encoder']}» y se usa "
            f"«{encoder}»; use ese codificador o entrene otro modelo.",
            en=f"{folder.name}: the model was made with the encoder “{document['encoder']}”, and "
            f"“{encoder}” is in use; use that encoder or train another model.",
        )
    manifest = Manifest(**{name: document[name] for name in Manifest.__dataclass_fields__})
    contents = json.loads(tables)
    # As with the prior: other tables, other version, whoever forgets the name.
    version = f"{manifest.version}+{document['tables_sha256'][:8]}"
    situations = {
        name: _situation(name, described, version) for name, described in contents["situations"].items()
    }
    return AdoptionModel(version, situations, frozenset(contents["countries"])), manifest


class Opened(NamedTuple):
    """A model that can be used here, or why there is none."""

    model: AdoptionModel | None
    without: Text | None


def open_model(path: Path | None, encoder: str) -> Opened:
    """Read a model for a service that uses `encoder`, or say why the prior answers alone.

    A service may be set to do without a model, or use another encoder than the model's: both are told,
    not refused. A model that is missing or not as it was written is an error: somebody wanted it.

    Raises
    ------
    ModelError
        The model is missing, damaged or changed, of another format, or made for other features.
    """
    if path is None:
        return Opened(None, NOT_SET)
    model, manifest = read_model(path)
    if manifest.encoder == encoder:
        return Opened(model, None)
    foreign = Text(
        {
            "es": f"El modelo aprendido {model.version} se hizo con otro codificador de textos "
            f"(«{manifest.encoder}»; aquí se usa «{encoder}»): responde solo la ponderación revisada.",
            "en": f"The learned model {model.version} was made with another text encoder "
            f"(“{manifest.encoder}”; “{encoder}” is in use here): the reviewed prior answers alone.",
        }
    )
    return Opened(None, foreign)


NOT_SET = Text(
    {
        "es": "No se usa ningún modelo aprendido: responde solo la ponderación revisada.",
        "en": "No learned model is in use: the reviewed prior answers alone.",
    }
)


def _manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest and check that it is one and is as it was written."""
    raw = _bytes(folder / MANIFEST)
    try:
        document = json.loads(raw)
    except ValueError as error:
        raise _changed(folder / MANIFEST) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ModelError(
            es=f"{folder / MANIFEST}: no es un modelo de Arraigo («{FORMAT}»); no se lee nada de él.",
            en=f"{folder / MANIFEST}: not a model of Arraigo (“{FORMAT}”); nothing of it is read.",
        )
    digest = document.pop("sha256", None)
    if digest != _digest(_dumped(document)):
        raise _changed(folder / MANIFEST)
    return document


def _described(situation: Situation) -> dict[str, Any]:
    ranker = situation.ranker
    return {
        "features": {
            name: {"knots": table.knots.tolist(), "values": table.values.tolist(), "reason": table.reason}
            for name, table in ranker.tables.items()
        },
        "scale": ranker.scale,
        "bands": list(ranker.bands),
        "calibration": asdict(situation.calibration),
    }


def _situation(name: str, described: Mapping[str, Any], version: str) -> Situation:
    expected = [spec.name for spec in SPECS.get(name, ())]
    if sorted(described["features"]) != sorted(expected):
        raise strange_columns(list(described["features"]), expected)
    tables = {
        feature: Table(
            np.array(described["features"][feature]["knots"], dtype=np.float64),
            np.array(described["features"][feature]["values"], dtype=np.float64),
            "learned",
            described["features"][feature]["reason"],
        )
        for feature in expected
    }
    medium, high = described["bands"]
    ranker = FitRanker(tables, float(described["scale"]), (float(medium), float(high)), version)
    return Situation(ranker, Calibration(**described["calibration"]))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            es=f"{path}: no se puede leer el modelo ({error.strerror}); indique la carpeta de un modelo "
            "o entrénelo con «arraigo train».",
            en=f"{path}: the model cannot be read ({error.strerror}); name the folder of a model, or make "
            "one with “arraigo train”.",
        ) from error


def _changed(path: Path) -> ModelError:
    return ModelError(
        es=f"{path}: el archivo no es el que se escribió (su huella no coincide); tráigalo de nuevo o "
        "entrene el modelo otra vez.",
        en=f"{path}: the file is not as it was written (its digest differs); fetch it again or train the "
        "model anew.",
    )


def _dumped(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode()


def _digest(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()


def _replace(path: Path, contents: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(contents)
    os.replace(fresh, path)
