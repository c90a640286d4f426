"""A load generator: some connections ask one address again and again for some seconds.

``python -m tests.api.http_load http://127.0.0.1:8000/api/v1/territories/EC-2101/recommendations``
"""

from __future__ import annotations

import http.client
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import click


class Load(NamedTuple):
    """What was measured: requests a second, and milliseconds a request."""

    requests_per_second: float
    p50_ms: float
    p95_ms: float


def measure(address: str, seconds: float = 5.0, connections: int = 4) -> Load:
    """Ask `address` over kept connections; any answer but 200 ends the measurement with an error."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    times: list[float] = []
    refused: list[int] = []
    end = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
        while time.perf_counter() < end and not refused:
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - start)
            if answer.status != 200:
                refused.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        raise RuntimeError(f"{address} answered {refused[0]}")
    times.sort()
    p50, p95 = (1000 * times[int(share * (len(times) - 1))] for share in (0.5, 0.95))
    return Load(len(times) / seconds, p50, p95)


@click.command()
@click.argument("address")
@click.option("--seconds", default=5.0, show_default=True)
@click.option("--connections", default=4, show_default=True)
def main(address: str, seconds: float, connections: int) -> None:
    """Measure how many requests a second ADDRESS answers."""
    load = measure(address, seconds, connections)
    click.echo(
        f"{load.requests_per_second:.0f} requests/s, p50 {load.p50_ms:.1f} ms, p95 {load.p95_ms:.1f} ms"
    )


if __name__ == "__main__":
    main()
