"""The ranker: an additive model over named features, compiled to one lookup table per feature.

A score is the sum of its features' contributions, exactly; an unknown feature contributes 0 and
lowers the coverage. The prior of `prior.toml` and a learned model are the same class with other
tables, so whatever scores, explains or reweights does not know which of the two it holds.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import ModelError, OutOfRange, UnknownValue

PRIOR_FILE = Path(__file__).with_name("prior.toml")
MAX_WEIGHT = 10.0
"""Largest factor a caller may put on a feature: past it one feature decides alone."""
ROWS_AT_ONCE = 2**13
"""Pairs whose features stay in the processor's cache through every step of scoring them."""


@dataclass(frozen=True)
class Table:
    """One feature's contribution as a piecewise linear function.

    Parameters
    ----------
    knots : ndarray of shape (m,)
        Feature values, increasing; outside them the contribution stays at its end.
    values : ndarray of shape (m,)
        Score points at each knot.
    basis : {'prior', 'learned'}
        Reviewed by people, or fitted on recorded adoptions.
    reason : str
        Why the weight is what it is.
    version : str
        Version of the prior or of the learned model it comes from.
    """

    knots: NDArray[np.float64]
    values: NDArray[np.float64]
    basis: str
    reason: str
    version: str = ""

    @property
    def span(self) -> float:
        """Largest change of score, in points, that the feature can make."""
        return float(self.values.max() - self.values.min())


@dataclass(frozen=True)
class Fit:
    """Scores of n pairs.

    Attributes
    ----------
    score : ndarray of shape (n,)
        Raw score in points; the row sums of `contributions`.
    index : ndarray of shape (n,)
        Anticipated-fit index, 0-100.
    contributions : ndarray of shape (n, n_features)
        Points of each feature; exactly 0 where the feature is unknown.
    coverage : ndarray of shape (n,)
        Share, 0-1, of the weight of the features asked about that were known.
    """

    score: NDArray[np.float64]
    index: NDArray[np.float64]
    contributions: NDArray[np.float64]
    coverage: NDArray[np.float64]


