"""The learned model over a whole catalogue: what the records say of every practice in every place.

Built once for a snapshot. Places are compared within one country and level, as in training; a
practice with records there is in the situation ``sites``, one known by its words only in ``text``.
All figures are calibrated log odds, so that those of both situations can stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.blocks import Block, Rows, Single, hold_exposure, situations
from recommender.adoption.model import AdoptionModel
from recommender.adoption.pairs import Columns
from recommender.adoption.remarks import TOO_FEW_RECORDS, event, new_to
from recommender.adoption.wording import Wording
from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Text
from recommender.query import LIKELY, Chance, ModelUse
from recommender.territory.country_names import two_letters
from recommender.territory.geography import coordinates, distances_km
from recommender.text.documents import practice_documents
from recommender.text.embedding import Embedder, Progress

FEWEST_PLACES = 8
"""Fewer places of one kind than this are not compared; as in the tasks it was learned on."""
FEWEST_PRACTICES = 10
"""Fewer practices with records in a country than this say nothing of it."""


def _spec(name: str, end: float, es: str, en: str, group: str = "fit") -> FeatureSpec:
    return FeatureSpec(name, "log odds", -end, end, 0.0, Text({"es": es, "en": en}), group)


FEATURES = (
    _spec(
        "recorded_adoptions",
        2.0,
        "Lo que dicen las adopciones registradas: adónde fueron las prácticas parecidas y las que comparten "
        "sus lugares.",
        "What recorded adoptions say: where like practices went, and those that share its places.",
    ),
    _spec(
        "recorded_exposure",
        3.0,
        "Cuánto llega al lugar de todos modos, y cuánto se extiende la práctica, según las adopciones "
        "registradas.",
        "How much reaches the place anyway, and how far the practice spreads, by recorded adoptions.",
        "exposure",
    ),
)
"""Past an odds factor of seven (twenty for exposure) records say no more: they must not decide alone."""


@dataclass(frozen=True, eq=False)
class AdoptionIndex:
    """Learned scores of all practices in all places, and where they come from.

    Attributes
    ----------
    model : AdoptionModel
    fit, exposure : float32 [P, T]
        Log odds contributed by either group of features, the mean exposure of the kind taken away; NaN
        where nothing is recorded to compare with, and where the practice already runs.
    probability : float32 [P, T]
        Of a recorded adoption (``mode=likely``); NaN likewise.
    new_countries : frozenset of str
        Countries scored here that the model has not learned on.
    """

    model: AdoptionModel
    fit: Single
    exposure: Single
    probability: Single
    new_countries: frozenset[str]
    _countries: tuple[str, ...]
    _column: NDArray[np.int32]
    _kind: NDArray[np.int32]
    _blocks: tuple[tuple[Block, ...], ...]

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
            Of the practices' texts, by the model's encoder.
        year : float
            The last year that is looked at.
        language : str
            Of the words compared; a practice without a text in it gives the text it has.
        """
        places = list(catalogue.territories.values())
        wording = Wording(_practice_texts(catalogue, language))
        sites, where = _sites(catalogue), coordinates(places)
        tables = np.full((3, *sites.shape), np.nan, dtype=np.float32)
        kind_of, column = np.full((2, len(places)), -1, dtype=np.int32)
        blocks: list[tuple[Block, ...]] = []
        known = {two_letters(code) for code in model.countries}
        new = set()
        for (country, _), columns in _kinds(catalogue).items():
            here = sites[:, columns]
            if len(columns) < FEWEST_PLACES or here.any(axis=1).sum() < FEWEST_PRACTICES:
                continue
            km = distances_km(where[columns], where[columns])
            found = tuple(situations(model, here, km, wording, vectors, year))
            if not found:
                continue
            hold_exposure(found)
            for block in found:
                square = np.ix_(block.row >= 0, columns)
                unknown = np.isnan(block.chance)
                for table, values in zip(tables, (block.fit, block.exposure, block.chance), strict=True):
                    table[square] = np.where(unknown, np.nan, values)
            kind_of[columns], column[columns] = len(blocks), np.arange(len(columns))
            blocks.append(found)
            if two_letters(country) not in known:
                new.add(country)
        countries = tuple(place.country_id for place in places)
        fit, exposure, probability = tables
        return cls(
            model, fit, exposure, probability, frozenset(new), countries, column, kind_of, tuple(blocks)
        )

    @property
    def speaks(self) -> bool:
        """Tell whether anything is recorded to compare with."""
        return bool(self._blocks)

    def features(self, territory: int) -> Columns:
        """Return the two features of every practice for one territory, each float64 [P]; NaN unknown."""
        return {name: values[:, 0] for name, values in self.block(None, np.array([territory])).items()}

    def block(self, practices: Rows | None, territories: Rows) -> Columns:
        """Return the features of some practices (None: all) x some territories, each float64 [P', T']."""
        chosen = slice(None) if practices is None else practices[:, None]
        found = {}
        for spec, table in zip(FEATURES, (self.fit, self.exposure), strict=True):
            found[spec.name] = np.clip(table[chosen, territories].astype(np.float64), spec.low, spec.high)
        return found

    def chance(self, practice: int, territory: int) -> Chance | None:
        """Return the probability of a recorded adoption; None where records say nothing of the pair."""
        probability = float(self.probability[practice, territory])
        block, _ = self._place(practice, territory)
        if block is None or not np.isfinite(probability):
            return None
        calibration = self.model.situations[block.situation].calibration
        low, high = calibration.interval(np.array([probability], dtype=np.float64))
        new = self._countries[territory] in self.new_countries
        return Chance(probability, min(float(low[0]), probability), max(float(high[0]), probability), new)

    def use(self, territories: Rows, mode: str) -> ModelUse:
        """Say what an answer about some territories owes to the model."""
        remarks = [event(self.model.countries)] if mode == LIKELY else []
        seen = {self._countries[territory] for territory in territories.tolist()}
        new = tuple(sorted(seen & self.new_countries))
        if new:
            remarks.append(new_to(self.model.version, new))
        return ModelUse(self.model.version, new, tuple(remarks))

    def reasons(self, practice: int, territory: int) -> list[tuple[FeatureSpec, float]]:
        """Return the parts of one pair's log odds, largest first; they sum to fit and exposure."""
        block, at = self._place(practice, territory)
        if block is None or not np.isfinite(self.fit[practice, territory]):
            return []
        found = zip(block.specs, block.points[:, at, self._column[territory]].tolist(), strict=True)
        return sorted(found, key=lambda part: -abs(part[1]))

    def _place(self, practice: int, territory: int) -> tuple[Block | None, int]:
        kind = int(self._kind[territory])
        for block in self._blocks[kind] if kind >= 0 else ():
            if (at := int(block.row[practice])) >= 0:
                return block, at
        return None, -1


