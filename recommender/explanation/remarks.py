"""What a reader must know before trusting a row."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.domain import Text
from recommender.explanation.sentences import Subject
from recommender.features import Question
from recommender.query import Contribution
from recommender.text.need_columns import NEED_FEATURES

NEED_NAMES = frozenset(spec.name for spec in NEED_FEATURES)

ANSWERED = 0.3
"""Where a need counts less than a third or so, nothing answers it."""
UNANSWERED_NEED = Text(
    {
        "es": "Ninguna práctica registrada responde a esta necesidad: aquí cuenta poco o nada, y el orden lo "
        "decide lo demás (el territorio, la organización, los registros). Pruebe a decirla con otras "
        "palabras.",
        "en": "No registered practice answers this need: it counts for little or nothing here, and the rest "
        "decides the order (the territory, the organisation, the records). Try putting it in other words.",
    }
)
VAGUE_NEED = Text(
    {
        "es": "Ninguna práctica registrada responde con claridad a esta necesidad, que por eso cuenta menos "
        "de lo usual: las primeras de la lista quizá la toquen solo de lejos. Pruebe a decirla con otras "
        "palabras.",
        "en": "No registered practice clearly answers this need, which therefore counts for less than usual: "
        "the first ones listed may touch it from afar only. Try putting it in other words.",
    }
)
ALREADY_HERE = Text(
    {
        "es": "Ya se hace o se hizo en este territorio: sería ampliarla o retomarla, no replicarla.",
        "en": "It already runs or ran in this territory: it would be extended or resumed, not replicated.",
    }
)
IN_THE_PROVINCE = Text(
    {
        "es": "Ya se hace o se hizo en la misma provincia: conviene hablar con quien la llevó.",
        "en": "It already runs or ran in the same province: talk to who ran it.",
    }
)
INFERRED_TAGS = Text(
    {
        "es": "Los temas, grupos y requisitos se dedujeron del texto; no los declara la fuente.",
        "en": "Themes, groups and requirements were inferred from the text; the source does not state them.",
    }
)


def ranked_for(subject: Subject, among: int) -> Text:
    """Say of which of several territories the row speaks."""
    place = {x: subject.place(subject.territory_id or "", x) for x in ("es", "en")}
    return Text(
        {
            "es": f"Ordenada por {place['es']}, donde mejor encaja de los {among} territorios de la "
            "organización: las frases hablan de ese lugar.",
            "en": f"Ranked for {place['en']}, where it fits best of the organisation's {among} territories: "
            "the sentences speak of that place.",
        }
    )


def failed_here(year: int | None) -> Text:
    """Say that the practice was tried in the territory and failed."""
    es, en = ("", "") if year is None else (f" en {year}", f" in {year}")
    return Text(
        {
            "es": f"Ya se intentó aquí{es} y no prosperó: averigüe por qué antes de repetirla.",
            "en": f"It was tried here{en} and failed: find out why before trying it again.",
        }
    )


def need_remark(question: Question) -> Text | None:
    """Say that no practice answers the need, or none clearly; None where some do."""
    if question.need is None or question.need.clarity >= 1.0:
        return None
    return UNANSWERED_NEED if question.need.clarity < ANSWERED else VAGUE_NEED


def worth_telling(contributions: Sequence[Contribution], question: Question) -> Sequence[Contribution]:
    """Leave out what a practice says to a need that nothing answers: its nearest passage is no reason."""
    if need_remark(question) != UNANSWERED_NEED:
        return contributions
    return [contribution for contribution in contributions if contribution.name not in NEED_NAMES]
