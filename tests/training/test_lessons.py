"""Lessons are made of the past alone."""

from dataclasses import replace

import numpy as np
import pytest

from training.aid_tasks import scaling
from training.dated_tasks import fit, next_practice
from training.lessons import LESSONS


@pytest.mark.parametrize("situation", ["adopters", "momentum"])
def test_no_lesson_looks_past_its_history(dated, situation):
    history = next(fit(dated, [1980]).episodes).history

    lessons = list(LESSONS[situation](history))

    assert lessons
    for lesson in lessons:
        assert lesson.history.cutoff + 5 <= history.cutoff
        assert not (lesson.history.years > lesson.history.cutoff).any()
        assert not (lesson.relevant & ~lesson.candidates).any()


@pytest.mark.parametrize(("situation", "task"), [("adopters", fit), ("momentum", next_practice)])
def test_what_comes_after_the_cutoff_teaches_nothing(dated, situation, task):
    before = next(task(dated, [1980]).episodes).history
    future = np.where(dated.years > 1980, dated.years + 1, dated.years)
    after = next(task(replace(dated, years=future), [1980]).episodes).history

    for one, other in zip(LESSONS[situation](before), LESSONS[situation](after), strict=True):
        np.testing.assert_array_equal(one.relevant, other.relevant)
        np.testing.assert_array_equal(one.history.sites, other.history.sites)


def test_projects_of_a_lesson_are_later_than_all_it_sees(projects):
    year = dict(zip(projects.practice_ids, projects.start_years, strict=True))
    for episode in scaling(projects).episodes:
        lessons = list(LESSONS["sites"](episode.history))
        assert lessons
        for lesson in lessons:
            assert lesson.history.start_years.max() < min(year[key] for key in lesson.subjects)
            assert max(year[key] for key in lesson.subjects) <= episode.history.cutoff
            assert (lesson.known.sum(axis=1) >= 1).all()
            assert not (lesson.known & lesson.candidates).any()


def test_no_test_query_is_ever_a_lesson(projects):
    for episode in scaling(projects).episodes:
        taught = {
            key for name in ("text", "sites") for e in LESSONS[name](episode.history) for key in e.subjects
        }
        assert taught and not taught & set(episode.subjects)


def test_records_without_years_give_no_dated_lessons(projects):
    history = next(scaling(projects).episodes).history

    assert list(LESSONS["adopters"](history)) == []
    assert list(LESSONS["momentum"](history)) == []
