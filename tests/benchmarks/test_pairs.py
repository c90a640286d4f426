"""How long many pairs take: one practice in every territory, every practice in every territory."""

from itertools import cycle

import pytest

from recommender.reverse import PlaceQuery

pytestmark = pytest.mark.benchmark(group="pairs")


def test_territories_for_a_practice_with_reasons(benchmark, deployment):
    pipeline = deployment.pipeline
    practices = cycle(pipeline.practice_ids)

    benchmark(lambda: pipeline.rank_territories(PlaceQuery(next(practices))))


def test_every_practice_in_every_territory(benchmark, deployment):
    benchmark.pedantic(deployment.pipeline.score_pairs, rounds=3)
