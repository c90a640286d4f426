"""One live service over the shipped data, and a real Chromium that can reach nothing else."""

import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from api.app import create_app
from api.config import HOME
from api.engine import Engine
from tests.api.conftest import shipped, shipped_settings, taxonomy  # noqa: F401  # fixtures

ARTEFACTS = HOME / "artefacts"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def address(shipped, shipped_settings):  # noqa: F811
    """The address of the service; its texts are read by hashing words, see `tests.api.conftest`."""
    server = make_server(
        "127.0.0.1", 0, create_app(engine=Engine.of(shipped, shipped_settings)), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["es", "en"])
def language(request):
    return request.param


@pytest.fixture(params=list(SIZES))
def size(request):
    return request.param


@pytest.fixture
def open_page(chromium, address, size):
    """Open pages of the service; a fault in the console or a refused request fails the test."""
    context = chromium.new_context(viewport=SIZES[size], base_url=address, locale="es-EC")
    faults = []

    def start(path, **_):
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield start
    context.close()
    assert faults == []
