"""What a keyboard, a screen reader, paper and a slow start get: roles, names, focus, announcements."""

import json
import re
import threading
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from api.app import create_app
from api.engine import Engine
from recommender.text.embedding import Embedder
from tests.api.conftest import HashingEncoder
from tests.web.conftest import SIZES
from tests.web.test_journeys import SAYS, every_page

LIST = "/es/lugares/EC-2101/practicas?need=empleo&k=5"


@pytest.fixture
def size():
    return "desktop"


def test_a_screen_reader_hears_the_start_page_in_its_order(open_page):
    page = open_page("/es/")

    expect(page.locator("body")).to_match_aria_snapshot("""
      - link "Ir al contenido"
      - banner:
        - link "Arraigo"
        - navigation "Principal":
          - link "Municipio"
          - link "Organización"
          - link "Cooperación"
          - link "Catálogo"
          - link "Mi selección"
          - link "Cómo se ordena"
        - link "English"
      - main:
        - heading "¿Qué buenas prácticas echarían raíces aquí?" [level=1]
        - search:
          - textbox "Su cantón, su provincia o su cabecera"
          - button "Ver su perfil"
        - region "O elíjalo en el mapa":
          - heading "O elíjalo en el mapa" [level=2]
          - region /Mapa de los cantones/
        - region "Otras entradas"
      - contentinfo
    """)


def test_a_screen_reader_hears_each_ranked_practice_as_a_named_item(open_page):
    page = open_page(LIST)
    first = page.locator(".results > li").first
    title = first.locator("h3").inner_text().split(". ", 1)[-1]

    expect(first).to_match_aria_snapshot("""
      - listitem:
        - heading [level=3]:
          - link
        - term: Ajuste anticipado
        - definition
        - term: Evidencia
        - definition
        - term: Datos conocidos
        - definition
        - heading "Por qué" [level=4]
        - list
    """)
    for role, told in (("link", "Comparar y planificar"), ("checkbox", "Añadir a mi selección")):
        named = re.compile(f"^{told} ?: {re.escape(title)}$")
        expect(first.get_by_role(role, name=named)).to_be_visible()


def test_a_changed_filter_keeps_the_focus_and_says_the_new_first_practice(open_page):
    page = open_page(LIST)
    page.locator("#k").focus()

    page.locator("#k").select_option("10")

    expect(page.locator(".results > li")).to_have_count(10)
    expect(page.locator("#k")).to_be_focused()
    first = page.locator(".results h3 a").first.inner_text()
    expect(page.locator("[data-said]")).to_contain_text(f"1. {first}")
    expect(page.locator("[data-said]")).to_have_attribute("role", "status")


def test_a_question_sent_anew_moves_the_focus_to_the_list(open_page):
    page = open_page(LIST)
    page.get_by_label(SAYS["es"]["need"]).fill("agua segura")

    page.get_by_role("button", name="Buscar de nuevo").press("Enter")

    expect(page).to_have_url(re.compile("need=agua"))
    expect(page.locator("#results h2").first).to_be_focused()


def test_the_keyboard_goes_through_every_page_in_reading_order(chromium, address, language):
    context = chromium.new_context(viewport=SIZES["desktop"], base_url=address)
    page, found = context.new_page(), []
    for path in every_page(language):
        page.goto(f"/{language}/{path}", wait_until="domcontentloaded")
        jumps = page.locator("[tabindex]").evaluate_all("all => all.filter((one) => one.tabIndex > 0).length")
        page.keyboard.press("Tab")
        skip = page.evaluate("document.activeElement.className")
        if jumps or skip != "skip":
            found.append((path, jumps, skip))
    context.close()

    assert found == []


def test_a_map_is_no_trap_and_its_table_says_the_same(open_page):
    page = open_page("/es/ruta?practice=esquel-ser-inclusion&practice=woccu-proyecto-inclusion-economica")
    expect(page.locator(".map-frame .stop").first).to_be_visible()
    inside = page.locator(".map-frame a, .map-frame [tabindex='0']")

    inside.first.focus()
    for _ in range(inside.count() + 1):
        page.keyboard.press("Tab")

    assert not page.evaluate("Boolean(document.activeElement.closest('.map-frame'))")
    numbers = page.locator(".map-frame .stop").all_inner_texts()
    assert sorted(numbers) == sorted(
        page.locator("#stops tr[data-number]").evaluate_all("all => all.map((one) => one.dataset.number)")
    )


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (LIST, ".results > li"),
        ("/es/seleccion?practice=esquel-ser-inclusion&place=Coca", "table.side"),
        ("/es/ruta?practice=esquel-ser-inclusion", "table#stops"),
    ],
)
def test_on_paper_stands_the_answer_without_the_controls(open_page, path, kept):
    page = open_page(path)

    page.emulate_media(media="print")

    expect(page.locator(kept).first).to_be_visible()
    if path == LIST:
        expect(page.locator(".paper")).to_contain_text("«empleo»")
    for control in ("header.top", "form.question", ".sticky", ".actions"):
        for one in page.locator(control).all():
            expect(one).to_be_hidden()


