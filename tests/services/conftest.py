"""Databases as the races meet them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from queue_server.store.writer.database import Database
from tests.fixtures.emptied import emptied_database
from tests.fixtures.migrated import migrated


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A database of each kind without a row in it."""
    yield from _opened(migrated_url)


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.requires_postgresql)],
)
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database of each kind for a whole module, whose tests keep to offices of their own."""
    if request.param == "sqlite":
        yield from _opened(
            migrated(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'antrean.db'}")
        )
        return
    server: URL = request.getfixturevalue("postgresql_server")
    with emptied_database(server) as url:
        yield from _opened(url)


def _opened(url: str) -> Iterator[Database]:
    found = Database(url)
    yield found
    found.close()


@pytest.fixture(params=[1, 2], ids=["one_process", "two_processes"])
def databases(request: pytest.FixtureRequest, migrated_url: str) -> Iterator[list[Database]]:
    """One database, through one writer, or through two that have nothing in common but the
    database, as two processes have.
    """
    found = [Database(migrated_url) for _ in range(request.param)]
    yield found
    for each in found:
        each.close()
