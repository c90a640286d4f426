"""The feature matrix: one row per practice, one named column per feature, NaN where unknown.

Every column is described in `SPECS`. The same builder serves requests and training, so that what a
model learns from is what it will be asked with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recommender import capacity, record
from recommender.adoption import index as recorded
from recommender.adoption.index import AdoptionIndex
from recommender.capacity import CapacityIndex
from recommender.columns import FeatureSpec
from recommender.domain import Text
from recommender.query import ModelUse, OrganisationProfile
from recommender.territory import context, surroundings
from recommender.territory.context import ContextIndex
from recommender.territory.surroundings import SurroundingsIndex
from recommender.text.matching import TextIndex, TextMatch
from recommender.text.need_columns import ABOUT, NEED_FEATURES

SOURCES: tuple[tuple[str, tuple[FeatureSpec, ...]], ...] = (
    ("need", NEED_FEATURES),
    ("about", (ABOUT,)),
    ("territory", context.FEATURES + surroundings.FEATURES + recorded.FEATURES),
    ("organisation", capacity.FEATURES),
    ("record", record.SPECS),
)
"""What part of a query asks for which features; the record is always asked."""

SPECS: tuple[FeatureSpec, ...] = tuple(spec for _, specs in SOURCES for spec in specs)
NAMES: tuple[str, ...] = tuple(spec.name for spec in SPECS)
LEARNED: tuple[str, ...] = tuple(spec.name for spec in recorded.FEATURES)
"""Columns that only a learned model can fill."""

PROFILE_FIELDS = {
    "budget_fit": "budget_usd",
    "horizon_fit": "horizon_months",
    "type_fit": "type",
    "themes_shared": "themes",
    "populations_shared": "populations",
    "territory_nearness": "territory_ids",
    "past_likeness": "past_practices",
}
"""Column -> the field of an organisation's profile that asks for it."""


@dataclass(frozen=True)
class Question:
    """A query in the terms of the snapshot.

    Parameters
    ----------
    territories : ndarray of shape (n,)
        Rows of the territories asked about; an organisation's own where no territory is named.
        Candidates are found by the mean of several. Empty where none is known.
    need, about : TextMatch or None
        The need and the organisation's own words, matched with every practice.
    profile : OrganisationProfile or None
    mode : {'fit', 'likely'}
        Whether exposure is held constant or counts.
    """

    territories: NDArray[np.intp]
    need: TextMatch | None = None
    about: TextMatch | None = None
    profile: OrganisationProfile | None = None
    mode: str = "fit"

    @property
    def silent(self) -> frozenset[str]:
        """Columns of an asked source that the question itself says nothing for: nothing is missing there."""
        columns = {} if self.need is None else self.need.features
        quiet = {name for name, values in columns.items() if not np.isfinite(values).any()}
        if self.profile is not None:
            told = {name: bool(getattr(self.profile, field)) for name, field in PROFILE_FIELDS.items()}
            quiet |= {name for name, given in told.items() if not given}
        return frozenset(quiet)

    @property
    def asks(self) -> frozenset[str]:
        """Which sources of features the query asks for."""
        parts = {
            "need": self.need is not None,
            "about": self.about is not None,
            "territory": len(self.territories) > 0,
            "organisation": self.profile is not None,
            "record": True,
        }
        return frozenset(part for part, asked in parts.items() if asked)


@dataclass(frozen=True)
class FeatureFrame:
    """Features of some practices for one question.

    Attributes
    ----------
    rows : ndarray of shape (n,)
        Rows of the catalogue's practices.
    values : ndarray of shape (n, n_features)
        Columns as in `NAMES`; NaN unknown.
    asked : ndarray of shape (n_features,)
        Which columns the question asks about. Exposure (what reaches a place anyway) is asked in
        ``mode=likely`` only: an anticipated fit holds it constant.
    """

    rows: NDArray[np.intp]
    values: NDArray[np.float64]
    asked: NDArray[np.bool_]


