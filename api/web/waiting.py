"""Questions that would wait for the text encoder: the page says so at once, and comes back with the list."""

from __future__ import annotations

from api.engine import current_engine
from recommender.domain import NotReady
from recommender.query import Query
from recommender.query_check import has_words


class ReaderLoading(NotReady):
    """The text encoder is still loading, and the page asked for has a text to read."""


def hold(question: Query) -> None:
    """Let a question pass unless it would wait for the encoder.

    A program that asks the service waits; a person would look at an empty window for seconds.

    Raises
    ------
    ReaderLoading
        It has a text and the encoder is on its way.
    """
    if has_words(question) and current_engine().encoder_is_loading:
        raise ReaderLoading(
            es="El lector de textos se está cargando: suele tardar unos diez segundos después de iniciar el "
            "servicio. La respuesta a su texto aparece en cuanto esté listo.",
            en="The text reader is loading: it usually takes some ten seconds after the service starts. The "
            "answer to your text appears as soon as it is ready.",
        )
