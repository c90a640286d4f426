"""Judged needs on four practices: one need in Spanish with a translation, one in English without."""

import json
from dataclasses import replace

import numpy as np
import pytest

from api.config import HOME
from recommender.domain import DataError, Practice, Text
from recommender.package import JudgedNeed, Judgements
from recommender.pipeline import Pipeline
from recommender.taxonomy import read_taxonomy
from recommender.text.embedding import Embedder
from recommender.text.vector_cache import VectorCache
from tests.api.conftest import HashingEncoder
from tests.world import world
from training import need_report
from training.cli_need import FULL, systems
from training.need import evaluate_need, reciprocal_ranks, standard_sum
from training.tables import Provenance

PRACTICES = ["a", "b", "c", "d"]


@pytest.fixture
def judgements():
    return Judgements(
        queries={
            "n1": JudgedNeed("n1", Text({"es": "agua", "en": "water"}), "EC-01", None, "organisation", "es"),
            "n2": JudgedNeed("n2", Text({"en": "roads"}), None, None, None, "en"),
            "n3": JudgedNeed("n3", Text({"es": "sin juzgar"}), None, None, None, "es"),
        },
        grades={"n1": {"a": 0, "b": 3, "c": 1, "d": 0}, "n2": {"a": 2, "b": 0, "c": 0, "d": 0}},
    )


def in_order(need):
    """Rank a, b, c, d."""
    return np.array([4.0, 3.0, 2.0, 1.0])


def only_spanish(need):
    """Find b for Spanish wordings alone."""
    return np.array([0.0, 1.0, 0.0, 0.0]) * (need.language == "es")


