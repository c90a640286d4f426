"""The pages as answers: languages, headers, weight, escaping, refusals; no browser needed."""

import csv
import dataclasses
import gzip
import io
import re
import tomllib
from types import MappingProxyType

import docx
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from pypdf import PdfReader

from api.app import create_app
from api.config import HOME, Settings
from api.engine import Engine
from api.snapshot import Snapshot
from api.web.forms import figure
from recommender.artifact import read_model
from recommender.domain import Text
from recommender.pipeline import Pipeline
from recommender.text.embedding import Embedder
from recommender.text.vector_cache import VectorCache
from tests.api.conftest import HashingEncoder
from tests.world import world

PAGES = HOME / "api" / "web"
SPANISH = PAGES / "translations" / "es" / "LC_MESSAGES" / "messages.po"
FIRST_PAGE = 250_000
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def site(shipped, shipped_settings):
    return create_app(engine=Engine.of(shipped, shipped_settings)).test_client()


def spanish():
    with SPANISH.open("rb") as file:
        return read_po(file)


def test_every_string_of_the_pages_has_its_spanish():
    catalogue = spanish()
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]

    found = [row[2] for row in extract_from_dir(str(PAGES), methods, {"**": {}})]

    first = {text if isinstance(text, str) else text[0] for text in found}
    assert len(first) > 150
    assert [text for text in first if not (catalogue.get(text) and all(_forms(catalogue.get(text))))] == []


def test_the_site_imports_its_views_and_none_of_them_imports_the_site():
    views = {file.stem: file.read_text(encoding="utf-8") for file in PAGES.glob("*.py")}

    assert [name for name, text in views.items() if name != "site" and "api.web.site" in text] == []


def test_no_string_of_a_template_has_a_per_cent_sign_that_formatting_would_stumble_over():
    methods = [("templates/**.html", "jinja2")]

    found = [row[2] for row in extract_from_dir(str(PAGES), methods, {"**": {}})]

    texts = [text for row in found for text in ((row,) if isinstance(row, str) else row) if text]
    assert [text for text in texts if re.search(r"%(?!\()", text)] == []


def test_how_the_ranking_works_tells_the_learned_models_own_card(site, shipped, shipped_settings):
    model, manifest = read_model(shipped_settings.model)
    for language in ("es/como-funciona", "en/how-it-works"):
        page = site.get(f"/{language}").get_data(as_text=True)
        assert all(f"<code>{name}</code>" in page for name in shipped.pipeline.ranker.tables)
        assert model.version in page
        assert all(name in page for name in manifest.metrics)
        assert all(code in page for code in model.countries)


def test_the_order_by_what_is_likely_shows_the_probability_the_service_gives(site):
    asked = "need=empleo&k=3&mode=likely"
    rows = site.get(f"/api/v1/territories/EC-2101/recommendations?{asked}").json["recommendations"]
    page = site.get(f"/en/places/EC-2101/practices?{asked}").get_data(as_text=True)

    assert [page.index(f'value="{row["practice_id"]}"') for row in rows]
    assert page.count("Probability of a record") == sum(row["probability"] is not None for row in rows)


def _forms(message):
    return (message.string,) if isinstance(message.string, str) else message.string


def test_every_reason_of_a_weight_has_its_spanish():
    prior = tomllib.loads((HOME / "recommender" / "prior.toml").read_text(encoding="utf-8"))

    told = ("reason", "beside_reason")
    reasons = {feature[name] for feature in prior["features"].values() for name in told if name in feature}

    assert [reason for reason in reasons if not spanish().get(reason)] == []


def test_the_compiled_spanish_is_that_of_its_source():
    compiled = read_mo(io.BytesIO(SPANISH.with_suffix(".mo").read_bytes()))

    assert _told(compiled) == _told(spanish())


