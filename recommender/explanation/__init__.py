"""Why a row is where it is: every contribution in words, the reasons for, the largest differences.

Reasons and differences are as many as the data give, never padded. Fit, evidence and coverage stay
three figures, and what the data cannot tell is said or asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.adoption.index import AdoptionIndex
from recommender.domain import Catalogue, Practice, Text
from recommender.explanation import sentences, sentences_around, sentences_need, sentences_recorded
from recommender.explanation.remarks import (
    ALREADY_HERE,
    IN_THE_PROVINCE,
    INFERRED_TAGS,
    failed_here,
    need_remark,
    ranked_for,
    worth_telling,
)
from recommender.explanation.sentences import Subject
from recommender.features import NAMES, SOURCES, SPECS, FeatureFrame, Question
from recommender.query import LIKELY, Chance, Contribution, Difference, OrganisationProfile, Recommendation
from recommender.questions import questions
from recommender.ranker import Fit, FitRanker
from recommender.taxonomy import Taxonomy
from recommender.territory.comparison import ALIKE, Comparison, alike, compare
from recommender.territory.context import ContextIndex
from recommender.territory.surroundings import SurroundingsIndex

REASONS = 4
OF_ONE_KIND = 2
"""Reasons of one kind (need, place, organisation, record): four ways to say that the words match would
hide that the place fits."""
DIFFERENCES = 5
"""Rows of a phone screen; the comparison page shows all."""
WORTH_SAYING = 0.05
"""Points from which a contribution is a reason: below it a feature hardly moved the row."""

Sayer = Callable[[Subject, float], Text]

SAYERS: Mapping[str, Sayer] = {
    **sentences_need.SAYERS,
    **sentences_recorded.SAYERS,
    **{
        name: getattr(sentences, name)
        for name in (
            "need_alignment",
            "groups_present",
            "evidence_level",
            "replications",
            "context_variety",
            "age",
        )
    },
    "likeness_nearest": sentences.likeness,
    "likeness_mean": sentences.likeness_mean,
    **{
        name: getattr(sentences_around, name)
        for name in (
            "origin_nearness",
            "like_territories",
            "organisation_here",
            "neighbour_practice",
            "province_practice",
            "theme_supply",
            "budget_fit",
            "horizon_fit",
            "type_fit",
            "themes_shared",
            "populations_shared",
            "territory_nearness",
            "past_likeness",
        )
    },
}
"""Feature name -> what says it; one for every feature."""

KINDS: Mapping[str, str] = {spec.name: source for source, specs in SOURCES for spec in specs}
"""Feature name -> the part of a query that asks for it."""


@dataclass(frozen=True)
class Explainer:
    """Puts the figures of one snapshot into words."""

    catalogue: Catalogue
    practices: Sequence[Practice]
    taxonomy: Taxonomy
    context: ContextIndex
    surroundings: SurroundingsIndex
    ranker: FitRanker
    recorded: AdoptionIndex | None = None

    def recommendation(
        self,
        question: Question,
        frame: FeatureFrame,
        fit: Fit,
        position: int,
        rank: int,
        rank_by_score: int,
        among: int = 1,
    ) -> Recommendation:
        """Explain one row.

        Parameters
        ----------
        question : Question
        frame, fit : FeatureFrame, Fit
            What was scored, row by row.
        position : int
            The row within them.
        rank, rank_by_score : int
            Its place in the answer and by score alone, from 1.
        among : int
            Territories asked about, of which the question's is the one where the row fits best.
        """
        row = int(frame.rows[position])
        subject = self.subject(question, row)
        contributions = tuple(
            self._contributions(subject, frame.values[position], fit.contributions[position], frame.asked)
        )
        index = round(float(fit.index[position]), 1)
        return Recommendation(
            practice_id=subject.practice.id,
            rank=rank,
            fit=index,
            band=self.ranker.band(index),
            score=float(fit.score[position]),
            contributions=contributions,
            reasons=reasons(worth_telling(contributions, question)),
            differences=tuple(self._difference(subject, c) for c in largest(subject.differences)),
            remarks=(
                *((ranked_for(subject, among),) if among > 1 else ()),
                *self._remarks(question, subject, row),
            ),
            questions=tuple(questions(question.profile or OrganisationProfile(), subject.practice)),
            coverage=float(fit.coverage[position]),
            evidence=subject.practice.evidence_level,
            territory_id=subject.territory_id,
            origin_territory_ids=self.places(row),
            moved_from=None if rank == rank_by_score else rank_by_score,
            chance=self._chance(question, row),
        )

    def _chance(self, question: Question, row: int) -> Chance | None:
        """Return the probability in ``mode=likely``, of one territory only: chances of several do not add."""
        if self.recorded is None or question.mode != LIKELY or len(question.territories) != 1:
            return None
        return self.recorded.chance(row, int(question.territories[0]))

    def subject(self, question: Question, row: int) -> Subject:
        """Gather what the sentences about one practice quote, for the first territory asked about."""
        practice = self.practices[row]
        evidence = None if question.need is None else question.need.evidence(row)
        bare = Subject(
            catalogue=self.catalogue,
            taxonomy=self.taxonomy,
            practice=practice,
            profile=question.profile,
            evidence=evidence,
        )
        if not len(question.territories):
            return bare
        here = int(question.territories[0])
        territories = self.context.matrix.territory_ids
        origin = self.context.origin(row, here)
        importance = self.context.importance(row)
        matrix = self.context.matrix
        differences = [] if origin is None else compare(matrix, here, origin, importance)
        return replace(
            bare,
            territory_id=territories[here],
            origin_id=None if origin is None else territories[origin],
            drivers=tuple(self.context.need_drivers(row, here)),
            alikes=() if origin is None else tuple(alike(matrix, here, origin, importance, sentences.QUOTED)),
            differences=tuple(d for d in differences if d.importance > 0 and abs(d.sd) > ALIKE),
            groups=tuple(self.context.groups_here(row, here)),
            recorded=() if self.recorded is None else tuple(self.recorded.reasons(row, here)),
        )

    def places(self, row: int) -> tuple[str, ...]:
        """Return the ids of the territories where a practice ran."""
        places = self.context.places
        rows = places.territory[places.start[row] : places.start[row + 1]]
        return tuple(self.context.matrix.territory_ids[place] for place in rows)

    @cached_property
    def _failed(self) -> Mapping[tuple[str, str], list[int | None]]:
        """Practice and territory -> years in which it was tried there and failed."""
        found: dict[tuple[str, str], list[int | None]] = {}
        for adoption in self.catalogue.adoptions:
            if not adoption.ran:
                found.setdefault((adoption.practice_id, adoption.territory_id), []).append(adoption.year)
        return found

    def _contributions(
        self,
        subject: Subject,
        values: NDArray[np.float64],
        points: NDArray[np.float64],
        asked: NDArray[np.bool_],
    ) -> Sequence[Contribution]:
        found = []
        for place in np.flatnonzero(asked):
            name, value = NAMES[place], float(values[place])
            known = bool(np.isfinite(value))
            found.append(
                Contribution(
                    name=name,
                    value=float(points[place]),
                    feature_value=value if known else None,
                    basis=self.ranker.tables[name].basis,
                    model=self.ranker.tables[name].version,
                    sentence=SAYERS[name](subject, value) if known else unknown(SPECS[place].meaning),
                )
            )
        return found

    def _difference(self, subject: Subject, compared: Comparison) -> Difference:
        return Difference(
            indicator_id=compared.indicator_id,
            here=compared.here,
            here_year=compared.here_year,
            here_borrowed=compared.here_borrowed,
            there=compared.there,
            there_year=compared.there_year,
            there_borrowed=compared.there_borrowed,
            there_territory_id=compared.there_territory_id,
            sd=compared.sd,
            flagged=compared.flagged,
            importance=compared.importance,
            unit=compared.unit,
            sentence=Text(
                {language: sentences.difference(subject, compared, language) for language in ("es", "en")}
            ),
        )

    def _remarks(self, question: Question, subject: Subject, row: int) -> list[Text]:
        """Say what a reader must know before trusting the row."""
        need = need_remark(question)
        remarks = [] if need is None else [need]
        if len(question.territories):
            here = question.territories[:1]
            if self.surroundings.already_here(np.array([row]), here)[0, 0]:
                remarks.append(ALREADY_HERE)
            elif self.surroundings.in_same_province(np.array([row]), here)[0, 0]:
                remarks.append(IN_THE_PROVINCE)
            place = subject.territory_id or ""
            remarks += [failed_here(year) for year in self._failed.get((subject.practice.id, place), ())]
            if subject.origin_id is None:
                remarks.append(sentences.UNKNOWN_ORIGIN)
        if subject.practice.tags_basis == "inferred":
            remarks.append(INFERRED_TAGS)
        return remarks


def reasons(contributions: Sequence[Contribution]) -> tuple[Contribution, ...]:
    """Choose the contributions that speak most for the row, largest first, at most two of one kind."""
    chosen: list[Contribution] = []
    told: Counter[str] = Counter()
    for contribution in sorted(contributions, key=lambda c: -c.value):
        kind = KINDS[contribution.name]
        if contribution.value >= WORTH_SAYING and told[kind] < OF_ONE_KIND and len(chosen) < REASONS:
            chosen.append(contribution)
            told[kind] += 1
    return tuple(chosen)


def largest(differences: Sequence[Comparison]) -> list[Comparison]:
    """Choose the differences that matter most (importance x size) and put the largest first."""
    return sorted(differences[:DIFFERENCES], key=lambda compared: -abs(compared.sd))


def unknown(meaning: Text) -> Text:
    """Say that a feature is not known, and what it would have told."""
    return Text(
        {
            "es": f"Sin datos: {meaning.get('es')}",
            "en": f"No data: {meaning.get('en')}",
        }
    )
