"""Features that a practice's own record gives, whoever asks: evidence, places, variety, age."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text

SPECS = (
    FeatureSpec(
        "evidence_level",
        "Nesta level",
        1.0,
        5.0,
        1.0,
        Text(
            {
                "es": "Nivel de evidencia según los estándares de Nesta, de 1 a 5.",
                "en": "Evidence level on the Nesta standards, 1 to 5.",
            }
        ),
        learnable=False,
    ),
    FeatureSpec(
        "replications",
        "doublings of the number of places",
        0.0,
        4.0,
        0.0,
        Text(
            {
                "es": "En cuántos lugares se ha llevado a cabo (logaritmo en base 2; un lugar = 0).",
                "en": "In how many places it has been carried out (base 2 logarithm; one place = 0).",
            }
        ),
    ),
    FeatureSpec(
        "context_variety",
        "doublings of the number of settings",
        0.0,
        3.0,
        0.0,
        Text(
            {
                "es": "En cuántos entornos distintos (país y región) se ha llevado a cabo "
                "(logaritmo en base 2; uno = 0).",
                "en": "In how many different settings (country and region) it has been carried out "
                "(base 2 logarithm; one = 0).",
            }
        ),
    ),
    FeatureSpec(
        "age",
        "years",
        0.0,
        30.0,
        5.0,
        Text(
            {
                "es": "Años desde que terminó o, si no consta, desde que empezó.",
                "en": "Years since it ended or, where that is not known, since it began.",
            }
        ),
    ),
)


def record_features(catalogue: Catalogue) -> dict[str, NDArray[np.float64]]:
    """Return each feature's column over the catalogue's practices.

    Returns
    -------
    dict of str to ndarray of shape (n_practices,)
        Keys as in `SPECS`; NaN where the record does not say. Countries do not count as places:
        "somewhere in Ecuador" names none; nor do failed tries. The present is the latest year in which a
        record was read, so that equal data give equal ages on any day.
    """
    practices = list(catalogue.practices.values())
    places, settings = _places(catalogue)
    present = max((int(p.retrieved[:4]) for p in practices if p.retrieved), default=None)
    ages = [
        np.nan if present is None or year is None else max(0.0, float(present - year))
        for year in (p.end_year or p.start_year for p in practices)
    ]
    return {
        "evidence_level": np.array(
            [np.nan if p.evidence_level is None else float(p.evidence_level) for p in practices]
        ),
        "replications": _doublings(places),
        "context_variety": _doublings(settings),
        "age": np.minimum(np.array(ages, dtype=np.float64), 30.0),
    }


def _places(catalogue: Catalogue) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found: dict[str, list[tuple[str, str]]] = {practice: [] for practice in catalogue.practices}
    for adoption in catalogue.adoptions:
        place = catalogue.territories[adoption.territory_id]
        if adoption.ran and place.level != "country":
            found[adoption.practice_id].append((place.country_id, place.region or place.id))
    places = np.array([len(settings) for settings in found.values()], dtype=np.float64)
    variety = np.array([len(set(settings)) for settings in found.values()], dtype=np.float64)
    return places, variety


def _doublings(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log2(np.where(counts > 0, counts, np.nan))
