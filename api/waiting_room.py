"""How many questions may wait for the text encoder while it loads; the others are told when to come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from recommender.domain import NotReady


class WaitingRoom:
    """Lets questions with a text in: all while the encoder is there, a few while it still loads.

    Each of those few holds a thread of the server. The rest of the threads stay free for what needs no
    encoder: territory questions, the catalogue, the health of the service.

    Parameters
    ----------
    seats : int
        How many questions may wait at once.
    is_ready : callable
        Tells whether the encoder is there.
    """

    def __init__(self, seats: int, is_ready: Callable[[], bool]) -> None:
        self._seats, self._is_ready = BoundedSemaphore(seats), is_ready

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Let one question in for as long as it takes.

        Raises
        ------
        NotReady
            The encoder still loads and all seats are taken.
        """
        if self._is_ready():
            yield
            return
        if not self._seats.acquire(blocking=False):
            raise NotReady(
                es="El modelo de texto todavía se está cargando y ya esperan otras preguntas; "
                "vuelva a preguntar en unos segundos.",
                en="The text model is still loading and other questions are waiting for it; "
                "ask again in a few seconds.",
            )
        try:
            yield
        finally:
            self._seats.release()
