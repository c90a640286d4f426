"""Who comes to be seen: shares that can be worked out by hand."""

from collections import Counter

import numpy as np
import pytest

from recommender.pipeline import Pipeline
from recommender.taxonomy import read_taxonomy
from recommender.text.embedding import Embedder
from recommender.text.vector_cache import VectorCache
from tests.api.conftest import HashingEncoder
from tests.world import world
from training.exposure import UNKNOWN, Exposure, Share, _shares, measure_exposure


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory, pytestconfig):
    taxonomy = read_taxonomy(pytestconfig.rootpath / "data" / "taxonomy")
    embedder = Embedder(HashingEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hashing"))
    return Pipeline.build(world().catalogue, taxonomy, embedder)


def test_a_share_is_of_rows_and_its_ratio_against_the_whole():
    people = np.array([100.0, 300.0, np.nan])

    few, many = _shares(
        ["few", "many", "empty"], ["few", "many", "many"], people, {"fit": Counter({0: 3, 1: 1})}
    )

    assert (few.whole, few.people, few.rows["fit"]) == (pytest.approx(1 / 3), 0.25, 0.75)
    assert few.ratio("fit") == pytest.approx(2.25)
    assert many.rows["fit"] == 0.25


def test_a_type_with_less_than_half_its_share_is_named_but_not_the_unknown_one():
    types = (
        Share("university", 0.2, None, {"fit": 0.09}),
        Share("civil_society", 0.7, None, {"fit": 0.91}),
        Share(UNKNOWN, 0.1, None, {"fit": 0.0}),
    )

    assert Exposure(types, (), ()).hardly_shown("fit") == ["university"]


def test_in_the_checkerboard_every_kind_and_every_province_gets_its_share(pipeline):
    found = measure_exposure(pipeline, "XX")

    for shares in (found.provinces, found.sizes, found.types):
        assert sum(share.whole for share in shares) == pytest.approx(1.0)
        assert sum(share.rows["fit"] for share in shares) == pytest.approx(1.0)
    assert {share.name: share.people for share in found.sizes} == {
        "up to 10 000": pytest.approx(1_000 / 111_000),
        "10 000 to 20 000": pytest.approx(110_000 / 111_000),
    }
    # each practice runs in five of the twelve cantons: the other seven, one of its kind, are all shown
    assert all(share.ratio("fit") == pytest.approx(1.0, rel=0.6) for share in found.provinces)
