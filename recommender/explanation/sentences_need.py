"""What the match of a need, or of an organisation's own words, says in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recommender.domain import Text
from recommender.explanation.sentences import Subject
from recommender.figures import join

WORDS = 5
"""Shared words quoted: the rarest say what the match is about."""


def need_words(subject: Subject, value: float) -> Text:
    """Say how closely what the need names is answered, with the passage that answers it."""
    near = value > 0
    passage = subject.evidence.passage if subject.evidence else Text()
    said = {}
    for language in ("es", "en"):
        if language == "es":
            start = (
                "Habla de lo que pide la necesidad" if near else "Apenas habla de lo que pide la necesidad"
            )
        else:
            start = (
                "It speaks of what the need asks for"
                if near
                else "It hardly speaks of what the need asks for"
            )
        quoted = passage.get(language) if near else ""
        said[language] = f"{start}: «{quoted.rstrip('.')}»." if quoted else f"{start}."
    return Text(said)


def need_dense(subject: Subject, value: float) -> Text:
    """Say whether practice and need are about the same thing as a whole."""
    if value > 0:
        return Text(
            {
                "es": "En conjunto, su texto trata de un asunto cercano a la necesidad.",
                "en": "As a whole, its text is about something close to the need.",
            }
        )
    return Text(
        {
            "es": "En conjunto, su texto trata de otro asunto que la necesidad.",
            "en": "As a whole, its text is about something else than the need.",
        }
    )


def need_lexical(subject: Subject, value: float) -> Text:
    """Name the words both share."""
    words = list(subject.evidence.words[:WORDS]) if subject.evidence else []
    if not words:
        return Text(
            {"es": "No comparte palabras con la necesidad.", "en": "It shares no words with the need."}
        )
    quoted = {language: join([f"«{word}»" for word in words], language) for language in ("es", "en")}
    return Text(
        {
            "es": f"Comparte palabras con la necesidad: {quoted['es']}.",
            "en": f"It shares words with the need: {quoted['en']}.",
        }
    )


def about_text(subject: Subject, value: float) -> Text:
    """Say whether it matches the organisation's own words."""
    if value > 0:
        return Text(
            {
                "es": "Se acerca a lo que su organización dice de sí misma.",
                "en": "It is close to what your organisation says of itself.",
            }
        )
    return Text(
        {
            "es": "Se aleja de lo que su organización dice de sí misma.",
            "en": "It is far from what your organisation says of itself.",
        }
    )


def need_actor(subject: Subject, value: float) -> Text:
    """Say whether the kind of organisation named in the need ran it."""
    return _concept(
        subject,
        "organisation_types",
        (
            "La llevó el tipo de organización que nombra la necesidad",
            "La llevó otro tipo de organización que el que nombra la necesidad",
        ),
        (
            "The type of organisation that the need names ran it",
            "Another type of organisation than the need names ran it",
        ),
    )


def need_themes(subject: Subject, value: float) -> Text:
    """Name the themes of the need that it works on."""
    return _concept(
        subject,
        "themes",
        ("Trabaja temas que pide la necesidad", "No trabaja los temas que pide la necesidad"),
        ("It works on themes of the need", "It does not work on the themes of the need"),
    )


def need_populations(subject: Subject, value: float) -> Text:
    """Name the population groups of the need that it serves."""
    return _concept(
        subject,
        "populations",
        ("Sirve a grupos que nombra la necesidad", "No sirve a los grupos que nombra la necesidad"),
        ("It serves groups that the need names", "It does not serve the groups that the need names"),
    )


def need_gcm_objectives(subject: Subject, value: float) -> Text:
    """Name the objectives of the Global Compact that the need touches and it follows."""
    return _concept(
        subject,
        "gcm_objectives",
        (
            "Sigue objetivos del Pacto Mundial para la Migración que toca la necesidad",
            "No sigue los objetivos del Pacto Mundial para la Migración que toca la necesidad",
        ),
        (
            "It follows objectives of the Global Compact for Migration that the need touches",
            "It does not follow the objectives of the Global Compact for Migration that the need touches",
        ),
    )


def need_sdgs(subject: Subject, value: float) -> Text:
    """Name the Sustainable Development Goals that the need touches and it serves."""
    return _concept(
        subject,
        "sdgs",
        (
            "Contribuye a Objetivos de Desarrollo Sostenible que toca la necesidad",
            "No contribuye a los Objetivos de Desarrollo Sostenible que toca la necesidad",
        ),
        (
            "It serves Sustainable Development Goals that the need touches",
            "It does not serve the Sustainable Development Goals that the need touches",
        ),
    )


def _concept(subject: Subject, vocabulary: str, es: tuple[str, str], en: tuple[str, str]) -> Text:
    """Say which codes of a vocabulary need and practice share; the second wording where none."""
    codes = subject.evidence.concepts.get(vocabulary, ()) if subject.evidence else ()
    if not codes:
        return Text({"es": f"{es[1]}.", "en": f"{en[1]}."})
    return Text(
        {
            "es": f"{es[0]}: {subject.titles(vocabulary, codes, 'es')}.",
            "en": f"{en[0]}: {subject.titles(vocabulary, codes, 'en')}.",
        }
    )


SAYERS: Mapping[str, Callable[[Subject, float], Text]] = {
    "need_words": need_words,
    "need_dense": need_dense,
    "need_lexical": need_lexical,
    "need_themes": need_themes,
    "need_populations": need_populations,
    "need_gcm_objectives": need_gcm_objectives,
    "need_sdgs": need_sdgs,
    "need_actor": need_actor,
    "about_text": about_text,
}
