"""The same query, asked of a connection and of a command."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from queue_server.domain.errors import UnknownCode
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.counter import line
from queue_server.store.visit import tickets
from queue_server.store.writer.database import Database
from queue_server.store.writer.reader import dialect_of
from queue_server.store.writer.transaction import Transaction
from tests.store.crowd import CODE, KEY, issue, open_database


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


def test_a_command_sees_its_own_rows_and_a_connection_what_was_committed(
    database: Database,
) -> None:
    first = database.write([KEY], issue).ticket

    def command(tx: Transaction) -> Ticket:
        own = issue(tx).ticket
        assert tickets.find_by_code(tx, own.code) == own
        assert tickets.find(tx, own.id, CODE) == own
        assert line.count_behind(tx, first) == 1
        with database.read() as connection:
            with pytest.raises(UnknownCode):
                tickets.find_by_code(connection, own.code)
            assert line.count_behind(connection, first) == 0
        return own

    own = database.write([KEY], command)
    with database.read() as connection:
        assert tickets.find_by_code(connection, own.code, CODE) == own
        assert line.count_behind(connection, first) == 1


def test_both_name_the_same_dialect(database: Database) -> None:
    with database.read() as connection:
        found = dialect_of(connection)
    assert found == ("sqlite" if database.is_sqlite else "postgresql")
    assert database.write([KEY], dialect_of) == found
