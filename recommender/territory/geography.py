"""Distances on the globe."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Territory

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
NEAR_KM = 100.0
"""Distance at which nearness falls to 0.37: a day's visit and back by road."""


def coordinates(territories: Iterable[Territory]) -> NDArray[np.float64]:
    """Latitude and longitude in degrees, float64 [T, 2]; NaN unknown, and for whole countries.

    The middle of a country says nothing of where in it something happens.
    """
    unknown = (np.nan, np.nan)
    rows = [
        unknown
        if t.level == "country" or t.latitude is None or t.longitude is None
        else (t.latitude, t.longitude)
        for t in territories
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def nearness(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``exp(-km / 100)`` between all pairs of places.

    Parameters
    ----------
    here : float64 [N, 2]
        Latitude and longitude in degrees.
    there : float64 [M, 2]

    Returns
    -------
    float64 [N, M]
        1 at the same point, 0.37 at 100 km; NaN where either place is unknown.
    """
    return np.exp(-distances_km(here, there) / NEAR_KM)


def distances_km(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return great-circle distances between all pairs of places, float64 [N, M] (haversine on a sphere).

    Parameters
    ----------
    here, there : float64 [N, 2] and [M, 2]
        Latitude and longitude in degrees; distances to or from NaN are NaN.

    Examples
    --------
    >>> quito, guayaquil = np.array([[-0.22, -78.51]]), np.array([[-2.19, -79.89]])
    >>> round(float(distances_km(quito, guayaquil)[0, 0]))
    267
    """
    latitude, longitude = np.radians(here).T[:, :, None]
    latitude_there, longitude_there = np.radians(there).T[:, None, :]
    half = (
        np.sin((latitude_there - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(latitude_there) * np.sin((longitude_there - longitude) / 2) ** 2
    )
    distances: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return distances
