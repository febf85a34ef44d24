"""Databases as the races meet them."""
from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from queue_server.store.database import Database
from tests.fixtures.migrated import migrated
from tests.fixtures.services import worker_number

_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.requires_postgresql)])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of each kind for a whole module, whose tests keep to offices of their own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'antrean.db'}"
    if request.param == "postgresql":
        server: URL = request.getfixturevalue("postgresql_server")
        name = f"antrean_shared_{os.getpid()}_{worker_number(request)}_{next(_numbers)}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        engine.dispose()
        url = server.set(database=name).render_as_string(hide_password=False)
    found = Database(migrated(url))
    yield found
    found.close()


@pytest.fixture(params=[1, 2], ids=["one_process", "two_processes"])
def databases(request: pytest.FixtureRequest, database_url: str) -> Iterator[list[Database]]:
    """One database, through one writer, or through two that have nothing in common but the database, as two processes have."""
    migrated(database_url)
    found = [Database(database_url) for _ in range(request.param)]
    yield found
    for each in found:
        each.close()
