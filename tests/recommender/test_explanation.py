"""Every feature can be said; reasons are chosen, never padded."""

from recommender.domain import Text
from recommender.explanation import SAYERS, reasons
from recommender.features import NAMES, SPECS
from recommender.query import Contribution
from recommender.ranker import read_prior


def test_every_feature_has_a_sentence_a_weight_and_a_meaning_in_both_languages():
    prior = read_prior(SPECS)

    assert set(SAYERS) == set(NAMES) == set(prior.tables)
    assert all(set(spec.meaning.values) == {"es", "en"} for spec in SPECS)
    assert all(len(table.reason) > 20 for table in prior.tables.values())


def contribution(name, value):
    return Contribution(name, value, 1.0, "prior", Text({"es": name, "en": name}))


def test_reasons_are_the_strongest_contributions_and_never_padded():
    strong, weak, against = (
        contribution("need_words", 0.9),
        contribution("need_dense", 0.01),
        contribution("need_alignment", -0.5),
    )

    assert reasons([weak, against, strong]) == (strong,)
    assert reasons([weak, against]) == ()


def test_words_that_match_do_not_hide_that_the_place_fits():
    words, dense, themes, need = (
        contribution("need_words", 0.9),
        contribution("need_dense", 0.8),
        contribution("need_themes", 0.7),
        contribution("need_alignment", 0.2),
    )

    assert reasons([words, dense, themes, need]) == (words, dense, need)
