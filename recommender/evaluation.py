"""Runs against qrels: measures per query, and the paired bootstrap over queries.

Measures keep one value per query, because only those can be tested: a mean without an interval is
not a claim. Equal scores are ordered by ascending item id everywhere, for AUC too, so that a run
has one value and not a lucky one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.domain import DataError, OutOfRange
from recommender.qrels import Qrels, Run

Floats = NDArray[np.float64]

RESAMPLES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, written as in a paper.

    Parameters
    ----------
    name : {"nDCG", "recall", "AP", "AUC"}
        AP averages to MAP over queries.
    k : int or None
        Ranks looked at; None means all of them. Not for AP and AUC.
    gain : {"graded", "binary"}
        nDCG only: 2^grade - 1, or 1 for every relevant item. The same where grades are 0 and 1.
    relevant_from : int
        The lowest grade that counts as relevant wherever relevance is a yes or no.
    """

    name: Literal["nDCG", "recall", "AP", "AUC"]
    k: int | None = None
    gain: Literal["graded", "binary"] = "graded"
    relevant_from: int = 1

    def __str__(self) -> str:
        """Return for example ``nDCG@10`` or ``recall(rel=2)@20``."""
        options: list[str] = [] if self.gain == "graded" else [self.gain]
        if self.relevant_from != 1:
            options.append(f"rel={self.relevant_from}")
        return (
            self.name
            + (f"({','.join(options)})" if options else "")
            + ("" if self.k is None else f"@{self.k}")
        )


NDCG_10 = Measure("nDCG", k=10)
RECALL_20 = Measure("recall", k=20)
AP = Measure("AP")
AUC = Measure("AUC")


class Interval(NamedTuple):
    """A mean over queries, or a difference of two, with its bootstrap interval."""

    mean: float
    low: float
    high: float


def evaluate(run: Run, qrels: Qrels, measures: Iterable[Measure] = (NDCG_10, AUC)) -> pd.DataFrame:
    """Measure a run query by query.

    Queries without a relevant judged item (grade >= 1) or without an irrelevant candidate are
    dropped. Relevant items missing from the run count as not found. Queries of the run that
    nobody judged are left out.

    Returns
    -------
    DataFrame of shape (queries, measures)
        Index `query_id`, ascending; columns are the measures' names; values in 0-1, NaN where a
        measure is not defined (no item of at least `relevant_from`).

    Raises
    ------
    DataError
        A judged query has no answer in the run.
    """
    ranked = _ranked(run, qrels)
    columns = {str(measure): _measured(ranked, measure) for measure in measures}
    queries = ranked.queries[ranked.kept]
    return pd.DataFrame(
        {name: values[ranked.kept] for name, values in columns.items()},
        index=pd.Index(queries, name="query_id"),
    )


def bootstrap(
    values: Floats, *, resamples: int = 10_000, level: float = 0.95, seed: int = 0
) -> list[Interval]:
    """Resample queries and give each column's mean with its percentile interval.

    All columns share the same resamples, so the difference of two systems given as a column is
    the paired bootstrap.

    Parameters
    ----------
    values : ndarray of shape (n_queries, n_columns)
        One row per query.

    Raises
    ------
    OutOfRange
        There is no query, or a value is NaN.
    """
    if values.ndim != 2 or not len(values) or not np.isfinite(values).all():
        raise OutOfRange(
            es="bootstrap: se necesita al menos una consulta y ningún valor desconocido.",
            en="bootstrap: at least one query is needed and no unknown value.",
            shape=values.shape,
        )
    queries = len(values)
    rng, share = np.random.default_rng(seed), np.full(len(values), 1 / len(values))
    # How often each query is drawn says as much as which were drawn, and turns the resampling into
    # matrix products; in blocks, because the draws of all resamples at once may not fit in memory.
    blocks = [min(RESAMPLES_AT_ONCE, resamples - done) for done in range(0, resamples, RESAMPLES_AT_ONCE)]
    means = np.vstack([rng.multinomial(queries, share, size=size) @ values / queries for size in blocks])
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return [
        Interval(float(m), float(a), float(b)) for m, a, b in zip(values.mean(axis=0), low, high, strict=True)
    ]


def compare(
    ours: pd.Series[float], theirs: pd.Series[float], *, resamples: int = 10_000, seed: int = 0
) -> Interval:
    """Give the mean of ours - theirs over queries with its paired 95 % bootstrap interval.

    Raises
    ------
    DataError
        The two were not measured on the same queries.
    """
    if set(ours.index) != set(theirs.index):
        alone = sorted(set(ours.index) ^ set(theirs.index))
        raise DataError(
            es=f"comparación: {len(alone)} consultas solo están en un lado, p. ej. {alone[0]}.",
            en=f"comparison: {len(alone)} queries are on one side only, e.g. {alone[0]}.",
            queries=alone,
        )
    difference = ours.to_numpy(dtype=float) - theirs.reindex(ours.index).to_numpy(dtype=float)
    return bootstrap(difference[:, None], resamples=resamples, seed=seed)[0]


