"""From an additive score to the probability of a recorded adoption.

A score compares the candidates of one question. How many of them will adopt at all is another
matter, told by how fast the practice or the catalogue has been moving; the calibration joins both
by a logistic function fitted on practices and places that the score's weights have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

STEEPEST = 30.0
RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(adoption) = logistic(intercept + slope x score + rate_slope x log rate)."""

    intercept: float
    slope: float
    rate_slope: float

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


def calibrate(score: Floats, log_rate: Floats, adopted: NDArray[np.bool_]) -> Calibration:
    """Fit a calibration by maximum likelihood on pairs whose outcome is known, each of shape [n]."""
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
    return Calibration(intercept, slope, rate_slope)


def expected_calibration_error(probability: Floats, adopted: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the mean gap between promised and observed share over bins of equal size (ECE), 0-1."""
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(probability[part].mean() - adopted[part].mean()) for part in parts]
    return float(sum(gaps) / max(len(order), 1))


def brier_score(probability: Floats, adopted: NDArray[np.bool_]) -> float:
    """Return the mean squared gap between probability and outcome, 0-1; lower is better."""
    return float(np.mean((probability - adopted) ** 2))
