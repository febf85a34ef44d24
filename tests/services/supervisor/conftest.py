"""Two offices of a supervisor, on both databases: a roomy one, and one with room for two."""

from __future__ import annotations

import pytest

from queue_server.store.writer.database import Database
from tests.services.front_desk import FrontDesk, front_desk


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, alerts={"outside_parties": 1})


@pytest.fixture
def small(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=2, alerts={"outside_parties": 1})
