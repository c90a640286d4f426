"""Reference methods on histories small enough to work by hand."""

from math import exp, sqrt

import numpy as np
import pytest

from training import references
from training.reference_table import REFERENCES
from training.references import standardised, summed

# Three practices by three places; the practice that asks is known in t0.
SITES = [[1, 1, 0], [1, 0, 0], [1, 1, 1]]


def scores(method, episode):
    return pytest.approx(method(episode)[0].tolist())


def test_popularity_is_the_share_of_practices_a_place_has(episode_of):
    episode = episode_of(SITES, [[1, 0, 0]])

    assert scores(references.popularity, episode) == [1, 2 / 3, 1 / 3]


def test_prevalence_is_the_share_of_places_that_have_a_practice(episode_of):
    episode = episode_of(SITES, [[0, 0, 0]])

    assert scores(references.prevalence, episode) == [2 / 3, 1 / 3, 1]


def test_innovativeness_counts_ten_years_and_momentum_five(episode_of):
    # At 1990: 1980 is outside (1980, 1990], 1985 outside (1985, 1990].
    years = [[1980, 1981], [1985, 1986]]
    episode = episode_of([[1, 1], [1, 1]], [[0, 0]], years=years)

    assert scores(references.innovativeness, episode) == [1, 2]
    assert scores(references.momentum, episode) == [0, 1]


def test_co_adoption_sums_cosines_with_the_known_places(episode_of):
    # Columns have 3, 2 and 1 practices; t0 shares 2 with t1 and 1 with t2.
    episode = episode_of(SITES, [[1, 0, 0]])

    assert [0, 2 / sqrt(6), 1 / sqrt(3)] == scores(references.co_adoption, episode)


def test_co_adoption_for_fit_leaves_out_the_row_of_the_practice_that_asks(episode_of):
    # Without p0: t0 {p1, p2}, t1 {p2}, t2 {p2}; C01 = C02 = 1/sqrt 2 and C12 = 1.
    episode = episode_of(SITES, [[1, 1, 0]], subjects=["p0"])

    near = 1 / sqrt(2)
    expected = [near / (2 * near), near / (near + 1), 1.0]
    assert expected == scores(references.co_adoption_without_own, episode)


def test_the_most_similar_places_are_summed_undivided_and_of_equals_the_last_is_kept(episode_of):
    episode = episode_of(SITES, [[1, 1, 0]], subjects=["p0"])

    def top_one(asked):
        return references.co_adoption_without_own(asked, most_similar=1)

    # t0's nearest are t1 and t2 alike: t2 is kept and lacks p0. t2's nearest is t1, which has it.
    assert scores(top_one, episode) == [0, 0, 1]


def test_similar_places_weigh_practices_by_likeness_to_the_place_that_asks(episode_of):
    episode = episode_of(SITES, [[0, 1, 1]], subjects=["t1"])

    to_t0, to_t2 = 2 / sqrt(6), 1 / sqrt(2)
    assert [to_t0, to_t0, to_t0 + to_t2] == scores(references.similar_places, episode)


def test_distance_decays_with_half_the_median(episode_of):
    # Of the nine distances, diagonal included, 2 is the middle one: the scale is 1.
    episode = episode_of(SITES, [[1, 0, 1]], km=[[0, 2, 4], [2, 0, 3], [4, 3, 0]])

    assert [exp(-4), exp(-2) + exp(-3), exp(-4)] == scores(references.distance, episode)


def test_places_without_coordinates_are_near_to_nothing(episode_of):
    unknown = episode_of(SITES, [[1, 0, 0]], km=np.full((3, 3), np.nan))

    assert scores(references.distance, unknown) == [0, 0, 0]


def test_bordering_is_the_share_of_neighbours_that_have_it(episode_of):
    borders = [[0, 1, 1], [1, 0, 0], [0, 0, 0]]
    known = episode_of(SITES, [[0, 1, 0]], borders=borders)
    asking = episode_of(SITES, [[1, 1, 1]], borders=borders, subjects=["t0"])

    assert scores(references.bordering, known) == [1 / 2, 0, 0]
    assert scores(references.bordering_the_asker, asking) == [1 / 2, 0, 1]


def test_text_neighbours_average_the_sites_of_practices_alike_in_wording(episode_of):
    # The asker's text is p1's: cosine 1; p2 shares no word; p0 has none at all.
    episode = episode_of(SITES, [[0, 0, 0]], texts=["", "clean water", "rural roads"], asked=["Clean wáter"])

    assert scores(references.text_neighbours, episode) == [1, 0, 0]
    assert scores(references.text_then_popularity, episode) == [1.001, 2 / 3000, 1 / 3000]


def test_only_the_twenty_nearest_texts_count_and_ties_go_by_practice_id(episode_of):
    sites = np.zeros((21, 21))
    np.fill_diagonal(sites, 1)
    episode = episode_of(sites, [np.zeros(21)], texts=["clean water"] * 21, asked=["clean water"])

    assert scores(references.text_neighbours, episode) == [1 / 20] * 20 + [0]
    assert scores(lambda e: references.text_neighbours(e, mean=False), episode) == [1] * 20 + [0]


def test_a_history_without_words_says_nothing(episode_of):
    assert scores(references.text_neighbours, episode_of(SITES, [[0, 0, 0]], asked=["water"])) == [0, 0, 0]


def test_items_by_text_square_overlap_times_likeness(episode_of):
    texts = ["clean water", "clean water", "rural roads"]
    episode = episode_of(SITES, [[1, 0, 0]], texts=texts, asked=["clean water"])

    # Overlaps 1/sqrt 2, 1 and 1/sqrt 3; likeness 1.2, 1.2 and 0.2.
    w0, w1, w2 = 1.2**2 / 2, 1.2**2, 0.2**2 / 3
    total = w0 + w1 + w2
    assert [1, (w0 + w2) / total, w2 / total] == scores(references.items_by_text, episode)


def test_random_is_the_first_eight_digits_of_sha_256(episode_of):
    # SHA-256 of "random|p|X-1" and "random|p|X-2" begin with these digits.
    episode = episode_of([[1, 1]], [[0, 0]], subjects=["p"])
    named = type(episode)(**{**vars(episode), "item_ids": np.array(["X-1", "X-2"], dtype=object)})

    assert REFERENCES["placement"]["random"](named).tolist() == [[1481318749, 271838785]]


def test_z_scores_count_unseen_items_as_zeros():
    # Of 3, 1, 0, 0 the mean is 1 and the variance (4 + 0 + 1 + 1) / 4.
    assert standardised(np.array([[3.0, 1.0]]), unseen=2)[0].tolist() == pytest.approx([2 / sqrt(1.5), 0])


def test_a_constant_answer_adds_nothing(episode_of):
    episode = episode_of(SITES, [[1, 0, 0]])

    def constant(asked):
        return np.full(asked.known.shape, 0.1)

    together = summed(references.popularity, constant)(episode)

    assert together.tolist() == standardised(references.popularity(episode)).tolist()
