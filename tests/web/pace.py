"""Measure what a visitor waits for: `python -m tests.web.pace [ADDRESS OF A SERVICE]`.

From a change of a filter to the new ranking in place and painted, in a real browser on the same machine; and
what the first page weighs on the wire. Prints one line for each; nothing here passes or fails.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import urllib.request

import click
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import FLAGS, SIZES

TURNS = 20
VIEWS = {
    "place, no text": ("/es/lugares/EC-2101/practicas", "#k", ("5", "10")),
    "place and need": (
        "/es/lugares/EC-2101/practicas?need=j%C3%B3venes+venezolanos+sin+empleo+formal",
        "#k",
        ("5", "10"),
    ),
    "organisation, a weight": (
        "/es/organizacion?type=civil_society&themes=health&territories=Coca&budget_usd=50000",
        "[name='w.themes_shared']",
        ("0", "2"),
    ),
    "catalogue": ("/es/practicas?q=vivienda", "#sort", ("title", "newest")),
}
"""What is turned: address, control, and the two values it goes between."""
RENEWED = """([control, value]) => new Promise((done) => {
  const results = document.getElementById("results");
  const begun = performance.now();
  new MutationObserver((_, watch) => {
    if (results.hasAttribute("aria-busy")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  }).observe(results, { attributes: true, attributeFilter: ["aria-busy"] });
  const field = document.querySelector(control);
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
})"""


def renewals(page: Page, control: str, values: tuple[str, str]) -> list[float]:
    """Return milliseconds from a change to the painted list, one for each turn; the first is a warm-up."""
    times = [page.evaluate(RENEWED, [control, values[turn % 2]]) for turn in range(TURNS + 1)]
    return times[1:]


def weight(browser: Browser, address: str) -> int:
    """Return the bytes on the wire of everything the first page asks for, compressed as sent with gzip."""
    context = browser.new_context(
        viewport=SIZES["phone"], extra_http_headers={"Accept-Encoding": "gzip"}, base_url=address
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/es/", wait_until="networkidle")
    context.close()
    return int(sum(sizes))


def measure(address: str) -> None:
    """Print every figure."""
    with urllib.request.urlopen(f"{address}/health/ready") as answer:
        ready = json.load(answer)
    click.echo(f"data {ready.get('data_version')}, model {ready.get('model_version')}, {TURNS} turns each")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        click.echo(f"first page, gzip: {weight(browser, address) / 1000:.0f} kB")
        for name, (path, control, values) in VIEWS.items():
            page = browser.new_page(viewport=SIZES["desktop"])
            page.goto(address + path, wait_until="networkidle")
            times = renewals(page, control, values)
            slowest = statistics.quantiles(times, n=20)[-1]
            click.echo(f"{name}: median {statistics.median(times):.0f} ms, 95th {slowest:.0f} ms")
            page.close()
        browser.close()


if __name__ == "__main__":
    measure(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
