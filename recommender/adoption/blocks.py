"""The parts of a catalogue's learned scores: one block for each situation in places of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.model import SPECS, AdoptionModel, columns_of, log_rate
from recommender.adoption.pairs import Asked, Floats, Ground, dense_likeness
from recommender.adoption.wording import Wording
from recommender.columns import FeatureSpec
from recommender.domain import Text

MOST_SPEAKERS = 1000
"""So many practices of a country, those of most places, say where others go: more say little else."""
ROWS_AT_ONCE = 256
Rows = NDArray[np.intp]
Single = NDArray[np.float32]

REACH = FeatureSpec(
    "reach",
    "log odds",
    -30.0,
    30.0,
    0.0,
    Text(
        {
            "es": "A cuántos lugares llega una práctica como esta.",
            "en": "How many places a practice like this one reaches.",
        }
    ),
    "exposure",
)
"""The part of the exposure that no feature of a place tells: how fast the practice itself moves."""


@dataclass(frozen=True, eq=False)
class Block:
    """What was computed of one situation's practices in the places of one kind.

    Attributes
    ----------
    row : int32 [P]
        Row of each practice here; -1 for those of the other situation.
    specs : tuple of FeatureSpec
        Features that weigh something, `REACH` last.
    points : float32 [specs, rows, places]
        Log odds; their sum is the exposure and the fit.
    """

    situation: str
    row: NDArray[np.int32]
    specs: tuple[FeatureSpec, ...]
    points: Single


Found = tuple[Block, Floats, Floats, Floats]
"""A block, and its rows' fit, log odds and probabilities, each [rows, places]."""


def situations(
    model: AdoptionModel,
    here: NDArray[np.bool_],
    km: Floats,
    wording: Wording,
    vectors: NDArray[np.floating],
    year: float,
) -> Iterator[Found]:
    """Score the practices of each situation the model knows in places of one kind."""
    recorded = np.flatnonzero(here.any(axis=1))
    width = here[recorded].sum(axis=1)
    speakers = np.sort(recorded[np.argsort(-width, kind="stable")[:MOST_SPEAKERS]])
    ground = _ground(here[speakers], km, year)
    for situation, rows in (("sites", recorded), ("text", np.setdiff1d(np.arange(len(here)), recorded))):
        if situation not in model.situations or not len(rows):
            continue
        row = np.full(len(here), -1, dtype=np.int32)
        row[rows] = np.arange(len(rows))
        parts = []
        for some in np.array_split(rows, -(-len(rows) // ROWS_AT_ONCE)):
            asked = Asked(
                known=here[some],
                lexical=wording.likeness(some, speakers),
                dense=dense_likeness(vectors[some], vectors[speakers]),
                usable=some[:, None] != speakers,
                late=np.full(len(some), np.nan),
            )
            parts.append(_scored(model, situation, ground, asked))
        specs, points, fit, odds, chance = (list(each) for each in zip(*parts, strict=True))
        block = Block(situation, row, specs[0], np.concatenate(points, axis=1))
        yield block, np.concatenate(fit), np.concatenate(odds), np.concatenate(chance)


def _scored(
    model: AdoptionModel, situation: str, ground: Ground, asked: Asked
) -> tuple[tuple[FeatureSpec, ...], Single, Floats, Floats, Floats]:
    """Return the features that weigh, their log odds, and the fit's, the whole's and the probability."""
    learned, candidates = model.situations[situation], ~asked.known
    columns = columns_of(situation, ground, asked, candidates)
    slope, tables = learned.calibration.slope, learned.ranker.tables
    specs = tuple(spec for spec in SPECS[situation] if tables[spec.name].span)
    points = np.zeros((len(specs) + 1, *candidates.shape))
    for part, spec in zip(points, specs, strict=False):
        values, table = columns[spec.name], tables[spec.name]
        part[:] = np.where(np.isnan(values), 0.0, slope * np.interp(values, table.knots, table.values))
    score = points.sum(axis=0) / slope if slope else np.zeros(candidates.shape)
    rates = log_rate(situation, ground, asked, candidates)[:, None]
    chance = model.probability(situation, score, rates)
    odds = np.log(chance) - np.log1p(-chance)
    fit = np.sum([p for p, s in zip(points, specs, strict=False) if s.group == "fit"], axis=0)
    points[-1] = odds - points.sum(axis=0)
    fit = np.broadcast_to(fit, candidates.shape)
    return (*specs, REACH), points.astype(np.float32), fit, odds, chance


def _ground(sites: NDArray[np.bool_], km: Floats, year: float) -> Ground:
    rows, places = sites.shape
    return Ground(
        sites=sites.astype(np.float64),
        years=np.full((rows, places), np.nan),
        start_years=np.full(rows, np.nan),
        cutoff=year,
        distance_km=km,
        borders=np.zeros((places, places), dtype=bool),
        standings=np.empty((places, 0)),
    )
