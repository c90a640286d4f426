"""The reference as a browser shows it, with every other host out of reach."""

import shutil
import subprocess
import threading

import pytest
from werkzeug.serving import make_server

from api.app import create_app
from api.config import Settings
from api.engine import Engine

OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture
def address():
    app = create_app(engine=Engine(Settings()))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browse(tmp_path):
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    flags = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--virtual-time-budget=15000",
        f"--user-data-dir={tmp_path}",
        OFFLINE,
    )

    def dump(url):
        done = subprocess.run(
            [program, *flags, "--dump-dom", url], capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout

    return dump


def test_the_reference_lists_every_route_without_the_internet(address, browse):
    page = browse(f"{address}/docs")

    for route in ("/api/v1/recommendations", "/api/v1/territories/{id}", "/health/ready"):
        assert route in page.replace("​", "").replace("<wbr>", "")