def square(id, west, south):
    ring = [[west, south], [west + 0.5, south], [west + 0.5, south + 0.5], [west, south + 0.5], [west, south]]
    return {"type": "Feature", "id": id, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@contextmanager
def served(engine):
    """Serve the pages of an engine; the address."""
    server = make_server("127.0.0.1", 0, create_app(engine=engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_boundaries_that_a_package_supplies_are_drawn_and_lead_to_their_place(
    chromium, shipped, shipped_settings, tmp_path
):
    drawn = {
        "type": "FeatureCollection",
        "features": [square("EC-2101", -77.2, 0.0), square("EC-U", -77, -0.5)],
    }
    (tmp_path / "boundaries.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    settings = shipped_settings.model_copy(update={"packages": (*shipped_settings.packages, tmp_path)})
    context = chromium.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    with served(Engine.of(shipped, settings)) as address:
        page.goto(f"{address}/es/")
        shapes = page.locator(".map-frame path.ground, .map-frame path[class*=c2][d*=L]")
        expect(page.locator(".map-frame path.ground")).to_have_count(1)  # the province has no row of its own
        expect(shapes).not_to_have_count(0)
        page.locator(".map-frame path:not(.ground)[d*=L]").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Lago Agrio")
        context.close()


@pytest.fixture
def slow(shipped, shipped_settings):
    """A service whose text encoder loads until it is let go; the address, and what lets it go."""
    engine, gate = Engine.of(shipped, shipped_settings), threading.Event()

    def load():
        gate.wait(60)
        return HashingEncoder("slow")

    engine._embedder = Embedder(load, type("Cache", (), {"fingerprint": "slow"})())
    engine._embedder.start_loading()
    with served(engine) as address:
        yield address, gate
        gate.set()


def test_a_text_that_waits_for_its_reader_says_so_and_the_list_comes_by_itself(chromium, slow, language):
    address, gate = slow
    say = SAYS[language]["paths"]
    context = chromium.new_context(viewport=SIZES["phone"], base_url=address)
    page = context.new_page()
    page.goto(f"/{language}/{say['places']}/EC-2101/{say['practices']}?need=empleo")

    expect(page.get_by_role("heading", level=1)).to_contain_text("texto" if language == "es" else "text")
    expect(page.locator("[data-wait]")).to_contain_text(
        "aparece sola" if language == "es" else "comes by itself"
    )
    gate.set()
    expect(page.locator(".results > li")).to_have_count(10, timeout=30_000)
    context.close()


def test_a_list_that_renews_in_place_waits_for_the_reader_too(chromium, slow):
    address, gate = slow
    context = chromium.new_context(viewport=SIZES["desktop"], base_url=address)
    page = context.new_page()
    page.goto("/es/lugares/EC-2101/practicas")
    before = page.locator(".results h3").all_inner_texts()
    page.get_by_label(SAYS["es"]["need"]).fill("vivienda y albergue")
    page.get_by_role("button", name="Buscar de nuevo").click()

    expect(page.locator(".wait")).to_contain_text("se está cargando")
    assert page.locator(".results h3").all_inner_texts() == before
    gate.set()
    expect(page).to_have_url(re.compile("need=vivienda"), timeout=30_000)
    context.close()


def test_without_javascript_the_waiting_page_has_a_way_on(chromium, slow):
    address, gate = slow
    context = chromium.new_context(viewport=SIZES["phone"], base_url=address, java_script_enabled=False)
    page = context.new_page()
    answer = page.goto("/es/lugares/EC-2101/practicas?need=empleo&k=5")

    assert answer.status == 503
    assert answer.headers["retry-after"]
    page.get_by_role("link", name="Mientras tanto, ver la respuesta sin el texto").click()
    expect(page.locator(".results > li")).to_have_count(5)
    page.go_back()
    gate.set()
    page.get_by_role("link", name="Intentar de nuevo").click()
    expect(page.locator(".results > li")).to_have_count(5)
    context.close()
