"""What stands behind the doors: registry and models become a snapshot, swapped when the registry changes."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from api.config import Settings
from recommender.domain import ArraigoError, DataError, NotReady

if TYPE_CHECKING:
    from api.snapshot import Snapshot
    from api.waiting_room import WaitingRoom
    from recommender.domain import Catalogue
    from recommender.pipeline import Pipeline
    from recommender.store import Registry
    from recommender.text.embedding import Embedder

LOG = logging.getLogger(__name__)
EXTENSION = "arraigo"
Progress = Callable[[int, int], None]


@contextmanager
def open_registry(settings: Settings) -> Iterator[Registry]:
    """Open the registry, and close it again; the folder of a new SQLite file is made."""
    from recommender.store import Registry

    if settings.registry.startswith("sqlite:///"):
        Path(settings.registry.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    registry = Registry(settings.registry)
    try:
        yield registry
    finally:
        registry.close()


def read_catalogue(settings: Settings) -> Catalogue:
    """Read the registry; an empty one first gets the configured packages.

    A registry filled so follows its packages when their files change. What was loaded by command
    stays until the next command.
    """
    from recommender.package import read_packages

    digest = _digest(settings.packages)
    with open_registry(settings) as registry:
        origin = registry.origin()
        if registry.is_outdated():
            names = ", ".join(map(str, settings.packages))
            LOG.warning(
                "The registry was filled by another version of Arraigo and cannot be read: it is filled anew "
                "from %s. What was loaded from other packages has to be loaded again (arraigo load).",
                names,
            )
        if registry.version() is None or origin not in (None, digest):
            registry.replace(read_packages(settings.packages), origin=digest)
        return registry.snapshot()


def _digest(packages: Iterable[Path]) -> str:
    """Return a digest of the files of some folders, by content."""
    digest = hashlib.sha256()
    for file in sorted(file for package in packages for file in package.glob("*") if file.is_file()):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def build_pipeline(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> Pipeline:
    """Build a pipeline from the registry and the learned model.

    Raises
    ------
    ModelError
        The model that is set is missing, or is not as it was written.
    """
    from recommender.artifact import open_model
    from recommender.pipeline import Pipeline
    from recommender.taxonomy import read_taxonomy

    with _alone(settings.cache / "build.lock"):
        catalogue, taxonomy = read_catalogue(settings), read_taxonomy(settings.taxonomy)
        model, without = open_model(settings.model, embedder.fingerprint)
        return Pipeline.build(
            catalogue, taxonomy, embedder, progress=progress, model=model, without_model=without
        )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time load and embed; the others then find the work done."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Engine:
    """Holds the current snapshot of one process; `start` loads it in the background.

    Parameters
    ----------
    settings : Settings
    threads : int, optional
        Threads of the text encoder.
    """

    def __init__(self, settings: Settings, threads: int | None = None) -> None:
        self.settings, self.threads = settings, threads
        self._snapshot: Snapshot | None = None
        self._failure: ArraigoError | None = None
        self._embedder: Embedder | None = None
        self._room: WaitingRoom | None = None
        self._stopped = threading.Event()

    @classmethod
    def of(cls, snapshot: Snapshot, settings: Settings | None = None) -> Engine:
        """Return an engine that answers from a snapshot that is there already."""
        engine = cls(settings or Settings())
        engine._snapshot = snapshot
        return engine

    @property
    def snapshot(self) -> Snapshot:
        """The state to answer from.

        Raises
        ------
        NotReady
            It is still loading.
        ArraigoError
            It could not be loaded, for the reason told.
        """
        if self._snapshot is not None:
            return self._snapshot
        if self._failure is not None:
            raise self._failure
        raise NotReady(
            es="Los datos todavía se están cargando; vuelva a preguntar en unos segundos.",
            en="The data are still loading; ask again in a few seconds.",
        )

    @property
    def encoder_state(self) -> str:
        """``ready`` or ``loading``."""
        return "ready" if self._has_encoder() else "loading"

    @property
    def encoder_is_loading(self) -> bool:
        """Whether a question with a text would wait for the encoder, which is on its way."""
        return self._embedder is not None and self._embedder.loading

    def start(self) -> None:
        """Load in the background, then keep an eye on the registry until `stop`."""
        threading.Thread(target=self._run, name="engine", daemon=True).start()

    def watch(self) -> None:
        """Keep an eye on the registry in the background, until `stop`."""
        threading.Thread(target=self._watch, name="registry", daemon=True).start()

    def stop(self) -> None:
        """End the watch on the registry."""
        self._stopped.set()

    def load(self, progress: Progress | None = None, with_encoder: bool = False) -> Snapshot:
        """Build the snapshot from the registry and make it the current one.

        `with_encoder` begins to load the text encoder at the same time, for who will ask with a text.
        """
        from api.snapshot import Snapshot
        from api.waiting_room import WaitingRoom
        from recommender.text.encoders import open_embedder

        if self._embedder is None:
            settings = self.settings
            self._embedder = open_embedder(
                settings.cache, settings.encoder, progress, self.threads, settings.encoder_wait
            )
        if with_encoder:
            self._embedder.start_loading()
        if self._room is None:
            self._room = WaitingRoom(max(1, self.settings.threads // 2), self._has_encoder)
        pipeline = build_pipeline(self.settings, self._embedder, progress)
        self._snapshot = Snapshot.build(pipeline, self._room)
        return self._snapshot

    def _has_encoder(self) -> bool:
        return self._embedder is not None and self._embedder.ready

    def _run(self) -> None:
        self._attempt()
        if self._embedder is not None:
            self._embedder.start_loading()
        self._watch()

    def _watch(self) -> None:
        while self.settings.reload_seconds and not self._stopped.wait(self.settings.reload_seconds):
            self._attempt()

    def _attempt(self) -> None:
        """Load what is not in service yet; a failure is told to whoever asks, an older snapshot stays."""
        try:
            if self._is_outdated():
                self.load()
            self._failure = None
        except ArraigoError as failure:
            self._failure = failure
            LOG.error("%s", failure)
        except Exception as failure:
            LOG.exception("the data could not be loaded")
            self._failure = DataError(
                es="Los datos no se pudieron cargar; el registro del servicio dice por qué.",
                en="The data could not be loaded; the service's log says why.",
                cause=type(failure).__name__,
            )

    def _is_outdated(self) -> bool:
        if self._snapshot is None:
            return True
        with open_registry(self.settings) as registry:
            version = registry.version()
        return version != self._snapshot.pipeline.catalogue.version


def current_engine() -> Engine:
    """Return the engine of the application that answers."""
    engine: Engine = current_app.extensions[EXTENSION]
    return engine


def current_snapshot() -> Snapshot:
    """Return the snapshot of the application that answers (see `Engine.snapshot` for what it raises)."""
    return current_engine().snapshot
