"""What the learned model's features say in words: where records point, and which of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from recommender.domain import Text
from recommender.explanation.sentences import QUOTED, Subject

USUAL = 0.1
"""Log odds (a tenth more or less) below which a place is called usual."""


def recorded_adoptions(subject: Subject, value: float) -> Text:
    """Say whether records point here, and which of them say so most."""
    degree = _degree(value)
    said = {language: SAID[degree][language] for language in ("es", "en")}
    sign = 1.0 if value >= 0 else -1.0
    telling = [
        spec.meaning
        for spec, points in subject.recorded
        if spec.group == "fit" and points * sign >= USUAL and degree != "usual"
    ][:QUOTED]
    for language in ("es", "en"):
        quoted = "; ".join(_inside(meaning.get(language)) for meaning in telling)
        said[language] += f"{BY[language]}{quoted}." if quoted else "."
    return Text(said)


def recorded_exposure(subject: Subject, value: float) -> Text:
    """Say whether more reaches such a place, by such a practice, than usual."""
    return Text(EXPOSED[_degree(value)])


def _degree(value: float) -> str:
    return "usual" if abs(value) < USUAL else "more" if value > 0 else "less"


def _inside(meaning: str) -> str:
    """Return a sentence as part of another."""
    return meaning[:1].lower() + meaning[1:].rstrip(".")


BY = {"es": ", por lo que se sabe de: ", "en": ", going by: "}
SAID = {
    "more": {
        "es": "Las adopciones registradas apuntan hacia aquí más que hacia otros lugares de su nivel",
        "en": "Recorded adoptions point here more than to other places of its level",
    },
    "usual": {
        "es": "Las adopciones registradas no apuntan ni hacia aquí ni en contra",
        "en": "Recorded adoptions point neither here nor away",
    },
    "less": {
        "es": "Las adopciones registradas apuntan hacia otros lugares de su nivel más que hacia aquí",
        "en": "Recorded adoptions point to other places of its level more than here",
    },
}
EXPOSED = {
    "more": {
        "es": "Exposición: a un lugar así llega más de lo usual, o la práctica se extiende más.",
        "en": "Exposure: more than usual reaches such a place, or the practice spreads further.",
    },
    "usual": {
        "es": "Exposición: a un lugar así llega lo usual.",
        "en": "Exposure: as much as usual reaches such a place.",
    },
    "less": {
        "es": "Exposición: a un lugar así llega menos de lo usual, o la práctica se extiende menos.",
        "en": "Exposure: less than usual reaches such a place, or the practice spreads less.",
    },
}

SAYERS: Mapping[str, Callable[[Subject, float], Text]] = {
    "recorded_adoptions": recorded_adoptions,
    "recorded_exposure": recorded_exposure,
}
