"""The three journeys as a person goes them, in a real Chromium, in both languages, desktop and phone."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.web.conftest import ARTEFACTS, SIZES

PRACTICE = "woccu-proyecto-inclusion-economica"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SAYS = {
    "es": {
        "place": "Su cantón, su provincia o su cabecera",
        "profile": "Ver su perfil",
        "need": re.compile("Diga con sus palabras"),
        "ask": "Ver prácticas",
        "add": re.compile("^Añadir a mi selección"),
        "compare": "Comparar mi selección",
        "plan": re.compile("^Comparar y planificar"),
        "yes": "sí",
        "again": "Comparar de nuevo",
        "where": "¿Dónde echaría raíces?",
        "selection": re.compile("^Mi selección"),
        "weights": "¿Qué debe contar más o menos?",
        "type": "Tipo de organización",
        "themes": "Temas en los que trabaja",
        "at": "Dónde trabaja",
        "keep": "Guardar en este navegador",
        "load": "Usar lo guardado",
        "unknown": "Ningún lugar empieza así.",
        "search": "Buscar",
        "visits": "Planificar visitas",
        "plan visits": "Planificar las visitas",
        "begin": re.compile("^Dónde empieza"),
        "back": "Volver al punto de partida",
        "paths": {"places": "lugares", "practices": "practicas", "shortlist": "seleccion", "in": "en"}
        | {"organisation": "organizacion", "organisations": "organizaciones", "method": "como-funciona"}
        | {"ecosystem": "ecosistema", "portfolio": "cartera", "route": "ruta"},
    },
    "en": {
        "place": "Your canton, province or its capital",
        "profile": "See its profile",
        "need": re.compile("Say in your own words"),
        "ask": "See practices",
        "add": re.compile("^Add to my selection"),
        "compare": "Compare my selection",
        "plan": re.compile("^Compare and plan"),
        "yes": "yes",
        "again": "Compare again",
        "where": "Where would it take root?",
        "selection": re.compile("^My selection"),
        "weights": "What should count more or less?",
        "type": "Type of organisation",
        "themes": "Themes you work on",
        "at": "Where you work",
        "keep": "Keep in this browser",
        "load": "Fill in what I kept",
        "unknown": "No place begins so.",
        "search": "Search",
        "visits": "Plan visits",
        "plan visits": "Plan the visits",
        "begin": re.compile("^Where it starts"),
        "back": "Come back to the start",
        "paths": {"places": "places", "practices": "practices", "shortlist": "shortlist", "in": "in"}
        | {"organisation": "organisation", "organisations": "organisations", "method": "how-it-works"}
        | {"ecosystem": "ecosystem", "portfolio": "portfolio", "route": "route"},
    },
}


def picture(page, name, language, size):
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{language}-{size}.png", full_page=True)


def titles(page):
    return page.locator(".results h3").all_inner_texts()


def reasons(page):
    return page.locator(".results .reasons").all_inner_texts()


def test_a_municipality_goes_from_its_name_to_a_plan(open_page, language, size):
    say = SAYS[language]
    page = open_page(f"/{language}/")
    expect(page.locator(".map-frame path").first).to_be_visible()
    expect(page.locator(".map-frame .inset")).to_have_text("Galápagos")
    expect(page.locator(".map-frame .inset path.c1, .map-frame .inset path.c0")).to_have_count(3)
    page.get_by_label(say["place"]).press_sequentially("Nueva L")
    suggestion = page.locator("[data-suggestions] a", has_text="Lago Agrio")
    expect(suggestion).to_be_visible()
    picture(page, "start", language, size)
    suggestion.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Lago Agrio")
    expect(page.locator(".gauge").first).to_be_visible()
    # dozens of indicators would fill thirty screens of a phone: there they are one touch away
    expect(page.locator("table.indicators")).to_be_visible(visible=size == "desktop")
    picture(page, "place", language, size)
    page.get_by_label(say["need"]).fill("jóvenes venezolanos sin empleo formal")
    page.get_by_role("button", name=say["ask"]).click()

    expect(page.locator(".results > li")).to_have_count(10)
    expect(page.locator(".results > li").first.locator(".mark")).to_have_count(3)
    before = titles(page)
    page.locator("summary").first.click()
    page.locator("input[name=themes][value=health]").check()
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".results h3").first).not_to_have_text(before[0])
    assert "themes=health" in page.url
    page.reload()
    expect(page.locator("input[name=themes][value=health]")).to_be_checked()
    picture(page, "recommendations", language, size)

    for number in (0, 1):
        page.get_by_role("checkbox", name=say["add"]).nth(number).check()
    chosen = titles(page)[:2]
    expect(page.get_by_role("link", name=say["selection"])).to_contain_text("(2)")
    page.get_by_role("button", name=say["compare"]).click()
    expect(page.locator("table.side tbody tr")).to_have_count(2)
    assert {title.split(". ", 1)[-1] for title in chosen} == set(
        page.locator("table.side tbody th > a").all_inner_texts()
    )
    picture(page, "shortlist", language, size)
    for form, start in {"PDF": b"%PDF", "DOCX": b"PK", "CSV": b"practice_id", "XLSX": b"PK"}.items():
        with page.expect_download() as waiting:
            page.get_by_role("link", name=form, exact=True).click()
        assert waiting.value.path().read_bytes().startswith(start)

    page.get_by_role("link", name=say["plan"]).first.click()
    expect(page.locator(".chain > li")).to_have_count(4)
    picture(page, "comparison", language, size)
    page.locator("[data-shortlist-toggle]").click()
    expect(page.get_by_role("link", name=say["selection"])).to_contain_text("(1)")
    page.locator("[data-shortlist-toggle]").click()
    expect(page.get_by_role("link", name=say["selection"])).to_contain_text("(2)")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    question = page.locator(".yes-no").first
    question.get_by_label(say["yes"], exact=True).check()
    page.get_by_role("button", name=say["again"]).click()
    assert "=yes" in page.url
    assert "need=j" in page.url  # the figure stays that of the list


def test_an_organisation_sees_its_weights_change_the_order(open_page, language, size):
    say = SAYS[language]
    page = open_page(f"/{language}/{say['paths']['organisation']}")
    page.get_by_label(say["type"]).select_option("civil_society")
    page.locator("summary", has_text=say["themes"]).click()
    page.locator("input[name=themes][value=health]").check()
    page.get_by_label(say["at"]).fill("Coca")
    page.get_by_role("button", name=say["ask"]).click()
    expect(page.locator(".results > li")).to_have_count(10)
    before, told = titles(page), reasons(page)
    expect(page.locator("section[aria-labelledby=partners] > ul > li").first).to_be_visible()
    expect(page.locator("section[aria-labelledby=territories]")).to_contain_text("Francisco de Orellana")

    page.locator("summary", has_text=say["weights"]).click()
    page.locator("[name='w.themes_shared']").select_option("0")
    expect(page).to_have_url(re.compile("w.themes_shared=0"))
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    assert titles(page) != before
    assert reasons(page) != told
    picture(page, "organisation", language, size)

    with page.expect_download() as waiting:
        page.locator("[data-profile-export]").click()
    exported = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert exported["organisation"] == {
        "type": "civil_society",
        "themes": ["health"],
        "territories": ["Coca"],
    }
    page.get_by_role("button", name=say["keep"]).click()
    page.goto(f"/{language}/{say['paths']['organisation']}")
    page.get_by_role("button", name=say["load"]).click()
    expect(page.get_by_label(say["type"])).to_have_value("civil_society")
    expect(page.get_by_label(say["at"])).to_have_value("Coca")


def test_an_agency_sees_where_a_practice_would_take_root(open_page, language, size):
    say = SAYS[language]
    page = open_page(f"/{language}/{say['paths']['practices']}")
    page.get_by_role("searchbox").fill("inclusión económica cooperativas")
    page.get_by_role("button", name=say["search"]).click()
    expect(page).to_have_url(re.compile("q=inclusi"))
    picture(page, "catalogue", language, size)

    page.goto(f"/{language}/{say['paths']['practices']}/{PRACTICE}")
    picture(page, "practice", language, size)
    page.get_by_role("link", name=say["where"]).click()
    expect(page.locator(".map-frame path.c3").first).to_be_visible()
    expect(page.locator("table.destinations tbody tr")).to_have_count(20)
    points = [page.locator(f".map-frame path.c{step}").count() for step in range(4)]
    assert min(points) > 0.15 * sum(points)  # fits lie close together, and the map still tells them apart
    picture(page, "destinations", language, size)
    page.locator("#show").select_option("need")
    page.locator(".question button").click()
    expect(page).to_have_url(re.compile("show=need"))
    expect(page.locator("table.destinations tbody tr")).to_have_count(20)


def test_an_agency_funds_within_a_budget_and_a_quota(open_page, language, size):
    say = SAYS[language]["paths"]
    page = open_page(f"/{language}/{say['portfolio']}")
    page.locator("#budget_usd").fill("200000")
    page.locator("#assumed").fill("40000")
    page.locator("#max_per_practice").fill("1")
    page.locator("#region").select_option("Amazonía")
    page.locator("#more_usd").fill("40000")
    page.locator("#less_usd").fill("80000")
    page.locator(".choice summary").nth(1).click()
    page.locator("#for_province").select_option("EC-U")
    page.locator("#share_province").fill("20")
    page.locator(".question button").click()

    expect(page.locator("#result")).to_contain_text("5")
    expect(page.locator(".map-frame path.c1, .map-frame path.c2").first).to_be_visible()
    expect(page.locator("table.destinations tbody tr")).to_have_count(5)
    expect(page.locator("table.destinations")).to_contain_text("Sucumbíos")
    expect(page.get_by_role("heading", name=re.compile("40.000"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("80.000"))).to_be_visible()
    picture(page, "portfolio", language, size)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="XLSX").click()
    assert waiting.value.path().read_bytes().startswith(b"PK")


def test_chosen_practices_become_a_learning_route(open_page, language, size):
    say = SAYS[language]
    page = open_page(f"/{language}/{say['paths']['practices']}?countries=EC&themes=economic_inclusion")
    for number in range(3):
        page.get_by_role("checkbox", name=say["add"]).nth(number).check()
    page.get_by_role("button", name=say["visits"]).click()

    expect(page.locator("table#stops tbody tr").first).to_be_visible()
    page.get_by_label(say["begin"]).fill("Coca")
    page.get_by_label(say["back"]).check()
    page.get_by_role("button", name=say["plan visits"]).click()
    stops = page.locator("table#stops tr[data-number]")
    expect(page.locator("table#stops tbody tr")).to_have_count(stops.count() + 2)  # there and back
    expect(page.locator(".map-frame path.leg")).to_be_attached()
    expect(page.locator(".map-frame .stop")).to_have_count(stops.count())
    picture(page, "route", language, size)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="GeoJSON").click()
    assert b"LineString" in waiting.value.path().read_bytes()


def test_the_language_switch_keeps_the_question(open_page, size):
    page = open_page("/es/lugares/EC-2101/practicas?need=agua+segura&k=5")

    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(re.compile("/en/places/EC-2101/practices.*need=agua"))
    expect(page.get_by_label(SAYS["en"]["need"])).to_have_value("agua segura")
    expect(page.locator(".results > li")).to_have_count(5)


def test_a_name_nobody_has_is_said_while_typing(open_page, language, size):
    page = open_page(f"/{language}/")

    page.get_by_label(SAYS[language]["place"]).press_sequentially("qqq")

    expect(page.get_by_text(SAYS[language]["unknown"])).to_be_visible()


@pytest.mark.parametrize("size", ["phone"])
def test_the_way_to_a_plan_needs_no_javascript(chromium, address, language, size):
    say = SAYS[language]
    context = chromium.new_context(viewport=SIZES[size], base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/{language}/")
    page.get_by_label(say["place"]).fill("Coca")
    page.get_by_role("button", name=say["profile"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Francisco de Orellana")
    page.get_by_label(say["need"]).fill("agua")
    page.get_by_role("button", name=say["ask"]).click()
    for number in (0, 1):
        page.get_by_role("checkbox", name=say["add"]).nth(number).check()
    page.get_by_role("button", name=say["compare"]).click()
    expect(page.locator("table.side tbody tr")).to_have_count(2)
    page.get_by_role("link", name=say["plan"]).first.click()
    expect(page.locator(".chain > li")).to_have_count(4)
    context.close()


def test_the_keyboard_alone_reaches_the_results(open_page, size):
    page = open_page("/es/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ir al contenido")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("Coca")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Francisco de Orellana")


def every_page(language):
    say = SAYS[language]["paths"]
    practices, places = say["practices"], say["places"]
    return [
        "",
        f"{places}?q=Olmedo",
        f"{places}/EC-2101",
        f"{places}/EC-U",
        f"{places}/EC",
        f"{places}?q=qqqq",
        f"{places}/EC-2101/{practices}?need=empleo&k=5",
        f"{places}/EC-2101/{practices}?need=empleo&k=5&mode=likely",
        f"{places}/EC-2101/{practices}?themes=health&populations=children&budget_max_usd=5000&year_from=2025",
        practices,
        f"{practices}?q=qqqq",
        f"{practices}/{PRACTICE}",
        f"{practices}/{PRACTICE}/{places}?show=need",
        f"{practices}/{PRACTICE}/{say['in']}/EC-2101",
        f"{say['organisations']}/hias-ecuador",
        f"{say['organisation']}?type=civil_society&themes=health&territories=Quito&budget_usd=50000",
        f"{say['shortlist']}?practice={PRACTICE}&practice=esquel-ser-inclusion&place=EC-2101&mode=likely",
        say["shortlist"],
        say["method"],
        say["ecosystem"],
        say["route"],
        f"{say['route']}?practice={PRACTICE}&practice=esquel-ser-inclusion&start=Coca&back=true",
        f"{say['portfolio']}?budget_usd=200000&assumed=40000&region=Costa&max_per_practice=1",
        say["portfolio"],
        f"{say['portfolio']}?budget_usd=1000&assumed=40000&for_province=EC-U&share_province=90",
        "nothing-here",
    ]


def test_axe_finds_no_violation_on_a_desktop_nor_on_a_phone(chromium, address, language):
    context = chromium.new_context(viewport=SIZES["desktop"], base_url=address)
    page, axe, found = context.new_page(), Axe(), []
    for path in every_page(language):
        page.set_viewport_size(SIZES["desktop"])
        page.goto(f"/{language}/{path}")
        page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        for size in SIZES:
            page.set_viewport_size(SIZES[size])
            report = axe.run(page, options=WCAG).response
            found += [(path, size, fault["id"], fault["nodes"][0]["html"]) for fault in report["violations"]]
    context.close()

    assert found == []


def test_nothing_is_wider_than_a_phone_or_a_page_at_twice_its_size(chromium, address, language):
    context = chromium.new_context(viewport=SIZES["phone"], base_url=address)
    page, found = context.new_page(), []
    for width in (SIZES["phone"]["width"], SIZES["desktop"]["width"] // 2):
        page.set_viewport_size({"width": width, "height": 740})
        for path in every_page(language):
            page.goto(f"/{language}/{path}", wait_until="domcontentloaded")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((path, width))
    context.close()

    assert found == []