def learned_scores(
    catalogue: Catalogue, model: AdoptionModel | None, embedder: Embedder, progress: Progress | None
) -> tuple[AdoptionIndex | None, Text | None]:
    """Score a catalogue with a model where there is one; with one but too few records, say so."""
    if model is None:
        return None, None
    # The whole documents, as encoded for the text columns anyway: titles and summaries alone, as in training,
    # would double what is encoded at a first start and order places nearly the same (correlation 0.98).
    documents = [practice_documents(practice) for practice in catalogue.practices.values()]
    texts = [found.get("es") or next(iter(found.values()), "") for found in documents]
    vectors = embedder.passages(texts, progress)
    index = AdoptionIndex.build(catalogue, model, vectors, _last_year(catalogue))
    return (index, None) if index.speaks else (None, TOO_FEW_RECORDS)


def _practice_texts(catalogue: Catalogue, language: str) -> list[str]:
    """Return title and summary of every practice, the words the model compares practices by."""
    return [
        f"{practice.title.get(language)} {practice.summary.get(language)}"
        for practice in catalogue.practices.values()
    ]


def _last_year(catalogue: Catalogue) -> float:
    """Return the last year that an adoption is recorded of; 0 where none has a year."""
    return float(max((a.year for a in catalogue.adoptions if a.year is not None), default=0))


def _sites(catalogue: Catalogue) -> NDArray[np.bool_]:
    """Tell where each practice is recorded, bool [P, T]; in a place as in those it lies in.

    A place where it failed is none: that record says it did not take root there.
    """
    row = {key: index for index, key in enumerate(catalogue.practices)}
    column = {key: index for index, key in enumerate(catalogue.territories)}
    sites = np.zeros((len(row), len(column)), dtype=bool)
    for adoption in catalogue.adoptions:
        key: str | None = adoption.territory_id if adoption.outcome != "failed" else None
        while key in column:
            sites[row[adoption.practice_id], column[key]] = True
            key = catalogue.territories[key].parent_id
    return sites


def _kinds(catalogue: Catalogue) -> dict[tuple[str, str], Rows]:
    """Group the territories that are compared with one another: country and level."""
    found: dict[tuple[str, str], list[int]] = {}
    for index, territory in enumerate(catalogue.territories.values()):
        if territory.level != "country":
            found.setdefault((territory.country_id, territory.level), []).append(index)
    return {kind: np.array(rows, dtype=np.intp) for kind, rows in found.items()}
