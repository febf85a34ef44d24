"""Accounts, sign-ins, programs and devices leave an event each, with ids and facts only. On both
databases.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from queue_server.domain.access.accounts import ADMINISTRATION, COMMAND_LINE, User
from queue_server.domain.access.sign_in import Scope
from queue_server.domain.events import ACCESS, EventType
from queue_server.services.access import accounts, devices, log, sessions, sign_in
from queue_server.services.office import offices
from queue_server.store.access.tokens import Token
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME, at, make_office

NOW = at(9)
MANAGER = User("budi", "budi", "Budi Santoso", "manager", HOME)
CLERK = User("sari", "sari", "Sari Dewi", "clerk", HOME)
ADMIN = User("admin", "admin", "Admin", "admin", None)


def fill(database: Database) -> None:
    for code in (ELSEWHERE, HOME):
        database.write([], partial(offices.add_office, office=make_office(code)))
    for user in (MANAGER, CLERK, ADMIN):
        database.write([], partial(sessions.add_user, user=user, password_hash="hash"))


def act(database: Database, command: Callable[..., Any], office: str | None = HOME) -> Any:
    return database.write(log.days_of(database, office, NOW), partial(command, now=NOW))


def told(database: Database, office: str = HOME) -> list[tuple[EventType, dict[str, Any]]]:
    """What the log says, oldest first."""
    with database.read() as connection:
        found = event_store.list_of_types(connection, office, NOW.date(), ACCESS, 1_000)
    return [(each.event.type, dict(each.event.facts)) for each in reversed(found)]


def reset(by: User) -> Callable[..., Any]:
    return partial(accounts.set_password, by=by, user=CLERK.id, password_hash="other")


def test_what_a_manager_does_to_an_account_is_told_once_each(database: Database) -> None:
    fill(database)
    rini = User("rini", "rini", "Rini", "guard", HOME)
    for _ in range(2):
        act(
            database, partial(accounts.add, by=MANAGER, user=rini, password_hash="hash", key="form")
        )
        act(
            database,
            partial(
                accounts.set_password,
                by=MANAGER,
                user=CLERK.id,
                password_hash="other",
                key="form 2",
            ),
        )
        act(database, partial(accounts.set_active, by=MANAGER, user=CLERK.id, active=False))
    for _ in range(2):
        act(database, partial(accounts.set_active, by=MANAGER, user=CLERK.id, active=True))
    act(
        database,
        partial(accounts.change_own_password, user=CLERK.id, password_hash="own", session=None),
    )
    assert told(database) == [
        (EventType.ACCOUNT_ADDED, {"user": "rini", "role": "guard", "by": "budi"}),
        (EventType.PASSWORD_RESET, {"user": "sari", "by": "budi"}),
        (EventType.ACCOUNT_CLOSED, {"user": "sari", "role": "clerk", "by": "budi"}),
        (EventType.ACCOUNT_REOPENED, {"user": "sari", "role": "clerk", "by": "budi"}),
        (EventType.PASSWORD_CHANGED, {"resets_seen": 1, "by": "sari"}),
    ]


def test_a_reset_is_owed_to_the_person_until_it_was_seen(database: Database) -> None:
    fill(database)
    act(database, reset(MANAGER))
    act(database, reset(ADMINISTRATION))
    with database.read() as connection:
        owed = accounts.list_resets(connection, CLERK.id, NOW)
        assert accounts.list_resets(connection, MANAGER.id, NOW) == []
    assert {(each.by, each.at, each.seen_at) for each in owed} == {
        ("budi", NOW, None),
        (COMMAND_LINE, NOW, None),
    }
    act(
        database,
        partial(accounts.change_own_password, user=CLERK.id, password_hash="own", session=None),
    )
    with database.read() as connection:
        assert {each.seen_at for each in accounts.list_resets(connection, CLERK.id, NOW)} == {NOW}
        assert accounts.list_resets(connection, CLERK.id, NOW + accounts.RESETS_TOLD * 2) == []


def test_programs_and_devices_are_told_of(database: Database) -> None:
    fill(database)
    token = Token("t1", "BI export", "manager", HOME)
    act(database, partial(accounts.add_token, by=ADMINISTRATION, token=token, secret="secret"))
    pairing = devices.draw_pairing()
    database.write([], lambda tx: devices.request_pairing(tx, "kiosk", pairing, NOW))
    for _ in range(2):
        act(database, partial(accounts.revoke_token, by=ADMINISTRATION, token="t1", office=HOME))
        act(
            database,
            partial(
                devices.approve, pairing_code=pairing.code, office=HOME, name="Kios 1", by="budi"
            ),
        )
    for _ in range(2):
        act(database, partial(devices.revoke, office=HOME, device=pairing.id, by="budi"))
    act(
        database,
        partial(
            devices.add_sensor, office=HOME, name="Pintu", token=secrets.token_hex(8), by="budi"
        ),
    )
    assert [(type, facts["by"]) for type, facts in told(database)] == [
        (EventType.TOKEN_ADDED, COMMAND_LINE),
        (EventType.TOKEN_REVOKED, COMMAND_LINE),
        (EventType.DEVICE_APPROVED, "budi"),
        (EventType.DEVICE_REVOKED, "budi"),
        (EventType.DEVICE_APPROVED, "budi"),
    ]
    assert told(database)[2][1] == {"device": pairing.id, "kind": "kiosk", "by": "budi"}, (
        "ids only, no name that somebody typed"
    )


def test_what_concerns_all_offices_is_told_in_the_first_and_without_any_nowhere(
    database: Database,
) -> None:
    act(database, partial(accounts.add, by=ADMINISTRATION, user=ADMIN, password_hash="hash"), None)
    database.write([], partial(offices.add_office, office=make_office(ELSEWHERE)))
    database.write([], partial(offices.add_office, office=make_office(HOME)))
    sign_in.sign_in(database, ADMIN, "secret", None, NOW)
    assert told(database, min(HOME, ELSEWHERE)) == [(EventType.SIGNED_IN, {"by": "admin"})]
    assert told(database, max(HOME, ELSEWHERE)) == []


def test_a_robot_that_guesses_fills_no_log(database: Database) -> None:
    fill(database)
    counter = sign_in.TryCounter()
    for guess in range(45):
        moment = at(9) + guess * (at(9, 1) - at(9))
        counted = counter.count(sign_in.keys_of("sari", f"203.0.113.{guess}", None), moment)
        sign_in.note_refused(database, CLERK, counted, moment)
    assert told(database) == [
        (EventType.SIGN_IN_REFUSED, {"user": "sari", "count": count, "by": ""})
        for count in (5, 10, 20, 40)
    ]


@pytest.mark.parametrize("role", ["admin", "manager", "clerk"])
def test_only_an_administrator_resets_who_works_for_all_offices(
    database: Database, role: str
) -> None:
    """Whoever ranks above a manager, by role or by reach, is out of a manager's hands; a clerk has
    nobody in theirs.
    """
    fill(database)
    above = User("above", "above", "Above", role, None)
    database.write([], partial(sessions.add_user, user=above, password_hash="hash"))
    for by in (MANAGER, CLERK):
        with pytest.raises(Exception, match="above"):
            act(
                database,
                partial(accounts.set_password, by=by, user="above", password_hash="x"),
                None,
            )
    act(database, partial(accounts.set_password, by=ADMIN, user="above", password_hash="x"), None)


def test_counts_are_bounded_and_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "KEYS_MAX", 30)
    counter = sign_in.TryCounter()
    for guess in range(50):
        counted = counter.count(sign_in.keys_of(f"name {guess}", "203.0.113.9", None), NOW)
    assert len(counter._tries) == 30 and counted[Scope.ADDRESS].count == 50, (
        "what is still counted stays"
    )
