"""Words counted once, weighted anew: the figures of the library that training uses."""

import numpy as np

from recommender.adoption.pairs import lexical_likeness
from recommender.adoption.wording import Wording

TEXTS = [
    "Agua segura para la niñez: pozos, pozos y más pozos",
    "POZOS de agua en la escuela",
    "Crédito y ahorro para mujeres que retornan",
    "Water wells, phase 2",
    "",
]


def test_likeness_is_that_of_scikit_learn_fitted_on_the_known_texts_alone():
    wording = Wording(TEXTS)

    for known in ([0, 1, 2, 3, 4], [1, 2], [3]):
        expected = lexical_likeness(TEXTS, [TEXTS[row] for row in known])
        np.testing.assert_allclose(wording.likeness(np.arange(5), np.array(known)), expected, atol=1e-12)


def test_a_text_without_words_is_like_nothing():
    assert not Wording(TEXTS).likeness(np.array([4]), np.arange(5)).any()
