"""A practice held against a territory, on the checkerboard: what is known, asked, weakest, to do."""

from dataclasses import replace

import pytest

from recommender.domain import Adoption, Text, UnknownId, UnknownValue
from recommender.pipeline import Pipeline
from recommender.query import OrganisationProfile
from recommender.territory.context import ContextIndex
from recommender.territory.indicators import IndicatorMatrix
from recommender.text.embedding import Embedder, VectorCache
from recommender.transfer import TransferIndex
from recommender.transfer.factors import LINKS, read_factors
from recommender.transfer.pair import Ground
from tests.recommender.conftest import HashEncoder
from tests.world import COAST, world


@pytest.fixture(scope="module")
def make(taxonomy, tmp_path_factory):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))

    def index(adoptions=(), **changed):
        """The checkerboard, the record of coast-0 changed, with the weights its texts are meant to have."""
        catalogue = world().catalogue
        catalogue = replace(catalogue, adoptions=(*catalogue.adoptions, *adoptions))
        practices = dict(catalogue.practices)
        practices["coast-0"] = replace(practices["coast-0"], **changed)
        catalogue = replace(catalogue, practices=practices)
        context = ContextIndex.build(IndicatorMatrix.build(catalogue), catalogue, world().relevance)
        pipeline = Pipeline.build(catalogue, taxonomy, embedder)
        return TransferIndex(pipeline, Ground.build(catalogue, context), read_factors())

    return index


@pytest.fixture(scope="module")
def index(make):
    return make()


@pytest.fixture(scope="module")
def costly(make):
    return make(
        budget_usd=12_000.0,
        start_year=2015,
        end_year=2016,
        tags_basis="stated",
        requirements=Text({"es": "Dos técnicos; un local", "en": "Two technicians; premises"}),
    )


def factor(found, code):
    return next(result for result in found.factors if result.factor.code == code)


def link(found, code):
    return next(each for each in found.chain if each.code == code)


def test_all_29_factors_are_told_in_order_in_both_languages(index):
    found = index.compare("coast-0", "XX-C1-1")

    assert [result.factor.number for result in found.factors] == list(range(1, 30))
    assert {result.factor.link for result in found.factors} == set(LINKS)
    for result in found.factors:
        for language in ("es", "en"):
            assert result.factor.title.values[language]
            assert result.finding.sentence.values[language]
            assert result.factor.formula.values[language]
            assert result.factor.change.values[language]


def test_need_is_the_weighted_standing_here_against_there(index):
    found = index.compare("coast-0", "XX-C1-1")

    need = factor(found, "need")

    # XX-C1-2 is nearest by indicators. Fish: 50 is 7th, 52 is 8th of 12 cantons: (7 - 1/2)/12, (8 - 1/2)/12.
    # Documents: both have the province's 40 %, the lowest of four: 1 - 1/8. Weights 0.6 and 0.2.
    assert found.origin_id == "XX-C1-2"
    assert need.finding.here.number == pytest.approx((0.6 * 6.5 / 12 + 0.2 * 0.875) / 0.8)
    assert need.finding.there.number == pytest.approx((0.6 * 7.5 / 12 + 0.2 * 0.875) / 0.8)
    assert need.status == "alike"


def test_the_group_is_compared_in_national_standard_deviations(index):
    group = factor(index.compare("coast-0", "XX-C1-1"), "target_group")

    # youth: 30 % here, 31 % there; 30..35 and 20..25 in all: variance 25 + 35/12
    assert group.finding.sd == pytest.approx(-1 / (25 + 35 / 12) ** 0.5)
    assert (group.finding.here.number, group.finding.there.number) == (30.0, 31.0)
    assert (group.finding.here.year, group.finding.here.unit) == (2022, "%")
    assert group.finding.here.source == "Nobody: Made up for tests"


def test_a_mountain_practice_differs_on_the_coast_and_its_need_is_low_there(index):
    found = index.compare("mountain-0", "XX-C1-1")

    assert factor(found, "need").status == "differs"
    assert factor(found, "setting").status == "differs"
    assert link(found, "need").level == "weak"
    assert found.weakest == "need"
    assert "la necesidad" in found.verdict.get("es")
    assert "the need" in found.verdict.get("en")


