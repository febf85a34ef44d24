"""Databases as the races meet them."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from queue_server.store.database import Database
from tests.services import stage


@pytest.fixture(params=[1, 2], ids=["one_process", "two_processes"])
def databases(request: pytest.FixtureRequest, database_url: str) -> Iterator[list[Database]]:
    """One database, through one writer, or through two that have nothing in common but the database, as two processes have."""
    stage.migrated(database_url)
    found = [Database(database_url) for _ in range(request.param)]
    yield found
    for each in found:
        each.close()
