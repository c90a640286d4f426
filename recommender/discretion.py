"""Places that are better not pointed at: shelters for survivors are known by province only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from recommender.domain import Adoption, Catalogue, Practice, Territory

AT_RISK = frozenset({"survivors_of_gbv", "victims_of_trafficking"})
"""Population groups whom somebody may be looking for."""
SHELTER = re.compile(
    r"\b(shelters?|safe ?houses?|casas? de acogida|casas? hogar|hogar(es)? (integral|de acogida|para)|"
    r"casas? refugio|albergues?)\b",
    re.IGNORECASE,
)
"""Words for a place to stay, in Spanish and English."""
SHOWN = ("country", "admin1")
"""Levels at which such a practice's places are shown."""


def is_shelter(practice: Practice) -> bool:
    """Tell whether a practice gives survivors of violence or trafficking a place to stay.

    It serves them, and either has the theme housing or says so in its title or summary. One that is
    wrongly taken for a shelter loses a little exactness; one that is missed could cost much more.
    """
    if not AT_RISK.intersection(practice.populations):
        return False
    texts = (*practice.title.values.values(), *practice.summary.values.values())
    return "housing" in practice.themes or any(SHELTER.search(text) for text in texts)


def veil(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with the places of shelters told by province.

    Scores, distances and reasons are then worked out from the province too, so that nothing in an
    answer points closer. Of several places in one province one is told. What the source itself says in
    its own words, title and link included, is public and stays as it is. The version stays: it names the
    data that were read.
    """
    hidden = {practice.id for practice in catalogue.practices.values() if is_shelter(practice)}
    told: dict[tuple[str, str], Adoption] = {}
    extras: dict[tuple[str, ...], Mapping[str, str]] = dict(catalogue.extras.get("adoptions", {}))
    for adoption in catalogue.adoptions:
        if adoption.practice_id in hidden:
            before = (adoption.practice_id, adoption.territory_id)
            adoption = adoption._replace(territory_id=_province(catalogue, adoption.territory_id).id)
            if before[1] != adoption.territory_id and (cells := extras.pop(before, None)):
                extras.setdefault((adoption.practice_id, adoption.territory_id), cells)
        told.setdefault((adoption.practice_id, adoption.territory_id), adoption)
    files = {**catalogue.extras, "adoptions": MappingProxyType(extras)} if extras else catalogue.extras
    return replace(catalogue, adoptions=tuple(told.values()), extras=MappingProxyType(dict(files)))


def _province(catalogue: Catalogue, territory_id: str) -> Territory:
    place = catalogue.territories[territory_id]
    while place.level not in SHOWN and place.parent_id is not None:
        place = catalogue.territories[place.parent_id]
    return place
