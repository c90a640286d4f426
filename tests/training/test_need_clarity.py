"""Needs that nothing answers: how they are read and mistyped; what is measured is in docs/results."""

import random

from training.need_clarity import OFF_TOPIC, mistyped, off_topic


def test_every_part_is_read_whole_and_by_distance_in_both_languages():
    groups = {group.name: group.texts for group in off_topic(OFF_TOPIC)}

    assert len(groups["development"]) == len(groups["held-out"]) == len(groups["to be answered"]) == 80
    assert sum(len(texts) for name, texts in groups.items() if name.startswith("held-out, ")) == 80
    assert not set(groups["development"]) & set(groups["held-out"])


def test_a_tenth_of_the_words_is_mistyped_the_same_each_time_and_short_words_never():
    text = "movilidad humana en la frontera " * 500

    (once,), (again,) = (list(mistyped([text], random.Random(1))) for _ in range(2))

    before, after = text.split(), once.split()
    changed = [word for word, typed in zip(before, after, strict=True) if word != typed]
    assert once == again
    assert not {"en", "la"} & set(changed)
    assert 0.08 < len(changed) / 1500 < 0.12  # three of the five words are long enough