@dataclass(frozen=True)
class FeatureBuilder:
    """Everything features are computed from, for one snapshot of the catalogue."""

    text: TextIndex
    context: ContextIndex
    surroundings: SurroundingsIndex
    capacity: CapacityIndex
    record: dict[str, NDArray[np.float64]]
    recorded: AdoptionIndex | None = None
    without_model: Text | None = None

    def model_use(self, territories: NDArray[np.intp], mode: str) -> ModelUse:
        """Say what an answer about some territories owes to the learned model, or why it owes nothing."""
        if self.recorded is not None:
            return self.recorded.use(territories, mode)
        return ModelUse(remarks=() if self.without_model is None else (self.without_model,))

    def asked(self, question: Question, *more: str) -> NDArray[np.bool_]:
        """Tell which columns a question asks about, bool [n_features].

        `more` are parts asked beside those it names. What is learned is not asked of a snapshot without
        a learned model: nothing is missing there.
        """
        silent = question.silent if self.recorded is not None else question.silent.union(LEARNED)
        return asked(question.asks.union(more), silent, question.mode)

    def columns(self, question: Question) -> dict[str, NDArray[np.float64]]:
        """Compute every feature the question asks about, each of shape (n_practices,)."""
        found = self.everywhere(question)
        if len(question.territories):
            found |= self._territorial(question.territories)
        return found

    def everywhere(self, question: Question) -> dict[str, NDArray[np.float64]]:
        """Compute the features that are the same in every territory, each of shape (n_practices,)."""
        found = dict(self.record)
        if question.need is not None:
            found |= question.need.features
        if question.about is not None:
            found[ABOUT.name] = self.about(question.about)
        if question.profile is not None:
            ids = self.capacity.practice_ids
            past = tuple(practice for practice in question.profile.past_practices if practice in ids)
            likeness = np.array([self.text.similar(ids[practice]) for practice in past]) if past else None
            found |= self.capacity.features(replace(question.profile, past_practices=past), likeness)
        return found

    def frame(
        self, question: Question, columns: dict[str, NDArray[np.float64]], rows: NDArray[np.intp]
    ) -> FeatureFrame:
        """Lay the columns of some practices side by side in the order of `NAMES`."""
        values = np.full((len(rows), len(NAMES)), np.nan)
        for place, name in enumerate(NAMES):
            if name in columns:
                values[:, place] = columns[name][rows]
        return FeatureFrame(rows, values, self.asked(question))

    def pairs(
        self,
        everywhere: dict[str, NDArray[np.float64]],
        practices: NDArray[np.intp],
        territories: NDArray[np.intp],
    ) -> NDArray[np.float64]:
        """Lay out the features of every pair of some practices and some territories.

        Parameters
        ----------
        everywhere : dict of str to ndarray of shape (n_practices,)
            What no territory changes (see `everywhere`).
        practices, territories : ndarray of int, shapes (P',) and (T',)
            Rows of the catalogue.

        Returns
        -------
        ndarray of shape (P' * T', n_features)
            Columns as in `NAMES`; the pairs of one practice lie together. The figures are those of
            `frame` for the territory alone.
        """
        shape = (len(practices), len(territories))
        block = self.context.block(practices, territories).features
        block |= self.surroundings.block(practices, territories)
        if self.recorded is not None:
            block |= self.recorded.block(practices, territories)
        values = np.full((len(NAMES), *shape), np.nan)
        for place, name in enumerate(NAMES):
            if name in block:
                values[place] = block[name]
            elif name in everywhere:
                values[place] = everywhere[name][practices, None]
        return values.reshape(len(NAMES), -1).T

    def about(self, match: TextMatch) -> NDArray[np.float64]:
        """Sum up how an organisation's own words match: the mean of the need features known."""
        return _known_mean(list(match.features.values()))

    def _territorial(self, territories: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
        each = [self._one_territory(int(territory)) for territory in territories]
        if len(each) == 1:
            return each[0]
        return {name: _known_mean([features[name] for features in each]) for name in each[0]}

    def _one_territory(self, territory: int) -> dict[str, NDArray[np.float64]]:
        found = self.context.features(territory) | self.surroundings.features(territory)
        return found if self.recorded is None else found | self.recorded.features(territory)


def asked(
    parts: frozenset[str], silent: frozenset[str] = frozenset(), mode: str = "fit"
) -> NDArray[np.bool_]:
    """Tell which columns the given parts of a query ask for, bool [n_features]; `silent` ones are not."""
    return np.array(
        [
            source in parts and (spec.group == "fit" or mode == "likely") and spec.name not in silent
            for source, specs in SOURCES
            for spec in specs
        ],
        dtype=bool,
    )


def _known_mean(columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    stacked = np.array(columns)
    known = np.isfinite(stacked)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: NDArray[np.float64] = np.where(known, stacked, 0.0).sum(axis=0) / known.sum(axis=0)
    return mean
