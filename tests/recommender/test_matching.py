"""A need finds the practices that answer it, in whichever language either is written."""

import unicodedata

import numpy as np
import pytest

from recommender.domain import Catalogue, Indicator, Organisation, Practice, Text
from recommender.text.matching import CONCEPT_FEATURES, TextIndex

pytestmark = pytest.mark.model


def practice(name, themes=(), populations=(), organisation=None, **texts):
    """A practice with texts given as ``title_es=...``, ``summary_en=...``."""
    parts = {"title": {}, "summary": {}, "requirements": {}, "results": {}}
    for key, text in texts.items():
        part, language = key.rsplit("_", 1)
        parts[part][language] = text
    return Practice(
        id=name,
        themes=themes,
        populations=populations,
        organisation_id=organisation,
        **{part: Text(values) for part, values in parts.items()},
    )


PRACTICES = [
    practice(
        "a-refuge",
        themes=("housing", "gender"),
        populations=("women",),
        organisation="foundation",
        title_es="Casa de acogida para mujeres",
        summary_es="Mujeres que huyen de la violencia duermen seguras y reciben consejo legal.",
    ),
    practice(
        "b-savings",
        themes=("financial_inclusion_remittances",),
        title_en="Village savings groups",
        summary_en="Neighbours save together every week and lend to each other. Remittances start shops.",
    ),
    practice(
        "c-football",
        title_es="Fútbol en el barrio",
        title_en="Street football",
        summary_es="Niñas y niños de aquí y de fuera juegan juntos los sábados.",
        summary_en="Girls and boys from here and from elsewhere play together on Saturdays.",
    ),
    practice(
        "d-clinic",
        themes=("health",),
        organisation="university",
        title_es="Clínica móvil",
        title_en="Mobile clinic",
        summary_es="Médicas y estudiantes de medicina vacunan y atienden partos en el río.",
        summary_en="Doctors and students of medicine vaccinate and attend births along the river.",
    ),
    practice("e-silent", themes=("health",)),
    practice(
        "f-school",
        themes=("education",),
        populations=("children_adolescents",),
        title_es="Aulas abiertas",
        title_en="Open classrooms",
        summary_es="Las escuelas inscriben sin papeles y nivelan a quienes perdieron años de estudio.",
        summary_en="Schools enrol pupils without papers and help those who lost years to catch up.",
    ),
]
INDICATORS = [
    Indicator(
        "births",
        Text({"en": "Births attended by doctors", "es": "Partos atendidos por médicos"}),
        Text({}),
        "%",
        "need_low",
        "x",
    ),
    Indicator(
        "school",
        Text({"en": "School attendance", "es": "Asistencia a la escuela"}),
        Text({}),
        "%",
        "need_low",
        "x",
    ),
    Indicator(
        "violence",
        Text({"en": "Violence against women", "es": "Violencia contra las mujeres"}),
        Text({}),
        "%",
        "need_high",
        "x",
    ),
    Indicator(
        "bank",
        Text({"en": "Adults who save at a bank", "es": "Personas que ahorran en un banco"}),
        Text({}),
        "%",
        "need_low",
        "x",
    ),
]


def catalogue_of(practices, indicators=()):
    return Catalogue(
        territories={},
        indicators={indicator.id: indicator for indicator in indicators},
        practices={each.id: each for each in practices},
        organisations={
            "foundation": Organisation("foundation", "Fundación Puerta", "civil_society"),
            "university": Organisation("university", "Universidad del Río", "university"),
        },
        observations=(),
        adoptions=(),
        neighbours=(),
        sources={},
        version="test",
    )


@pytest.fixture(scope="module")
def index(taxonomy, embedder):
    return TextIndex.build(catalogue_of(PRACTICES, INDICATORS), taxonomy, embedder)


def best(scores):
    return PRACTICES[int(np.nanargmax(scores))].id


@pytest.mark.parametrize(
    ("need", "answer"),
    [
        ("shelter for women who suffer violence", "a-refuge"),
        ("refugio para mujeres maltratadas", "a-refuge"),
        ("ahorrar en grupo y usar las remesas", "b-savings"),
        ("saving in groups and using remittances", "b-savings"),
        ("vacunas y atención médica en comunidades alejadas", "d-clinic"),
        ("vaccines and medical care in remote places", "d-clinic"),
    ],
)
def test_a_need_finds_its_practice_though_that_is_written_in_one_language_only(index, need, answer):
    features = index.match(need).features

    assert best(features["need_words"]) == answer
    assert best(features["need_dense"]) == answer


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
        lambda text: f"  {text} \n",
        lambda text: text.replace("mujeres", "mujeers"),
    ],
    ids=["capitals", "decomposed", "no accents", "spaces", "misspelt"],
)
def test_how_a_need_is_typed_does_not_matter(index, change):
    match = index.match(change("protección legal para mujeres que huyen de la violencia"))

    assert best(match.features["need_words"]) == "a-refuge"


def test_a_need_in_two_languages_at_once_is_understood(index):
    assert (
        best(index.match("necesitamos una mobile clinic para vacunar").features["need_words"]) == "d-clinic"
    )


