"""Shelters are told by province, everything else as it is."""

from dataclasses import replace

import pytest

from recommender.discretion import veil
from recommender.domain import Adoption, Practice, Text
from tests.world import world

SHELTER = Practice(
    "shelter",
    Text({"es": "Casa de acogida de Puerto Uno"}),
    Text({"es": "Un lugar seguro"}),
    populations=("survivors_of_gbv",),
    themes=("housing",),
)


@pytest.fixture
def catalogue():
    """The checkerboard with a shelter in two cantons of one province and in another."""
    known = world().catalogue
    adoptions = tuple(
        Adoption("shelter", place, year, None, None, None)
        for place, year in (("XX-C1-1", 2019), ("XX-C1-2", 2020), ("XX-S1-1", 2021))
    )
    return replace(
        known,
        practices={**known.practices, "shelter": SHELTER},
        adoptions=(*known.adoptions, *adoptions),
        extras={"adoptions": {("shelter", "XX-C1-1"): {"contact": "office"}}},
    )


def test_places_of_a_shelter_become_provinces_each_once(catalogue):
    veiled = veil(catalogue)

    told = [(a.territory_id, a.year) for a in veiled.adoptions if a.practice_id == "shelter"]
    assert told == [("XX-C1", 2019), ("XX-S1", 2021)]
    assert dict(veiled.extras["adoptions"]) == {("shelter", "XX-C1"): {"contact": "office"}}


def test_nothing_else_changes(catalogue):
    veiled = veil(catalogue)

    others = [a for a in catalogue.adoptions if a.practice_id != "shelter"]
    assert [a for a in veiled.adoptions if a.practice_id != "shelter"] == others
    assert veiled.practices == catalogue.practices
    assert veiled.version == catalogue.version
