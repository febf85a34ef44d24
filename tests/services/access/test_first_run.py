"""The first administrator: one code for each start, good once, and for one of two at once."""

from __future__ import annotations

import threading
from contextlib import closing
from functools import partial

import pytest
import sqlalchemy as sa

from queue_server.domain.errors import BadInput, DomainError, SetUpOver
from queue_server.services.access import accounts, first_run
from queue_server.store import tables
from queue_server.store.access import users as user_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import at

NOW = at(9)


def open_set_up(database: Database) -> str:
    code = first_run.open_set_up(database, NOW)
    assert code is not None
    return code


def make(database: Database, code: str, username: str = "ratna") -> None:
    user = first_run.draft_administrator(username, "Ratna Sari")
    add = partial(first_run.add_administrator, user=user, password_hash="x", typed=code, now=NOW)
    database.write([], add)


def administrators(database: Database) -> list[str]:
    with database.read() as connection:
        return [each.username for each in user_store.list_users(connection, None)]


def test_the_code_makes_one_administrator_whose_password_is_their_own(database: Database) -> None:
    make(database, open_set_up(database))
    with database.read() as connection:
        [user] = user_store.list_users(connection, None)
        assert (user.role, user.office, user.must_change) == ("admin", None, False)
        assert first_run.is_set_up(connection)


def test_a_code_is_kept_as_a_hash_and_read_as_it_is_typed(database: Database) -> None:
    code = open_set_up(database)
    with database.read() as connection:
        kept = connection.execute(sa.select(tables.setup_codes.c.code_hash)).scalar_one()
        assert code not in kept and code.replace("-", "") not in kept
        typed = f"  {code.replace('-', ' ').upper()} "
        assert first_run.is_right_code(connection, typed)
        assert not first_run.is_right_code(connection, code[:-1])
        assert not first_run.is_right_code(connection, "")


def test_each_start_has_a_code_of_its_own_and_the_one_before_is_void(database: Database) -> None:
    first, second = open_set_up(database), open_set_up(database)
    assert first != second
    with pytest.raises(BadInput) as refused:
        make(database, first)
    assert refused.value.facts["field"] == "code" and administrators(database) == []
    make(database, second)


def test_once_there_is_an_administrator_no_code_is_good_and_none_is_drawn(
    database: Database,
) -> None:
    code = open_set_up(database)
    make(database, code)
    with pytest.raises(SetUpOver):
        make(database, code, "budi")
    assert first_run.open_set_up(database, NOW) is None
    assert administrators(database) == ["ratna"]


def test_one_made_on_the_command_line_ends_the_set_up_too(database: Database) -> None:
    code = open_set_up(database)
    user = accounts.draft_user("siti", "Siti", "admin", None)
    database.write([], partial(user_store.add_user, user=user, password_hash="x"))
    with pytest.raises(SetUpOver):
        make(database, code)
    assert administrators(database) == ["siti"]


def test_a_name_that_is_taken_uses_no_code_up(database: Database) -> None:
    code = open_set_up(database)
    user = accounts.draft_user("ratna", "Ratna", "clerk", None)
    database.write([], partial(user_store.add_user, user=user, password_hash="x"))
    with pytest.raises(DomainError):
        make(database, code)
    make(database, code, "ratna2")


def test_of_two_browsers_at_once_one_wins(databases: list[Database]) -> None:
    code = open_set_up(databases[0])
    gate, refused = threading.Barrier(8), []

    def run(number: int) -> None:
        gate.wait()
        try:
            make(databases[number % len(databases)], code, f"admin-{number}")
        except SetUpOver:
            refused.append(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 7 and len(administrators(databases[0])) == 1


def test_several_processes_agree_on_the_code(migrated_url: str) -> None:
    with closing(Database(migrated_url)) as first, closing(Database(migrated_url)) as second:
        code = open_set_up(first)
        make(second, code)
        with first.read() as connection:
            assert first_run.is_set_up(connection)
