"""The second factor on both databases: nothing secret is kept, each code counts once, also of two
at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa

from queue_server.domain.access.accounts import ADMINISTRATION, User
from queue_server.domain.errors import NoSecondFactor, OwnAccount, UnknownUser, WrongCode
from queue_server.domain.events import ACCESS, EventType
from queue_server.services.access import log, sessions
from queue_server.services.access.factors import codes
from queue_server.services.office import offices
from queue_server.store import tables
from queue_server.store.access import second_factors as store
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import HOME, at, make_office

NOW = at(9)
KEY = bytes(range(32))
MANAGER = User("budi", "budi", "Budi Santoso", "manager", HOME)
ADMIN = User("admin", "admin", "Admin", "admin", None)
PAPER = ["k7mf-x2qp-9rtd-4hwn", "aaaa-bbbb-cccc-dddd"]


@pytest.fixture
def filled(database: Database) -> Database:
    database.write([], partial(offices.add_office, office=make_office(HOME)))
    for user in (MANAGER, ADMIN):
        database.write([], partial(sessions.add_user, user=user, password_hash="hash"))
    return database


def act(database: Database, command: Callable[..., Any], **facts: Any) -> Any:
    days = log.days_of(database, HOME, NOW)
    return database.write(days, lambda tx: command(tx, now=facts.pop("now", NOW), **facts))


def code_of(generation: int, moment: Any = NOW) -> str:
    return pyotp.TOTP(codes.make_key(KEY, MANAGER.id, generation)).at(moment)


def add(database: Database, typed: str, **changes: Any) -> bool:
    given = {"session": None, "form": None, **changes}
    return bool(
        act(
            database,
            partial(codes.add_app, secret_key=KEY, user=MANAGER, typed=typed, codes=PAPER, **given),
        )
    )


def sign_in(database: Database, typed: str, moment: Any = NOW) -> Any:
    with database.read() as connection:
        proof = codes.judge(connection, KEY, MANAGER.id, typed, moment)
    if proof is None:
        return None
    return act(database, partial(codes.use, user=MANAGER, proof=proof))


def told(database: Database) -> list[EventType]:
    with database.read() as connection:
        found = event_store.list_of_types(connection, HOME, NOW.date(), ACCESS, 1_000)
    return [each.event.type for each in reversed(found)]


def test_an_app_is_in_use_only_after_its_first_code(filled: Database) -> None:
    with pytest.raises(WrongCode):
        add(filled, "000000" if code_of(1) != "000000" else "000001")
    assert sign_in(filled, code_of(1)) is None and told(filled) == []
    assert add(filled, code_of(1), form="form") and not add(filled, code_of(1), form="form")
    assert told(filled) == [EventType.SECOND_FACTOR_ADDED, EventType.RECOVERY_CODES_MADE]
    assert sign_in(filled, code_of(1)) is None, "it was the first code already"
    later = NOW + (at(9, 1) - at(9))
    assert sign_in(filled, code_of(1, later), later) == {"way": "app"}
    assert sign_in(filled, code_of(1, later), later) is None


def test_nothing_in_the_database_makes_codes(filled: Database) -> None:
    add(filled, code_of(1))
    secret = codes.make_key(KEY, MANAGER.id, 1)
    with filled.read() as connection:
        rows = [
            repr(row)
            for table in (tables.second_factors, tables.recovery_codes, tables.events)
            for row in connection.execute(sa.select(table))
        ]
    assert rows and not any(secret in row or paper in row for row in rows for paper in PAPER)
    assert codes.make_key(bytes(32), MANAGER.id, 1) != secret
    assert codes.make_key(KEY, ADMIN.id, 1) != secret != codes.make_key(KEY, MANAGER.id, 2)


def test_another_telephone_takes_the_place_of_the_first(filled: Database) -> None:
    add(filled, code_of(1))
    add(filled, code_of(2))
    later = at(9, 1)
    assert sign_in(filled, code_of(1, later), later) is None
    assert sign_in(filled, code_of(2, later), later) == {"way": "app"}


def test_a_recovery_code_is_good_once_however_it_is_typed(filled: Database) -> None:
    add(filled, code_of(1))
    assert sign_in(filled, " K7MF x2qp9rtd-4HWN") == {"way": "recovery"}
    assert sign_in(filled, PAPER[0]) is None
    with filled.read() as connection:
        assert store.count_recovery_codes(connection, MANAGER.id) == 1
        assert store.count_recovery_codes(connection, ADMIN.id) == 0
    act(filled, partial(codes.renew_recovery_codes, user=MANAGER, codes=["new"], form=None))
    assert sign_in(filled, PAPER[1]) is None and sign_in(filled, "new") == {"way": "recovery"}


@pytest.mark.parametrize("typed", ["app", "recovery"])
def test_of_two_with_the_same_code_at_one_moment_one_comes_in(filled: Database, typed: str) -> None:
    add(filled, code_of(1))
    later = at(9, 1)
    given = code_of(1, later) if typed == "app" else PAPER[0]
    with filled.read() as connection:
        proof = codes.judge(connection, KEY, MANAGER.id, given, later)
    assert proof is not None
    answers: list[object] = []

    def come() -> None:
        try:
            answers.append(act(filled, partial(codes.use, user=MANAGER, proof=proof)))
        except WrongCode:
            answers.append("refused")

    threads = [Thread(target=come) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers.count("refused") == 4 and {"way": typed} in answers


def test_who_must_have_one_cannot_stop_and_others_can(filled: Database) -> None:
    add(filled, code_of(1))
    remove = partial(codes.remove_app, user=MANAGER)
    with pytest.raises(NoSecondFactor):
        act(filled, partial(remove, must_have=True))
    assert act(filled, partial(remove, must_have=False))
    assert not act(filled, partial(remove, must_have=False))
    assert sign_in(filled, PAPER[0]) is None, "the paper goes with the app"
    with pytest.raises(NoSecondFactor):
        act(filled, partial(codes.renew_recovery_codes, user=MANAGER, codes=PAPER, form=None))


def test_only_an_administrator_resets_and_nobody_the_own(filled: Database) -> None:
    add(filled, code_of(1))
    filled.write([], partial(sessions.log_in, user=MANAGER, secret="s", now=NOW))
    other = User("rini", "rini", "Rini", "manager", HOME)
    filled.write([], partial(sessions.add_user, user=other, password_hash="hash"))
    with pytest.raises(UnknownUser):
        act(filled, partial(codes.reset, by=other, user=MANAGER.id))
    with pytest.raises(OwnAccount):
        act(filled, partial(codes.reset, by=ADMIN, user=ADMIN.id))
    assert act(filled, partial(codes.reset, by=ADMIN, user=MANAGER.id))
    assert not act(filled, partial(codes.reset, by=ADMINISTRATION, user=MANAGER.id))
    assert sign_in(filled, PAPER[0]) is None
    with filled.read() as connection:
        factor = store.find(connection, MANAGER.id)
        assert not factor.exists and sessions.find_session(connection, "s", NOW) is None
    assert told(filled)[-1] == EventType.SECOND_FACTOR_RESET
    assert codes.next_key(KEY, MANAGER.id, factor) == codes.make_key(KEY, MANAGER.id, 2), (
        "whoever has the lost telephone has no key of the next one"
    )
