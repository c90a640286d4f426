"""How alike places are: in their indicators, in where they lie, in what they do."""

from __future__ import annotations

import numpy as np

from recommender.adoption.pairs import Floats, Ground, divided

NEAR_SHARE = 2
"""Nearness falls to 0.37 at this part of the median distance between places."""


def complete(standings: Floats) -> Floats | None:
    """Put the middle where a standing is unknown; None where nothing at all is known."""
    known = np.isfinite(standings).any(axis=0)
    return np.nan_to_num(np.clip(standings[:, known], -3.0, 3.0)) if known.any() else None


def standing_likeness(standings: Floats | None) -> Floats | None:
    """Return ``exp(-2 d2 / median d2)`` between places, 0 with itself."""
    if standings is None:
        return None
    apart = squared_differences(standings)
    typical = float(np.median(apart))
    likeness = np.exp(-2 * apart / typical) if typical > 0 else np.ones(apart.shape)
    np.fill_diagonal(likeness, 0.0)
    return np.asarray(likeness, dtype=np.float64)


def squared_differences(standings: Floats) -> Floats:
    """Return the mean squared difference over indicators, [n, n]."""
    squares = (standings**2).sum(axis=1)
    apart = squares[:, None] + squares - 2 * standings @ standings.T
    return np.asarray(np.maximum(apart, 0.0) / standings.shape[1], dtype=np.float64)


def nearness(ground: Ground) -> Floats | None:
    """Return nearness between places, 0 with itself; None without coordinates."""
    km = ground.distance_km
    typical = float(np.median(km[np.isfinite(km)])) if np.isfinite(km).any() else 0.0
    if typical <= 0:
        return None
    near = np.nan_to_num(np.exp(-km / (typical / NEAR_SHARE)))
    np.fill_diagonal(near, 0.0)
    return np.asarray(near, dtype=np.float64)


def shared_with(known: Floats, likeness: Floats | None) -> Floats:
    """Return the share of each place's likeness that falls on the known places, [Q, n]."""
    if likeness is None:
        return np.full(known.shape, np.nan)
    return divided(known @ likeness.T, likeness.sum(axis=1))


def correlations(together: Floats) -> Floats:
    """Turn products (..., n, n) into cosines with a diagonal of 0."""
    size = np.sqrt(np.maximum(np.diagonal(together, axis1=-2, axis2=-1), 0.0))
    likeness = divided(together, size[..., :, None] * size[..., None, :])
    return likeness * ~np.eye(together.shape[-1], dtype=bool)


def with_totals(weights: Floats) -> tuple[Floats, Floats]:
    """Return weights and the sums of their rows, to divide one by the other."""
    return weights, weights.sum(axis=1, keepdims=True)