def test_differences_above_one_standard_deviation_are_flagged_and_ask_for_a_change(index):
    found = index.compare("mountain-0", "XX-C1-1")

    frost = next(action for action in found.plan.actions if action.indicator_id == "frost_loss_share")

    # 10 here; 50 at the most alike mountain canton where it ran, or 52..60
    assert frost.importance == 1.0
    assert frost.change.get("en") == read_factors().other.lower.get("en")
    sizes = [action.importance * action.size for action in found.plan.actions]
    assert sizes == sorted(sizes, reverse=True)


def test_what_is_not_known_is_unknown_or_asked_and_never_zero(index):
    found = index.compare("coast-0", "XX-C1-1")

    for code in ("cost", "time", "evidence"):
        assert factor(found, code).status == "unknown"
        assert factor(found, code).finding.there is None
    for code in ("legal_competence", "political_support", "acceptability", "assumptions"):
        assert factor(found, code).status == "ask"
    assert link(found, "evidence").level == "unknown"
    assert link(found, "evidence").because[0] == "evidence"
    assert link(found, "ability").because[0] == "legal_competence"
    assert found.plan.cost is None


def test_the_nearest_place_is_measured_on_the_globe(index):
    distance = factor(index.compare("coast-0", "XX-C1-1"), "distance")

    assert distance.finding.there.number == pytest.approx(6371 * 0.2 * 3.141592653589793 / 180, rel=1e-5)
    assert distance.status == "alike"


def test_what_already_runs_on_the_theme_is_listed_as_overlap_and_none_recorded_is_asked(index):
    assert factor(index.compare("coast-0", "XX-C1-1"), "alternatives").finding.here.number == 5
    assert factor(index.compare("mountain-0", "XX-S1-1"), "alternatives").status == "differs"
    assert factor(index.compare("coast-0", "XX-C2"), "alternatives").status == "differs"


def test_partners_of_the_needed_types_are_named(index):
    found = index.compare("coast-0", "XX-C1-1")

    assert factor(found, "partners").status == "alike"
    (needed,) = [row for row in found.plan.partners if row.needed]
    assert (needed.type, [body.id for body in needed.organisations]) == ("civil_society", ["fishers"])
    away = index.compare("coast-0", "XX-S1-1")
    assert factor(away, "partners").status == "ask"


def test_a_practice_that_already_runs_there_is_said_so(index):
    found = index.compare("coast-1", "XX-C1-1")

    assert [adoption.territory_id for adoption in found.already_here] == ["XX-C1-1"]
    assert found.origin_id != "XX-C1-1"
    assert "ya consta" in found.verdict.get("es")
    assert "already on record" in found.verdict.get("en")


def test_answers_change_the_result_and_leave_no_trace(index):
    before = index.compare("coast-0", "XX-C1-1")

    no = index.compare("coast-0", "XX-C1-1", answers={"legal_competence": "no"})
    yes = index.compare("coast-0", "XX-C1-1", answers=dict.fromkeys(index.table.answerable(), "yes"))

    assert link(no, "ability").level == "weak"
    assert no.weakest == "ability"
    assert factor(no, "legal_competence").basis == "answer"
    assert all(each.level == "strong" for each in yes.chain)
    assert yes.coverage > before.coverage
    assert yes.plan.questions == ()
    assert index.compare("coast-0", "XX-C1-1") == before


def test_the_weakest_link_is_the_one_named(index):
    for practice in ("coast-0", "mountain-0"):
        for canton in COAST:
            found = index.compare(practice, canton)
            order = ["weak", "unknown", "medium", "strong"]
            assert link(found, found.weakest).level == min((e.level for e in found.chain), key=order.index)


def test_an_organisations_money_and_time_are_held_against_the_record(costly):
    def status(code, **profile):
        return factor(costly.compare("coast-0", "XX-C1-1", OrganisationProfile(**profile)), code).status

    # two calendar years: 6,000 a year is exactly enough
    assert status("cost", budget_usd=6_000.0) == "alike"
    assert status("cost", budget_usd=5_999.0) == "differs"
    assert status("cost", staff=3) == "ask"
    assert status("time", horizon_months=24) == "alike"
    assert status("time", horizon_months=23) == "differs"


def test_the_legal_question_is_the_organisations_own_and_never_answered(costly):
    found = costly.compare("coast-0", "XX-C1-1", OrganisationProfile(type="university"))

    assert factor(found, "legal_competence").status == "ask"
    assert factor(found, "legal_competence").finding.sentence.get("en").endswith("?")
    assert "reglamento" in factor(found, "legal_competence").finding.sentence.get("es")


