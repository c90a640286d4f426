"""What may be asked: the forms of questions, and their translation into the core's words."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas import (
    Asker,
    Body,
    Country,
    Dollars,
    Format,
    FreeText,
    GcmObjective,
    Mode,
    Name,
    OrganisationType,
    Population,
    QueryString,
    Rows,
    Sdg,
    Separated,
    Several,
    Theme,
    Year,
    bounds,
)
from recommender.limits import MAX_ENTRIES, MAX_PAST, MAX_TEXT
from recommender.query import FIT, Filters, OrganisationProfile, Query
from recommender.ranker import MAX_WEIGHT
from recommender.territory.gazetteer import Gazetteer

Weight = Annotated[float, Field(allow_inf_nan=False, ge=0, le=MAX_WEIGHT)]
MODE = (
    "fit: exposure (what reaches a place anyway) is held constant. likely: it counts, and each row tells the "
    "probability that an adoption is recorded there, which is not the probability of success."
)
ASKER = "Whose question it is. It is said back; it does not change the ranking."


class FiltersIn(Body):
    """Hard eligibility; values of one field are alternatives, an empty list means any."""

    themes: Annotated[list[Theme], Several] = Field(default=[])
    populations: Annotated[list[Population], Several] = Field(default=[])
    sdgs: Annotated[list[Sdg], Several] = Field(default=[])
    gcm_objectives: Annotated[list[GcmObjective], Several] = Field(default=[])
    organisation_types: Annotated[list[OrganisationType], Several] = Field(default=[])
    countries: Annotated[list[Country], Several] = Field(default=[])
    budget_max_usd: Dollars | None = Field(default=None, description="Keeps practices of unknown budget.")
    year_from: Year | None = Field(default=None, description="Compared with the start; keeps unknown years.")
    year_to: Year | None = None

    def to_domain(self) -> Filters:
        """Return the core's filters."""
        return Filters(**_with_tuples(self.model_dump()))


class OrganisationIn(Body):
    """Who asks; everything may be left out. It is used for this answer and kept nowhere."""

    name: Name = Field(default="", description="What it is called. It is said back and changes nothing.")
    type: OrganisationType | None = None
    themes: Annotated[list[Theme], Several] = Field(default=[])
    populations: Annotated[list[Population], Several] = Field(default=[])
    territories: Annotated[list[Name], Several] = Field(
        default=[], description="Where it works: ids or names."
    )
    budget_usd: Annotated[float, bounds("organisation.budget_usd")] | None = Field(
        default=None, description="US dollars a year; left out where there is none or it is not known."
    )
    staff: Annotated[int, bounds("organisation.staff", whole=True)] | None = None
    horizon_months: Annotated[int, bounds("organisation.horizon_months", whole=True)] | None = None
    about: FreeText = Field(default="", description='Free text, "about us".')
    past_practices: list[FreeText] = Field(
        default=[],
        max_length=MAX_PAST,
        description="Practices it has run: ids or texts. The texts and `about` are read as one and together "
        f"have at most {MAX_TEXT} characters.",
    )

    def to_domain(self, gazetteer: Gazetteer) -> OrganisationProfile:
        """Return the core's profile; place names become ids."""
        given = self.model_dump()
        given["territory_ids"] = [gazetteer.resolve(name).id for name in given.pop("territories")]
        return OrganisationProfile(**_with_tuples(given))