def test_features_add_up_because_each_is_standardised(index):
    match = index.match("salud y escuela para niñas, universidad")

    for name, values in match.features.items():
        known = values[~np.isnan(values)]
        if len(known) and known.any():
            assert abs(known.mean()) < 1e-6, name
            assert abs(known.std() - match.clarity) < 1e-6, name


def test_letters_without_sense_speak_less_loudly_than_a_need(taxonomy, embedder):
    matters = ("salud", "escuela", "vivienda", "empleo", "remesas", "cultura", "deporte", "albergue")
    places = ("en la frontera", "en el barrio", "junto al río")
    clinics = [
        practice(f"t-{matter}-{at}", title_es=f"{matter} {place}", summary_es=f"Vecinas por la {matter}.")
        for matter in matters
        for at, place in enumerate(places)
    ]
    index = TextIndex.build(catalogue_of([*PRACTICES, *clinics]), taxonomy, embedder)

    vague, clear = index.match("asdf qwer zxcv"), index.match("casa de acogida para mujeres con sus hijos")

    assert 0.1 <= vague.clarity < clear.clarity <= 1.0


def test_a_practice_without_text_is_unknown_in_what_is_read_from_text(index):
    features = index.match("salud").features
    silent = [each.id for each in PRACTICES].index("e-silent")

    for name in ("need_words", "need_dense", "need_lexical"):
        assert np.isnan(features[name][silent]), name
    assert features["need_themes"][silent] > 0


def test_a_practice_without_tags_is_unknown_and_one_with_other_tags_is_below_average(index):
    features = index.match("casa de acogida").features

    themes = dict(zip([each.id for each in PRACTICES], features["need_themes"], strict=True))
    assert themes["a-refuge"] > 0 > themes["f-school"]
    assert np.isnan(themes["c-football"])


def test_what_a_need_does_not_speak_of_is_unknown_for_all(index):
    features = index.match("algo bonito").features

    for name in CONCEPT_FEATURES:
        assert np.isnan(features[name]).all()


def test_the_kind_of_organisation_named_is_preferred(index):
    assert best(index.match("Somos una universidad").features["need_actor"]) == "d-clinic"


@pytest.mark.parametrize("text", ["ﷺ" * 50, "", "...", "de la con", "🌍🌍", "palabra " * 250, "\x00"])
def test_strange_texts_do_no_harm(index, text):
    match = index.match(text)

    assert all(len(values) == len(PRACTICES) for values in match.features.values())
    assert not any(np.isinf(values).any() for values in match.features.values())
    match.evidence(0)


def test_evidence_names_the_shared_words_the_sentence_that_answers_and_the_tags(index):
    evidence = index.match("consejo legal y acogida para mujeres").evidence(0)

    assert {"acogida", "consejo", "legal", "mujeres"} == set(evidence.words)
    assert evidence.passage.get("es").startswith("Mujeres que huyen de la violencia")
    assert "women" in evidence.concepts["populations"]


def test_evidence_of_a_practice_without_text_is_empty(index):
    evidence = index.match("salud").evidence([each.id for each in PRACTICES].index("e-silent"))

    assert evidence.words == ()
    assert not evidence.passage
    assert evidence.concepts["themes"] == ("health",)


def test_like_practices_are_like_and_a_practice_is_most_like_itself(index):
    alike = index.similar(0)

    assert np.nanargmax(alike) == 0
    assert alike[0] == pytest.approx(1, abs=1e-5)
    assert np.isnan(alike[4])


def test_a_practice_finds_the_indicators_its_text_is_about(index):
    relevance = index.indicator_relevance
    names = [indicator.id for indicator in INDICATORS]

    found = {each.id: names[int(row.argmax())] for each, row in zip(PRACTICES, relevance, strict=True)}
    assert found["a-refuge"] == "violence"
    assert found["b-savings"] == "bank"
    assert found["d-clinic"] == "births"
    assert found["f-school"] == "school"


def test_relevance_is_a_share_of_one_or_nothing(index):
    sums = index.indicator_relevance.sum(axis=1)

    assert (index.indicator_relevance >= 0).all()
    assert sums == pytest.approx([1, 1, 1, 1, 0, 1], abs=1e-5)


def test_a_catalogue_of_one_practice_or_none_can_be_asked(taxonomy, embedder):
    for practices in ([], PRACTICES[:1]):
        match = TextIndex.build(catalogue_of(practices), taxonomy, embedder).match("salud")

        assert all(len(values) == len(practices) for values in match.features.values())


def test_a_large_catalogue_is_compared_word_by_word_where_it_matters(taxonomy, embedder, monkeypatch):
    monkeypatch.setattr("recommender.text.word_index.RESIDENT_WORDS", 1)
    monkeypatch.setattr("recommender.text.matching.CANDIDATES", 2)
    monkeypatch.setattr("recommender.text.matching.REFERENCE", 2)
    index = TextIndex.build(catalogue_of(PRACTICES), taxonomy, embedder)

    words = index.match("shelter for women who suffer violence").features["need_words"]

    assert index.words.large
    assert best(words) == "a-refuge"
    assert 2 <= (~np.isnan(words)).sum() < len(PRACTICES) - 1
