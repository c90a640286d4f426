"""The columns that say how a practice answers a need, or an organisation's own words."""

from __future__ import annotations

from recommender.columns import FeatureSpec
from recommender.domain import Text

LOW, HIGH = -5.0, 10.0
"""Standard deviations over the catalogue; nothing measured lies outside."""


def _spec(name: str, es: str, en: str) -> FeatureSpec:
    unit = "standard deviations over the catalogue"
    return FeatureSpec(name, unit, LOW, HIGH, 0.0, Text({"es": es, "en": en}), learnable=False)


NEED_FEATURES = (
    _spec(
        "need_words",
        "Cuánto de lo que nombra la necesidad tiene respuesta en el texto, palabra por palabra y por "
        "su sentido en el contexto; las palabras raras cuentan más.",
        "How much of what the need names is answered in the text, word by word and by its sense in "
        "context; rare words count for more.",
    ),
    _spec(
        "need_dense",
        "Cercanía de sentido entre la necesidad y el texto entero de la práctica.",
        "Nearness of meaning between the need and the practice's text as a whole.",
    ),
    _spec(
        "need_lexical",
        "Palabras que la necesidad y el texto comparten (BM25 con raíces, en ambas lenguas).",
        "Words that need and text share (BM25 on stems, in both languages).",
    ),
    _spec(
        "need_themes",
        "Temas de los que habla la necesidad y que trabaja la práctica.",
        "Themes that the need speaks of and the practice works on.",
    ),
    _spec(
        "need_populations",
        "Grupos de población de los que habla la necesidad y a los que sirve la práctica.",
        "Population groups that the need speaks of and the practice serves.",
    ),
    _spec(
        "need_gcm_objectives",
        "Objetivos del Pacto Mundial para la Migración que toca la necesidad y sigue la práctica.",
        "Objectives of the Global Compact for Migration that the need touches and the practice follows.",
    ),
    _spec(
        "need_sdgs",
        "Objetivos de Desarrollo Sostenible que toca la necesidad y a los que contribuye la práctica.",
        "Sustainable Development Goals that the need touches and the practice serves.",
    ),
    _spec(
        "need_actor",
        "El tipo de organización que nombra la necesidad llevó la práctica.",
        "The type of organisation that the need names ran the practice.",
    ),
)

ABOUT = _spec(
    "about_text",
    "Cercanía entre lo que la organización dice de sí misma y el texto de la práctica: media de las "
    "columnas anteriores aplicadas a esas palabras.",
    "Nearness of what the organisation says of itself to the practice's text: mean of the columns above "
    "applied to those words.",
)