class RecommendationsIn(Body):
    """A question: territory, organisation and need combine freely; at least one is given."""

    territory: Name | None = Field(default=None, description="Id or name; accents and aliases are forgiven.")
    territory_id: Name | None = Field(default=None, description="The same as `territory`; give one of them.")
    organisation: OrganisationIn | None = None
    need: FreeText | None = Field(default=None, description="What is needed, in the asker's own words.")
    asker: Asker | None = Field(default=None, description=ASKER)
    filters: FiltersIn = FiltersIn()
    k: Rows = 10
    weights: dict[str, Weight] = Field(
        default={},
        max_length=MAX_ENTRIES,
        description="Feature -> factor on its weight; 1 as reviewed, 0 leaves it out.",
    )
    mode: Mode = Field(default=FIT, description=MODE)
    diversify: bool = Field(default=True, description="Re-rank for diversity of themes, bodies and origins.")
    include_present: bool = Field(
        default=False,
        description="Rank what already runs in the territory too, instead of listing it in `already_here`.",
    )

    @model_validator(mode="after")
    def _one_territory(self) -> Self:
        if self.territory is not None and self.territory_id is not None:
            raise PydanticCustomError(
                "conflict",
                "one of them",
                {
                    "es": "Indique «territory» o «territory_id», no los dos.",
                    "en": 'Give "territory" or "territory_id", not both.',
                },
            )
        return self

    def to_domain(self, gazetteer: Gazetteer) -> Query:
        """Return the core's question; names of places become ids."""
        place = self.territory if self.territory is not None else self.territory_id
        return Query(
            territory_id=None if place is None else gazetteer.resolve(place).id,
            organisation=self.organisation.to_domain(gazetteer) if self.organisation else None,
            need=self.need,
            asker=self.asker,
            filters=self.filters.to_domain(),
            k=self.k,
            weights=self.weights,
            mode=self.mode,
            diversify=self.diversify,
            include_present=self.include_present,
        )


def _with_tuples(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _named_numbers(value: object) -> object:
    """Read ``name=1.5`` (or ``name:1.5``), repeated or separated by commas, as a mapping."""
    parts = [
        part for item in (value if isinstance(value, list) else [value]) for part in str(item).split(",")
    ]
    named: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in parts)):
        name, _, number = part.replace(":", "=", 1).partition("=")
        named[name.strip()] = number.strip()
    return [f"{name}={number}" for name, number in named.items()]


Weights = Annotated[
    list[str],
    BeforeValidator(_named_numbers),
    Field(default=[], description="`feature=factor`, repeated or separated by commas."),
]
"""Factors on features as an address or a command line has them; `factors` reads them."""


def factors(weights: list[str]) -> dict[str, Any]:
    """Return feature -> factor; what is no number stays text, to be refused by name as a wrong type."""
    return {name: _number(text) for name, _, text in (item.partition("=") for item in weights)}


class FiltersQuery(QueryString):
    """The filters as parameters of an address."""

    themes: Annotated[list[Theme], Separated, Several] = Field(default=[])
    populations: Annotated[list[Population], Separated, Several] = Field(default=[])
    sdgs: Annotated[list[Sdg], Separated, Several] = Field(default=[])
    gcm_objectives: Annotated[list[GcmObjective], Separated, Several] = Field(default=[])
    organisation_types: Annotated[list[OrganisationType], Separated, Several] = Field(default=[])
    countries: Annotated[list[Country], Separated, Several] = Field(default=[])
    budget_max_usd: Dollars | None = None
    year_from: Year | None = None
    year_to: Year | None = None

    def filters(self) -> FiltersIn:
        """Return the same filters as a body has them."""
        return FiltersIn(**{name: getattr(self, name) for name in FiltersIn.model_fields})


class AnswerQuery(QueryString):
    """How the answer is wanted."""

    format: Format | None = Field(
        default=None, description="Else by Accept; csv-excel starts with a byte order mark."
    )


class QuestionQuery(FiltersQuery):
    """A question in words only, as an address or a command line has it."""

    need: FreeText | None = None
    asker: Asker | None = Field(default=None, description=ASKER)
    k: Rows = 10
    weights: Weights
    mode: Mode = Field(default=FIT, description=MODE)
    diversify: bool = True
    include_present: bool = False

    def question(self, territory: str | None, organisation: object = None) -> RecommendationsIn:
        """Return the question in the form of a body, checked like one."""
        asked = {
            "territory": territory,
            "organisation": organisation,
            "need": self.need,
            "asker": self.asker,
            "filters": self.filters(),
            "k": self.k,
            "weights": factors(self.weights),
            "mode": self.mode,
            "diversify": self.diversify,
            "include_present": self.include_present,
        }
        return RecommendationsIn.model_validate(asked)


class TerritoryRecommendationsQuery(QuestionQuery, AnswerQuery):
    """A question about one territory as a plain link. Personal descriptions belong in a POST body."""


class RankOptions(QuestionQuery):
    """The options of the command that ranks."""

    territory: Name | None = None


def _number(text: str) -> object:
    """Return `text` as a number; what is none stays text and is refused by name as a wrong type."""
    try:
        return float(text)
    except ValueError:
        return text
