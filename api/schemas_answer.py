"""What a ranking says: the rows of an answer and what is needed to reproduce it."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from api.schemas import Answer, OrganisationBrief, PlaceBrief, SourceOut

PROBABILITY = (
    "mode=likely: 0-1, that aid or practice records come to show the practice there. Not success, and no "
    "part of the score. Null in mode=fit, for several places at once, and where records say nothing."
)
INTERVAL = "Between low and high lies, nine times in ten, the share of adopters among ten comparable pairs."
LEARNED = "Version of the learned model; null where the reviewed prior answers alone."
NEW_TO_MODEL = "Countries of the answer that the learned model has seen nothing of (ISO 3166-1 alpha-2)."


class ContributionOut(Answer):
    """One feature's exact share of the score; the shares of a row sum to its `score`."""

    name: str
    value: float = Field(description="Points; 0 where the feature is not known.")
    feature_value: float | None = Field(description="Null where not known.")
    basis: str = Field(description="prior (reviewed weight) or learned")
    model: str = Field(description="Version of the prior or of the learned model it comes from.")
    sentence: str


class DifferenceOut(Answer):
    """How the asking territory differs from the place where the practice ran, on one indicator."""

    indicator_id: str
    indicator: str
    unit: str
    here: float
    here_year: int
    here_borrowed: bool = Field(description="The value is that of the territory above.")
    there: float
    there_year: int
    there_borrowed: bool
    there_territory: PlaceBrief
    sd: float = Field(description="(here - there) in national standard deviations")
    flagged: bool = Field(description="More than one standard deviation apart.")
    importance: float = Field(description="0-1: how much the practice's text says the indicator matters.")
    sentence: str


class OriginOut(Answer):
    """Where a practice ran and who ran it."""

    territories: list[PlaceBrief]
    organisation: OrganisationBrief | None


class RecommendationOut(Answer):
    """One ranked practice, with everything that led to its place."""

    practice_id: str
    title: str
    rank: int
    fit: float = Field(description="Anticipated-fit index, 0-100. Not a probability.")
    band: str = Field(description="high, medium or low")
    score: float
    probability: float | None = Field(description=PROBABILITY)
    probability_low: float | None = Field(description=INTERVAL)
    probability_high: float | None = Field(description=INTERVAL)
    coverage: float = Field(description="0-1: share of the weight asked about that could be known.")
    evidence: int | None = Field(description="Nesta standard of evidence 1-5; null: not rated.")
    evidence_label: str
    moved_from: int | None = Field(description="Rank by score alone where the re-rank moved the row.")
    territory: PlaceBrief | None = Field(
        description="The place the row speaks of; of an organisation's own, the one where it fits best."
    )
    origin: OriginOut
    source: SourceOut
    reasons: list[ContributionOut]
    differences: list[DifferenceOut]
    remarks: list[str]
    questions: list[str]
    contributions: list[ContributionOut]


class FiltersOut(Answer):
    """The filters as applied."""

    themes: list[str]
    populations: list[str]
    sdgs: list[int]
    gcm_objectives: list[int]
    organisation_types: list[str]
    countries: list[str]
    budget_max_usd: float | None
    year_from: int | None
    year_to: int | None


class OrganisationProfileOut(Answer):
    """The asking organisation as understood."""

    name: str
    type: str | None
    themes: list[str]
    populations: list[str]
    territories: list[PlaceBrief]
    budget_usd: float | None
    staff: int | None
    horizon_months: int | None
    about: str
    past_practices: list[str]


class ConceptOut(Answer):
    """Something of a vocabulary that the need was understood to speak of, and the words that say so."""

    vocabulary: str
    code: str
    name: str
    words: list[str]


class QueryOut(Answer):
    """The question as understood."""

    territory: PlaceBrief | None
    organisation: OrganisationProfileOut | None
    need: str | None
    concepts: list[ConceptOut] = Field(description="What the need was understood to speak of.")
    asker: str | None
    filters: FiltersOut
    k: int
    weights: dict[str, float]
    mode: str = Field(description="fit or likely")
    diversify: bool
    include_present: bool


class PresentOut(Answer):
    """A practice that already runs in the territory: it could be extended or resumed, not replicated."""

    practice_id: str
    title: str


class RankingOut(Answer):
    """A whole answer."""

    model_config = ConfigDict(
        openapi_extra={"content": {"text/csv": {"schema": {"type": "string"}}}}  # type: ignore[typeddict-unknown-key]
    )

    notice: str
    language: str
    query: QueryOut
    recommendations: list[RecommendationOut]
    already_here: list[PresentOut] = Field(description="Best first; not among the recommendations.")
    considered: int = Field(description="Practices in the catalogue.")
    eligible: int = Field(description="Practices that pass the filters.")
    need_remark: str | None = Field(description="Says that no practice clearly answers the need, if so.")
    data_version: str
    model_version: str
    learned_model: str | None = Field(description=LEARNED)
    new_to_model: list[str] = Field(description=NEW_TO_MODEL)
    model_remarks: list[str] = Field(description="What to know of the model before trusting the answer.")


class SimilarPracticeOut(Answer):
    """A practice whose text is alike; `similarity` is -1 to 1."""

    practice_id: str
    title: str
    rank: int
    similarity: float
    origin: OriginOut
    source: SourceOut


class SimilarOut(Answer):
    """The practices most alike to one."""

    practice_id: str
    similar: list[SimilarPracticeOut]
    data_version: str
    model_version: str
