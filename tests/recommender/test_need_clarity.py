"""What the shipped catalogue does not answer is told from what it does, in the words people type."""

from dataclasses import replace

import pytest

from recommender.package import read_packages
from recommender.text.matching import TextIndex

pytestmark = pytest.mark.model

EVERY = 4  # a quarter of the practices is quick to embed and has titles enough to learn from


@pytest.fixture(scope="module")
def index(pytestconfig, taxonomy, embedder):
    data = pytestconfig.rootpath / "data"
    shipped = read_packages([data / "ecuador", data / "world"])
    some = dict(list(shipped.practices.items())[::EVERY])
    return TextIndex.build(replace(shipped, practices=some), taxonomy, embedder)


@pytest.mark.parametrize(
    "need",
    [
        "reparación de motores de avión",
        "open-pit copper mining",
        "ecuaciones diferenciales",
        "atención veterinaria para perros y gatos callejeros",
        "jkfdls mnbvcx poiuy",
        "qué tal, espero que todo bien por allá",
        "the",
        "Guayaquil",
        "Quito, Loja",
    ],
)
def test_what_nobody_in_the_catalogue_works_on_is_not_answered(index, need):
    assert index.match(need).clarity < 1.0


@pytest.mark.parametrize(
    "need",
    [
        "regularización migratoria",
        "credit for entrepreneurs",
        "xenofobia",
        "Mujeres migrantes en Guayaquil que sufren violencia",
        "jóvnes venezolnos sin empelo formal",
        "we want children who have just arrived to find a place at school",
    ],
)
def test_what_the_catalogue_is_about_is_answered_short_or_mistyped(index, need):
    assert index.match(need).clarity == 1.0
