"""What a comparison of a practice with a territory says: factors, chain, adaptation plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.negotiation import DOCX, PDF
from api.schemas import (
    Answer,
    OneOf,
    OrganisationBrief,
    PlaceBrief,
    SourceOut,
)
from api.schemas_answer import INTERVAL, PROBABILITY, OrganisationProfileOut
from recommender.transfer.factors import LINKS
from recommender.transfer.report import LEVELS, STATUSES

Status = Annotated[str, OneOf(STATUSES)]
Level = Annotated[str, OneOf(LEVELS)]


class ValueOut(Answer):
    """A value with where and when it is from; `number` is null where it is words."""

    text: str
    number: float | None
    unit: str
    year: int | None
    source: str | None = Field(description="Null where it is from the practice's own record.")
    territory: PlaceBrief | None = Field(description="Whose value it is.")
    borrowed: bool = Field(description="The value of the province, for want of an own one.")
    indicator_id: str | None
    indicator: str | None


class PartOut(Answer):
    """One indicator here and where the practice ran."""

    indicator_id: str
    indicator: str
    here: ValueOut
    there: ValueOut
    sd: float = Field(description="(here - there) in national standard deviations.")
    flagged: bool = Field(description="|sd| > 1")
    importance: float = Field(description="0-1, how much the practice's text speaks of it.")


class FactorOut(Answer):
    """One of the 29 factors."""

    number: int
    code: str
    title: str
    framework: list[str]
    link: Annotated[str, OneOf(LINKS)]
    status: Status
    status_label: str
    importance: float = Field(description="0-1: weight in the frameworks x (1 + named) / 2.")
    named: float = Field(description="0-1: how much this practice's own text speaks of it.")
    basis: str = Field(description="computed, record, answer or none")
    answer: str | None
    here: ValueOut | None
    there: ValueOut | None
    sd: float | None
    parts: list[PartOut]
    sentence: str
    question: str | None
    formula: str


class LinkOut(Answer):
    """A link of the chain; as strong as its weakest is the whole."""

    code: Annotated[str, OneOf(LINKS)]
    name: str
    level: Level
    level_label: str
    strength: float | None = Field(description="Share of the known importance that is alike.")
    coverage: float = Field(description="Share of its importance that is known.")
    because: list[str] = Field(description="Titles of the factors that hold it down or are not known.")


class CovariateOut(Answer):
    """One covariate of the generalisability index."""

    indicator_id: str
    indicator: str
    smd: float = Field(description="(mean where it ran - mean of the population) / sd of the population.")
    flagged: bool = Field(description="|smd| > 0.25")
    here: float | None = Field(description="The target in standard deviations of the population.")


class GeneralityOut(Answer):
    """Tipton's (2014) generalisability index; only where it ran in ten places or more."""

    places: int
    population: int
    index: float
    band: str
    covariates: list[CovariateOut]
    target_inside: bool | None


class CaseOut(Answer):
    """A place with the same trait where it, or a practice much alike, ran anyway."""

    practice_id: str
    title: str
    territory: PlaceBrief
    value: ValueOut
    same_practice: bool


class ActionOut(Answer):
    """What to change or check."""

    rank: int
    factor: str
    title: str
    indicator_id: str | None
    importance: float
    size: float
    difference: str
    change: str
    cases: list[CaseOut]


class RequirementOut(Answer):
    """What the practice needs."""

    text: str
    status: str = Field(description="met, missing or ask")
    status_label: str
    basis: str = Field(description="stated by the source, inferred from its text, or record")
    basis_label: str
    answer_key: str | None


class PartnersOut(Answer):
    """Organisations of one type on record in the territory or its province."""

    type: str
    name: str
    needed: bool
    organisations: list[OrganisationBrief]


class CostOut(Answer):
    """The recorded budget, and in proportion to the persons concerned."""

    budget_usd: float
    years: int | None
    persons_of: str
    persons_here: float | None
    persons_there: float | None
    scaled_usd: float | None
    sentence: str


class QuestionOut(Answer):
    """A question to answer, under the name the answer takes."""

    answer_key: str
    question: str


class PlanOut(Answer):
    """The adaptation plan."""

    actions: list[ActionOut] = Field(description="Most important first.")
    requirements: list[RequirementOut]
    partners: list[PartnersOut]
    cost: CostOut | None
    origin_questions: list[str] = Field(description="For the team that ran it.")
    questions: list[QuestionOut] = Field(description="For those who would run it here.")


class FitPractice(Answer):
    """The practice compared."""

    id: str
    title: str
    organisation: OrganisationBrief | None
    organisation_url: str | None
    source: SourceOut


class PresenceOut(Answer):
    """A record of the practice in the territory itself."""

    year: int | None
    organisation: OrganisationBrief | None
    outcome: str | None
    source_url: str | None


class FailedTryOut(Answer):
    """A record that the practice was tried in a place and failed."""

    territory: PlaceBrief
    year: int | None
    organisation: OrganisationBrief | None
    source_url: str | None


class DataSourceOut(Answer):
    """Where figures of this answer are from."""

    name: str
    licence: str | None


class FitOut(Answer):
    """A whole comparison. Fit, evidence and coverage are three figures and stay so."""

    model_config = ConfigDict(
        openapi_extra={  # type: ignore[typeddict-unknown-key]
            "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (PDF, DOCX)}
        }
    )

    notice: str
    language: str
    practice: FitPractice
    territory: PlaceBrief
    organisation: OrganisationProfileOut | None
    need: str | None = Field(description="The need for which `fit` holds; null: for none in particular.")
    asker: str | None
    weights: dict[str, float]
    mode: str
    answers: dict[str, str]
    compared_with: PlaceBrief | None = Field(description="The most alike place where it ran.")
    places: list[PlaceBrief] = Field(description="Where it ran.")
    already_here: list[PresenceOut]
    failed_tries: list[FailedTryOut] = Field(description="Where it was tried and failed; not among `places`.")
    fit: float = Field(description="The ranking's index for the same question, 0-100.")
    band: str
    probability: float | None = Field(description=PROBABILITY)
    probability_low: float | None = Field(description=INTERVAL)
    probability_high: float | None = Field(description=INTERVAL)
    coverage: float = Field(description="Share of the other 28 factors that are known.")
    evidence: int | None
    evidence_label: str
    verdict: str
    weakest: Annotated[str, OneOf(LINKS)]
    chain: list[LinkOut]
    factors: list[FactorOut]
    generality: GeneralityOut | None
    plan: PlanOut
    remarks: list[str]
    sources: list[DataSourceOut]
    data_date: str | None = Field(description="Date on which the practice's source was read.")
    data_version: str
    model_version: str
