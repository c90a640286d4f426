"""One question in process: ranking, reasons, differences and sentences in both languages, ten rows."""

from itertools import cycle

import numpy as np
import pytest

from recommender.query import Query

NEEDS = (
    "jóvenes venezolanos sin empleo formal",
    "Mujeres que regresan a su pueblo sin ahorros y no encuentran a quién vender lo que producen",
    "agua segura",
    "children of migrants are not admitted to school because they lack papers",
    "Necesitamos que las familias que reciben remesas las inviertan en negocios propios y no solo en "
    "consumo; hay tierra, pero falta riego, crédito y asesoría técnica durante el primer año.",
    "violence against women in border towns",
    "adultos mayores que quedaron solos tras la emigración de sus hijos",
    "train municipal staff to deal with asylum seekers",
)
ROUNDS = 248


@pytest.fixture
def needs(deployment):
    """Needs one after another; each was read once, so that the encoder is warm."""
    for need in NEEDS:
        deployment.embedder.query(need)
    return cycle(NEEDS)


@pytest.fixture
def in_hand(deployment):
    """Readings are in hand: the encoder costs nothing."""
    deployment.embedder.in_hand = {}
    yield
    deployment.embedder.in_hand = None


def test_territory(benchmark, deployment, noted, territories):
    def ask():
        return deployment.pipeline.recommend(Query(territory_id=next(territories)))

    assert benchmark.pedantic(ask, rounds=ROUNDS, warmup_rounds=20).recommendations


def test_encoder(benchmark, deployment, noted, needs):
    assert len(benchmark.pedantic(lambda: deployment.embedder.query(next(needs)), rounds=80, warmup_rounds=8))


def test_need_with_reading_in_hand(benchmark, deployment, noted, in_hand, needs):
    def match():
        return deployment.pipeline.text.match(next(needs))

    assert benchmark.pedantic(match, rounds=80, warmup_rounds=8).features


def test_territory_and_need_with_reading_in_hand(benchmark, deployment, noted, in_hand, needs, territories):
    def ask():
        return deployment.pipeline.recommend(Query(territory_id=next(territories), need=next(needs)))

    assert benchmark.pedantic(ask, rounds=80, warmup_rounds=8).recommendations


def test_territory_and_need(benchmark, deployment, noted, needs, territories):
    def ask():
        return deployment.pipeline.recommend(Query(territory_id=next(territories), need=next(needs)))

    assert benchmark.pedantic(ask, rounds=80, warmup_rounds=8).recommendations


def test_floor_vector_product(benchmark, deployment, noted):
    """The least that any ranking by vectors costs: every practice's vector times the question's."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(len(deployment.pipeline.practice_ids), 384)).astype(np.float32)
    question = vectors[0].copy()

    def product():
        return np.argsort(-(vectors @ question), kind="stable")[:10]

    assert len(benchmark.pedantic(product, rounds=ROUNDS, warmup_rounds=20))
