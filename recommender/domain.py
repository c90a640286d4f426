"""The words of the trade as frozen types, and the tree of errors. Standard library only.

Errors, drawn as a tree (each says when it happens in its own docstring)::

    ArraigoError
    ├── DataError
    │   ├── PackageRefused
    │   └── ForeignCache
    ├── QueryError
    │   ├── UnknownId
    │   ├── AmbiguousPlace
    │   ├── EmptyQuery
    │   ├── UnknownValue
    │   └── OutOfRange
    ├── ModelError
    └── NotReady
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

LANGUAGES = ("es", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or more languages.

    Parameters
    ----------
    values : mapping of str to str
        Language code -> text; languages without a text are absent, never empty strings.
    """

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, language: str) -> str:
        """Return the text in `language`, else in any language it exists in, else ``""``."""
        return self.values.get(language) or next(iter(self.values.values()), "")

    def __bool__(self) -> bool:
        """Tell whether there is a text in any language."""
        return bool(self.values)


@dataclass(frozen=True, slots=True)
class Territory:
    """A place: country, province (`admin1`), canton (`admin2`) or smaller."""

    id: str
    name: str
    level: str
    parent_id: str | None = None
    local_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None
    region: str | None = None
    capital: str | None = None
    aliases: tuple[str, ...] = ()
    country_id: str = ""


class Neighbour(NamedTuple):
    """One directed pair of neighbouring territories; `border` is True where they touch."""

    territory_id: str
    neighbour_id: str
    distance_km: float | None
    border: bool | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured quantity; `direction` is ``need_high``, ``need_low`` or ``context``.

    `shrink_persons` is the population at which a small place's own value and its parent's weigh
    the same (volatile rates only); None means the value is used as it is. `phrase` says a value
    in a sentence, with ``{value}`` where the figure stands.
    """

    id: str
    name: Text
    description: Text
    unit: str
    direction: str
    source: str
    licence: str | None = None
    shrink_persons: float | None = None
    unit_text: Text = Text()
    phrase: Text = Text()


class Observation(NamedTuple):
    """The value of one indicator in one territory and year, in the indicator's unit."""

    territory_id: str
    indicator_id: str
    year: int
    value: float
    source: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that runs or could run practices; `type` is one of the five organisation types."""

    id: str
    name: str
    type: str | None
    country: str | None = None
    network: tuple[str, ...] = ()
    url: str | None = None
    about: Text = Text()


@dataclass(frozen=True, slots=True)
class Practice:
    """A good practice as its source tells it. Unknown fields are None or empty, never zero."""

    id: str
    title: Text
    summary: Text
    organisation_id: str | None = None
    partners: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    gcm_objectives: tuple[int, ...] = ()
    start_year: int | None = None
    end_year: int | None = None
    budget_usd: float | None = None
    people_reached: int | None = None
    requirements: Text = Text()
    results: Text = Text()
    evidence_level: int | None = None
    recognition: str | None = None
    tags_basis: str | None = None
    source_name: str | None = None
    source_url: str | None = None
    retrieved: str | None = None
    note: str | None = None
    topic: str | None = None


class Adoption(NamedTuple):
    """A practice carried out in a territory; `outcome` None means the result is not known."""

    practice_id: str
    territory_id: str
    year: int | None
    organisation_id: str | None
    outcome: str | None
    source_url: str | None

    @property
    def ran(self) -> bool:
        """Whether it counts as carried out there: a failed try is told as one and counts nowhere."""
        return self.outcome != "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where observations come from: publisher, table and licence ("not confirmed" where unknown)."""

    id: str
    publisher: str
    description: str
    licence: str | None


@dataclass(frozen=True)
class Catalogue:
    """An immutable snapshot of everything known; mappings keep a stable, sorted order of ids.

    `version` is a digest of the contents: equal contents, equal version. `extras` keeps the
    columns beyond the exchange format: file stem -> key of the row -> column -> cell.
    """

    territories: Mapping[str, Territory]
    indicators: Mapping[str, Indicator]
    practices: Mapping[str, Practice]
    organisations: Mapping[str, Organisation]
    observations: Sequence[Observation]
    adoptions: Sequence[Adoption]
    neighbours: Sequence[Neighbour]
    sources: Mapping[str, Source]
    version: str
    extras: Mapping[str, Mapping[tuple[str, ...], Mapping[str, str]]] = field(
        default_factory=lambda: MappingProxyType({})
    )


class ArraigoError(Exception):
    """Any refusal of Arraigo, with one sentence in Spanish and one in English.

    Parameters
    ----------
    es, en : str
        What is wrong, where, the offending value and the remedy.
    **facts
        The same as data, for programs (`facts["nearest"]`, `facts["allowed"]`, ...).
    """

    def __init__(self, *, es: str, en: str, **facts: object) -> None:
        super().__init__(en)
        self.es, self.en, self.facts = es, en, facts

    @property
    def code(self) -> str:
        """The error's name in kebab case, stable for programs (``unknown-id``)."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

    def message(self, language: str) -> str:
        """Return the sentence in `language` (``es`` or ``en``)."""
        return self.es if language == "es" else self.en


class DataError(ArraigoError):
    """Data on disk cannot be used as it is."""


class PackageRefused(DataError):
    """A data package has faults; `facts["faults"]` lists every one and nothing was loaded."""


class ForeignCache(DataError):
    """A cache was made by another model and is not used."""


class QueryError(ArraigoError):
    """The caller's question cannot be answered as asked."""


class UnknownId(QueryError):
    """No territory, practice or organisation has this id or name; the nearest ones are named."""


class AmbiguousPlace(QueryError):
    """A place name stands for several territories; all are listed with their parents."""


class EmptyQuery(QueryError):
    """Neither territory nor organisation nor need was given."""


class UnknownValue(QueryError):
    """A filter, weight or option has a value that is not one of the allowed ones."""


class OutOfRange(QueryError):
    """A number is not finite or lies outside its range."""


class ModelError(ArraigoError):
    """A model artefact is missing, damaged, foreign or does not match the features."""


class NotReady(ArraigoError):
    """Something still loads (the text encoder); asking again later will work."""
