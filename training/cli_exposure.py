"""Who comes to be seen, measured behind the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recommender.artifact import open_model
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.taxonomy import read_taxonomy
from recommender.text.encoders import open_embedder
from training.exposure import Exposure, Progress, measure_exposure
from training.tables import Provenance


def measure(
    package: Path,
    catalogue: Sequence[Path],
    cache: Path,
    *,
    model: Path | None,
    taxonomy: Path,
    encoder: str | None = None,
    embedding: Progress | None = None,
    asking: Progress | None = None,
) -> tuple[Exposure, Provenance]:
    """Measure the exposure in the country that most territories of a package lie in.

    Parameters
    ----------
    package : Path
        Whose territories are asked about.
    catalogue : sequence of Path
        Packages of the practices that are ranked; PACKAGE is added where it is not among them.
    cache : Path
        Folder of text vectors.
    model : Path, optional
        The learned model beside the prior; None measures the prior alone.
    taxonomy : Path
        Folder of the vocabularies.
    encoder : str, optional
        A sentence-transformers model by name or folder; the default one otherwise.
    embedding, asking : callable, optional
        Called with (done, in all).
    """
    own = [place.country_id for place in read_packages([package]).territories.values()]
    country = max(sorted(set(own)), key=own.count)
    together = list(dict.fromkeys(path.resolve() for path in (package, *catalogue)))
    contents, embedder = read_packages(together), open_embedder(cache, encoder)
    learned, _ = open_model(model, embedder.fingerprint)
    pipeline = Pipeline.build(contents, read_taxonomy(taxonomy), embedder, progress=embedding, model=learned)
    found = measure_exposure(pipeline, country, asking)
    names = ", ".join(path.name for path in together)
    data = f"{names} ({pipeline.data_version})"
    return found, Provenance(data, f"{pipeline.model_version}, encoder {embedder.fingerprint}", 0)
