"""From the core's adaptation plan to the schemas, in one language."""

from __future__ import annotations

from api.answers import organisation_brief
from api.fit_values import ComparisonWriter
from api.fit_words import REQUIREMENT, word
from api.schemas_fit import ActionOut, CaseOut, CostOut, PartnersOut, PlanOut, QuestionOut, RequirementOut
from recommender.domain import Text
from recommender.transfer.report import Action, Requirement


class PlanWriter(ComparisonWriter):
    """Writes the plan of one comparison in one language."""

    def plan(self) -> PlanOut:
        """Return the plan of the comparison."""
        plan = self.found.plan
        cost = plan.cost
        return PlanOut(
            actions=[self._action(action, rank) for rank, action in enumerate(plan.actions, 1)],
            requirements=[self._requirement(each) for each in plan.requirements],
            partners=[
                PartnersOut(
                    type=row.type,
                    name=self.state.pipeline.taxonomy.title("organisation_types", row.type, self.language),
                    needed=row.needed,
                    organisations=[
                        brief
                        for body in row.organisations
                        if (brief := organisation_brief(self.catalogue, body.id)) is not None
                    ],
                )
                for row in plan.partners
            ],
            cost=None
            if cost is None
            else CostOut(
                budget_usd=cost.budget_usd,
                years=cost.years,
                persons_of=self._say(cost.persons_of),
                persons_here=cost.persons_here,
                persons_there=cost.persons_there,
                scaled_usd=cost.scaled_usd,
                sentence=self._say(cost.sentence),
            ),
            origin_questions=[self._say(question) for question in plan.origin_questions],
            questions=[
                QuestionOut(answer_key=code, question=self._say(text)) for code, text in plan.questions
            ],
        )

    def _action(self, action: Action, rank: int) -> ActionOut:
        titles: dict[str, Text] = {result.factor.code: result.factor.title for result in self.found.factors}
        indicator = self.catalogue.indicators.get(action.indicator_id or "")
        return ActionOut(
            rank=rank,
            factor=action.factor,
            title=self._say(indicator.name if indicator else titles[action.factor]),
            indicator_id=action.indicator_id,
            importance=action.importance,
            size=action.size,
            difference=self._say(action.difference),
            change=self._say(action.change),
            cases=[
                CaseOut(
                    practice_id=case.practice_id,
                    title=self._say(self.catalogue.practices[case.practice_id].title),
                    territory=self._place(case.territory_id),
                    value=self._written(case.value),
                    same_practice=case.same_practice,
                )
                for case in action.cases
            ],
        )

    def _requirement(self, each: Requirement) -> RequirementOut:
        return RequirementOut(
            text=self._say(each.text),
            status=each.status,
            status_label=word(REQUIREMENT, each.status, self.language),
            basis=each.basis,
            basis_label=word(REQUIREMENT, each.basis, self.language),
            answer_key=each.answer_key,
        )
