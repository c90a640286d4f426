"""From an additive score to the probability of a recorded adoption.

A score compares the candidates of one question. How many of them will adopt at all is another
matter, told by how fast the practice or the catalogue has been moving; the calibration joins both
by a logistic function fitted on practices and places that the score's weights have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEEPEST = 30.0
ROUNDING = 1e-9
RIDGE = 1e-3
LEVEL = 0.9
TEN = 10
LEAST_VARIANCE = 0.02
"""Keeps the interval of a probability near 0 or 1 from vanishing."""
BANDS = 0.08, 0.25
"""Probabilities at which another pair of interval ends begins: shares vary more where more is promised."""
FEWEST_GROUPS = 20
"""Fewer groups than this in a band have the ends of all bands together."""
NOTHING = -100.0
"""Standard errors below a probability that always reach 0."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(adoption) = logistic(intercept + slope x score + rate_slope x log rate), with a 90 % interval.

    Parameters
    ----------
    intercept, slope, rate_slope : float
    low, high : sequence of float
        One for each band of `BANDS`: between these many standard errors around the probability lay
        90 % of the shares observed among ten comparable pairs (the same question, neighbouring scores).
    """

    intercept: float
    slope: float
    rate_slope: float
    low: tuple[float, ...] = (-1.645,) * (len(BANDS) + 1)
    high: tuple[float, ...] = (1.645,) * (len(BANDS) + 1)

    def __post_init__(self) -> None:
        for name in ("low", "high"):  # a stored model gives lists
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def probability(self, score: Floats, log_rate: Floats) -> Floats:
        """Return probabilities, 0-1, that grow with the score (`slope` is not negative).

        Parameters
        ----------
        score : ndarray
            Raw scores.
        log_rate : ndarray
            Log of the share of candidates expected to adopt, broadcast against the scores.
        """
        odds = self.intercept + self.slope * score + self.rate_slope * log_rate
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -STEEPEST, STEEPEST))), dtype=np.float64)

    def interval(self, probability: Floats, pairs: int | Floats = TEN) -> tuple[Floats, Floats]:
        """Return the ends, 0-1, between which 90 % of the shares among ten such pairs are expected."""
        error = np.sqrt((probability * (1 - probability) + LEAST_VARIANCE) / pairs)
        band = np.digitize(probability, BANDS)
        return (
            np.clip(probability + np.asarray(self.low)[band] * error, 0.0, 1.0),
            np.clip(probability + np.asarray(self.high)[band] * error, 0.0, 1.0),
        )


def calibrate(
    score: Floats, log_rate: Floats, adopted: NDArray[np.bool_], query: NDArray[np.intp]
) -> Calibration:
    """Fit a calibration by maximum likelihood on pairs whose outcome is known.

    Parameters
    ----------
    score, log_rate : ndarray of shape (n,)
    adopted : ndarray of shape (n,), bool
    query : ndarray of shape (n,), int
        The question each pair belongs to.
    """
    # Imported here: a service that only reads a calibration does not pay for it.
    from scipy.optimize import minimize

    design = np.column_stack([np.ones(len(score)), score, log_rate])
    outcome = adopted.astype(np.float64)

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = design @ weights
        chance = 1 / (1 + np.exp(-np.clip(odds, -STEEPEST, STEEPEST)))
        gradient = design.T @ (chance - outcome) / len(outcome) + RIDGE * (weights - start)
        likelihood = np.mean(np.logaddexp(0, odds) - outcome * odds)
        return float(likelihood + RIDGE / 2 * ((weights - start) ** 2).sum()), gradient

    start = np.array([0.0, 1.0, 1.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), (0, None), (0, None)])
    intercept, slope, rate_slope = (float(weight) for weight in found.x)
    plain = Calibration(intercept, slope, rate_slope)
    chance = plain.probability(score, log_rate)
    promised, observed, pairs = tens(chance, adopted, query)
    if not len(pairs):
        return plain
    low, high = conformal_ends(promised, observed, pairs)
    return replace(plain, low=low, high=high)


def conformal_ends(
    promised: Floats, observed: Floats, pairs: Floats, *, both_tails: bool = False
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the ends of each band, from groups of pairs (Mondrian split conformal prediction).

    Where more than a twentieth of the groups saw nobody, the lower end is 0: a share of ten pairs comes
    in tenths, and an end just above 0 would leave all of those out. Nothing is lost below it then, and the
    upper end alone leaves out the tenth.

    Parameters
    ----------
    promised, observed, pairs : float64 [groups]
        As `tens` gives them.
    both_tails : bool
        Leave out a twentieth above in any case; then intervals that begin at 0 hold more than promised.

    Returns
    -------
    low, high : tuple of float
        Standard errors from the probability, one for each band of `BANDS`.
    """
    off = (observed - promised) / np.sqrt((promised * (1 - promised) + LEAST_VARIANCE) / pairs)
    tail, band = (1 - LEVEL) / 2, np.digitize(promised, BANDS)
    lows, highs = [], []
    for number in range(len(BANDS) + 1):
        rows = band == number
        rows = rows if rows.sum() >= FEWEST_GROUPS else np.ones(len(band), dtype=bool)
        nobody = float((observed[rows] == 0).mean()) > tail
        above = LEVEL if nobody and not both_tails else 1 - tail
        low, high = np.quantile(off[rows], [tail, above], method="inverted_cdf")
        lows.append(NOTHING if nobody else float(low))
        highs.append(float(high))
    return tuple(lows), tuple(highs)


def tens(
    probability: Floats, adopted: NDArray[np.bool_], query: NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Lay each question's pairs in groups of ten by probability, highest first.

    Returns
    -------
    promised, observed, pairs : float64 [groups]
        Mean probability, share of adopters and number of pairs; groups of fewer than five are left out.
    """
    order = np.lexsort((-probability, query))
    starts = np.searchsorted(query[order], query[order])
    place = np.arange(len(order)) - starts
    _, group = np.unique(np.column_stack([query[order], place // TEN]), axis=0, return_inverse=True)
    group = group.ravel()
    pairs = np.bincount(group).astype(np.float64)
    kept = pairs >= TEN / 2
    promised = np.bincount(group, probability[order]) / np.maximum(pairs, 1)
    observed = np.bincount(group, adopted[order]) / np.maximum(pairs, 1)
    return promised[kept], observed[kept], pairs[kept]


def coverage(
    calibration: Calibration, probability: Floats, adopted: NDArray[np.bool_], query: NDArray[np.intp]
) -> tuple[float, float]:
    """Return the share of groups of ten whose observed share lies in the interval, and its mean width."""
    promised, observed, pairs = tens(probability, adopted, query)
    low, high = calibration.interval(promised, pairs)
    inside = (observed >= low - ROUNDING) & (observed <= high + ROUNDING)
    return (float(inside.mean()), float((high - low).mean())) if len(pairs) else (np.nan, np.nan)


def expected_calibration_error(probability: Floats, adopted: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the mean gap between promised and observed share over bins of equal size (ECE), 0-1."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(probability[part].mean() - adopted[part].mean()) for part in parts]
    return float(sum(gaps) / max(len(order), 1))


def brier_score(probability: Floats, adopted: NDArray[np.bool_]) -> float:
    """Return the mean squared gap between probability and outcome, 0-1; lower is better."""
    return float(np.mean((probability - adopted) ** 2))
