"""Diversity: a ranked list in which near-equal rows do not all tell the same story.

Maximal marginal relevance (Carbonell and Goldstein 1998) over declared traits instead of text:
a row loses points for each trait that rows already placed above it share. Scores and indexes are
never changed, only the order, and every move can be told from the rank by score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.retrieval import Eligibility

STRENGTH = 0.25
"""Points a row loses when every row above it shares all its traits. Small against the spread of
scores, so that only rows of nearly equal fit change places."""

TRAITS = ("themes", "organisation_types", "countries")
"""What the re-rank varies: theme, organisation type and origin."""

POOL = 3
"""The re-rank looks at this many times the rows wanted: a row from further down never jumps in."""


def diversify(
    score: NDArray[np.float64], traits: NDArray[np.float64], k: int, strength: float = STRENGTH
) -> NDArray[np.intp]:
    """Choose the order of the first `k` rows.

    Parameters
    ----------
    score : ndarray of shape (n,)
        Raw scores, in descending order.
    traits : ndarray of shape (n, n_traits)
        1 where a row has a trait (a theme, an organisation type, a country of origin), else 0;
        each row's traits weigh the same in total.
    k : int
        Rows wanted.
    strength : float
        Score points lost by a row whose traits all rows above share.

    Returns
    -------
    ndarray of shape (min(k, n),)
        Positions into `score`, the new order. The first row always stays first.
    """
    pool = min(len(score), max(k * POOL, k))
    shares = traits[:pool] / np.maximum(traits[:pool].sum(axis=1, keepdims=True), 1.0)
    seen = np.zeros(traits.shape[1])
    left = np.ones(pool, dtype=bool)
    order = np.empty(min(k, pool), dtype=np.intp)
    for place in range(len(order)):
        redundancy = shares @ seen / max(place, 1)
        value = np.where(left, score[:pool] - strength * redundancy, -np.inf)
        chosen = int(value.argmax())
        order[place] = chosen
        left[chosen] = False
        seen += traits[chosen] > 0
    return order


def practice_traits(eligibility: Eligibility) -> NDArray[np.float64]:
    """Return which practice has which of the `TRAITS`, float64 [P, traits]."""
    columns = [column for trait in TRAITS for column in eligibility.columns[trait].values()]
    count = len(eligibility.budgets)
    return np.column_stack([*columns, np.zeros(count)]).astype(np.float64)
