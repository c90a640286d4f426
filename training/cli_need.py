"""The judged needs asked of the pipeline, of its parts and of its peers in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.artifact import open_model
from recommender.package import read_judgements, read_packages
from recommender.pipeline import Pipeline
from recommender.query import Query
from recommender.taxonomy import read_taxonomy
from recommender.text.encoders import open_embedder
from recommender.text.matching import TextMatch
from training.need import Need, NeedResult, Scorer, evaluate_need, reciprocal_ranks, standard_sum
from training.tables import Provenance

Progress = Callable[[int, int], None]

TAXONOMY = Path(__file__).resolve().parent.parent / "data" / "taxonomy"
CURRENT = Path(__file__).resolve().parent.parent / "models" / "CURRENT"
FULL = "Arraigo: text + indicators"
PRIOR = "Arraigo: reviewed prior alone, no records"
INTRODUCTION = (
    "Needs stated in free text, every practice of the catalogue graded 0 to 3 by two assessors. nDCG@10 "
    "with gain 2^grade - 1; recall@20 and MAP with grade 1 and above as relevant. All practices are "
    "candidates, without filter and without re-rank for diversity. Each figure is a mean over needs with "
    "its 95 % bootstrap interval. The 24 needs of the benchmark packages were in sight while the ranking was "
    "built, and the thirty of data/needs/first when one column was dropped; the thirty of data/needs/second "
    "were ranked once everything was settled (docs/decisions/0002)."
)


def measure(
    package: Path,
    catalogue: Sequence[Path],
    cache: Path,
    seed: int = 0,
    embedding: Progress | None = None,
    asking: Progress | None = None,
    *,
    encoder: str | None = None,
    taxonomy: Path = TAXONOMY,
    model: Path | None = CURRENT,
) -> tuple[NeedResult, Provenance]:
    """Measure every system on a package of judged needs.

    Parameters
    ----------
    package : Path
        With queries.csv and judgements.csv.
    catalogue : sequence of Path
        Packages of the practices that are ranked.
    cache : Path
        Folder of text vectors.
    seed : int
        Of the bootstrap.
    model : Path, optional
        The learned model beside the prior, as in the service; None measures the prior alone.
    embedding, asking : callable, optional
        Called with (done, in all) while texts are embedded and needs are asked.
    encoder : str, optional
        A sentence-transformers model by name or folder; the default one otherwise.
    taxonomy : Path
        Folder of the vocabularies.
    """
    contents = read_packages(catalogue)
    judgements = read_judgements(package, contents)
    embedder = open_embedder(cache, encoder)
    words = read_taxonomy(taxonomy)
    learned, _ = open_model(model, embedder.fingerprint)
    pipeline = Pipeline.build(contents, words, embedder, progress=embedding, model=learned)
    asked = systems(pipeline)
    if learned is not None:
        asked[PRIOR] = _full(Pipeline.build(contents, words, embedder), need=True, place=True)
    names = ", ".join(path.name for path in (package, *catalogue))
    data = f"{names} ({pipeline.data_version})"
    result = evaluate_need(judgements, pipeline.practice_ids, asked, data, asking)
    return result, Provenance(data, f"{pipeline.model_version}, encoder {embedder.fingerprint}", seed)


def systems(pipeline: Pipeline) -> dict[str, Scorer]:
    """Name the pipeline, its ablations and its peers."""
    match = _remembered(pipeline)
    lexical = _feature(match, "need_lexical")
    dense = _feature(match, "need_dense")
    return {
        FULL: _full(pipeline, need=True, place=True),
        "Arraigo: text only": _full(pipeline, need=True, place=False),
        "Arraigo: indicators only": _full(pipeline, need=False, place=True),
        "BM25": lexical,
        "dense only": dense,
        "BM25 + dense, reciprocal rank": reciprocal_ranks(lexical, dense),
        "BM25 + dense, z-sum": standard_sum(lexical, dense),
    }


def query(need: Need, text: bool = True, place: bool = True) -> Query:
    """Return a judged need as a query: its territory, its words, who asks and no filter."""
    return Query(
        territory_id=need.territory_id if place else None,
        need=need.text if text else None,
        asker=need.asker,
        diversify=False,
        include_present=True,
    )


def _full(pipeline: Pipeline, *, need: bool, place: bool) -> Scorer:
    def score(asked: Need) -> NDArray[np.float64]:
        scores = np.full(len(pipeline.practice_ids), -np.inf)
        scored = pipeline.score(query(asked, need, place))
        scores[scored.frame.rows] = scored.fit.score
        return scores

    return score


def _feature(match: Callable[[str], TextMatch], name: str) -> Scorer:
    return lambda asked: np.nan_to_num(match(asked.text).features[name], nan=-np.inf)


def _remembered(pipeline: Pipeline) -> Callable[[str], TextMatch]:
    """Match each text once, however many systems look at it."""
    known: dict[str, TextMatch] = {}

    def match(text: str) -> TextMatch:
        if text not in known:
            known[text] = pipeline.text.match(text)
        return known[text]

    return match
