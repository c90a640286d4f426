"""The learned model over a whole catalogue: what the records say of every practice in every place.

Built once for a snapshot. Places are compared within one country and level, as in training; a
practice with records there is in the situation ``sites``, one known by its words only in ``text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.model import SPECS, AdoptionModel, columns_of, log_rate
from recommender.adoption.pairs import Asked, Columns, Floats, Ground, dense_likeness, lexical_likeness
from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text
from recommender.ranker import Table
from recommender.territory.geography import coordinates, distances_km

FEWEST_PLACES = 8
"""Fewer places of one kind than this are not compared; as in the tasks it was learned on."""
FEWEST_PRACTICES = 10
"""Fewer practices with records in a country than this say nothing of it."""
END = 12.0


def _spec(name: str, es: str, en: str, group: str = "fit") -> FeatureSpec:
    return FeatureSpec(name, "log odds", -END, END, 0.0, Text({"es": es, "en": en}), group)


FEATURES = (
    _spec(
        "recorded_adoptions",
        "Lo que dicen las adopciones registradas: adónde fueron las prácticas parecidas y las que comparten "
        "sus lugares.",
        "What recorded adoptions say: where like practices went, and those that share its places.",
    ),
    _spec(
        "recorded_exposure",
        "Cuánto llega al lugar de todos modos, según las adopciones registradas.",
        "How much reaches the place anyway, by recorded adoptions.",
        "exposure",
    ),
)


@dataclass(frozen=True, eq=False)
class AdoptionIndex:
    """Learned scores of all practices in all places, and where they come from.

    Attributes
    ----------
    model : AdoptionModel
    fit, exposure : float32 [P, T]
        Log odds contributed by either group of features; NaN where nothing is recorded to compare
        with, and where the practice already runs.
    probability : float32 [P, T]
        Of a recorded adoption (``mode=likely``); NaN likewise.
    new_countries : frozenset of str
        Countries scored here that the model has not learned on.
    """

    model: AdoptionModel
    fit: NDArray[np.float32]
    exposure: NDArray[np.float32]
    probability: NDArray[np.float32]
    new_countries: frozenset[str]
    _parts: Mapping[int, tuple[str, NDArray[np.intp], NDArray[np.intp], Columns]]

    @classmethod
    def build(
        cls,
        catalogue: Catalogue,
        model: AdoptionModel,
        vectors: NDArray[np.floating],
        year: float,
        language: str = "es",
    ) -> AdoptionIndex:
        """Score a catalogue.

        Parameters
        ----------
        catalogue : Catalogue
        model : AdoptionModel
        vectors : ndarray of shape (P, d)
            Of the practices' title and summary, by the model's encoder.
        year : float
            The last year that is looked at.
        language : str
            Of the words compared; a practice without a text in it gives the text it has.
        """
        practices, territories = list(catalogue.practices.values()), list(catalogue.territories.values())
        sites = _sites(catalogue)
        texts = [f"{p.title.get(language)} {p.summary.get(language)}" for p in practices]
        lexical, dense = lexical_likeness(texts, texts), dense_likeness(vectors, vectors)
        where = coordinates(territories)
        shape = len(practices), len(territories)
        fit, exposure, probability = np.full((3, *shape), np.nan, dtype=np.float32)
        parts: dict[int, tuple[str, NDArray[np.intp], NDArray[np.intp], Columns]] = {}
        new = set()
        for country, places in _kinds(catalogue).items():
            recorded = np.flatnonzero(sites[:, places].any(axis=1))
            if len(places) < FEWEST_PLACES or len(recorded) < FEWEST_PRACTICES:
                continue
            here = sites[:, places]
            ground = _ground(here[recorded], distances_km(where[places], where[places]), year)
            for situation, rows in (
                ("sites", recorded),
                ("text", np.setdiff1d(np.arange(len(practices)), recorded)),
            ):
                if situation not in model.situations or not len(rows):
                    continue
                square = np.ix_(rows, recorded)
                asked = Asked(
                    known=here[rows],
                    lexical=lexical[square],
                    dense=dense[square],
                    usable=rows[:, None] != recorded,
                    late=np.full(len(rows), np.nan),
                )
                columns = columns_of(situation, ground, asked, ~asked.known)
                tables = _scored(model, situation, columns, log_rate(situation, ground, asked, ~asked.known))
                block = np.ix_(rows, places)
                for target, table in zip((fit, exposure, probability), tables, strict=True):
                    target[block] = np.where(asked.known, np.nan, table)
                parts[len(parts)] = situation, rows, places, columns
                if country[0] not in model.countries:
                    new.add(country[0])
        return cls(model, fit, exposure, probability, frozenset(new), parts)

    def features(self, territory: int) -> Columns:
        """Return the two features of every practice for one territory, each float64 [P]; NaN unknown."""
        both = (self.fit[:, territory], self.exposure[:, territory])
        return {spec.name: v.astype(np.float64) for spec, v in zip(FEATURES, both, strict=True)}

    def reasons(self, practice: int, territory: int) -> list[tuple[FeatureSpec, float]]:
        """Return the parts of one pair's score in points, largest first; they sum to both features."""
        for situation, rows, places, columns in self._parts.values():
            if practice in rows and territory in places and not np.isnan(self.fit[practice, territory]):
                cell = np.searchsorted(rows, practice), int(np.flatnonzero(places == territory)[0])
                tables = self.model.situations[situation].ranker.tables
                found = [
                    (spec, _points(tables[spec.name], columns[spec.name][cell])) for spec in SPECS[situation]
                ]
                return sorted(found, key=lambda part: -abs(part[1]))
        return []


def _scored(
    model: AdoptionModel, situation: str, columns: Columns, rates: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return fit and exposure points and the probability, each shaped like the columns."""
    shape = next(iter(columns.values())).shape
    everywhere = np.ones(shape, dtype=bool)
    likely = model.score(situation, columns, everywhere, "likely").score.reshape(shape)
    fit = model.score(situation, columns, everywhere, "fit").score.reshape(shape)
    return fit, likely - fit, model.probability(situation, likely, rates[:, None])


def _points(table: Table, value: float) -> float:
    return float(np.interp(value, table.knots, table.values)) if np.isfinite(value) else 0.0


def _sites(catalogue: Catalogue) -> NDArray[np.bool_]:
    """Tell where each practice is recorded, bool [P, T]; in a place as in those it lies in."""
    row = {key: index for index, key in enumerate(catalogue.practices)}
    column = {key: index for index, key in enumerate(catalogue.territories)}
    sites = np.zeros((len(row), len(column)), dtype=bool)
    for adoption in catalogue.adoptions:
        key: str | None = adoption.territory_id
        while key in column:
            sites[row[adoption.practice_id], column[key]] = True
            key = catalogue.territories[key].parent_id
    return sites


def _kinds(catalogue: Catalogue) -> dict[tuple[str, str], NDArray[np.intp]]:
    """Group the territories that are compared with one another: country and level."""
    found: dict[tuple[str, str], list[int]] = {}
    for index, territory in enumerate(catalogue.territories.values()):
        if territory.level != "country":
            found.setdefault((territory.country_id, territory.level), []).append(index)
    return {kind: np.array(rows, dtype=np.intp) for kind, rows in found.items()}


def _ground(sites: NDArray[np.bool_], km: Floats, year: float) -> Ground:
    rows, places = sites.shape
    return Ground(
        sites=sites.astype(np.float64),
        years=np.full((rows, places), np.nan),
        start_years=np.full(rows, np.nan),
        cutoff=year,
        distance_km=km,
        borders=np.zeros((places, places), dtype=bool),
        standings=np.empty((places, 0)),
    )
