"""Standardised mean differences and the generalisability index, where a practice ran in many places.

The sample are the places where it ran; the population are the territories of the target's country
and level where it did not. Both are described by standings (`IndicatorMatrix.z`), which compare
within each country. The index is Tipton's (2014): fit a logistic regression of "is in the sample"
on the covariates; take the logits of the propensity scores; estimate the density of the logits in
each group with a Gaussian kernel of Silverman's bandwidth ``0.9 min(sd, IQR / 1.34) n^(-1/5)``; the
index is the Bhattacharyya coefficient ``∫ sqrt(f_sample f_population)``, by the trapezoid rule on 1,001
points. Nothing is drawn at random.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.territory.indicators import IndicatorMatrix
from recommender.transfer.report import Covariate, Generality

FloatArray = NDArray[np.float64]

FEWEST_PLACES = 10
MOST_COVARIATES = 5
"""Beyond one covariate for every two or three places a regression describes the sample alone."""
SMD_FLAG = 0.25
"""Stuart (2011): a covariate is flagged above this many standard deviations."""
POINTS = 1001
BANDS = ((0.9, "very_high"), (0.8, "high"), (0.5, "medium"), (0.0, "low"))
"""Tipton's rule of thumb: from this index on."""


def generality(
    matrix: IndicatorMatrix,
    sample: NDArray[np.integer],
    target: int,
    importance: FloatArray,
) -> Generality | None:
    """Compare the places where a practice ran with those of the target's kind.

    Parameters
    ----------
    matrix : IndicatorMatrix
    sample : int [n]
        Territories where it ran.
    target : int
    importance : float64 [I]
        0-1; the covariates are the most important indicators that are known nearly everywhere.

    Returns
    -------
    Generality or None
        None with fewer than ten places with indicators, or where nothing varies.
    """
    places = sample[~matrix.is_country[sample] & (sample != target)]
    population = np.flatnonzero(matrix.group == matrix.group[target])
    population = population[~np.isin(population, sample) | (population == target)]
    columns = _covariates(matrix, places, population, importance)
    if not len(columns):
        return None
    z = matrix.z.astype(np.float64)
    ours, theirs = (_complete(z[rows][:, columns]) for rows in (places, population))
    if len(ours) < FEWEST_PLACES or len(theirs) < FEWEST_PLACES:
        return None
    logits, coefficients, intercept = _logits(ours, theirs)
    index = overlap(logits[: len(ours)], logits[len(ours) :])
    if index is None:
        return None
    here = z[target, columns]
    at = float(here @ coefficients + intercept)
    low, high = float(logits[: len(ours)].min()), float(logits[: len(ours)].max())
    means, spread = theirs.mean(axis=0), theirs.std(axis=0)
    smd = (ours.mean(axis=0) - means) / spread
    return Generality(
        places=len(ours),
        population=len(theirs),
        index=index,
        band=next(band for start, band in BANDS if index >= start),
        covariates=tuple(
            Covariate(
                indicator_id=matrix.indicator_ids[column],
                smd=float(smd[place]),
                flagged=bool(abs(smd[place]) > SMD_FLAG),
                here=float((here[place] - means[place]) / spread[place])
                if np.isfinite(here[place])
                else None,
            )
            for place, column in enumerate(columns)
        ),
        target_inside=low <= at <= high if np.isfinite(at) else None,
    )


def overlap(first: FloatArray, second: FloatArray) -> float | None:
    """Return the Bhattacharyya coefficient of two samples' kernel densities; None where one has no spread.

    Examples
    --------
    >>> same = np.arange(20.0)
    >>> round(overlap(same, same), 4), round(overlap(same, same + 1000.0), 4)
    (1.0, 0.0)
    """
    widths = [bandwidth(values) for values in (first, second)]
    if min(widths) <= 0:
        return None
    ends = 4.0 * max(widths)
    together = np.concatenate([first, second])
    grid = np.linspace(together.min() - ends, together.max() + ends, POINTS)
    densities = [_density(values, width, grid) for values, width in zip((first, second), widths, strict=True)]
    return float(min(np.trapezoid(np.sqrt(densities[0] * densities[1]), grid), 1.0))


def bandwidth(values: FloatArray) -> float:
    """Return Silverman's bandwidth; 0 where all values are one."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    quarter, three = np.percentile(values, [25, 75])
    middle = float(three - quarter) / 1.34
    narrow = min(spread, middle) if middle > 0 else spread
    return float(0.9 * narrow * len(values) ** -0.2)


def _density(values: FloatArray, width: float, grid: FloatArray) -> FloatArray:
    off = (grid[:, None] - values[None, :]) / width
    density: FloatArray = np.exp(-0.5 * off**2).mean(axis=1) / (width * np.sqrt(2.0 * np.pi))
    return density


def _covariates(
    matrix: IndicatorMatrix,
    places: NDArray[np.integer],
    population: NDArray[np.integer],
    importance: FloatArray,
) -> NDArray[np.intp]:
    """Return the most important indicators known in nine of ten places, here and there, that vary."""
    if len(places) < FEWEST_PLACES or len(population) < FEWEST_PLACES:
        return np.array([], dtype=np.intp)
    known = [np.isfinite(matrix.z[rows]).mean(axis=0) >= 0.9 for rows in (places, population)]
    spread = np.zeros(len(importance))
    usable = np.flatnonzero(known[0] & known[1])
    spread[usable] = np.nanstd(matrix.z[population][:, usable].astype(np.float64), axis=0)
    usable = usable[spread[usable] > 0]
    order = np.lexsort((usable, -importance[usable]))
    return usable[order][: min(MOST_COVARIATES, len(places) // 2)]


def _complete(rows: FloatArray) -> FloatArray:
    kept: FloatArray = rows[np.isfinite(rows).all(axis=1)]
    return kept


def _logits(ours: FloatArray, theirs: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    from sklearn.linear_model import LogisticRegression  # seconds to import, needed for few practices

    table = np.vstack([ours, theirs])
    label = np.repeat([1, 0], [len(ours), len(theirs)])
    model = LogisticRegression(C=1.0, solver="lbfgs", max_iter=1000).fit(table, label)
    coefficients: FloatArray = model.coef_[0]
    intercept = float(model.intercept_[0])
    return table @ coefficients + intercept, coefficients, intercept
