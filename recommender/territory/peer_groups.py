"""Which territories are like which: the most alike of the same level, by their standings.

Likeness is ``exp(-d2 / 2)``, ``d2`` being the mean squared difference of standing over the
indicators trusted at both ends: 1 for equal places, 0.37 for two at random. Standings are within
each country, so that a peer may lie in any country.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.territory.indicators import IndicatorMatrix
from recommender.territory.likeness import FEWEST_COVERED

FloatArray = NDArray[np.float64]
Rows = NDArray[np.integer]

PEERS = 15
"""How many like territories are asked (peer groups of cities usually have 5 to 15)."""
AT_ONCE = 256
"""Territories compared with all others in one step: bounds the memory of a large registry."""


def distances(
    matrix: IndicatorMatrix, territories: Rows, others: Rows, weights: NDArray[np.floating] | None = None
) -> NDArray[np.float32]:
    """Return the mean squared difference of standing, float32 [T', T'']; inf where not comparable.

    Parameters
    ----------
    matrix : IndicatorMatrix
    territories : int [T']
    others : int [T'']
    weights : float [I], optional
        How much each indicator counts, not negative; evenly where not given.

    Notes
    -----
    A territory is not compared with itself, nor two of which less than a quarter of the weight is
    known at both. ``w(z - y)^2`` is worked out as ``wz^2 - 2wzy + wy^2``: no array of pairs x
    indicators is made.
    """
    w = np.ones(matrix.z.shape[1]) if weights is None else np.asarray(weights)
    w = w.astype(np.float32)
    z, trust = np.nan_to_num(matrix.z[others]), matrix.trust[others]
    ours, weighed = np.nan_to_num(matrix.z[territories]), matrix.trust[territories] * w
    known = weighed @ trust.T
    terms = np.hstack([weighed, -2.0 * weighed * ours, weighed * ours**2])
    squares = terms @ np.hstack([trust * z**2, trust * z, trust]).T
    comparable = (known >= FEWEST_COVERED * w.sum()) & (known > 0)
    comparable &= np.asarray(territories)[:, None] != np.asarray(others)[None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float32] = np.where(comparable, np.maximum(squares, 0.0) / known, np.inf)
    return found


def peer_table(matrix: IndicatorMatrix, level: Rows) -> sparse.csr_array:
    """Find the fifteen most alike territories of every territory, with their weights.

    Parameters
    ----------
    matrix : IndicatorMatrix
    level : int [T]
        Kind of territory; only equal ones are compared.

    Returns
    -------
    sparse float64 [T, T]
        Rows sum to 1, or are empty for a territory without standings or without peers. Equally
        alike ones are all kept.
    """
    found: list[tuple[Rows, Rows, FloatArray]] = []
    for kind in np.unique(level):
        members = np.flatnonzero(level == kind)
        for start in range(0, len(members), AT_ONCE):
            rows = members[start : start + AT_ONCE]
            distance = distances(matrix, rows, members)
            nearest = np.isfinite(distance)
            if len(members) > PEERS:
                nearest &= distance <= np.partition(distance, PEERS - 1, axis=1)[:, PEERS - 1, None]
            here, there = np.nonzero(nearest)
            alike = np.exp(-0.5 * distance[here, there]).astype(np.float64)
            total = np.bincount(here, alike, len(rows))[here]
            found.append((rows[here], members[there], alike / total))
    if not found:
        return sparse.csr_array((len(level), len(level)))
    here, there, weight = (np.concatenate(part) for part in zip(*found, strict=True))
    return sparse.csr_array((weight, (here, there)), shape=(len(level), len(level)))
