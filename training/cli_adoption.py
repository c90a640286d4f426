"""The adoption tasks and training behind the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from recommender.adoption.model import AdoptionModel, Mode
from recommender.artifact import Manifest, read_model, write_model
from recommender.domain import UnknownValue
from recommender.package import read_packages
from recommender.text.embedding import Embedder
from recommender.text.encoders import open_embedder
from training.adoption_report import NEW_COUNTRY, Outcome, make_task, measure
from training.card import card
from training.ground import Sight
from training.history import Records, read_records
from training.reliability import reliability_svg
from training.tables import Provenance, library_versions
from training.train import measure_all, measure_left_out, train

Progress = Callable[[int, int], None]

NEW_COUNTRY_TASKS = ("scaling", "placement")


def evaluate_task(
    package: Path,
    task: str,
    cache: Path,
    *,
    cutoffs: Sequence[int] = (),
    model: Path | None = None,
    mode: Mode = "likely",
    full: bool = False,
    seed: int = 0,
    embedding: Progress | None = None,
    asking: Progress | None = None,
) -> tuple[dict[str, Outcome], Provenance]:
    """Measure the learned model on one task of a package.

    Parameters
    ----------
    package : Path
    task : str
        ``new-country`` stands for scaling and placement, each with the country left out.
    cache : Path
        Folder of text vectors.
    model : Path, optional
        A model's folder or ``CURRENT``; nothing is fitted then. None fits for each query's date.
    embedding, asking : callable, optional
        Called with (done, in all).

    Returns
    -------
    outcomes : dict of str to Outcome
        By task; two for ``new-country``.
    provenance : Provenance

    Raises
    ------
    UnknownValue
        ``new-country`` was asked of a given model: it is about fitting.
    """
    if task == NEW_COUNTRY and model is not None:
        raise UnknownValue(
            es="«new-country» mide un modelo ajustado en los otros países; quite --model.",
            en="'new-country' measures a model fitted on the other countries; leave --model out.",
            field="model",
        )
    embedder = open_embedder(cache)
    read, version = _read_model(model, embedder)
    records, data = read_package(package)
    sight = see(embedder, [records], embedding)
    outcomes = {
        name: measure(
            make_task(name, records, cutoffs),
            data,
            sight,
            read,
            mode=mode,
            country_left_out=task == NEW_COUNTRY,
            full=full,
            seed=seed,
            progress=asking,
        )
        for name in (NEW_COUNTRY_TASKS if task == NEW_COUNTRY else (task,))
    }
    return outcomes, Provenance(data, f"{version}, encoder {embedder.fingerprint}, mode {mode}", seed)


def train_model(
    packages: Sequence[Path],
    out: Path,
    cache: Path,
    *,
    seed: int = 0,
    embedding: Progress | None = None,
    measuring: Progress | None = None,
) -> Manifest:
    """Train on the training periods of the packages, measure on what came later, and write the model.

    The fit itself draws nothing at random; the seed is kept for what is measured.
    """
    embedder = open_embedder(cache)
    read = {path.name: read_package(path) for path in packages}
    records = {name: found for name, (found, _) in read.items()}
    sight = see(embedder, list(records.values()), embedding)
    model = train(records, sight, out.name)
    manifest = Manifest(
        version=out.name,
        encoder=embedder.fingerprint,
        data={name: data for name, (_, data) in read.items()},
        seed=seed,
        libraries=library_versions(),
    )
    reached = measure_all(model, records, sight, measuring)
    held = measure_left_out(records, sight, measuring)
    manifest = replace(manifest, metrics=reached, left_out=held)
    write_model(model, manifest, out)
    (out / "README.md").write_text(card(model, manifest), encoding="utf-8")
    drawn = reliability_svg({task: (m["promised"], m["observed"]) for task, m in reached.items()})
    (out / "reliability.svg").write_text(drawn, encoding="utf-8")
    return manifest


def read_package(path: Path) -> tuple[Records, str]:
    """Read a package's records, and its name with the version of its contents."""
    catalogue = read_packages([path])
    return read_records(catalogue), f"{path.name} ({catalogue.version})"


def see(embedder: Embedder, records: Sequence[Records], progress: Progress | None = None) -> Sight:
    """Embed all texts of some packages once, and return the sight that knows them."""
    texts = sorted({str(text) for each in records for text in each.texts})
    row: Mapping[str, int] = {text: index for index, text in enumerate(texts)}
    vectors = embedder.passages(texts, progress)
    return Sight(lambda asked: vectors[[row[text] for text in asked]])


def _read_model(path: Path | None, embedder: Embedder) -> tuple[AdoptionModel | None, str]:
    if path is None:
        return None, "refitted for each date"
    model, manifest = read_model(path, embedder.fingerprint)
    return model, manifest.version
