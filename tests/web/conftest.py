"""A whole server on a small database, with a clock that stands where a test puts it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from queue_server.app import create_app
from queue_server.demo import banten
from queue_server.domain.access.accounts import User
from queue_server.services import upkeep
from queue_server.services.access import sessions
from queue_server.services.office import offices
from queue_server.settings import Settings
from queue_server.store.writer.database import Database
from tests.fixtures.hashes import cheap_hash
from tests.fixtures.migrated import migrated
from tests.fixtures.nursery import Nursery
from tests.web.served import Served, serving_visitors
from tests.web.site import OFFICES, PASSWORD, STAFF, TUESDAY, Clock, Site


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with two offices, their slots and a clerk and a manager; tests work on
    copies.
    """
    file = tmp_path_factory.mktemp("filled") / "antrean.db"
    database = Database(migrated(f"sqlite:///{file}"))
    for office in banten.offices((2026, 2027)):
        if office.code in OFFICES:
            database.write([], partial(offices.add_office, office=office))
    upkeep.prepare_slots(database, TUESDAY)
    password = cheap_hash(PASSWORD)
    for username, role, office_code in STAFF:
        user = User(username, username, username.title(), role, office_code)
        database.write([], partial(sessions.add_user, user=user, password_hash=password))
    database.close()
    return file


@pytest.fixture
def site(filled_database: Path, tmp_path: Path) -> Iterator[Site]:
    """A server of its own for one test, at 09.05 WIB on a Tuesday."""
    file = tmp_path / "antrean.db"
    for part in filled_database.parent.glob(f"{filled_database.name}*"):
        shutil.copy(part, tmp_path / part.name)
    settings = Settings(
        database_url=f"sqlite:///{file}",
        secret_key_file=tmp_path / "secret.key",
        nik_key_file=tmp_path / "nik.key",
        public_url="http://127.0.0.1:8000",
        rate_limits=False,
        # whoever signs in goes straight on; that managers are asked has tests of its own
        second_factor="optional",
    )
    clock = Clock()
    application = create_app(settings, clock)
    yield Site(application, clock, file)
    application.database.close()


@pytest.fixture
def served(nursery: Nursery, filled_database: Path, tmp_path: Path) -> Iterator[Served]:
    """The real server in a process of its own, at 09.05 WIB on a working day, six visitors for
    family cards inside.
    """
    with serving_visitors(nursery, filled_database, tmp_path) as found:
        yield found
