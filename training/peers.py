"""Peers through well-kept libraries, measured in the same run, and ablations of the learned model.

bm25s, scikit-learn, implicit and LightGBM are asked the same queries; those that are fitted are fitted
on the same lessons, features and dates as the learned model. A library that is not installed is left
out by name (`missing`), never replaced by something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from recommender.adoption.adopters import STAGES
from recommender.adoption.model import SPECS
from recommender.adoption.pairs import dense_likeness, divided, matrix, strongest
from training.ground import Sight, asked_of
from training.history import Flags, Floats, History
from training.learned import SITUATIONS, by_fold, learned, refitted, remembered
from training.learning import Pairs, episode_columns, pairs_of
from training.lessons import LESSONS
from training.place_peers import bm25_likeness, place_peers
from training.reference_table import REFERENCES
from training.references import standardised
from training.task import Episode, Method, Task

NEIGHBOURS = 20
TIE_BREAK = 0.001
FACTORS = 16
TREES = {
    "objective": "lambdarank",
    "learning_rate": 0.04,
    "num_leaves": 7,
    "min_data_in_leaf": 100,
    "lambdarank_truncation_level": 15,
    "feature_fraction": 0.5,
    "num_threads": 1,
    "deterministic": True,
    "verbosity": -1,
}
ROUNDS = 150
PLAIN = frozenset(
    {
        "popularity",
        "text kNN",
        "CF",
        "CF top 10",
        "distance",
        "item-item x text",
        "innovativeness",
        "neighbours",
        "momentum",
    }
)
"""Reference methods that are no sums of others, nor chance."""

Ranker = Callable[[Floats], Floats]


def _staged(*names: str) -> set[str]:
    """Return the columns of `ADOPTERS` that hold these comparisons."""
    return {f"{name}_{stage}" for name in names for stage, _, _ in STAGES}


_INDICATORS = frozenset(
    _staged("nearest_standing", "mean_standing", "main_standing", "standing_of_all")
    | {f"taken_up_alike_in_standing_{years}" for years in (5, 3)}
)
_GEOGRAPHY = frozenset(
    _staged("neighbours_with_it", "near_adopters")
    | {"near_known_places", "taken_up_nearby_5", "taken_up_nearby_3"}
)
_CO_ADOPTION = frozenset(
    {
        "alike_in_places_and_text",
        "alike_in_places_and_words_sharp",
        "alike_in_places_and_words",
        "shares_practices",
        "goes_with_known_places",
        "taken_up_alike_in_practice_5",
        "taken_up_alike_in_practice_3",
    }
    | _staged("co_adoption", "co_adoption_main", "has_alike_in_places_and_meaning")
)


def missing() -> list[str]:
    """Name the peers whose library is not installed."""
    return [name for name in ("bm25s", "implicit", "lightgbm") if find_spec(name) is None]


def peers(task: Task, sight: Sight, seed: int = 0) -> dict[str, Method]:
    """Return the peers that can answer a task."""
    situation, found = SITUATIONS[task.name], dict[str, Method]()
    if situation != "momentum":
        if find_spec("bm25s"):
            found["BM25 kNN (bm25s)"] = partial(_text_neighbours, _word_likeness)
        if sight.vectors is not None:
            found["dense kNN"] = partial(_text_neighbours, partial(_dense_likeness, sight))
    if situation != "text" and find_spec("implicit"):
        found["ALS (implicit)"] = partial(_als, seed=seed)
    if situation == "momentum":
        found |= place_peers(sight)
    if situation != "text":  # its lessons hold the practice's own record, which no peer leaves out
        found["logistic hybrid of the reference methods"] = _hybrid(task)
    if find_spec("lightgbm"):
        found["LambdaMART, same features (ceiling)"] = _trained(task, sight, partial(_trees, seed=seed))
    return found


def ablations(task: Task, sight: Sight) -> dict[str, Method]:
    """Return the learned model refitted without one source of knowledge each.

    Where every query has a history of its own, these and the trained peers are fitted by folds of
    places (`by_fold`): five times fewer fits, and still none has seen the place it answers for.
    """
    names = {spec.name for spec in SPECS[SITUATIONS[task.name]]}
    views: dict[str, Sight] = {}
    if SITUATIONS[task.name] != "momentum":
        views["without text"] = replace(sight, vectors=None, words=False)
    for label, features in (
        ("without indicators", _INDICATORS),
        ("without co-adoption", _CO_ADOPTION),
        ("without geography", _GEOGRAPHY),
    ):
        if features & names and features & names != names:
            views[label] = replace(sight, without=features)
    if task.name in ("fit", "new-practice"):
        text, standing = frozenset(_staged("has_alike_in_meaning")), _INDICATORS & names
        views["text alone"] = replace(sight, without=frozenset(names) - text)
        views["indicators alone"] = replace(sight, without=frozenset(names) - standing)
        views["text + indicators alone"] = replace(sight, without=frozenset(names) - text - standing)
    return {label: learned(task, refitted(task, view, by_fold(task)), view) for label, view in views.items()}


def _text_neighbours(likeness: Callable[[Episode], Floats], episode: Episode) -> Floats:
    """Score places by the twenty practices most alike, and by popularity where they leave it open."""
    sites = episode.history.sites.astype(float)
    usable = asked_of(episode, Sight(None, words=False)).usable
    weights = strongest(likeness(episode) * usable, NEIGHBOURS)
    alike = divided(weights @ sites, weights.sum(axis=1, keepdims=True))
    return np.asarray(alike + TIE_BREAK * sites.mean(axis=0), dtype=float)


def _word_likeness(episode: Episode) -> Floats:
    return bm25_likeness(episode.texts, episode.history.texts)


def _dense_likeness(sight: Sight, episode: Episode) -> Floats:
    assert sight.vectors is not None
    return dense_likeness(sight.vectors(list(episode.texts)), sight.vectors(list(episode.history.texts)))


def _als(episode: Episode, seed: int) -> Floats:
    """Score items by the factors of alternating least squares, the asker's made from what it has."""
    from implicit.cpu.als import AlternatingLeastSquares  # type: ignore[import-untyped]

    places_ask = len(episode.item_ids) == len(episode.history.practice_ids) and bool(
        np.array_equal(episode.item_ids, episode.history.practice_ids)
    )
    sites: NDArray[Any] = episode.history.sites.T if places_ask else episode.history.sites
    with threadpool_limits(1, "blas"):  # implicit brings its own threads
        model = AlternatingLeastSquares(factors=FACTORS, random_state=seed, num_threads=1)
        model.fit(sparse.csr_matrix(sites.astype(np.float32)), show_progress=False)
        askers = sparse.csr_matrix(episode.known.astype(np.float32))
        factors = model.recalculate_user(np.arange(len(episode.known)), askers)
    return np.asarray(factors @ model.item_factors.T, dtype=float)


