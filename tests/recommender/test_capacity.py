from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from recommender.capacity import FEATURES, CapacityIndex, Tags
from recommender.columns import FeatureSpec
from recommender.domain import Catalogue, Practice, Text
from recommender.query import OrganisationProfile
from recommender.questions import BUDGET, HORIZON, LEGAL, LEGAL_UNKNOWN, STAFF, gaps, questions
from tests.world import row, world


def changed(**fields: object) -> CapacityIndex:
    """The checkerboard with the first practice, coast-0, changed."""
    catalogue = world().catalogue
    first = replace(catalogue.practices["coast-0"], **fields)
    return CapacityIndex.build(replace(catalogue, practices={**catalogue.practices, "coast-0": first}))


@cache
def made() -> CapacityIndex:
    return CapacityIndex.build(world().catalogue)


def feature(
    index: CapacityIndex, name: str, profile: OrganisationProfile, practice: str = "coast-0"
) -> float:
    return float(index.features(profile)[name][row(world().catalogue.practices, "coast-0")])


def test_an_empty_profile_says_nothing_about_any_practice():
    for name, values in made().features(OrganisationProfile()).items():
        assert np.isnan(values).all(), name


def test_a_budget_is_compared_per_year_where_the_duration_is_known():
    index = changed(budget_usd=300_000.0, start_year=2018, end_year=2020)  # 100,000 a year
    assert feature(index, "budget_fit", OrganisationProfile(budget_usd=100_000)) == pytest.approx(0.0)
    assert feature(index, "budget_fit", OrganisationProfile(budget_usd=10_000)) == pytest.approx(-1.0)


def test_without_a_duration_the_horizons_money_is_compared_with_the_whole_cost():
    index = changed(budget_usd=200_000.0, end_year=None)
    two_years = OrganisationProfile(budget_usd=100_000, horizon_months=24)
    assert feature(index, "budget_fit", two_years) == pytest.approx(0.0)


def test_without_duration_and_horizon_one_years_money_can_only_be_known_to_suffice():
    index = changed(budget_usd=100_000.0, end_year=None)
    assert feature(index, "budget_fit", OrganisationProfile(budget_usd=200_000)) == pytest.approx(np.log10(2))
    assert np.isnan(feature(index, "budget_fit", OrganisationProfile(budget_usd=50_000)))


def test_more_than_ample_and_nothing_at_all_stay_within_the_range():
    index = changed(budget_usd=100.0, start_year=2018, end_year=2018)
    assert feature(index, "budget_fit", OrganisationProfile(budget_usd=1e9)) == 0.5
    assert feature(index, "budget_fit", OrganisationProfile(budget_usd=0.0)) == -2.0


def test_an_unknown_cost_or_duration_is_unknown_and_not_zero():
    profile = OrganisationProfile(budget_usd=1_000.0, horizon_months=12)
    assert np.isnan(feature(made(), "budget_fit", profile))
    assert np.isnan(feature(made(), "horizon_fit", profile))


def test_a_horizon_is_compared_with_the_calendar_years_touched():
    index = changed(start_year=2019, end_year=2020)
    assert feature(index, "horizon_fit", OrganisationProfile(horizon_months=24)) == pytest.approx(0.0)
    assert feature(index, "horizon_fit", OrganisationProfile(horizon_months=12)) == pytest.approx(-1.0)


def test_the_type_that_led_fits_best_then_the_type_of_a_partner():
    index = changed(partners=("Highland Council", "Somebody else"))
    fits = [
        feature(index, "type_fit", OrganisationProfile(type=type_))
        for type_ in ("civil_society", "public_institution", "university")
    ]
    assert fits == [1.0, 0.6, 0.0]
    orphan = changed(organisation_id=None)
    assert np.isnan(feature(orphan, "type_fit", OrganisationProfile(type="university")))


def test_shared_tags_count_by_their_rarity():
    tags = Tags.build([("a", "b"), ("a",), ("a", "c"), ()])
    a, b = np.log1p(4 / 3), np.log1p(4 / 1)
    found = tags.overlap(("a",))
    assert found[:3] == pytest.approx([a / np.sqrt((a + b) * a), 1.0, a / np.sqrt((a + b) * a)])
    assert np.isnan(found[3])
    assert tags.overlap(("b",))[0] > found[0]  # b is rarer than a
    assert tags.overlap(("b",))[1] == 0.0
    assert tags.overlap(("z",))[0] == 0.0  # a tag no practice carries
    assert np.isnan(tags.overlap(())).all()


