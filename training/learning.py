"""Fits the additive model: lessons to pairs, pairs to weights, weights to tables, then calibrates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from recommender.adoption.calibration import STEEPEST, calibrate
from recommender.adoption.model import SPECS, AdoptionModel, Situation, columns_of, log_rate
from recommender.adoption.pairs import ROUNDING, Columns
from recommender.domain import DataError
from recommender.ranker import FitRanker, Table
from training.ground import Sight, asked_of, ground_of
from training.history import Flags, Floats, History
from training.lessons import LESSONS
from training.task import Episode


@dataclass(frozen=True, slots=True)
class Pull:
    """What holds weights back where there is little to learn from.

    Parameters
    ----------
    per_query : float
        Strength for each query asked.
    fixed : float
        Strength beside that, which many queries outweigh.
    towards : float
        The weight that every feature is pulled to.
    """

    per_query: float
    fixed: float = 0.0
    towards: float = 0.0


PULLS = {
    "text": Pull(0.003),
    "sites": Pull(0.0, fixed=200.0, towards=0.25),
    "adopters": Pull(0.03),
    "momentum": Pull(0.3),
}
"""Chosen on earlier cuts, other countries and other packages; never on what a test asks."""
BANDS = 0.70, 0.92
"""Shares of pairs below which an index is called low, and medium."""
FEWEST_QUERIES = 20
"""Fewer queries than this teach no weights."""
REASON = "fitted on recorded adoptions"


@dataclass(frozen=True, eq=False)
class Pairs:
    """Candidate pairs of many queries, n in all.

    Parameters
    ----------
    values : float64 [n, features]
        NaN unknown.
    adopted : bool [n]
    query : int [n]
        Number of the query, ascending from 0.
    log_rate : float64 [n]
        The query's expected share of adopters.
    weight : float64 [n]
        What the query counts in a fit.
    side : int8 [n]
        Quarter 0 to 3 that practice and place fall in by a fixed split of both: what is fitted on
        quarter k has seen neither the practices nor the places of quarter 3 - k.
    """

    values: Floats
    adopted: Flags
    query: NDArray[np.intp]
    log_rate: Floats
    weight: Floats
    side: NDArray[np.int8]

    def only(self, rows: Flags) -> Pairs:
        """Return some pairs, of the queries that keep both an adopter and another candidate."""
        size = int(self.query.max(initial=-1)) + 1
        hits = np.bincount(self.query[rows & self.adopted], minlength=size)
        misses = np.bincount(self.query[rows & ~self.adopted], minlength=size)
        kept = rows & ((hits > 0) & (misses > 0))[self.query]
        _, query = np.unique(self.query[kept], return_inverse=True)
        rates, weight = self.log_rate[kept], self.weight[kept]
        return Pairs(self.values[kept], self.adopted[kept], query, rates, weight, self.side[kept])


def episode_columns(situation: str, episode: Episode, sight: Sight) -> tuple[Columns, Floats]:
    """Compute an episode's features, each shaped like its candidates, and its log rates, [Q]."""
    ground = ground_of(episode.history)
    if situation == "momentum":
        rows = np.searchsorted(episode.history.places.ids, episode.subjects)
        every = np.zeros(episode.history.sites.T.shape, dtype=bool)
        every[rows] = episode.candidates
        asked = asked_of(episode.only(np.zeros(len(rows), dtype=bool)), sight)
        columns = {name: v[rows] for name, v in columns_of(situation, ground, asked, every).items()}
        rates = log_rate(situation, ground, asked, every)[rows]
    else:
        asked = asked_of(episode, sight)
        columns = columns_of(situation, ground, asked, episode.candidates)
        rates = log_rate(situation, ground, asked, episode.candidates)
    for name in sight.without & set(columns):
        columns[name] = np.full(columns[name].shape, np.nan)
    return columns, rates


