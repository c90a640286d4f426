"""Can this practice move to this territory: factors, chain, adaptation plan.

What is computed comes from the data package by the formula each factor names; what is not known is
asked, and answers given with the question change the result and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from recommender.domain import Adoption, Text, UnknownValue
from recommender.explanation.remarks import ALREADY_HERE, INFERRED_TAGS, failed_here
from recommender.explanation.sentences import UNKNOWN_ORIGIN
from recommender.features import Question
from recommender.pipeline import Pipeline
from recommender.query import LIKELY, Chance, OrganisationProfile, Query
from recommender.query_check import check_id, check_query
from recommender.transfer.chain import chain, verdict, weakest
from recommender.transfer.factors import Factor, FactorTable, read_factors, spoken_of
from recommender.transfer.generality import generality
from recommender.transfer.measures import MEASURES
from recommender.transfer.pair import Ground, Pair, words
from recommender.transfer.plan import LIKE_PRACTICES, plan
from recommender.transfer.record import NOT_ON_RECORD
from recommender.transfer.report import FactorResult, Finding, Generality, Transfer, said

ANSWERS = ("yes", "no")
COVERED = 0.5
ANSWERED = {
    "yes": said("Usted respondió que sí.", "You answered yes."),
    "no": said("Usted respondió que no.", "You answered no."),
}


@dataclass(frozen=True, repr=False)
class TransferIndex:
    """Compares practices with territories; built once a pipeline."""

    pipeline: Pipeline
    ground: Ground
    table: FactorTable

    @classmethod
    def build(cls, pipeline: Pipeline) -> TransferIndex:
        """Tabulate what every comparison looks up."""
        return cls(pipeline, Ground.build(pipeline.catalogue, pipeline.explainer.context), read_factors())

    def compare(
        self,
        practice_id: str,
        territory_id: str,
        profile: OrganisationProfile | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> Transfer:
        """Compare a practice with a territory, for an organisation or nobody in particular.

        See `answer`.
        """
        return self.answer(practice_id, Query(territory_id=territory_id, organisation=profile), answers)

    def answer(self, practice_id: str, query: Query, answers: Mapping[str, str] | None = None) -> Transfer:
        """Compare a practice with the territory of a question.

        Parameters
        ----------
        practice_id : str
        query : Query
            Its territory, and who would run it there. Its need, asker, weights and mode change the fit,
            which is the one the ranking gives for the same question; filters and k do not.
        answers : mapping of str to {'yes', 'no'}, optional
            By code of a factor, or ``requirement-1`` and so on; "yes" is always favourable.

        Raises
        ------
        UnknownId
            When there is no such practice or territory.
        UnknownValue
            When an answer is to no question of this comparison, or is neither yes nor no.
        QueryError
            When the question cannot be used as given.
        NotReady
            When a text is to be matched and the encoder does not load in time.
        """
        catalogue = self.pipeline.catalogue
        check_id("practice", practice_id, catalogue)
        territory_id = query.territory_id or ""
        check_id("territory", territory_id, catalogue)
        check_query(query, catalogue)
        row, here = self.pipeline.practice_ids.index(practice_id), self.pipeline.territory_rows[territory_id]
        pair = self._pair(row, here, query.organisation or OrganisationProfile())
        given = dict(answers or {})
        self._check_answers(pair, given)
        results = self._results(pair, given)
        links = chain(results)
        present = self._present(practice_id, territory_id)
        fit, band = self._fit(query, row, here)
        similar = self._similar(row)
        return Transfer(
            practice_id=practice_id,
            territory_id=territory_id,
            origin_id=None if pair.origin_territory is None else pair.origin_territory.id,
            place_ids=self.pipeline.explainer.places(row),
            already_here=present,
            failed_tries=pair.failed,
            query=query,
            fit=fit,
            band=band,
            chance=self._chance(query, row, here),
            coverage=_coverage(results),
            evidence=pair.practice.evidence_level,
            factors=results,
            chain=links,
            weakest=weakest(links).code,
            verdict=verdict(links, bool(present)),
            generality=self._generality(pair),
            plan=plan(pair, self.table, results, given, similar),
            remarks=(
                *_remarks(pair, present),
                *self.pipeline.builder.model_use(np.array([here]), query.mode).remarks,
            ),
            data_date=_data_date(pair),
            data_version=self.pipeline.data_version,
            model_version=self.pipeline.model_version,
        )

    def _pair(self, row: int, here: int, profile: OrganisationProfile) -> Pair:
        question = Question(territories=np.array([here], dtype=np.intp), need=None, about=None, profile=None)
        return Pair(
            ground=self.ground,
            subject=self.pipeline.explainer.subject(question, row),
            row=row,
            here=here,
            origin=self.ground.context.origin(row, here),
            profile=profile,
        )

    def _results(self, pair: Pair, answers: Mapping[str, str]) -> tuple[FactorResult, ...]:
        results = [
            self._result(pair, factor, answers.get(factor.code))
            for factor in self.table.factors.values()
            if factor.measure != "coverage"
        ]
        last = [factor for factor in self.table.factors.values() if factor.measure == "coverage"]
        results += [_covered(factor, results) for factor in last]
        return tuple(sorted(results, key=lambda result: result.factor.number))

    def _result(self, pair: Pair, factor: Factor, answer: str | None) -> FactorResult:
        finding = MEASURES[factor.measure](pair, factor)
        basis = "none"
        if finding.status in ("alike", "differs"):
            basis = "computed" if finding.parts or finding.here else "record"
        if answer is not None:
            told = ANSWERED[answer]
            sentence = told
            if finding.sentence != NOT_ON_RECORD:  # what is answered is no longer asked
                sentence = Text({x: f"{told.get(x)} {finding.sentence.get(x)}" for x in ("es", "en")})
            finding = replace(finding, status="alike" if answer == "yes" else "differs", sentence=sentence)
            basis = "answer"
        named = self._named(pair, factor)
        return FactorResult(factor, finding, basis, factor.weight * (1.0 + named) / 2.0, named, answer)

    def _named(self, pair: Pair, factor: Factor) -> float:
        """Say how much the practice's own text speaks of a factor, 0-1."""
        if spoken_of(factor.words, pair.requirements):
            return 1.0
        if factor.measure == "groups":
            return 1.0 if pair.practice.populations else 0.0
        if factor.measure == "need":
            return float(pair.importance[pair.matrix.direction != 0].max(initial=0.0))
        columns = [column for id in factor.indicators if (column := pair.column(id)) is not None]
        return float(pair.importance[columns].max(initial=0.0))

    def _generality(self, pair: Pair) -> Generality | None:
        places = self.ground.context.places
        sample = places.territory[places.start[pair.row] : places.start[pair.row + 1]]
        return generality(pair.matrix, sample, pair.here, pair.importance)

    def _present(self, practice_id: str, territory_id: str) -> tuple[Adoption, ...]:
        found = self.ground.places.get(practice_id, ())
        return tuple(adoption for adoption in found if adoption.territory_id == territory_id)

    def _fit(self, query: Query, row: int, here: int) -> tuple[float, str]:
        """Return the ranking's own index for this pair."""
        fits = self.pipeline.score_pairs(np.array([row]), np.array([here]), query)
        index = round(float(fits.index[0, 0]), 1)
        return index, self.pipeline.ranker.band(index)

    def _chance(self, query: Query, row: int, here: int) -> Chance | None:
        """Return the ranking's own probability for this pair, in ``mode=likely``."""
        recorded = self.pipeline.builder.recorded
        return None if recorded is None or query.mode != LIKELY else recorded.chance(row, here)

    def _similar(self, row: int) -> list[int]:
        likeness = np.nan_to_num(self.pipeline.text.similar(row), nan=-np.inf)
        order = np.argsort(-likeness, kind="stable")
        return [
            int(other)
            for other in order[: LIKE_PRACTICES + 1]
            if other != row and np.isfinite(likeness[other])
        ]

    def _check_answers(self, pair: Pair, answers: Mapping[str, str]) -> None:
        keys = [*self.table.answerable(), *(f"requirement-{n}" for n in range(1, len(pair.requirements) + 1))]
        for key, answer in answers.items():
            _check("answers", key, keys)
            _check(f"answers.{key}", answer, ANSWERS)