def test_every_system_is_measured_on_the_original_wording(judgements):
    result = evaluate_need(judgements, PRACTICES, {"order": in_order})

    table = result.original.systems["order"]
    assert list(table.columns) == ["nDCG@10", "recall@20", "AP"]
    assert table.loc["n1", "nDCG@10"] == pytest.approx((7 / np.log2(3) + 1 / 2) / (7 + 1 / np.log2(3)))
    assert table.loc["n1", "AP"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert table.loc["n2"].tolist() == [1.0, 1.0, 1.0]


def test_a_system_hears_who_asks_and_where(judgements):
    heard = []

    def listening(need):
        heard.append((need.text, need.language, need.territory_id, need.asker))
        return in_order(need)

    evaluate_need(judgements, PRACTICES, {"listening": listening})

    assert heard == [
        ("agua", "es", "EC-01", "organisation"),
        ("roads", "en", None, None),
        ("water", "en", "EC-01", "organisation"),
    ]


def test_translation_is_measured_on_the_needs_that_have_one(judgements):
    result = evaluate_need(judgements, PRACTICES, {"spanish": only_spanish, "order": in_order})

    assert list(result.translated.systems["spanish"].index) == ["n1"]
    assert result.lost_in_translation("order") == (0.0, 0.0, 0.0)
    assert result.lost_in_translation("spanish").mean < 0


def test_without_any_translation_there_is_nothing_to_lose(judgements):
    alone = Judgements({"n2": judgements.queries["n2"]}, {"n2": judgements.grades["n2"]})

    result = evaluate_need(alone, PRACTICES, {"order": in_order})

    assert result.translated is None and result.lost_in_translation("order") is None


def test_the_run_holds_all_practices_for_every_judged_need(judgements):
    frame = evaluate_need(judgements, PRACTICES, {"order": in_order}).runs["order"].frame

    assert len(frame) == 2 * 4
    assert set(frame["query_id"]) == {"n1", "n2"}


def test_progress_counts_questions(judgements):
    seen = []

    evaluate_need(
        judgements, PRACTICES, {"order": in_order}, progress=lambda done, total: seen.append((done, total))
    )

    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_judged_practices_outside_the_catalogue_are_named(judgements):
    with pytest.raises(DataError) as refused:
        evaluate_need(judgements, PRACTICES[:3], {"order": lambda need: in_order(need)[:3]})

    assert refused.value.facts["practices"] == ["d"]


def test_a_need_without_its_original_wording_is_refused(judgements):
    wrong = {"n2": JudgedNeed("n2", Text({"en": "roads"}), None, None, None, "es")}

    with pytest.raises(DataError, match="need_es"):
        evaluate_need(Judgements(wrong, judgements.grades), PRACTICES, {"order": in_order})


def test_a_package_without_judgements_is_refused():
    with pytest.raises(DataError):
        evaluate_need(Judgements({}, {}), PRACTICES, {"order": in_order})


@pytest.mark.parametrize("answer", [np.array([1.0]), np.array([1.0, 2.0, np.nan, 0.0])])
def test_answers_of_another_length_or_with_unknown_scores_are_refused(judgements, answer):
    with pytest.raises(DataError, match="broken"):
        evaluate_need(judgements, PRACTICES, {"broken": lambda need: answer})


def test_reciprocal_ranks_add_one_over_sixty_plus_rank():
    fused = reciprocal_ranks(in_order, lambda need: np.array([1.0, 2.0, 3.0, 4.0]))(None)

    assert fused == pytest.approx([1 / 61 + 1 / 64, 1 / 62 + 1 / 63, 1 / 63 + 1 / 62, 1 / 64 + 1 / 61])


def test_standard_sum_ignores_a_constant_answer():
    fused = standard_sum(in_order, lambda need: np.ones(4))(None)

    assert fused == pytest.approx(np.array([1.5, 0.5, -0.5, -1.5]) / np.sqrt(1.25))


def test_standard_sum_ranks_with_what_is_known_and_puts_the_unknown_last():
    partly = lambda need: np.array([np.nan, 2.0, 1.0, -np.inf])  # noqa: E731
    nothing_of_d = lambda need: np.array([3.0, 2.0, 1.0, -np.inf])  # noqa: E731

    fused = standard_sum(nothing_of_d, partly)(None)

    assert fused[:3] == pytest.approx([2 * np.sqrt(1.5), 1.0, -np.sqrt(1.5) - 1.0])
    assert fused[3] == -np.inf


def test_a_practice_without_a_text_is_ranked_last_and_stops_no_system(tmp_path):
    catalogue = world().catalogue
    silent = Practice("silent", Text(), Text())
    catalogue = replace(catalogue, practices={"silent": silent, **catalogue.practices})
    embedder = Embedder(HashingEncoder, VectorCache(tmp_path, "hashing"))
    pipeline = Pipeline.build(catalogue, read_taxonomy(HOME / "data" / "taxonomy"), embedder)
    judged = Judgements(
        queries={"n": JudgedNeed("n", Text({"en": "fish"}), "XX-C1-1", None, None, "en")},
        grades={"n": {"coast-0": 3, "silent": 0}},
    )

    result = evaluate_need(judged, pipeline.practice_ids, systems(pipeline))

    for name in ("BM25", "dense only", "BM25 + dense, reciprocal rank", "BM25 + dense, z-sum"):
        frame = result.runs[name].frame
        assert frame.loc[frame["score"].idxmin(), "item_id"] == "silent"
    assert np.isfinite(result.runs[FULL].frame["score"]).all()


def test_the_report_shows_both_wordings_and_the_loss(judgements):
    result = evaluate_need(judgements, PRACTICES, {"order": in_order, "spanish": only_spanish})
    provenance = Provenance("hand-made 1", "none", seed=0, resamples=100)

    text = need_report.markdown(result, "order", provenance)
    data = json.loads(json.dumps(need_report.document(result, "order", provenance)))

    assert "| order | +0.000 [+0.000, +0.000] | +0.0% |" in text
    assert data["original"]["queries"] == 2 and data["translated"]["queries"] == 1
    assert data["translated_less_original"]["spanish"]["mean"] < 0
