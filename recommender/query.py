"""What is asked and what is answered: queries, fits and recommendations, as frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from recommender.domain import Text

FIT, LIKELY = "fit", "likely"
MODES = (FIT, LIKELY)
"""How exposure (what reaches a place anyway) is treated: held constant, or counted."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard eligibility; an empty tuple or None means "any". Values of one field are alternatives.

    `budget_max_usd` keeps practices with a known budget at or below it *and* those of unknown
    budget (unknown is not "too expensive"; the row says so). `year_from`/`year_to` compare with
    `start_year` and likewise keep unknown years. `country` are ISO 3166-1 alpha-2 codes of places
    where a practice ran, else of its organisation.
    """

    themes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    gcm_objectives: tuple[int, ...] = ()
    organisation_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    budget_max_usd: float | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """Who asks: every field may be unknown. Money in US dollars a year, horizon in months.

    `past_practices` are ids of the catalogue, or descriptions in words, which add to `about`. `name` is
    said back and changes nothing.
    """

    type: str | None = None
    themes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    territory_ids: tuple[str, ...] = ()
    budget_usd: float | None = None
    staff: int | None = None
    horizon_months: int | None = None
    about: str = ""
    past_practices: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question: territory, organisation and need combine freely; at least one is given.

    `weights` multiply the weights of named features (1 = as reviewed, 0 = leave out).
    `include_present` ranks practices that already run in the territory too; they are otherwise
    listed apart, because they cannot be replicated where they are.
    `asker` (``local_government``, ``organisation``, ``cooperation_agency``) says whose question it
    is where that is known. `k` is the number of rows wanted, 1 to 500. `diversify` switches the
    re-rank. `mode` is ``fit`` (exposure held constant, an index) or ``likely`` (exposure counts, and
    the probability of a recorded adoption is told).
    """

    territory_id: str | None = None
    organisation: OrganisationProfile | None = None
    need: str | None = None
    asker: str | None = None
    filters: Filters = Filters()
    k: int = 10
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    diversify: bool = True
    include_present: bool = False
    mode: str = FIT


@dataclass(frozen=True, slots=True)
class Contribution:
    """One feature's exact share of the raw score, and the sentence that says what it means.

    `feature_value` is None where the feature is unknown (then `value` is 0 exactly).
    `basis` is ``prior`` (reviewed weight) or ``learned``, `model` the version of either.
    """

    name: str
    value: float
    feature_value: float | None
    basis: str
    sentence: Text
    model: str = ""


@dataclass(frozen=True, slots=True)
class Chance:
    """The calibrated probability of a recorded adoption, and where nine in ten observed shares lie.

    Attributes
    ----------
    probability, low, high : float
        0-1; of ten comparable pairs a share between `low` and `high` is expected to be adopters.
    new_country : bool
        Whether the model has learned nothing of the country.
    """

    probability: float
    low: float
    high: float
    new_country: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """How the target differs from the place where a practice ran, on one indicator.

    `sd` is (here - there) in national standard deviations; `flagged` where |sd| > 1.
    `here_borrowed` is True where the value is the parent territory's.
    `importance` (0-1) is how much the practice's text says the indicator matters.
    """

    indicator_id: str
    here: float
    here_year: int
    here_borrowed: bool
    there: float
    there_year: int
    there_borrowed: bool
    there_territory_id: str
    sd: float
    flagged: bool
    importance: float
    unit: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One ranked row.

    Parameters
    ----------
    rank : int
        Place in the answer, from 1.
    fit : float
        Anticipated-fit index, 0-100; `band` is ``high``, ``medium`` or ``low``. Not a probability.
    score : float
        Raw score: the sum of `contributions` within 1e-6.
    coverage : float
        Share (0-1) of the weight of the features asked for that could be known.
    evidence : int or None
        Nesta level 1-5; None is "not rated".
    origin_territory_ids : tuple of str
        Where the practice ran.
    moved_from : int or None
        Rank by score alone where the re-rank moved the row, else None.
    chance : Chance or None
        Of a recorded adoption, in ``mode=likely``; None where records say nothing of the pair.
    territory_id : str or None
        The place the row speaks of: the one asked about, or of an organisation's own the one in which
        the practice fits best.
    """

    practice_id: str
    rank: int
    fit: float
    band: str
    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[Contribution, ...]
    differences: tuple[Difference, ...]
    remarks: tuple[Text, ...]
    questions: tuple[Text, ...]
    coverage: float
    evidence: int | None
    origin_territory_ids: tuple[str, ...]
    moved_from: int | None = None
    chance: Chance | None = None
    territory_id: str | None = None


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Which learned model an answer rests on beside the reviewed prior.

    Attributes
    ----------
    learned : str or None
        Its version; None where the prior alone answered.
    new_countries : tuple of str
        Countries of the answer's places that it has learned nothing of.
    remarks : tuple of Text
        The same in words.
    """

    learned: str | None = None
    new_countries: tuple[str, ...] = ()
    remarks: tuple[Text, ...] = ()


NO_MODEL = ModelUse()


@dataclass(frozen=True, slots=True)
class Ranking:
    """A whole answer: the rows, and what is needed to reproduce it.

    `already_here` are practices that pass the filters and already run in the territory, left out of
    the rows, best first. `need_remark` says that no practice clearly answers the need, where none does.
    """

    query: Query
    recommendations: tuple[Recommendation, ...]
    considered: int
    eligible: int
    already_here: tuple[str, ...]
    data_version: str
    model_version: str
    model_use: ModelUse = NO_MODEL
    need_remark: Text | None = None