def test_cost_is_scaled_by_the_people_concerned(costly):
    cost = costly.compare("coast-0", "XX-C1-1").plan.cost

    # the youth's share is not told as one of the population: everyone counts, 1,000 here, 5 x 10,000 there
    assert (cost.persons_here, cost.persons_there) == (1_000, 50_000)
    assert cost.scaled_usd == pytest.approx(12_000 * 1_000 / 50_000)
    assert "12.000 × 1.000 / 50.000" in cost.sentence.get("es")


def test_requirements_are_met_or_missing_by_answer_and_else_asked(costly):
    asked = costly.compare("coast-0", "XX-C1-1").plan.requirements
    told = costly.compare(
        "coast-0",
        "XX-C1-1",
        OrganisationProfile(horizon_months=30),
        {"requirement-1": "yes", "requirement-2": "no"},
    ).plan.requirements

    assert [each.status for each in asked] == ["ask"] * 4
    assert [each.status for each in told] == ["met", "missing", "ask", "met"]
    assert [each.basis for each in told] == ["stated", "stated", "record", "record"]
    assert told[0].text.get("en") == "Two technicians"
    assert factor(costly.compare("coast-0", "XX-C1-1"), "workforce").named == 1.0


def test_fewer_than_ten_places_give_no_index(index):
    assert index.compare("coast-0", "XX-C1-1").generality is None


def test_the_fit_is_the_rankings_own(index):
    found = index.compare("coast-0", "XX-C1-1")
    fits = index.pipeline.score_pairs()

    row, place = index.pipeline.practice_ids.index("coast-0"), index.pipeline.territory_rows["XX-C1-1"]
    assert found.fit == round(float(fits.index[row, place]), 1)


@pytest.mark.parametrize(
    ("answers", "named"),
    [({"legal": "yes"}, "legal_competence"), ({"need": "maybe"}, "yes"), ({"requirement-1": "yes"}, "need")],
)
def test_an_answer_to_no_question_is_refused_with_what_is_allowed(index, answers, named):
    with pytest.raises(UnknownValue) as refused:
        index.compare("coast-0", "XX-C1-1", answers=answers)

    assert named in refused.value.facts["allowed"]


def test_unknown_ids_are_refused_with_the_nearest(index):
    with pytest.raises(UnknownId, match="coast"):
        index.compare("coast-9", "XX-C1-1")
    with pytest.raises(UnknownId):
        index.compare("coast-0", "XX-C9-1")


def test_every_factor_of_the_table_can_be_told_without_any_data(make, taxonomy, tmp_path):
    catalogue = replace(world().catalogue, observations=(), neighbours=(), adoptions=())
    embedder = Embedder(HashEncoder, VectorCache(tmp_path, "hash-8"))
    index = TransferIndex.build(Pipeline.build(catalogue, taxonomy, embedder))

    found = index.compare("coast-0", "XX-C1-1")

    assert found.origin_id is None
    assert {result.status for result in found.factors if result.factor.link == "need"} <= {"unknown", "ask"}
    assert found.plan.cost is None
    assert found.verdict.get("en").startswith("It cannot be judged yet")


def test_a_failed_try_is_told_asked_about_and_counted_nowhere(make, index):
    here, away = Adoption("coast-0", "XX-C1-1", 2019, None, "failed", None), "XX-S1-1"
    found = make(adoptions=[here, Adoption("coast-0", away, None, None, "failed", None)]).compare(
        "coast-0", "XX-C1-1"
    )
    plain = index.compare("coast-0", "XX-C1-1")

    assert found.already_here == ()
    assert found.place_ids == plain.place_ids
    assert found.fit == plain.fit
    assert factor(found, "replicated") == factor(plain, "replicated")
    assert [adoption.territory_id for adoption in found.failed_tries] == ["XX-C1-1", away]
    assert any("en 2019 y no prosperó" in remark.get("es") for remark in found.remarks)
    assert found.plan.origin_questions[0].get("en").startswith("Why did it fail in")
    assert plain.failed_tries == ()


def test_what_is_answered_is_no_longer_said_to_be_asked(index):
    told = factor(
        index.compare("coast-0", "XX-C1-1", answers={"political_support": "no"}), "political_support"
    )

    assert told.finding.sentence.get("es") == "Usted respondió que no."
    assert told.finding.sentence.get("en") == "You answered no."