def test_a_fishers_union_shares_the_themes_of_the_coast():
    profile = OrganisationProfile(themes=("economic_inclusion",), populations=("youth",))
    features = made().features(profile)
    assert (features["themes_shared"][:6] > 0.5).all()
    assert (features["themes_shared"][6:] == 0).all()
    assert (features["populations_shared"][:6] > features["populations_shared"][6:]).all()


def test_its_own_territories_and_their_parts_are_where_it_is():
    inside = feature(made(), "territory_nearness", OrganisationProfile(territory_ids=("XX-C1",)))
    same = feature(made(), "territory_nearness", OrganisationProfile(territory_ids=("XX-C1-2",)))
    far = feature(made(), "territory_nearness", OrganisationProfile(territory_ids=("XX-S1-1",)))
    assert inside == same == 1.0
    assert far < 0.05
    both = feature(made(), "territory_nearness", OrganisationProfile(territory_ids=("XX-S1-1", "XX-C1-2")))
    assert both == 1.0


def test_past_practices_lend_their_likeness_and_are_not_judged_themselves():
    likeness = np.tile(np.linspace(0.1, 0.9, 12), (2, 1))
    likeness[1, 3] = 1.0000001  # rounding of a dot product
    profile = OrganisationProfile(past_practices=("coast-1", "coast-2"))
    found = made().features(profile, likeness)["past_likeness"]
    assert np.flatnonzero(np.isnan(found)).tolist() == [1, 2]
    assert found[3] == 1.0
    assert found[0] == pytest.approx(0.1)


def test_features_are_declared_and_never_learned():
    profile = OrganisationProfile(
        "civil_society", ("food_agriculture",), ("youth",), ("XX-C1",), 1e5, 5, 12, "", ("coast-1",)
    )
    features = made().features(profile, np.full((1, 12), 0.5))
    assert list(features) == [spec.name for spec in FEATURES]
    assert not any(spec.learnable for spec in FEATURES)
    for spec in FEATURES:
        known = features[spec.name][np.isfinite(features[spec.name])]
        assert ((known >= spec.low) & (known <= spec.high)).all(), spec.name


def test_what_a_body_may_run_is_always_asked_first_and_in_both_languages():
    practice = world().catalogue.practices["coast-0"]
    for type_, question in LEGAL.items():
        assert questions(OrganisationProfile(type=type_), practice)[0] == question
        assert question.get("es").startswith("¿")
        assert question.get("en").endswith("?")
    assert questions(OrganisationProfile(), practice)[0] == LEGAL_UNKNOWN


def test_requirements_are_asked_and_said_to_be_stated_or_inferred():
    practice = Practice(
        "p", Text(), Text(), requirements=Text({"es": "Un muelle.", "en": "A pier."}), tags_basis="inferred"
    )
    asked = questions(OrganisationProfile(type="university", staff=12), practice)[1]
    assert asked.get("es") == (
        "Requiere (inferido de su descripción): Un muelle. ¿Cuenta con ello, con un equipo de 12?"
    )
    assert (
        asked.get("en")
        == "It needs (inferred from its description): A pier. Do you have it, with a team of 12?"
    )
    stated = questions(OrganisationProfile(), replace(practice, tags_basis="stated"))[1]
    assert stated.get("en") == "It needs (stated by its source): A pier. Do you have it?"


def test_a_cost_that_is_on_record_is_not_asked():
    practice = world().catalogue.practices["coast-0"]
    assert len(questions(OrganisationProfile(), practice)) == 2
    assert len(questions(OrganisationProfile(), replace(practice, budget_usd=5_000.0))) == 1


def test_what_the_profile_leaves_open_is_asked():
    assert gaps(OrganisationProfile()) == (BUDGET, STAFF, HORIZON)
    assert gaps(OrganisationProfile(budget_usd=0.0, staff=3, horizon_months=6)) == ()


def test_a_column_whose_neutral_value_lies_outside_is_refused():
    with pytest.raises(ValueError, match="neutral"):
        FeatureSpec("x", "", 0.0, 1.0, 2.0, Text())
    with pytest.raises(ValueError, match="exposure"):
        FeatureSpec("x", "", 0.0, 1.0, 0.5, Text(), group="other")


def test_a_catalogue_without_practices_is_answered():
    empty: Catalogue = replace(world().catalogue, practices={}, adoptions=())
    features = CapacityIndex.build(empty).features(OrganisationProfile(type="university", themes=("gender",)))
    assert all(len(values) == 0 for values in features.values())
