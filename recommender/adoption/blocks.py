"""The parts of a catalogue's learned scores: one block for each situation in places of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.model import SPECS, AdoptionModel, columns_of, log_rate
from recommender.adoption.pairs import ROUNDING, Asked, Floats, Ground, dense_likeness
from recommender.adoption.wording import Wording
from recommender.columns import FeatureSpec
from recommender.domain import Text

MOST_SPEAKERS = 500
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
            "es": "Cuánto llega al lugar de cualquier práctica, y a cuántos lugares llega una como esta.",
            "en": "How much reaches the place of any practice, and how many places one like this reaches.",
        }
    ),
    "exposure",
)
"""The part of the exposure that is no feature: what all practices have in common in a place, and how fast
the practice itself moves."""


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
    chance : float32 [rows, places]
        Probability of a recorded adoption; NaN where the practice already runs.
    """

    situation: str
    row: NDArray[np.int32]
    specs: tuple[FeatureSpec, ...]
    points: Single
    chance: Single

    @property
    def fit(self) -> Single:
        """Log odds of the features that tell how the practice suits the place, float32 [rows, places]."""
        total: Single = self.points[self._of_fit].sum(axis=0)
        return total

    @property
    def exposure(self) -> Single:
        """Log odds of all else, float32 [rows, places]."""
        total: Single = self.points[~self._of_fit].sum(axis=0)
        return total

    @property
    def _of_fit(self) -> NDArray[np.bool_]:
        return np.array([spec.group == "fit" for spec in self.specs], dtype=bool)


def situations(
    model: AdoptionModel,
    here: NDArray[np.bool_],
    km: Floats,
    wording: Wording,
    vectors: NDArray[np.floating],
    year: float,
) -> Iterator[Block]:
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
        specs, points, chance = (list(each) for each in zip(*parts, strict=True))
        yield Block(situation, row, specs[0], np.concatenate(points, axis=1), np.concatenate(chance))


def hold_exposure(blocks: Sequence[Block]) -> None:
    """Move from the fit to the exposure what practices have in common in a place, in place.

    Where many practices ran, like ones ran too: sources that tell of places by their practices carry a
    place's popularity with them. With m the mean fit over the practices in each place, each fit feature f of
    a practice keeps ``f - (f.m / m.m) m`` over its candidates, which m cannot tell any more; the rest goes
    to `REACH`, as does, with its sign turned, the mean exposure over all pairs. No sum changes otherwise.
    """
    # Of all practices, those that run there too: what is left to adopt in a place is no fair sample.
    common = np.concatenate([block.fit for block in blocks]).mean(axis=0, dtype=np.float64)
    for block in blocks:
        open_places = np.where(np.isnan(block.chance), 0.0, common)
        size = np.maximum((open_places**2).sum(axis=1), ROUNDING)
        for part, spec in zip(block.points, block.specs, strict=True):
            if spec.group == "fit":
                shared = ((part * open_places).sum(axis=1) / size)[:, None] * common
                part -= shared.astype(np.float32)
                block.points[-1] += shared.astype(np.float32)
    known = np.concatenate([~np.isnan(block.chance) for block in blocks])
    exposure = np.concatenate([block.exposure for block in blocks])
    usual = exposure[known].mean() if known.any() else 0.0
    for block in blocks:
        block.points[-1] -= np.float32(usual)


def _scored(
    model: AdoptionModel, situation: str, ground: Ground, asked: Asked
) -> tuple[tuple[FeatureSpec, ...], Single, Single]:
    """Return the features that weigh, their log odds [specs, rows, places], and the probabilities."""
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
    points[-1] = odds - points.sum(axis=0)
    chance = np.where(candidates, chance, np.nan)
    return (*specs, REACH), points.astype(np.float32), chance.astype(np.float32)


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
