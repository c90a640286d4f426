"""Take the pictures of docs/screenshots: `python -m tests.web.screenshots [ADDRESS OF A SERVICE]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PRACTICE = "woccu-proyecto-inclusion-economica"
DESKTOP, PHONE = (1280, 900), (360, 740)
NEED = "j%C3%B3venes+venezolanos+sin+empleo+formal"
PICTURES = {
    "start": (DESKTOP, "/es/"),
    "recommendations": (
        PHONE,
        f"/es/lugares/EC-2101/practicas?need={NEED}#results",
    ),
    "comparison": (DESKTOP, f"/es/practicas/{PRACTICE}/en/EC-2101?need={NEED}"),
    "places": (DESKTOP, f"/en/practices/{PRACTICE}/places"),
}
"""File stem -> size of the window and address; the four views a visitor sees first in each journey."""


def take(address: str) -> None:
    """Write every picture of `PICTURES` as PNG."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name, ((width, height), path) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(address + path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