class _Ranked(NamedTuple):
    """Every candidate in rank order, query after query, with what the qrels say of it."""

    queries: NDArray[np.object_]  # [Q] ids, ascending
    query: NDArray[np.intp]  # [n] index into queries
    rank: NDArray[np.intp]  # [n] from 1 within the query
    grade: Floats  # [n] 0 where not judged
    judged_query: NDArray[np.intp]  # [j] of every judged pair, in the run or not
    judged_grade: Floats  # [j]
    kept: NDArray[np.bool_]  # [Q]


def _ranked(run: Run, qrels: Qrels) -> _Ranked:
    """Order the candidates of all judged queries at once."""
    queries = np.unique(qrels.frame["query_id"].to_numpy(dtype=object))
    unanswered = sorted(set(queries) - set(run.frame["query_id"]))
    if unanswered:
        raise DataError(
            es=f"run: faltan respuestas a {len(unanswered)} consultas juzgadas, p. ej. {unanswered[0]}.",
            en=f"run: {len(unanswered)} judged queries have no answer, e.g. {unanswered[0]}.",
            queries=unanswered,
        )
    rows = run.frame[run.frame["query_id"].isin(queries)]
    rows = rows.merge(qrels.frame[["query_id", "item_id", "grade"]], on=["query_id", "item_id"], how="left")
    rows = rows.sort_values(["query_id", "score", "item_id"], ascending=[True, False, True])
    query = np.searchsorted(queries, rows["query_id"].to_numpy(dtype=object))
    starts = np.searchsorted(query, np.arange(len(queries)))
    grade = rows["grade"].fillna(0).to_numpy(dtype=float)
    judged_query = np.searchsorted(queries, qrels.frame["query_id"].to_numpy(dtype=object))
    judged_grade = qrels.frame["grade"].to_numpy(dtype=float)
    relevant = np.bincount(judged_query, judged_grade >= 1, len(queries))
    irrelevant = np.bincount(query, grade < 1, len(queries))
    return _Ranked(
        queries=queries,
        query=query,
        rank=np.arange(len(query)) - starts[query] + 1,
        grade=grade,
        judged_query=judged_query,
        judged_grade=judged_grade,
        kept=(relevant > 0) & (irrelevant > 0),
    )


def _measured(ranked: _Ranked, measure: Measure) -> Floats:
    """Return the measure for every query, shape [Q]."""
    size = len(ranked.queries)
    hit = ranked.grade >= measure.relevant_from
    within = ranked.rank <= (measure.k or len(ranked.rank) + 1)
    total = np.bincount(ranked.judged_query, ranked.judged_grade >= measure.relevant_from, size)
    if measure.name == "nDCG":
        gained = _discounted(ranked.query, ranked.rank, _gains(ranked.grade, measure), within, size)
        ideal = _gains(ranked.judged_grade, measure)
        order = np.lexsort((-ideal, ranked.judged_query))
        owner = ranked.judged_query[order]
        rank = np.arange(len(owner)) - np.searchsorted(owner, np.arange(size))[owner] + 1
        return _divided(
            gained, _discounted(owner, rank, ideal[order], rank <= (measure.k or len(rank) + 1), size)
        )
    if measure.name == "recall":
        return _divided(np.bincount(ranked.query, hit & within, size), total)
    found = _running_count(hit, ranked.query, size)
    if measure.name == "AP":
        return _divided(np.bincount(ranked.query, hit * found / ranked.rank, size), total)
    # AUC: for every irrelevant candidate, the share of relevant candidates ranked before it.
    before = np.bincount(ranked.query, ~hit * found, size)
    here, others = np.bincount(ranked.query, hit, size), np.bincount(ranked.query, ~hit, size)
    return _divided(before, here * others)


def _gains(grade: Floats, measure: Measure) -> Floats:
    """Return what an item of each grade is worth to nDCG."""
    if measure.gain == "binary":
        return (grade >= measure.relevant_from).astype(float)
    return np.asarray(2.0**grade - 1, dtype=float)


def _discounted(
    query: NDArray[np.intp], rank: NDArray[np.intp], gain: Floats, within: NDArray[np.bool_], size: int
) -> Floats:
    """Sum gain / log2(rank + 1) over the ranks looked at, per query."""
    return np.asarray(np.bincount(query, gain * within / np.log2(rank + 1), size), dtype=float)


def _running_count(hit: NDArray[np.bool_], query: NDArray[np.intp], size: int) -> Floats:
    """Count the hits at or above each row within its own query."""
    total = np.cumsum(hit)
    starts = np.searchsorted(query, np.arange(size))
    return np.asarray(total - (total - hit)[starts[query]], dtype=float)


def _divided(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Divide, with NaN where there is nothing to divide by."""
    share: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return share
