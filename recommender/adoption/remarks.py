"""What an answer says of the learned model it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recommender.domain import Text
from recommender.territory.country_names import country_names

TOO_FEW_RECORDS = Text(
    {
        "es": "El catálogo registra muy pocas adopciones para el modelo aprendido: responde solo la "
        "ponderación revisada.",
        "en": "The catalogue records too few adoptions for the learned model: the reviewed prior answers "
        "alone.",
    }
)


def event(countries: Iterable[str]) -> Text:
    """Name what the probability is of, its horizon and where it was learned."""
    names = {language: country_names(countries, language) for language in ("es", "en")}
    return Text(
        {
            "es": "La probabilidad es de que los registros (de prácticas o de ayuda) lleguen a mostrar la "
            "práctica en el lugar, no de que tenga éxito; sin plazo en años: hasta donde siguieron los "
            f"registros de que se aprendió ({names['es']}).",
            "en": "The probability is that records (of practices or of aid) come to show the practice in the "
            "place, not that it succeeds; within no fixed number of years: as far as the records went on "
            f"that it was learned from ({names['en']}).",
        }
    )


def new_to(version: str, countries: Sequence[str]) -> Text:
    """Say which countries a model has learned nothing of."""
    names = {language: country_names(countries, language) for language in ("es", "en")}
    return Text(
        {
            "es": f"El modelo {version} no aprendió de {names['es']}: lo que dice de allí viene de otros "
            "países.",
            "en": f"The model {version} has learned nothing of {names['en']}: what it says of there comes "
            "from elsewhere.",
        }
    )
