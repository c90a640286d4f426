"""A service under measurement: `arraigo serve` as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.config import Settings

PATIENCE = 120.0
"""Seconds."""


class Service:
    """One running service; made by `start`."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        """Send one request; return status and answer (503 where nothing listens yet)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"} if sent else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except ConnectionError:
            return 503, {}
        finally:
            connection.close()

    def wait(self, encoder: bool = False) -> None:
        """Wait until it is ready, with its text encoder if asked for."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            status, state = self.ask("GET", "/health/ready")
            if status == 200 and (not encoder or state["encoder"] == "ready"):
                return
            time.sleep(0.01)
        raise RuntimeError(f"the service did not become ready (exit code {self.process.poll()})")

    def peak_mib(self) -> float:
        """Return the largest resident memory that any one of its processes ever had, MiB."""
        pid = self.process.pid
        family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        return max(_peak_kib(member) for member in family) / 1024

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def start(settings: Settings) -> Service:
    """Start `arraigo serve` on a free port; it is not ready yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "ARRAIGO_REGISTRY": settings.registry,
        "ARRAIGO_CACHE": str(settings.cache),
        "ARRAIGO_ENCODER_WAIT": str(PATIENCE),
    }
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    return Service(port, subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))


@contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    """Start a service, wait until it and its text encoder are ready, end it afterwards."""
    service = start(settings)
    try:
        service.wait(encoder=True)
        yield service
    finally:
        service.stop()


def _peak_kib(pid: int) -> int:
    """Return VmHWM, KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
