"""From the core's comparison to the schemas, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.answers import (
    NOTICE,
    chance_fields,
    evidence_label,
    organisation_brief,
    practice_source,
    profile_out,
)
from api.fit_plan import PlanWriter
from api.fit_values import ComparisonWriter
from api.fit_words import LEVEL, STATUS, word
from api.place_answers import DISCRETION
from api.schemas_fit import (
    CovariateOut,
    DataSourceOut,
    FactorOut,
    FailedTryOut,
    FitOut,
    FitPractice,
    GeneralityOut,
    LinkOut,
    PartOut,
    PresenceOut,
)
from recommender.discretion import is_shelter
from recommender.transfer.chain import NAMES
from recommender.transfer.pair import indicator_value, source_of
from recommender.transfer.report import FactorResult, Finding


class FitWriter(ComparisonWriter):
    """Writes one comparison in one language."""

    def answer(self, answers: Mapping[str, str]) -> FitOut:
        """Return the whole answer."""
        found, query, language = self.found, self.found.query, self.language
        practice = self.catalogue.practices[found.practice_id]
        lead = self.catalogue.organisations.get(practice.organisation_id or "")
        return FitOut(
            notice=NOTICE[language],
            language=language,
            practice=FitPractice(
                id=practice.id,
                title=practice.title.get(language),
                organisation=organisation_brief(self.catalogue, practice.organisation_id),
                organisation_url=lead.url if lead else None,
                source=practice_source(practice),
            ),
            territory=self._place(found.territory_id),
            organisation=profile_out(query.organisation, self.catalogue) if query.organisation else None,
            need=query.need,
            asker=query.asker,
            weights=dict(query.weights),
            mode=query.mode,
            answers=dict(answers),
            compared_with=self._place(found.origin_id) if found.origin_id else None,
            places=[self._place(place) for place in found.place_ids],
            already_here=[
                PresenceOut(
                    year=adoption.year,
                    organisation=organisation_brief(self.catalogue, adoption.organisation_id),
                    outcome=adoption.outcome,
                    source_url=adoption.source_url,
                )
                for adoption in found.already_here
            ],
            failed_tries=[
                FailedTryOut(
                    territory=self._place(adoption.territory_id),
                    year=adoption.year,
                    organisation=organisation_brief(self.catalogue, adoption.organisation_id),
                    source_url=adoption.source_url,
                )
                for adoption in found.failed_tries
            ],
            fit=found.fit,
            band=found.band,
            **chance_fields(found.chance),
            coverage=found.coverage,
            evidence=found.evidence,
            evidence_label=evidence_label(found.evidence, language),
            verdict=self._say(found.verdict),
            weakest=found.weakest,
            chain=self._chain(),
            factors=[self._factor(result) for result in found.factors],
            generality=self._generality(),
            plan=PlanWriter(found, self.state, self.language).plan(),
            remarks=[
                *([DISCRETION[language]] if is_shelter(practice) else []),
                *map(self._say, found.remarks),
            ],
            sources=self._sources(),
            data_date=found.data_date,
            data_version=found.data_version,
            model_version=found.model_version,
        )

    def _chain(self) -> list[LinkOut]:
        titles = {result.factor.code: self._say(result.factor.title) for result in self.found.factors}
        return [
            LinkOut(
                code=link.code,
                name=self._say(NAMES[link.code]),
                level=link.level,
                level_label=word(LEVEL, link.level, self.language),
                strength=link.strength,
                coverage=link.coverage,
                because=[titles[code] for code in link.because],
            )
            for link in self.found.chain
        ]

    def _factor(self, result: FactorResult) -> FactorOut:
        factor, finding = result.factor, result.finding
        return FactorOut(
            number=factor.number,
            code=factor.code,
            title=self._say(factor.title),
            framework=list(factor.framework),
            link=factor.link,
            status=result.status,
            status_label=word(STATUS, result.status, self.language),
            importance=result.importance,
            named=result.named,
            basis=result.basis,
            answer=result.answer,
            here=self._value(finding.here),
            there=self._value(finding.there),
            sd=finding.sd,
            parts=self._parts(finding),
            sentence=self._say(finding.sentence),
            question=self._say(factor.question) or None,
            formula=self._say(factor.formula),
        )

    def _parts(self, finding: Finding) -> list[PartOut]:
        ground, found = self.ground, self.found
        written = []
        for part in finding.parts:
            column = self._columns[part.indicator_id]
            sides = [
                indicator_value(ground, ground.rows[place], column)
                for place in (found.territory_id, part.there_territory_id)
            ]
            written.append(
                PartOut(
                    indicator_id=part.indicator_id,
                    indicator=self._say(self.catalogue.indicators[part.indicator_id].name),
                    here=self._written(sides[0]),
                    there=self._written(sides[1]),
                    sd=part.sd,
                    flagged=part.flagged,
                    importance=part.importance,
                )
            )
        return written

    def _generality(self) -> GeneralityOut | None:
        found = self.found.generality
        if found is None:
            return None
        return GeneralityOut(
            places=found.places,
            population=found.population,
            index=found.index,
            band=found.band,
            covariates=[
                CovariateOut(
                    indicator_id=each.indicator_id,
                    indicator=self._say(self.catalogue.indicators[each.indicator_id].name),
                    smd=each.smd,
                    flagged=each.flagged,
                    here=each.here,
                )
                for each in found.covariates
            ],
            target_inside=found.target_inside,
        )

    def _sources(self) -> list[DataSourceOut]:
        """Name every source of a figure shown, once, in the order of the factors."""
        ground, found = self.ground, self.found
        licences: dict[str, str | None] = {}
        places: Sequence[str] = [found.territory_id, *([found.origin_id] if found.origin_id else [])]
        for result in found.factors:
            for part in result.finding.parts:
                for place in places:
                    row, column = ground.rows[place], self._columns[part.indicator_id]
                    source = self.catalogue.sources.get(ground.matrix.source(row, column) or "")
                    licence = (
                        source.licence if source else self.catalogue.indicators[part.indicator_id].licence
                    )
                    licences.setdefault(source_of(ground, row, column), licence)
        return [DataSourceOut(name=name, licence=licence) for name, licence in licences.items()]