def pairs_of(situation: str, episodes: Iterable[Episode], sight: Sight) -> Pairs:
    """Lay the candidate pairs of some episodes one under the other."""
    names = [spec.name for spec in SPECS[situation]]
    parts, queries = [], 0
    for episode in episodes:
        if not len(episode.query_ids):
            continue
        columns, rates = episode_columns(situation, episode, sight)
        chosen = episode.candidates
        query, item = np.nonzero(chosen)
        values = np.column_stack([columns[name][chosen] for name in names])
        sides = _sides(situation, episode)
        weight = np.full(len(query), episode.weight)
        rows = (values, episode.relevant[chosen], query + queries, rates[query], weight, sides[query, item])
        parts.append(rows)
        queries += len(episode.query_ids)
    if not parts:
        empty = np.zeros(0)
        nobody = empty.astype(int)
        return Pairs(np.zeros((0, len(names))), empty > 0, nobody, empty, empty, nobody.astype(np.int8))
    return Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def fit_weights(pairs: Pairs, pull: Pull) -> Floats:
    """Fit a logistic regression of adoption on the features, no weight below 0.

    A larger score never comes of less likeness: no feature may speak against what it measures. The
    query's expected share of adopters is accounted for, so that weights tell its candidates apart and
    not one query from another.

    Parameters
    ----------
    pairs : Pairs
    pull : Pull

    Returns
    -------
    float64 [features]
    """
    features = pairs.values.shape[1]
    design = np.column_stack([np.nan_to_num(pairs.values), pairs.log_rate, np.ones(len(pairs.query))])
    adopted = pairs.adopted.astype(np.float64)
    _, first = np.unique(pairs.query, return_index=True)
    strength = pull.per_query * pairs.weight[first].sum() + pull.fixed
    penalised = np.arange(features + 2) < features
    start = np.where(penalised, pull.towards, 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        chance = 1 / (1 + np.exp(-np.clip(odds, -STEEPEST, STEEPEST)))
        held = np.where(penalised, weights - start, 0.0)
        likelihood = pairs.weight @ (np.logaddexp(0, odds) - adopted * odds)
        gradient = design.T @ (pairs.weight * (chance - adopted)) + strength * held
        return float(likelihood + strength / 2 * held @ held), gradient

    bounds = [(0 if held else None, None) for held in penalised]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x[:features], dtype=np.float64)


def learn(
    histories: Mapping[str, Iterable[History]], sight: Sight, version: str = "refitted"
) -> AdoptionModel:
    """Fit every situation for which there is something to learn from.

    Parameters
    ----------
    histories : mapping of str to iterable of History
        Situation -> the histories its lessons are made of.
    sight : Sight
    version : str

    Raises
    ------
    DataError
        No situation has enough to learn from.
    """
    situations, countries = {}, set()
    for situation, given in histories.items():
        seen = list(given)
        pairs = pairs_of(situation, (e for history in seen for e in LESSONS[situation](history)), sight)
        if len(np.unique(pairs.query)) < FEWEST_QUERIES:
            continue
        situations[situation] = learn_situation(situation, pairs, version)
        countries |= {str(country) for history in seen for country in history.places.countries}
    if not situations:
        raise DataError(
            es="No hay de qué aprender: el paquete necesita más adopciones con año, o más proyectos por "
            "país.",
            en="There is nothing to learn from: the package needs more dated adoptions, or more projects "
            "per country.",
        )
    return AdoptionModel(version, situations, frozenset(countries))


def learn_situation(situation: str, pairs: Pairs, version: str) -> Situation:
    """Fit weights on all pairs, and the calibration on pairs whose weights have not seen them."""
    weights = fit_weights(pairs, PULLS[situation])
    calibration = calibrate(held_out_scores(situation, pairs), pairs.log_rate, pairs.adopted, pairs.query)
    return Situation(_ranker(situation, weights, np.nan_to_num(pairs.values) @ weights, version), calibration)


def held_out_scores(situation: str, pairs: Pairs) -> Floats:
    """Score each pair by weights that have seen neither its practice nor its place, float64 [n].

    Where a quarter has too few queries to fit on, the weights of all pairs stand in.
    """
    scores = np.empty(len(pairs.query))
    for side in range(4):
        other = pairs.only(pairs.side == 3 - side)
        if len(np.unique(other.query)) < FEWEST_QUERIES:
            other = pairs
        held = pairs.side == side
        scores[held] = np.nan_to_num(pairs.values[held]) @ fit_weights(other, PULLS[situation])
    return scores


def _ranker(situation: str, weights: Floats, scores: Floats, version: str) -> FitRanker:
    """Compile weights to lookup tables, with the index's unit the spread of the scores learned on."""
    tables = {}
    for spec, weight in zip(SPECS[situation], weights, strict=True):
        knots = np.array([spec.low, spec.high])
        tables[spec.name] = Table(knots, weight * (knots - spec.neutral), "learned", REASON)
    spread = float(scores.std())
    scale = spread if spread > ROUNDING else 1.0
    medium, high = 100 / (1 + np.exp(-np.quantile(scores, BANDS) / scale))
    return FitRanker(tables, scale, (float(medium), float(high)), version)


def _sides(situation: str, episode: Episode) -> NDArray[np.int8]:
    """Tell in which quarter of the split each pair falls, int8 [Q, items]."""
    subjects = np.array([_side(str(key)) for key in episode.subjects], dtype=np.int8)
    items = np.array([_side(str(key)) for key in episode.item_ids], dtype=np.int8)
    return np.asarray(2 * subjects[:, None] + items[None, :], dtype=np.int8)


@cache
def _side(key: str) -> int:
    return hashlib.sha256(f"side|{key}".encode()).digest()[0] % 2
