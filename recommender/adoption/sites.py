"""Features of practices that look for places where records date whole practices only.

All are logarithms taken relative to the query's other candidates, so that a source that is sure of
itself moves the score further than one that spreads evenly over all places.
"""

from __future__ import annotations

import numpy as np

from recommender.adoption.pairs import (
    Asked,
    Columns,
    Flags,
    Floats,
    Ground,
    alike_in_what_may_speak,
    centred,
    divided,
    strongest,
)
from recommender.columns import FeatureSpec
from recommender.domain import Text

FLOOR = 0.03
"""Share below which a place is as good as unheard of."""
NEAR_SHARE = 4
"""Nearness falls to 0.37 at this part of the median distance between places."""
RIDGE = 0.1, 2.0
"""Ridge of the co-adoption weights: share of the mean count per place, and a constant."""
END = 8.0
"""Logarithmic steps past which a feature says no more."""


def _spec(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    unit = "log share, relative to the other candidates"
    return FeatureSpec(name, unit, -END, END, 0.0, Text({"es": es, "en": en}), group)


_POPULARITY = _spec(
    "popularity",
    "Cuántas prácticas, sobre todo de pocos lugares, ya llegaron al lugar.",
    "How many practices, those of few places above all, already reached the place.",
    "exposure",
)
_ALIKE = _spec(
    "alike_in_text",
    "Dónde funcionaron las prácticas de texto parecido, más las de pocos lugares.",
    "Where practices of a like text ran, those of few places above all.",
)

TEXT = (
    _ALIKE,
    _spec(
        "alike_in_meaning_sharp",
        "Dónde funcionaron las prácticas de sentido más parecido, con mucho peso a las primeras.",
        "Where the practices nearest in meaning ran, the first ones weighing most.",
    ),
    _spec(
        "alike_in_words_sharp",
        "Dónde funcionaron las cincuenta prácticas de palabras más parecidas, con más peso a las primeras.",
        "Where the fifty practices nearest in wording ran, the first ones weighing more.",
    ),
    _spec(
        "alike_in_words",
        "Dónde funcionaron las veinte prácticas de palabras más parecidas.",
        "Where the twenty practices nearest in wording ran.",
    ),
    _spec(
        "alike_in_meaning",
        "Dónde funcionaron las veinte prácticas de sentido más parecido.",
        "Where the twenty practices nearest in meaning ran.",
    ),
    _POPULARITY,
)
"""Columns of `by_text`."""

SITES = (
    _spec(
        "alike_in_places_and_text",
        "Adónde más llegaron las prácticas que comparten sus lugares y su texto.",
        "Where else the practices ran that share its places and its text.",
    ),
    _spec(
        "alike_in_places_and_words_sharp",
        "Adónde más llegaron las pocas prácticas que más comparten sus lugares y sus palabras.",
        "Where else the few practices ran that share most of its places and words.",
    ),
    _spec(
        "alike_in_places_and_words",
        "Adónde más llegaron las prácticas que comparten sus lugares y sus palabras.",
        "Where else the practices ran that share its places and words.",
    ),
    _spec(
        "shares_practices",
        "Parecido con los lugares donde ya funciona en las prácticas que tienen.",
        "Likeness to the places where it already runs in the practices they have.",
    ),
    _spec(
        "near_known_places",
        "Cercanía a los lugares donde ya funciona.",
        "Nearness to the places where it already runs.",
    ),
    _spec(
        "goes_with_known_places",
        "Lugares que suelen compartir prácticas con aquellos donde ya funciona.",
        "Places that tend to share practices with those where it already runs.",
    ),
    _ALIKE,
    _POPULARITY,
)
"""Columns of `by_sites`."""


def by_text(ground: Ground, asked: Asked, candidates: Flags) -> Columns:
    """Return the features of practices of which only the words are known, each float64 [Q, n]."""
    found = {
        "alike_in_text": _alike_in_text(ground, asked),
        "alike_in_meaning_sharp": _mean_sites(
            ground, asked, np.exp(3 * asked.lexical + 8 * asked.dense - _width(ground))
        ),
        "popularity": _popularity(ground, asked),
    }
    for name, likeness in (("words", asked.lexical), ("meaning", asked.dense)):
        usable = likeness * asked.usable
        found[f"alike_in_{name}"] = _shares(strongest(usable, 20), ground)
        found[f"alike_in_{name}_sharp"] = found.get(
            f"alike_in_{name}_sharp", _shares(strongest(usable, 50) ** 2, ground)
        )
    return {spec.name: centred(found[spec.name], candidates) for spec in TEXT}


def by_sites(ground: Ground, asked: Asked, candidates: Flags) -> Columns:
    """Return the features of practices with known places, each float64 [Q, n]."""
    known = asked.known.astype(np.float64)
    count, size = known.sum(axis=1, keepdims=True), ground.sites.sum(axis=1)
    shared = known @ ground.sites.T
    jaccard = divided(shared, count + size - shared)
    cosine = divided(shared, np.sqrt(count * size))
    text = np.exp(3 * asked.lexical + 4 * asked.dense)
    found = {
        "alike_in_places_and_text": _mean_sites(ground, asked, (jaccard + 0.03) ** 2 * text),
        "alike_in_places_and_words_sharp": _mean_sites(ground, asked, (cosine * (0.2 + asked.lexical)) ** 4),
        "alike_in_places_and_words": _mean_sites(ground, asked, (cosine * (0.2 + asked.lexical)) ** 2),
        "near_known_places": _near(ground, known),
        **_co_adoption(ground, asked),
        "alike_in_text": _alike_in_text(ground, asked),
        "popularity": _popularity(ground, asked),
    }
    return {spec.name: centred(found[spec.name], candidates) for spec in SITES}


def _width(ground: Ground) -> Floats:
    """Return the log share of places that each practice reached, [m]."""
    size = np.maximum(ground.sites.sum(axis=1), 1)
    return np.asarray(np.log(size / max(ground.sites.shape[1], 1)), dtype=np.float64)


def _alike_in_text(ground: Ground, asked: Asked) -> Floats:
    weights = np.exp(3.5 * asked.lexical + 5 * asked.dense - 1.6 * _width(ground))
    return _mean_sites(ground, asked, weights)


def _mean_sites(ground: Ground, asked: Asked, weights: Floats) -> Floats:
    return _shares(weights * asked.usable, ground)


def _shares(weights: Floats, ground: Ground) -> Floats:
    """Return the log of the weighted share of practices that have each place, [Q, n]."""
    share = divided(weights @ ground.sites, weights.sum(axis=1, keepdims=True))
    return np.asarray(np.log(share + FLOOR), dtype=np.float64)


def _popularity(ground: Ground, asked: Asked) -> Floats:
    narrow = 1 / np.sqrt(np.maximum(ground.sites.sum(axis=1), 1))
    weights = asked.usable * narrow
    return np.asarray(
        np.log((weights @ ground.sites + 0.2) / (weights.sum(axis=1, keepdims=True) + 1)), dtype=np.float64
    )


def _near(ground: Ground, known: Floats) -> Floats:
    """Return the log of the mean nearness to the known places; all NaN without coordinates."""
    km = ground.distance_km
    typical = float(np.median(km[np.isfinite(km)])) if np.isfinite(km).any() else 0.0
    if typical <= 0:
        return np.full(known.shape, np.nan)
    near = np.nan_to_num(np.exp(-km / (typical / NEAR_SHARE))) * ~np.eye(len(km), dtype=bool)
    return np.asarray(np.log(divided(known @ near, known.sum(axis=1, keepdims=True)) + FLOOR))


def _co_adoption(ground: Ground, asked: Asked) -> Columns:
    """Return logs of two measures of places that have practices in common with the known ones.

    `shares_practices` is the mean cosine of their columns; `goes_with_known_places` the weights of a
    ridge regression of each place on all others, which counts what two known places both tell once.
    """
    places = ground.sites.shape[1]
    shares, goes = np.zeros(asked.known.shape), np.zeros(asked.known.shape)
    for rows, may_speak in alike_in_what_may_speak(asked.usable):
        together = (ground.sites * may_speak[:, None]).T @ ground.sites
        ridge = RIDGE[0] * np.trace(together) / places + RIDGE[1]
        inverse = np.linalg.inv(together + ridge * np.eye(places))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        goes[rows] = asked.known[rows] @ weights
        size = np.sqrt(np.diag(together))
        cosine = divided(together, np.outer(size, size)) * ~np.eye(places, dtype=bool)
        known = asked.known[rows].astype(np.float64)
        shares[rows] = divided(known @ cosine, known.sum(axis=1, keepdims=True))
    return {
        "shares_practices": np.log(shares + FLOOR),
        "goes_with_known_places": np.log(np.maximum(goes, 0.0) + 0.05),
    }
