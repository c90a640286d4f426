"""The registry: the catalogue in a database (a SQLite file, or PostgreSQL by URL).

Plain SQLAlchemy Core with types every database has. Writing is one transaction; reading returns an
immutable snapshot that nothing later can change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, create_engine, delete, insert, inspect, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from recommender.domain import (
    Adoption,
    Catalogue,
    DataError,
    Indicator,
    Neighbour,
    NotReady,
    Observation,
    Organisation,
    Practice,
    Source,
    Territory,
)
from recommender.package.build import assemble
from recommender.package.schema import LEVELS
from recommender.store_tables import (
    ADOPTIONS,
    EXTRAS,
    INDICATORS,
    METADATA,
    NEIGHBOURS,
    OBSERVATIONS,
    ORGANISATIONS,
    PRACTICES,
    REGISTRY,
    SOURCES,
    STRUCTURE,
    TERRITORIES,
)

# in the order of insertion: what is referred to comes first
_THINGS: tuple[tuple[Table, Any], ...] = (
    (TERRITORIES, Territory),
    (INDICATORS, Indicator),
    (ORGANISATIONS, Organisation),
    (PRACTICES, Practice),
    (SOURCES, Source),
)
_ROWS: tuple[tuple[Table, Any], ...] = (
    (OBSERVATIONS, Observation),
    (ADOPTIONS, Adoption),
    (NEIGHBOURS, Neighbour),
)
_ATTEMPTS = 5


class Registry:
    """The catalogue in a database.

    Parameters
    ----------
    url : str
        A SQLAlchemy URL: ``sqlite:///registry.db``, ``postgresql+psycopg://…``. Nothing is opened
        or created before the first use.
    """

    def __init__(self, url: str) -> None:
        with _database():
            self._engine = create_engine(url)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def version(self) -> str | None:
        """Return the version of the contents, None where nothing was loaded yet."""
        with _database(), self._engine.connect() as connection:
            return self._state(connection)[1]

    def origin(self) -> str | None:
        """Return what was told at the last replacement of where the contents come from."""
        with _database(), self._engine.connect() as connection:
            if self._state(connection)[1] is None:
                return None
            origin: str | None = connection.execute(select(REGISTRY.c.origin)).scalar_one()
            return origin

    def is_outdated(self) -> bool:
        """Tell whether there are contents of another structure, which cannot be read."""
        with _database(), self._engine.connect() as connection:
            return self._structure(connection) not in (None, STRUCTURE)

    def replace(self, catalogue: Catalogue, origin: str | None = None) -> None:
        """Put `catalogue` in the place of everything there is, in one transaction.

        Parameters
        ----------
        catalogue : Catalogue
        origin : str, optional
            Name of the state of the files that the contents follow; None where they follow none.

        Raises
        ------
        DataError
            Where the database cannot be used or refuses a row; it then holds what it held before.
        """
        with _database():
            self._prepare()
            with self._engine.begin() as connection:
                for table in reversed(METADATA.sorted_tables):
                    connection.execute(delete(table))
                _fill(connection, catalogue, origin)

    def snapshot(self) -> Catalogue:
        """Return everything as an immutable catalogue of exactly the version that was loaded.

        Raises
        ------
        DataError
            Where nothing was loaded yet, or the database cannot be used.
        NotReady
            Where the contents kept being replaced while they were read.
        """
        with _database(), self._engine.connect() as connection:
            for _ in range(_ATTEMPTS):
                revision, version = self._state(connection)
                if version is None:
                    raise DataError(
                        es="El registro está vacío. Cargue antes los paquetes de datos.",
                        en="The registry is empty. Load the data packages first.",
                    )
                parts = _read(connection)
                connection.rollback()  # the next statement sees what others have written since
                # each replacement becomes visible at once: the same revision before and after
                # means that all parts belong to it, on any database and isolation level
                if self._state(connection)[0] == revision:
                    return assemble(**parts, version=version)
        raise NotReady(
            es="El registro se está reemplazando. Inténtelo de nuevo en unos segundos.",
            en="The registry is being replaced. Try again in a few seconds.",
        )

    def _state(self, connection: Connection) -> tuple[str | None, str | None]:
        """Return the revision and version of the contents, (None, None) before the first load."""
        if self._structure(connection) != STRUCTURE:
            return None, None
        row = connection.execute(select(REGISTRY)).one()
        return row.revision, row.version

    def _structure(self, connection: Connection) -> str | None:
        """Return the structure of the contents, None before the first load.

        Nothing else is read: tables of another structure may lack any other column.
        """
        if not inspect(connection).has_table(REGISTRY.name):
            return None
        structure: str | None = connection.execute(select(REGISTRY.c.structure)).scalar()
        return structure

    def _prepare(self) -> None:
        """Create the tables; those of another structure are dropped, their contents cannot be read."""
        if self.is_outdated():
            METADATA.drop_all(self._engine)
        # "if not exists", and once more: several processes may start on the same empty database
        try:
            self._create()
        except DBAPIError:
            self._create()

    def _create(self) -> None:
        with self._engine.begin() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))


@contextmanager
def _database() -> Iterator[None]:
    """Name the database's refusals; its own words never carry the password of the URL."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        detail = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DataError(
            es=f"La base de datos del registro no se pudo usar: {detail}. Revise su dirección y permisos.",
            en=f"The registry's database could not be used: {detail}. Check its URL and permissions.",
            detail=detail,
        ) from error


def _fill(connection: Connection, catalogue: Catalogue, origin: str | None) -> None:
    for table, _ in _THINGS:
        things = getattr(catalogue, table.name).values()
        if table is TERRITORIES:  # a parent before what lies inside it
            things = sorted(things, key=lambda territory: LEVELS.index(territory.level))
        names = table.columns.keys()
        _insert(connection, table, [{name: getattr(t, name) for name in names} for t in things])
    for table, _ in _ROWS:
        _insert(connection, table, [row._asdict() for row in getattr(catalogue, table.name)])
    extras = [
        {"file": file, "row": json.dumps(key, ensure_ascii=False), "name": name, "value": value}
        for file, rows in catalogue.extras.items()
        for key, cells in rows.items()
        for name, value in cells.items()
    ]
    _insert(connection, EXTRAS, extras)
    _insert(
        connection,
        REGISTRY,
        [
            {
                "revision": uuid4().hex,
                "version": catalogue.version,
                "structure": STRUCTURE,
                "origin": origin,
            }
        ],
    )


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _read(connection: Connection) -> dict[str, Any]:
    """Return the parts of a catalogue as `assemble` takes them."""
    parts: dict[str, Any] = {}
    for table, kind in _THINGS:
        parts[table.name] = {row[0]: kind(*row) for row in connection.execute(select(table))}
    for table, kind in _ROWS:
        parts[table.name] = [kind._make(row) for row in connection.execute(select(table))]
    extras: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for file, key, name, value in connection.execute(select(EXTRAS)):
        extras.setdefault(file, {}).setdefault(tuple(json.loads(key)), {})[name] = value
    return {**parts, "extras": extras}