class FitRanker:
    """Additive ranker over named features.

    Parameters
    ----------
    tables : mapping of str to Table
        Feature name -> its table, in the order of the feature matrix's columns.
    scale : float
        Score points at which the index reaches 73 (the logistic function's unit).
    bands : tuple of float
        Index from which a fit is called medium and from which it is called high.
    version : str
        Name of the model, given in every answer.
    """

    def __init__(
        self, tables: Mapping[str, Table], scale: float, bands: tuple[float, float], version: str
    ) -> None:
        self.tables, self.scale, self.bands, self.version = tables, scale, bands, version
        each = list(tables.values())
        self._curves = {column: table for column, table in enumerate(each) if len(table.knots) > 2}
        ends = [(t.knots[0], t.knots[-1], t.values[0], t.values[-1]) for t in each]
        low, high, first, last = np.array(ends, dtype=np.float64).reshape(-1, 4).T
        steep = np.divide(last - first, high - low, out=np.zeros(len(each)), where=high > low)
        self._lines = low, high, steep, first

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns the ranker expects, in order."""
        return tuple(self.tables)

    def score(
        self,
        matrix: NDArray[np.float64],
        names: Sequence[str],
        asked: NDArray[np.bool_],
        weights: Mapping[str, float] | None = None,
    ) -> Fit:
        """Score n pairs; one pair and a million are the same call.

        Parameters
        ----------
        matrix : ndarray of shape (n, n_features)
            Feature values; NaN is unknown.
        names : sequence of str
            The columns' names, which must be the ranker's own in its own order.
        asked : ndarray of shape (n_features,)
            Which features the query asks about; the others neither count nor lower the coverage.
        weights : mapping of str to float, optional
            Factors on named features' contributions, 0 to 10.

        Raises
        ------
        ModelError
            When the columns are not the ranker's.
        UnknownValue, OutOfRange
            When a weight names no feature or is not finite and within 0 to 10.
        """
        if tuple(names) != self.feature_names:
            raise strange_columns(names, self.feature_names)
        factors = self._factors(weights or {}) * asked
        spans = np.array([table.span for table in self.tables.values()]) * factors
        chosen, total = np.flatnonzero(spans), float(spans.sum())
        contributions = np.zeros(matrix.shape[::-1])
        score, missed = np.zeros((2, len(matrix)))
        by_column = matrix.T
        for start in range(0, len(matrix), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            values = by_column[chosen, part]
            unknown = ~np.isfinite(values)
            points = self._points(values, chosen, factors[chosen])
            np.copyto(points, 0.0, where=unknown)
            contributions[chosen, part] = points
            np.sum(points, axis=0, out=score[part])
            missed[part] = spans[chosen] @ unknown
        coverage = np.clip(1.0 - missed / total, 0.0, 1.0) if total else np.zeros(len(matrix))
        return Fit(score, self.index(score), contributions.T, coverage)

    def _points(
        self, values: NDArray[np.float64], columns: NDArray[np.intp], factors: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Turn values [columns, rows] into points, in place where every table is a straight line."""
        low, high, slope, first = (constant[columns, None] for constant in self._lines)
        curved = [(row, self._curves[column]) for row, column in enumerate(columns) if column in self._curves]
        bent = [
            (row, np.interp(values[row], table.knots, table.values) * factors[row]) for row, table in curved
        ]
        np.clip(values, low, high, out=values)
        values -= low
        values *= slope * factors[:, None]
        values += first * factors[:, None]
        for row, points in bent:
            values[row] = points
        return values

    def index(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn raw points into the 0-100 index: the logistic function of ``score / scale``.

        The index orders as the score does, is 50 where nothing speaks for or against, and never
        depends on the other rows of an answer. It is not a probability.
        """
        return 100.0 / (1.0 + np.exp(-np.clip(score / self.scale, -30.0, 30.0)))

    def band(self, index: float) -> str:
        """Name the band of an index: ``low``, ``medium`` or ``high``."""
        medium, high = self.bands
        return "high" if index >= high else "medium" if index >= medium else "low"

    def _factors(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        for name, weight in weights.items():
            if name not in self.tables:
                raise UnknownValue(
                    es=f"No hay ningún factor «{name}» para ponderar; los factores son: "
                    f"{', '.join(self.tables)}.",
                    en=f"There is no feature '{name}' to weight; the features are: {', '.join(self.tables)}.",
                    field=f"weights.{name}",
                    value=name,
                    allowed=list(self.tables),
                )
            if not math.isfinite(weight) or not 0 <= weight <= MAX_WEIGHT:
                raise OutOfRange(
                    es=f"El peso de «{name}» es {weight}; debe ser un número entre 0 y {MAX_WEIGHT:g}.",
                    en=f"The weight of '{name}' is {weight}; it must be a number from 0 to {MAX_WEIGHT:g}.",
                    field=f"weights.{name}",
                    value=str(weight),
                    minimum=0,
                    maximum=MAX_WEIGHT,
                )
        return np.array([weights.get(name, 1.0) for name in self.tables])


class Learned(NamedTuple):
    """What a prior has to know of the learned model beside it: its version and its features' names."""

    version: str
    features: tuple[str, ...]


def read_prior(
    specs: Sequence[FeatureSpec], path: Path = PRIOR_FILE, learned: Learned | None = None
) -> FitRanker:
    """Read the reviewed prior: one weight and one reason per feature.

    A feature's contribution is ``weight x (value - neutral)`` between its range's ends, so that
    a neutral value says nothing, for or against.

    Parameters
    ----------
    specs : sequence of FeatureSpec
        The features, in the order of the matrix's columns.
    path : Path
        The file of weights.
    learned : Learned, optional
        The learned model that stands beside the prior. Its features' tables are marked as learned by it;
        features that tell in part the same then weigh what ``beside_learned`` says.

    Raises
    ------
    ModelError
        When the file weights a feature that does not exist or leaves one out.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = document["features"]
    names = [spec.name for spec in specs]
    if set(entries) != set(names):
        raise strange_columns(sorted(entries), names)
    scale = document["scale"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    version = f"{document['version']}+{digest}"  # other weights, other version, whoever forgets the name
    tables = {spec.name: _table(spec, entries[spec.name], version, learned) for spec in specs}
    if learned is not None:
        version = f"{version}+{learned.version}"
    return FitRanker(tables, float(scale["points"]), (scale["medium"], scale["high"]), version)


def _table(spec: FeatureSpec, entry: Mapping[str, Any], version: str, learned: Learned | None) -> Table:
    """Return a straight table; with a learned model beside it, the weight that leaves its part to it."""
    beside = learned is not None and "beside_learned" in entry
    weight = float(entry["beside_learned" if beside else "weight"])
    reason = str(entry["beside_reason" if beside else "reason"])
    knots = np.array([spec.low, spec.high], dtype=np.float64)
    values = weight * (knots - spec.neutral)
    if learned is not None and spec.name in learned.features:
        return Table(knots, values, "learned", reason, learned.version)
    return Table(knots, values, "prior", reason, version)


def strange_columns(given: Sequence[str], expected: Sequence[str]) -> ModelError:
    """Return the error for feature columns that are not the model's own."""
    missing = sorted(set(expected) - set(given))
    strange = sorted(set(given) - set(expected))
    return ModelError(
        es=f"Los factores no son los del modelo: faltan {missing}, sobran {strange}; "
        "use un modelo hecho con esta versión de los factores.",
        en=f"The features are not the model's own: missing {missing}, unexpected {strange}; "
        "use a model made with this version of the features.",
        missing=missing,
        unexpected=strange,
    )
