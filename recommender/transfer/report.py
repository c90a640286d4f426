"""What a comparison of one practice with one territory says, as frozen types."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.domain import Adoption, Organisation, Text
from recommender.query import Chance, Query
from recommender.territory.comparison import Comparison
from recommender.transfer.factors import Factor

STATUSES = ("alike", "differs", "unknown", "ask")
LEVELS = ("weak", "unknown", "medium", "strong")
"""Of a link of the chain, weakest first: what is not known may be weak."""


def said(es: str, en: str) -> Text:
    """Return one sentence in both languages."""
    return Text({"es": es, "en": en})


@dataclass(frozen=True, slots=True)
class Value:
    """One value with where and when it is from; `number` is None where it is words only.

    `unit` is the data dictionary's, ``""`` for words. `source` is None where the value comes from
    the practice's own record.
    """

    text: Text
    number: float | None = None
    unit: str = ""
    year: int | None = None
    source: str | None = None
    territory_id: str | None = None
    borrowed: bool = False
    indicator_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measure found: status, both sides, and the sentence that says so.

    `sd` is the difference in national standard deviations where there is one. `parts` are the
    indicators behind it, the most important and different first. `summary` is the part of the
    sentence that does not speak of the first of them.
    """

    status: str
    sentence: Text
    here: Value | None = None
    there: Value | None = None
    sd: float | None = None
    parts: tuple[Comparison, ...] = ()
    summary: Text | None = None


@dataclass(frozen=True, slots=True)
class FactorResult:
    """One factor of one comparison.

    `basis` is ``computed`` from data, ``record`` of the practice, ``answer`` of the asker or
    ``none``. `importance` (0-1) is weight x (1 + named) / 2, where `named` (0-1) is how much this
    practice's own text speaks of it.
    """

    factor: Factor
    finding: Finding
    basis: str
    importance: float
    named: float
    answer: str | None

    @property
    def status(self) -> str:
        """``alike``, ``differs``, ``unknown`` or ``ask``."""
        return self.finding.status

    @property
    def known(self) -> bool:
        """Whether it is known to be alike or to differ."""
        return self.status in ("alike", "differs")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: `strength` (0-1) is the share of known importance that is alike.

    `coverage` is the share of the link's importance that is known. `because` are the codes of the
    factors that hold it down.
    """

    code: str
    level: str
    strength: float | None
    coverage: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate of the generalisability index; `smd` in standard deviations of the population."""

    indicator_id: str
    smd: float
    flagged: bool
    here: float | None


@dataclass(frozen=True, slots=True)
class Generality:
    """How like the places where it ran are to the places it could go to (Tipton 2014).

    `index` is the Bhattacharyya coefficient of the two distributions of propensity logits, 0-1.
    `target_inside` says whether the target's own logit lies within those of the sample; None where
    one of its covariates is not known.
    """

    places: int
    population: int
    index: float
    band: str
    covariates: tuple[Covariate, ...]
    target_inside: bool | None


@dataclass(frozen=True, slots=True)
class Case:
    """A place with the same trait as the target where this practice, or one much alike, ran anyway."""

    practice_id: str
    territory_id: str
    value: Value
    same_practice: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to change or check, because of a factor or of one indicator of it."""

    factor: str
    indicator_id: str | None
    importance: float
    size: float
    difference: Text
    change: Text
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the practice needs; `status` is ``met``, ``missing`` or ``ask``.

    `basis` says where the need is from: ``stated`` by the source, ``inferred`` from its text, or
    ``record``. `answer_key` is the name under which an answer decides it.
    """

    text: Text
    status: str
    basis: str
    answer_key: str | None


@dataclass(frozen=True, slots=True)
class Partner:
    """Organisations of one type in the territory or its province; none recorded is not none there."""

    type: str
    needed: bool
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """The recorded budget, and in proportion to the persons concerned here and there where known."""

    budget_usd: float
    years: int | None
    persons_there: float | None
    persons_here: float | None
    scaled_usd: float | None
    persons_of: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about the differences."""

    actions: tuple[Action, ...]
    requirements: tuple[Requirement, ...]
    partners: tuple[Partner, ...]
    cost: Cost | None
    origin_questions: tuple[Text, ...]
    questions: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A whole comparison. Fit, evidence and coverage are three figures and stay so.

    `origin_id` is the most alike place where the practice ran, the target itself never; None where
    no single one is known. `failed_tries` are no places where it ran. `fit` (0-100) and `band` are the
    ranking's, as is `chance`, of a recorded adoption, in ``mode=likely``.
    """

    practice_id: str
    territory_id: str
    origin_id: str | None
    place_ids: tuple[str, ...]
    already_here: tuple[Adoption, ...]
    failed_tries: tuple[Adoption, ...]
    query: Query
    fit: float
    band: str
    chance: Chance | None
    coverage: float
    evidence: int | None
    factors: tuple[FactorResult, ...]
    chain: tuple[Link, ...]
    weakest: str
    verdict: Text
    generality: Generality | None
    plan: Plan
    remarks: tuple[Text, ...]
    data_date: str | None
    data_version: str
    model_version: str