def _check(field: str, value: str, allowed: list[str] | tuple[str, ...]) -> None:
    if value not in allowed:
        raise UnknownValue(
            es=f"«{field}» no admite «{value}»; valores posibles: {', '.join(allowed)}.",
            en=f"'{field}' does not take '{value}'; allowed values: {', '.join(allowed)}.",
            field=field,
            value=value,
            allowed=list(allowed),
        )


def _covered(factor: Factor, results: list[FactorResult]) -> FactorResult:
    known, count = sum(result.known for result in results), len(results)
    share = known / count
    sentence = said(f"Se conocen {known} de {count} factores.", f"{known} of {count} factors are known.")
    here = words(f"{known} de {count}", f"{known} of {count}", share, "share of factors known")
    finding = Finding("alike" if share >= COVERED else "differs", sentence, here=here)
    return FactorResult(factor, finding, "computed", factor.weight / 2.0, 0.0, None)


def _coverage(results: tuple[FactorResult, ...]) -> float:
    value = next(result.finding.here for result in results if result.factor.measure == "coverage")
    return float(value.number or 0.0) if value else 0.0


def _remarks(pair: Pair, present: tuple[Adoption, ...]) -> tuple[Text, ...]:
    found = [ALREADY_HERE] if present else []
    found += [
        failed_here(adoption.year) for adoption in pair.failed if adoption.territory_id == pair.territory.id
    ]
    if pair.origin is None:
        found.append(UNKNOWN_ORIGIN)
    if pair.practice.tags_basis == "inferred":
        found.append(INFERRED_TAGS)
    return tuple(found)


def _data_date(pair: Pair) -> str | None:
    """Return the date on which the practice's source was read."""
    return pair.practice.retrieved
