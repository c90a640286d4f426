"""The production server: one line at start, a clear refusal of a taken port, a clean end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from api.server import check_port
from recommender.domain import DataError


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ready(address, seconds=30):
    """Ask until the service is ready, and return what it says of itself."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_a_taken_port_is_named_with_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(DataError) as refused:
            check_port("127.0.0.1", port)

    assert str(port) in refused.value.es
    assert "--port" in refused.value.en


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(DataError):
        check_port("192.0.2.1", 8000)


WHILE_A_PORTFOLIO_IS_WORKED_OUT = """
import os
from api.server import keep_output
from recommender.allocation.quiet import quiet_output

keep_output()
with quiet_output():
    os.write(1, b"what the solver says\\n")
    print("GET /health 200")
"""


def test_requests_answered_while_a_portfolio_is_worked_out_are_logged():
    ran = subprocess.run(
        [sys.executable, "-c", WHILE_A_PORTFOLIO_IS_WORKED_OUT], capture_output=True, text=True, check=True
    )

    assert ran.stdout == "GET /health 200\n"


def test_it_starts_answers_and_ends(deployment):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--language", "en"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    server = subprocess.Popen(command, env=dict(os.environ), **pipes)
    try:
        state = ready(address)
        link = f"{address}/api/v1/territories/EC-2101/recommendations?k=1&asker=local_government"
        with urllib.request.urlopen(link, timeout=30) as answer:
            rows = json.load(answer)["recommendations"]
    finally:
        server.send_signal(signal.SIGTERM)
        output, _ = server.communicate(timeout=30)

    assert state["practices"] == 248
    assert len(rows) == 1
    assert server.returncode == 0
    assert f"Arraigo serves on {address}" in output
    assert '"GET /api/v1/territories/EC-2101/recommendations" 200' in output
    assert "asker=" not in output  # query strings stay out of the log
