"""The production server: gunicorn with threads, one numerical thread per request.

Nothing of the models exists before the workers are forked: a forked copy of a numerical library's
thread pool hangs.
"""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from api.config import Settings
from recommender.allocation.quiet import OUTPUT
from recommender.domain import DataError

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
STARTED = {
    "es": "Arraigo atiende en {address}  (referencia: {address}/docs; Ctrl+C para terminar)",
    "en": "Arraigo serves on {address}  (reference: {address}/docs; Ctrl+C to stop)",
}
REASONS = {
    errno.EADDRINUSE: ("otro programa ya usa ese puerto", "another program uses this port"),
    errno.EACCES: ("falta permiso para ese puerto", "no permission for this port"),
    errno.EADDRNOTAVAIL: ("esa dirección no es de esta máquina", "the address is not of this machine"),
}
"""Why an address cannot be listened on, in Spanish and English."""
ACCESS_LOG = '"%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
"""Method, path, status, size, time: no query string, no address, nothing of a question."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn without a configuration file; the application is made in each worker."""

    def __init__(self, settings: Settings, language: str) -> None:
        self.settings, self.language = settings, language
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        options: dict[str, Any] = {
            "bind": f"{_bracketed(self.settings.host)}:{self.settings.port}",
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": self.settings.threads,
            "preload_app": False,
            "accesslog": "-",
            "access_log_format": ACCESS_LOG,
            "loglevel": "error",  # its warnings quote requests that cannot be read, questions included
            "limit_request_line": 8190,
            "keepalive": 5,
            "timeout": 60,
            "graceful_timeout": 10,
            "when_ready": self._announce,
            "post_fork": _limit_threads,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401
        """Make the application, in the worker."""
        from api.app import create_app

        return create_app(self.settings)

    def _announce(self, _arbiter: object) -> None:
        address = f"http://{_bracketed(self.settings.host)}:{self.settings.port}"
        click.echo(STARTED[self.language].format(address=address))


def run(settings: Settings, language: str) -> None:
    """Serve until stopped; a first start loads data and computes vectors before, with a progress bar.

    Raises
    ------
    DataError
        The address cannot be listened on.
    """
    check_port(settings.host, settings.port)
    os.environ.update({name: os.environ.get(name, "1") for name in ONE_THREAD})
    if not _is_prepared(settings):
        prepare(settings, language)
    keep_output()
    Server(settings, language).run()


def keep_output() -> None:
    """Give Python's standard output a descriptor of its own.

    While a portfolio is worked out, what the solver writes to the process's standard output is led to
    nowhere (`recommender.allocation.quiet`); the log of the requests answered meanwhile must not go with it.
    """
    sys.stdout.flush()
    sys.stdout = open(os.dup(OUTPUT), "w", buffering=1, encoding=sys.stdout.encoding)  # noqa: SIM115


def check_port(host: str, port: int) -> None:
    """Find out before anything is started whether the address is free.

    Raises
    ------
    DataError
        It is not, or there is no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        es, en = REASONS.get(error.errno or 0, (error.strerror, error.strerror))
        raise DataError(
            es=f"No se puede atender en {host}:{port}: {es}. Elija otra dirección o puerto (--host, --port).",
            en=f"Cannot listen on {host}:{port}: {en}. Choose another address or port (--host, --port).",
            host=host,
            port=port,
        ) from None


def prepare(settings: Settings, language: str) -> None:
    """Load data and compute vectors in a process of its own, so that no model exists in this one."""
    command = [sys.executable, "-m", "api.cli", "load", "--language", language]
    environment = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    done = subprocess.run(command, check=False, env=environment)
    if done.returncode:
        sys.exit(done.returncode)


def _is_prepared(settings: Settings) -> bool:
    """Tell whether there are a registry and vectors; whether they are whole the workers find out."""
    path = settings.registry.removeprefix("sqlite:///")
    has_registry = path == settings.registry or Path(path).is_file()
    return has_registry and any(settings.cache.glob("vectors/*/*"))


def _limit_threads(_arbiter: object, _worker: object) -> None:
    """Give each worker one numerical thread: requests run side by side, their sums need not."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