def _trained(task: Task, sight: Sight, fit: Callable[[Pairs], Ranker]) -> Method:
    """Return a method fitted on the same lessons as the learned model."""
    situation = SITUATIONS[task.name]
    names = [spec.name for spec in SPECS[situation]]

    def train(seen: list[History]) -> Ranker:
        return fit(pairs_of(situation, (e for history in seen for e in LESSONS[situation](history)), sight))

    choose = remembered(by_fold(task), train)

    def scores(episode: Episode) -> Floats:
        columns, _ = episode_columns(situation, episode, sight)
        candidates: Flags = episode.candidates
        table = np.full(candidates.shape, -np.inf)
        table[candidates] = choose(episode)(np.nan_to_num(matrix(columns, names, candidates)))
        return table

    return scores


def _hybrid(task: Task) -> Method:
    """Weigh the z-scores of the reference methods by logistic regression on the same lessons."""
    from sklearn.linear_model import LogisticRegression

    situation = SITUATIONS[task.name]
    methods = [method for name, method in REFERENCES[task.name].items() if name in PLAIN]

    def table(episode: Episode) -> Floats:
        return np.stack([standardised(method(episode), episode.unseen) for method in methods], axis=-1)

    def train(seen: list[History]) -> Ranker:
        lessons = [e for history in seen for e in LESSONS[situation](history)]
        values = np.concatenate([table(e)[e.candidates] for e in lessons])
        adopted = np.concatenate([e.relevant[e.candidates] for e in lessons])
        model = LogisticRegression(max_iter=1000).fit(values, adopted)
        return lambda asked: np.asarray(asked @ model.coef_[0], dtype=float)

    choose = remembered(by_fold(task), train)
    return lambda episode: choose(episode)(table(episode))


def _trees(pairs: Pairs, seed: int) -> Ranker:
    import lightgbm

    sizes = np.bincount(pairs.query)
    data = lightgbm.Dataset(np.nan_to_num(pairs.values), label=pairs.adopted.astype(int), group=sizes)
    model = lightgbm.train({**TREES, "seed": seed}, data, num_boost_round=ROUNDS)
    return lambda values: np.asarray(model.predict(values), dtype=float)
