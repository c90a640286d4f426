"""The ground of the schema layer: strict bodies, parsed query strings, plain answers, vocabularies.

One layer serves validation, the OpenAPI document and serialisation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from recommender.domain import LANGUAGES
from recommender.limits import MAX_ENTRIES, MAX_NAME, MAX_TEXT, RANGES
from recommender.query import MODES
from recommender.taxonomy import ASKERS, GCM_OBJECTIVES, LEVELS, SDGS, VOCABULARIES

FORMATS = ("json", "csv", "csv-excel")


@dataclass(frozen=True)
class OneOf:
    """Annotation: the value is one of `allowed`; the refusal lists them and OpenAPI shows them."""

    allowed: tuple[Any, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.allowed)}

    def _check(self, value: object) -> object:
        if value not in self.allowed:
            raise PydanticCustomError("unknown_value", "unknown value", {"allowed": list(self.allowed)})
        return value


def _split(value: object) -> object:
    """Take ``a,b`` and a repeated parameter for the same list."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Sequence):
        return [part.strip() for item in value for part in str(item).split(",") if part.strip()]
    return value


def _country(value: object) -> object:
    """Take ``ec`` for ``EC``."""
    return value.strip().upper() if isinstance(value, str) else value


Separated = BeforeValidator(_split)

Language = Annotated[str, OneOf(LANGUAGES)]
Format = Annotated[str, OneOf(FORMATS)]
Asker = Annotated[str, OneOf(ASKERS)]
Mode = Annotated[str, OneOf(MODES)]
Level = Annotated[str, OneOf(LEVELS)]
Theme = Annotated[str, OneOf(VOCABULARIES["themes"])]
Population = Annotated[str, OneOf(VOCABULARIES["populations"])]
OrganisationType = Annotated[str, OneOf(VOCABULARIES["organisation_types"])]
Sdg = Annotated[int, OneOf(SDGS)]
GcmObjective = Annotated[int, OneOf(GCM_OBJECTIVES)]
Country = Annotated[str, BeforeValidator(_country), Field(max_length=100, description="ISO 3166-1 alpha-2")]
FreeText = Annotated[str, Field(max_length=MAX_TEXT)]
Name = Annotated[str, Field(max_length=MAX_NAME)]
Several = Field(max_length=MAX_ENTRIES)


def bounds(field: str, whole: bool = False) -> Any:  # noqa: ANN401
    """Return the core's range of a field of a question, so that what is documented is what is refused."""
    span = RANGES[field]
    low, high = (int(span.low), int(span.high)) if whole else (span.low, span.high)
    return Field(gt=low, le=high) if span.above else Field(ge=low, le=high)


Rows = Annotated[int, bounds("k", whole=True), Field(description="Rows wanted.")]
Year = Annotated[int, bounds("filters.year_from", whole=True)]
Dollars = Annotated[float, bounds("filters.budget_max_usd")]


class Model(BaseModel):
    """Refuses unknown names, and says which names there are."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_unknown_names(cls, given: Any) -> Any:  # noqa: ANN401
        if isinstance(given, Mapping):
            for name in given:
                if name not in cls.model_fields:
                    context = {"field": name, "allowed": list(cls.model_fields)}
                    raise PydanticCustomError("unknown_field", "unknown field", context)
        return given


class Body(Model):
    """A JSON body: types are strict ("5" is not 5) and numbers are finite."""

    model_config = ConfigDict(strict=True)


class QueryString(Model):
    """Parameters of an address: text is parsed; a list is repeated or separated by commas."""

    lang: Language | None = Field(
        default=None, description="Language of the answer; else Accept-Language, else es."
    )

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the JSON schema; the plain one is asked for on every request and kept."""
        return super().model_json_schema(*args, **kwargs) if args or kwargs else _plain_schema(cls)


@cache
def _plain_schema(model: type[QueryString]) -> dict[str, Any]:
    return super(QueryString, model).model_json_schema()


class PagedQueryString(QueryString):
    """A list in pages."""

    q: Annotated[str, Field(max_length=500)] | None = Field(default=None, description="Words to look for.")
    page: Annotated[int, Field(ge=1, le=1_000_000)] = Field(default=1, description="Page, from 1.")
    per_page: Annotated[int, Field(ge=1, le=500)] = Field(default=20, description="Entries per page.")


class Answer(BaseModel):
    """Something the service says."""

    model_config = ConfigDict(frozen=True)


class Links(Answer):
    """Addresses of the pages around this one; null where there is none."""

    self: str
    first: str
    previous: str | None
    next: str | None
    last: str


class Page(Answer):
    """What every list carries beside its entries."""

    total: int = Field(description="Entries on all pages.")
    page: int
    per_page: int
    pages: int
    links: Links
    data_version: str


class Choice(Answer):
    """A code of a vocabulary with its name in the language of the answer."""

    code: str | int
    name: str


class PlaceBrief(Answer):
    """A territory in few words; `country` is the id of the country it lies in."""

    id: str
    name: str
    level: str
    parent: str | None = Field(description="Name of the territory it belongs to.")
    country: str


class OrganisationBrief(Answer):
    """An organisation in few words."""

    id: str
    name: str
    type: str | None


class SourceOut(Answer):
    """Where a record comes from."""

    name: str | None
    url: str | None
    retrieved: str | None = Field(description="Date on which the source was read.")


class Problem(Answer):
    """A refusal (RFC 9457). Further members carry facts such as `allowed`, `nearest` or `errors`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="Stable name of the refusal, for programs.")