def _told(catalogue):
    """Return every message by its first form; a compiled catalogue nests the forms once more."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]: re.findall(
            r"'([^']*)'", str(message.string)
        )
        or message.string
        for message in catalogue
        if message.id
    }


@pytest.mark.parametrize(
    ("typed", "place"), [("Coca", "EC-2201"), ("Nueva Loja", "EC-2101"), ("lago agrio", "EC-2101")]
)
def test_a_capital_or_another_name_leads_to_its_canton(site, typed, place):
    answer = site.get("/es/lugares", query_string={"q": typed})

    assert answer.headers["Location"] == f"/es/lugares/{place}"


def test_a_name_of_several_places_lists_them(site):
    page = site.get("/es/lugares?q=Olmedo").get_data(as_text=True)

    assert "Olmedo</a>" in page or "Olmedo, Loja" in page
    assert "Manabí" in page


def test_an_unknown_name_says_what_to_do(site):
    answer = site.get("/es/lugares?q=Qwertyuiop")

    assert answer.status_code == 200
    assert "Ver todos los cantones" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/es/", "/en/", "/es/lugares/EC-2101", "/en/practices", "/es/nada"])
def test_nothing_runs_or_is_drawn_from_elsewhere_or_inline(site, path):
    answer = site.get(path)

    page, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]*"', page) == []


def test_a_tile_server_is_allowed_only_where_it_is_set(shipped, shipped_settings):
    settings = shipped_settings.model_copy(update={"tiles": "https://tiles.example.org/{z}/{x}/{y}.png"})
    answer = create_app(engine=Engine.of(shipped, settings)).test_client().get("/es/")

    assert "img-src https://tiles.example.org 'self'" in answer.headers["Content-Security-Policy"]


def test_a_contact_that_would_run_a_script_is_no_setting():
    with pytest.raises(ValueError, match="contact"):
        Settings(contact="javascript:alert(1)")


def test_the_first_page_is_light(site):
    page = site.get("/es/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"

    weight = len(page.data)
    addresses = re.findall(
        r'(?:src|href|data-base)="(/(?:assets|map)/[^"]+)"', gzip.decompress(page.data).decode()
    )
    for address in addresses:
        with site.get(address, headers={"Accept-Encoding": "gzip"}) as part:
            assert part.status_code == 200
            weight += len(part.data)

    assert len(addresses) >= 6
    assert weight <= FIRST_PAGE


def test_what_a_person_writes_is_kept_by_no_cache(site):
    answer = site.get("/es/lugares/EC-2101/practicas?need=empleo")

    assert answer.cache_control.no_store


def test_a_page_shows_the_figures_of_the_service(site):
    rows = site.get("/api/v1/territories/EC-2101/recommendations?need=empleo&k=5").json["recommendations"]
    page = site.get("/es/lugares/EC-2101/practicas?need=empleo&k=5").get_data(as_text=True)

    places = [page.index(f'value="{row["practice_id"]}"') for row in rows]
    assert places == sorted(places)
    shown = re.findall(r"<dd><strong>(\d+)</strong> <small>/ 100", page)
    assert shown == [str(round(row["fit"])) for row in rows]


def test_the_comparison_and_the_places_are_those_of_the_service(site):
    practice = "woccu-proyecto-inclusion-economica"
    fit = site.get(f"/api/v1/practices/{practice}/fit/EC-2101").json
    page = site.get(f"/es/practicas/{practice}/en/EC-2101").get_data(as_text=True)
    assert fit["verdict"] in page
    assert page.count('<th scope="row">') == len(fit["factors"])

    ranked = site.get(f"/api/v1/practices/{practice}/territories?k=20").json["places"]
    page = site.get(f"/es/practicas/{practice}/lugares").get_data(as_text=True)
    at = [page.index(f"/en/{row['territory']['id']}") for row in ranked]
    assert at == sorted(at)


def test_a_comparison_keeps_the_figure_of_the_list_it_was_opened_from(site):
    asked = "need=empleo&weights=need_words=0.5"
    listed = site.get(f"/es/lugares/EC-2101/practicas?{asked}&k=3").get_data(as_text=True)
    link = re.search(r'class="button" href="(/es/practicas/[^"]+)"', listed).group(1).replace("&amp;", "&")

    page = site.get(link).get_data(as_text=True)

    first = r"<dd><strong>(\d+)</strong> <small>/ 100"
    assert re.search(first, page).group(1) == re.search(first, listed).group(1)
    assert 'name="weights" value="need_words=0.5"' in page
    assert "«empleo»" in page


def test_the_shortlist_goes_along_as_a_document_with_reasons_and_changes(site):
    asked = "practice=esquel-ser-inclusion&practice=woccu-proyecto-inclusion-economica&place=Coca"
    for path, why, change in (
        ("/es/seleccion/documento", "Por qué", "Qué cambiar o comprobar primero"),
        ("/en/shortlist/document", "Why", "What to change or check first"),
    ):
        pages = PdfReader(io.BytesIO(site.get(f"{path}.pdf?{asked}").data)).pages
        told = " ".join(" ".join(page.extract_text() for page in pages).split())
        written = docx.Document(io.BytesIO(site.get(f"{path}.docx?{asked}").data))
        text = " ".join(paragraph.text for paragraph in written.paragraphs)
        assert told.count(f"{why}:") == text.count(f"{why}:") == 2
        assert told.count(change) == text.count(change) == 2
        assert "SER Inclusión" in told
        assert len(written.tables) == 1
    assert site.get("/es/seleccion/documento.exe").status_code == 404
    empty = site.get("/es/seleccion/documento.pdf?practice=esquel-ser-inclusion")
    assert empty.data.startswith(b"%PDF")  # without a place there is no figure, and still a document


def test_a_selection_keeps_the_order_of_the_list_it_was_chosen_from(site):
    asked = "need=empleo&k=3&mode=likely"
    rows = site.get(f"/api/v1/territories/EC-2101/recommendations?{asked}").json["recommendations"]
    listed = site.get(f"/es/lugares/EC-2101/practicas?{asked}").get_data(as_text=True)
    assert 'type="hidden" name="mode" value="likely"' in listed

    chosen = "&".join(f"practice={row['practice_id']}" for row in reversed(rows))
    for language, told in (("es/seleccion", "Probabilidad de registro"), ("en/shortlist", "Probability of")):
        page = site.get(f"/{language}?{chosen}&place=EC-2101&need=empleo&mode=likely").get_data(as_text=True)
        table = page[page.index("<tbody>") :]
        assert told in page
        at = [table.index(f'data-shortlist-toggle="{row["practice_id"]}"') for row in rows]
        assert at == sorted(at)
        assert "mode=likely" in table  # the comparison tells the same figure
    assert told not in site.get(f"/en/shortlist?{chosen}&place=EC-2101&need=empleo").get_data(as_text=True)


def test_no_line_ends_between_a_figure_and_its_sign_or_unit(site):
    for path in (
        "lugares/EC-2101",
        "lugares/EC-2101/practicas?need=empleo",
        "practicas/esquel-ser-inclusion/lugares",
    ):
        page = site.get(f"/es/{path}").get_data(as_text=True)
        assert re.findall(r"\d %|\d km\b|USD \d", page) == []
    page = site.get("/es/lugares/EC-2101/practicas?need=el+40+%25+sin+empleo").get_data(as_text=True)
    assert ">el 40 % sin empleo</textarea>" in page  # a visitor's own words stay as they are


def test_a_route_is_that_of_the_service_and_names_what_has_no_place(site):
    asked = "practice=esquel-ser-inclusion&practice=onu-abrazos-que-unen&start=Coca"
    told = site.get(f"/api/v1/routes?{asked}").json
    page = site.get(f"/es/ruta?{asked}").get_data(as_text=True)

    at = [page.index(f'data-number="{stop["rank"]}"') for stop in told["stops"]]
    assert at == sorted(at)
    assert [one["id"] for one in told["unplaced"]] == ["onu-abrazos-que-unen"]
    assert "Fuera de la ruta" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("practice=esquel-ser-inclusion&start=Olmedo", "puede ser 2 lugares"),
        ("practice=esquel-ser-inclusion&start=Ecuador", "no tiene un punto en el mapa"),
    ],
)
def test_a_route_that_cannot_be_planned_says_why_beside_its_form(site, asked, says):
    answer = site.get(f"/es/ruta?{asked}")

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert 'value="esquel-ser-inclusion" checked' in answer.get_data(as_text=True)


def test_too_many_practices_for_a_route_can_be_unticked(site):
    ids = [row["id"] for row in site.get("/api/v1/practices?per_page=13").json["practices"]]
    answer = site.get("/es/ruta?" + "&".join(f"practice={id}" for id in ids))

    assert answer.status_code == 422
    assert "Elija como mucho 12 prácticas" in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count("checked>") == 13
    assert site.get("/es/ruta?practice=none").status_code == 422


def test_a_typed_profile_gets_the_partners_of_the_service(site):
    profile = {"type": "civil_society", "themes": ["health"], "territories": ["Coca"]}
    told = site.post("/api/v1/partners", json={"organisation": profile, "k": 8}).json
    page = site.get("/es/organizacion?type=civil_society&themes=health&territories=Coca")

    first = told["families"][0]["partners"][0]["organisation"]
    assert f"/es/organizaciones/{first['id']}" in page.get_data(as_text=True)
    assert page.cache_control.no_cache or page.cache_control.no_store


def test_answers_change_the_comparison_and_its_document(site):
    address = "/es/practicas/woccu-proyecto-inclusion-economica/en/EC-2101"
    key = re.search(r'name="(a\.[^"]+)"', site.get(address).get_data(as_text=True)).group(1)

    answered = site.get(address, query_string={key: "yes"}).get_data(as_text=True)
    plan = site.get(f"{address}/plan.docx", query_string={key: "yes"})

    assert "su respuesta: sí" in answered or f'name="{key}" value="yes" checked' in answered
    assert plan.data.startswith(b"PK")
    assert site.get(f"{address}/plan.exe").status_code == 404


def test_the_shortlist_goes_along_as_a_table(site):
    asked = "practice=esquel-ser-inclusion&practice=woccu-proyecto-inclusion-economica&place=Coca"

    rows = list(
        csv.DictReader(io.StringIO(site.get(f"/es/seleccion/tabla.csv?{asked}").get_data(as_text=True)))
    )

    assert {row["practice_id"] for row in rows} == {
        "esquel-ser-inclusion",
        "woccu-proyecto-inclusion-economica",
    }
    assert [float(row["fit"]) for row in rows] == sorted((float(row["fit"]) for row in rows), reverse=True)
    assert all(row["source_url"] and row["notice"] and row["model_version"] for row in rows)
    assert site.get(f"/en/shortlist/table.xlsx?{asked}").data.startswith(b"PK")


def test_limits_that_cannot_be_kept_are_named(site):
    asked = {"budget_usd": "1000", "assumed": "40000", "for_province": "EC-U", "share_province": "90"}

    answer = site.get("/es/cartera", query_string=asked)

    assert answer.status_code == 422
    assert "Ninguna cartera cumple" in answer.get_data(as_text=True)


def test_the_ecosystem_counts_what_the_service_counts(site):
    counted = site.get("/api/v1/ecosystem?theme=health").json
    page = site.get("/es/ecosistema?theme=health").get_data(as_text=True)

    assert f"Constan {counted['practices']} prácticas" in page


def test_numbers_are_written_as_the_reader_does(site):
    assert "3.151" in site.get("/es/lugares/EC-2101").get_data(as_text=True)
    assert "3,151" in site.get("/en/places/EC-2101").get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "typed"), [("es", "200.000"), ("en", "200,000"), ("es", "USD 200 000,50")]
)
def test_money_is_read_as_the_pages_write_it(site, language, typed):
    paths = {"es": ("/es/cartera", "Elegir"), "en": ("/en/portfolio", "Choose")}
    page = site.get(paths[language][0], query_string={"budget_usd": typed, "assumed": typed})
    plain = site.get(paths[language][0], query_string={"budget_usd": "200000", "assumed": "200000"})

    granted = re.compile(r"(?:1 subvención|1 grant|\d+ subvenciones|\d+ grants)[^<]*")
    assert page.status_code == 200
    assert (
        granted.search(page.get_data(as_text=True)).group()
        == granted.search(plain.get_data(as_text=True)).group()
    )


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("120000", 120_000.0),
        ("120.000", 120_000.0),
        ("1,200,000.50", 1_200_000.5),
        ("1.200.000,5", 1_200_000.5),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0.125", 0.125),
        ("$ 120 000", 120_000.0),
        ("mucho", "mucho"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_figure_is_read_with_either_separator(typed, value):
    assert figure(float, typed) == value


def test_countries_are_named_in_the_language_of_the_page(site):
    assert ">Alemania</option>" in site.get("/es/ecosistema").get_data(as_text=True)
    assert ">Germany</option>" in site.get("/en/ecosystem").get_data(as_text=True)


def test_a_list_for_several_places_says_which_one_here_is(site):
    page = site.get("/es/organizacion?type=civil_society&themes=health&territories=Coca,Manta")

    assert re.search(
        r"«Aquí» es (Manta, Manabí|Francisco de Orellana, Orellana)", page.get_data(as_text=True)
    )


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/es/lugares/XX-999", 404, "Elegir un cantón"),
        ("/es/practicas/none", 404, "Ver todas las prácticas"),
        ("/es/nada/de/esto", 404, "Puede que el enlace sea antiguo"),
        ("/es/lugares/EC-2101/practicas?k=0", 422, "cambie ese campo"),
        ("/es/practicas?page=99", 422, "cambie ese campo"),
        ("/es/organizacion?budget_usd=mucho", 422, "budget_usd"),
    ],
)
def test_a_refusal_is_a_page_that_says_what_to_do_next(site, path, status, says):
    answer = site.get(path)

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert says in answer.get_data(as_text=True)


def test_while_the_data_load_the_page_says_so():
    answer = create_app(engine=Engine(Settings())).test_client().get("/es/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "todavía se están cargando" in answer.get_data(as_text=True)


def test_programs_still_get_problem_details(site):
    assert site.get("/api/v1/nothing").mimetype == "application/problem+json"


def test_a_title_that_is_a_script_tag_is_shown_as_text(taxonomy, tmp_path):
    catalogue = world().catalogue
    wicked = dataclasses.replace(
        catalogue.practices["coast-0"],
        title=Text({"es": SCRIPT, "en": SCRIPT}),
        summary=Text({"es": SCRIPT, "en": SCRIPT}),
        source_url="javascript:alert(1)",
    )
    catalogue = dataclasses.replace(
        catalogue, practices=MappingProxyType({**catalogue.practices, "coast-0": wicked})
    )
    embedder = Embedder(HashingEncoder, VectorCache(tmp_path, "hashing"))
    site = create_app(engine=Engine.of(Snapshot.build(Pipeline.build(catalogue, taxonomy, embedder))))

    for path in (
        "/es/practicas/coast-0",
        "/es/practicas",
        "/es/lugares/XX-C1-1/practicas?need=<script>alert(1)</script>",
        "/es/seleccion?practice=coast-0&place=XX-C1-1",
        "/es/lugares?q=<script>alert(1)</script>",
    ):
        page = site.test_client().get(path).get_data(as_text=True)
        assert "&lt;script&gt;" in page, path
        assert "<script>alert" not in page, path
        assert 'href="javascript:' not in page, path


def test_every_practice_page_says_source_date_and_no_endorsement(site, shipped):
    for practice in shipped.pipeline.catalogue.practices.values():
        page = site.get(f"/es/practicas/{practice.id}").get_data(as_text=True)
        assert "no es un aval" in page
        assert "corrección" in page
        assert not practice.source_url or practice.source_url.replace("&", "&amp;") in page
        assert not practice.retrieved or "consultada el" in page


def test_what_can_count_more_is_put_as_a_wish_with_its_measure_beside_it(site):
    page = site.get("/es/organizacion").get_data(as_text=True)

    assert '<label for="w-type_fit">Que la hayan llevado organizaciones como la nuestra</label>' in page
    assert re.search(r'<p class="small" id="h-type_fit">1 si [^<]+</p>', page)
    assert 'name="w.type_fit" aria-describedby="h-type_fit"' in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "/es/lugares/EC-2101/practicas?need=Cuenca",
            "Ninguna práctica registrada responde a esta necesidad",
        ),
        ("/en/places/EC-2101/practices?need=Cuenca", "No registered practice answers this need"),
    ],
)
def test_that_nothing_answers_the_need_is_said_before_the_rows(site, address, said):
    page = site.get(address).text

    assert 0 < page.index(said) < page.index('<ol class="results">')
