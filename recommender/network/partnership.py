"""What a search for partners says: organisations with their score, gathered by body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

NEED, PLACE, COMPLEMENT = 0.5, 0.3, 0.2
"""Shares of a partner's score: working on the same need comes first, then place, then another kind."""
SAME, PROVINCE, LIKE, COUNTRY = 1.0, 0.75, 0.5, 0.25
"""Nearness of two organisations' places: the same, the same province, a like one, the same country."""


@dataclass(frozen=True, slots=True)
class Partner:
    """One organisation beside the one that asks.

    Attributes
    ----------
    score : float
        ``0.5 need + 0.3 place + 0.2 complement``; an unknown place adds nothing.
    need : float
        0-1: mean overlap of themes and of population groups, rare ones counting more.
    place : float or None
        1 the same place, 0.75 the same province, 0.5 a like territory or countrywide work, 0.25 the
        same country, 0 elsewhere; None where no place is recorded of either.
    complement : bool
        It is of another known type.
    themes, populations : tuple of str
        What both work on.
    territory_ids : tuple of str
        Where both work.
    practices : tuple of str
        Its practices that share a theme, and `together` those both took part in.
    """

    organisation_id: str
    score: float
    need: float
    place: float | None
    complement: bool
    themes: tuple[str, ...]
    populations: tuple[str, ...]
    territory_ids: tuple[str, ...]
    practices: tuple[str, ...]
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Partners of one body (`network`), best first; without a name, one organisation alone."""

    network: str | None
    partners: tuple[Partner, ...]


@dataclass(frozen=True, slots=True)
class Partners:
    """Families by their best partner's score; `own_family` are organisations of the asker's own body.

    `organisation_id` is None where a profile asked.
    """

    organisation_id: str | None
    families: tuple[Family, ...]
    own_family: tuple[str, ...]
    considered: int


class Asker(NamedTuple):
    """Who looks for partners: an organisation of the catalogue, or one that tells its profile."""

    id: str | None
    type: str | None
    network: frozenset[str]
    themes: tuple[str, ...]
    populations: tuple[str, ...]
    places: frozenset[int]
    practices: frozenset[str]
