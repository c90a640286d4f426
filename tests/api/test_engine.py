"""What stands behind the doors: loading, failing, changing under way."""

import shutil
import sqlite3
import time

import pytest

from api.app import create_app
from api.engine import Engine, open_registry, read_catalogue
from recommender.package import read_packages


def until(condition, seconds=20):
    """Wait until something is so; fail where it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def settings(shipped, shipped_settings, tmp_path):
    """A registry of its own beside vectors that are all there."""
    changes = {"registry": f"sqlite:///{tmp_path / 'new' / 'registry.db'}", "reload_seconds": 0.05}
    return shipped_settings.model_copy(update=changes)


@pytest.mark.parametrize("address", ["/health/ready", "/api/v1/practices"])
def test_while_loading_the_caller_is_told_when_to_ask_again(settings, address):
    client = create_app(engine=Engine(settings)).test_client()

    answer = client.get(address)

    assert (answer.status_code, answer.json["code"]) == (503, "not-ready")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/health/live").status_code == 200


def test_an_empty_registry_is_filled_with_the_shipped_packages(settings):
    snapshot = Engine(settings).load()

    assert len(snapshot.practice_ids) == 248
    with open_registry(settings) as registry:
        assert registry.version() == snapshot.pipeline.data_version


def test_a_registry_of_another_version_is_filled_anew_and_it_is_said(settings, caplog):
    Engine(settings).load()
    with sqlite3.connect(settings.registry.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE registry SET structure = 'older'")
        connection.execute("ALTER TABLE registry DROP COLUMN origin")
    connection.close()
    caplog.clear()

    catalogue = read_catalogue(settings)
    again = read_catalogue(settings)

    assert len(catalogue.practices) == len(again.practices) == 248
    told = [record.getMessage() for record in caplog.records if "another version" in record.getMessage()]
    assert len(told) == 1  # said when it happens, not at every start after
    assert str(settings.packages[0]) in told[0]


@pytest.fixture
def own_package(settings, tmp_path):
    """Settings whose only package is a copy of Ecuador's, and the change of one word in it."""
    package = tmp_path / "ecuador"
    shutil.copytree(settings.packages[0], package)
    practices = package / "practices.csv"

    def change():
        text = practices.read_text(encoding="utf-8")
        practices.write_text(text.replace(",inferred,", ",stated,", 1), encoding="utf-8")

    return settings.model_copy(update={"packages": (package,), "cache": tmp_path / "cache"}), change


def test_a_registry_filled_by_itself_follows_its_packages(own_package):
    settings, change = own_package
    before = read_catalogue(settings).version

    change()

    assert read_catalogue(settings).version != before
    assert read_catalogue(settings) == read_packages(settings.packages)


def test_a_registry_follows_its_packages_whatever_becomes_of_the_vectors(own_package):
    settings, change = own_package
    before = read_catalogue(settings).version

    shutil.rmtree(settings.cache, ignore_errors=True)
    change()

    assert read_catalogue(settings).version != before


def test_two_registries_beside_the_same_vectors_each_follow_their_own_packages(own_package, tmp_path):
    settings, change = own_package
    other = settings.model_copy(update={"registry": f"sqlite:///{tmp_path / 'other.db'}"})
    before = read_catalogue(settings).version
    change()
    read_catalogue(other)

    assert read_catalogue(settings).version == read_catalogue(other).version != before


def test_what_was_loaded_by_command_stays_until_the_next_command(own_package, shipped):
    settings, change = own_package
    read_catalogue(settings)
    with open_registry(settings) as registry:
        registry.replace(shipped.pipeline.catalogue)

    change()

    assert read_catalogue(settings).version == shipped.pipeline.data_version


def test_data_that_cannot_be_loaded_are_a_named_problem(settings, tmp_path):
    broken = settings.model_copy(update={"packages": (tmp_path / "nowhere",), "reload_seconds": 0})
    engine = Engine(broken)
    client = create_app(engine=engine).test_client()

    engine.start()
    until(lambda: client.get("/health/ready").json["code"] != "not-ready")

    answer = client.get("/api/v1/practices")
    assert (answer.status_code, answer.json["code"]) == (500, "package-refused")
    assert "nowhere" in answer.json["detail"]


def test_a_changed_registry_is_taken_up_while_serving(settings):
    ecuador = read_packages(settings.packages[:1])
    engine = Engine(settings)
    engine.load()
    client = create_app(engine=engine).test_client()
    before = client.get("/api/v1/practices")

    with open_registry(settings) as registry:
        registry.replace(ecuador)
    engine.watch()
    until(lambda: client.get("/health/ready").json["practices"] == 118)
    engine.stop()

    after = client.get("/api/v1/practices", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["data_version"] == ecuador.version
