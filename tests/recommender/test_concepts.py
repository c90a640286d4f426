"""What a text speaks of is recognised by the words of the taxonomy, in Spanish, English or both."""

from pathlib import Path

import pytest

from recommender.domain import Text
from recommender.taxonomy import VOCABULARIES, Taxonomy, Term, read_taxonomy
from recommender.text.concepts import ConceptIndex

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture
def small():
    """A taxonomy of few words, so that every answer can be worked out by hand."""
    words = {
        ("themes", "housing"): (("vivienda", "casa de acogida"), ("housing", "shelters")),
        ("themes", "gender"): (("violencia de género",), ("gender-based violence",)),
        ("themes", "education"): (("escuela", "formación"), ("school", "training")),
        ("themes", "economic_inclusion"): (("formación",), ("training", "street traders")),
        ("populations", "women"): (("mujeres", "trabajadoras"), ("women",)),
        ("populations", "survivors_of_gbv"): (("sobrevivientes de violencia de género",), ("survivors",)),
        ("organisation_types", "university"): (("universidades",), ("universities",)),
    }
    return ConceptIndex(
        Taxonomy(
            {
                vocabulary: {
                    code: Term(
                        vocabulary,
                        code,
                        Text({"es": f"xx{vocabulary}{code}", "en": f"xx{vocabulary}{code}"}),
                        Text({}),
                        dict(zip(("es", "en"), words.get((vocabulary, code), ((), ())), strict=True)),
                    )
                    for code in codes
                }
                for vocabulary, codes in VOCABULARIES.items()
            }
        )
    )


@pytest.mark.parametrize(
    "text", ["Una casa de acogida", "UNA CASA DE ACOGIDA", "casas de acogida", "A shelter", "viviéndas"]
)
def test_a_theme_is_found_whatever_the_case_number_or_accents(small, text):
    assert small.mentions(text).codes("themes") == ("housing",)


def test_languages_may_be_mixed(small):
    assert set(small.mentions("shelter y escuela").codes("themes")) == {"housing", "education"}


def test_the_longest_phrase_wins_within_a_vocabulary_and_vocabularies_do_not_disturb_each_other(small):
    mentions = small.mentions("mujeres sobrevivientes de violencia de género")

    assert mentions.codes("themes") == ("gender",)
    assert set(mentions.codes("populations")) == {"women", "survivors_of_gbv"}
    assert mentions.phrases["populations", "survivors_of_gbv"] == ("sobrevivientes de violencia de género",)


def test_a_phrase_claimed_by_two_codes_is_shared_between_them(small):
    weights = small.mentions("formación").weights["themes"]

    assert sorted(weights[weights > 0]) == [0.5, 0.5]


def test_a_phrase_of_two_words_says_more_than_one_word(small):
    assert small.mentions("escuela y violencia de género").codes("themes") == ("gender", "education")


def test_phrases_are_given_as_they_are_written(small):
    assert small.mentions("¡La UNIVERSIDAD!").phrases == {
        ("organisation_types", "university"): ("UNIVERSIDAD",)
    }


def test_words_of_one_stem_but_another_meaning_are_not_taken(small):
    assert small.mentions("El trabajo y el tránsito").phrases == {}


@pytest.mark.parametrize("text", ["", "de la el con", "1 2 3", "ﷺ" * 50, "\x00", "- - -"])
def test_a_text_that_speaks_of_nothing_has_no_codes(small, text):
    mentions = small.mentions(text)

    assert all(not weights.any() for weights in mentions.weights.values())
    assert mentions.phrases == {}


def test_the_real_taxonomy_recognises_a_plain_need_alike_in_both_languages(taxonomy):
    index = ConceptIndex(taxonomy)

    spanish = index.mentions("Universidad que atiende la salud mental de mujeres refugiadas")
    english = index.mentions("A university caring for the mental health of refugee women")

    for mentions in (spanish, english):
        assert "health" in mentions.codes("themes")
        assert {"women", "refugees"} <= set(mentions.codes("populations"))
        assert mentions.codes("organisation_types") == ("university",)


def test_every_title_of_the_real_taxonomy_is_recognised_as_its_own_code(taxonomy):
    index = ConceptIndex(taxonomy)

    missed = [
        (vocabulary, code, title)
        for vocabulary in ("themes", "populations", "organisation_types")
        for code, term in taxonomy.terms(vocabulary).items()
        for title in term.title.values.values()
        if code not in index.mentions(title).codes(vocabulary)
    ]

    assert missed == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("niños migrantes en la escuela", ("themes", "climate_environment")),
        ("women selling in markets, savings groups", ("organisation_types", "civil_society")),
    ],
)
def test_a_plain_word_is_not_taken_for_something_else(said, wrong):
    mentions = ConceptIndex(read_taxonomy(HOME / "data" / "taxonomy")).mentions(said)

    assert wrong not in mentions.phrases


def test_young_people_are_recognised_in_both_languages_alike():
    index = ConceptIndex(read_taxonomy(HOME / "data" / "taxonomy"))

    spanish, english = index.mentions("jóvenes venezolanos"), index.mentions("young Venezuelans")

    assert {key for key in spanish.phrases if key[0] in ("themes", "populations")} == {
        key for key in english.phrases if key[0] in ("themes", "populations")
    }
