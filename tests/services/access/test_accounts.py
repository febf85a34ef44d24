"""Accounts added, closed, opened again and given new passwords; programs cut off. On both
databases.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from queue_server.domain.access.accounts import ADMINISTRATION, User
from queue_server.domain.errors import (
    BadInput,
    KeyReused,
    LastAdministrator,
    OwnAccount,
    UnknownToken,
    UnknownUser,
    UserNameTaken,
)
from queue_server.services.access import accounts, devices, passwords, sessions, sign_in
from queue_server.services.office import offices
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME, make_office
from tests.fixtures.hashes import cheap_hash

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ADMIN = User("admin", "admin", "Admin", "admin", None)
MANAGER, CLERK = (
    User("manager", "manager", "Manager", "manager", HOME),
    User("clerk", "clerk", "Clerk", "clerk", HOME),
)
AWAY = User("away", "away", "Away", "manager", ELSEWHERE)
DAYS = [(office, NOW.date()) for office in (HOME, ELSEWHERE)]
HASH = cheap_hash("kuda-baterai-staples")


def fill(database: Database) -> None:
    """Two offices, four who work there, each with a log-in and a program named after them."""
    for code in (HOME, ELSEWHERE):
        database.write([], partial(offices.add_office, office=make_office(code)))
    for user in (ADMIN, MANAGER, CLERK, AWAY):
        database.write([], partial(sessions.add_user, user=user, password_hash=HASH))
        database.write(
            [], partial(sessions.log_in, user=user, secret=f"log-in of {user.id}", now=NOW)
        )
        add_program(database, user)


def add_program(database: Database, user: User, name: str = "") -> None:
    name = name or f"program of {user.id}"
    token = Token(name, name, user.role, user.office, user=user.id)
    database.write([], partial(sessions.add_token, token=token, secret=name, now=NOW))


def is_signed_in(database: Database, secret: str) -> bool:
    with database.read() as connection:
        return sessions.find_session(connection, secret, LATER) is not None


def works(database: Database, secret: str) -> bool:
    """Whether a token is good, where a request and where the live channel asks; both must say the
    same. A token's id is its secret.
    """
    with database.read() as connection:
        found = token_store.find_token(connection, sessions.hash_secret(secret), LATER) is not None
        assert found == (secret not in token_store.list_revoked(connection, [secret], LATER))
    return found


def signs_in(database: Database, username: str, password: str) -> bool:
    user, known = sign_in.find_user(database, username)
    return passwords.verify_password(known, password) and user is not None


def close(database: Database, by: User, user: User) -> None:
    database.write(DAYS, partial(accounts.set_active, by=by, user=user.id, active=False, now=LATER))


def reopen(database: Database, by: User, user: User) -> None:
    database.write(DAYS, partial(accounts.set_active, by=by, user=user.id, active=True, now=LATER))


def test_a_new_password_ends_all_log_ins_of_that_person_alone(database: Database) -> None:
    fill(database)
    hashed = cheap_hash("sandi-yang-baru")
    database.write(
        DAYS,
        partial(accounts.set_password, by=MANAGER, user=CLERK.id, password_hash=hashed, now=LATER),
    )
    assert signs_in(database, "clerk", "sandi-yang-baru") and not signs_in(
        database, "clerk", "kuda-baterai-staples"
    )
    assert [is_signed_in(database, f"log-in of {each.id}") for each in (CLERK, MANAGER)] == [
        False,
        True,
    ]
    assert works(database, f"program of {CLERK.id}"), "a program signs in by no password"


def test_whoever_changes_the_own_password_stays_signed_in_here_and_nowhere_else(
    database: Database,
) -> None:
    fill(database)
    database.write([], partial(sessions.log_in, user=CLERK, secret="another browser", now=NOW))
    session = sessions.hash_secret("log-in of clerk")
    hashed = cheap_hash("sandi-yang-baru")
    database.write(
        DAYS,
        partial(
            accounts.change_own_password,
            user=CLERK.id,
            password_hash=hashed,
            session=session,
            now=LATER,
        ),
    )
    assert is_signed_in(database, "log-in of clerk") and not is_signed_in(
        database, "another browser"
    )
    assert signs_in(database, "clerk", "sandi-yang-baru")


def test_closing_an_account_ends_log_ins_and_programs_even_those_added_later(
    database: Database,
) -> None:
    fill(database)
    assert works(database, "program of clerk") and is_signed_in(database, "log-in of clerk")
    close(database, MANAGER, CLERK)
    add_program(database, CLERK, "added later")
    database.write([], partial(sessions.log_in, user=CLERK, secret="signed in later", now=NOW))
    assert not any(works(database, each) for each in ("program of clerk", "added later"))
    assert not any(is_signed_in(database, each) for each in ("log-in of clerk", "signed in later"))
    assert not signs_in(database, "clerk", "kuda-baterai-staples")
    assert works(database, "program of manager") and is_signed_in(database, "log-in of manager")


def test_an_account_opened_again_has_its_password_and_nothing_else_back(database: Database) -> None:
    fill(database)
    close(database, MANAGER, CLERK)
    close(database, MANAGER, CLERK)
    reopen(database, MANAGER, CLERK)
    reopen(database, MANAGER, CLERK)
    assert signs_in(database, "clerk", "kuda-baterai-staples")
    assert not works(database, "program of clerk") and not is_signed_in(database, "log-in of clerk")


@pytest.mark.parametrize("target", [AWAY, ADMIN], ids=["another_office", "administrator"])
def test_a_manager_changes_nothing_that_is_not_theirs(database: Database, target: User) -> None:
    fill(database)
    for command in (
        partial(accounts.set_active, by=MANAGER, user=target.id, active=False, now=LATER),
        partial(accounts.set_active, by=MANAGER, user=target.id, active=True, now=LATER),
        partial(accounts.set_password, by=MANAGER, user=target.id, password_hash="x", now=LATER),
        partial(accounts.set_password, by=MANAGER, user="nobody", password_hash="x", now=LATER),
    ):
        with pytest.raises(UnknownUser):
            database.write(DAYS, command)
    assert signs_in(database, target.username, "kuda-baterai-staples") and is_signed_in(
        database, f"log-in of {target.id}"
    )
    assert works(database, f"program of {target.id}")


def test_nobody_closes_the_own_account_or_gets_round_the_present_password(
    database: Database,
) -> None:
    fill(database)
    with pytest.raises(OwnAccount):
        close(database, MANAGER, MANAGER)
    with pytest.raises(OwnAccount):
        database.write(
            DAYS,
            partial(
                accounts.set_password, by=MANAGER, user=MANAGER.id, password_hash="x", now=LATER
            ),
        )
    assert is_signed_in(database, "log-in of manager") and works(database, "program of manager")


def test_the_last_administrator_cannot_be_closed(database: Database) -> None:
    fill(database)
    with pytest.raises(LastAdministrator):
        close(database, ADMINISTRATION, ADMIN)
    second = User("second", "second", "Second", "admin", None)
    database.write(
        DAYS, partial(accounts.add, by=ADMINISTRATION, user=second, password_hash=HASH, now=NOW)
    )
    close(database, second, ADMIN)
    close(database, second, ADMIN)
    with pytest.raises(LastAdministrator):
        close(database, ADMINISTRATION, second)


def test_two_administrators_who_close_each_other_are_not_both_gone(
    databases: list[Database],
) -> None:
    fill(databases[0])
    second = User("second", "second", "Second", "admin", None)
    databases[0].write([], partial(sessions.add_user, user=second, password_hash=HASH))

    def try_to(number: int) -> str:
        by, user = (ADMIN, second) if number else (second, ADMIN)
        try:
            close(databases[number % len(databases)], by, user)
        except LastAdministrator:
            return "refused"
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_to, range(2))) == ["closed", "refused"]


def test_a_user_name_is_given_once_however_many_add_it_at_a_time(databases: list[Database]) -> None:
    fill(databases[0])

    def try_to(number: int) -> str:
        try:
            user = accounts.draft_user(" Rini ", f"Rini {number}", "clerk", HOME)
            databases[number % len(databases)].write(
                DAYS, partial(accounts.add, by=MANAGER, user=user, password_hash=HASH, now=NOW)
            )
        except UserNameTaken as refused:
            return str(refused.facts["username"])
        return "added"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_to, range(4))) == ["added", "rini", "rini", "rini"]


def test_nobody_hands_out_more_than_they_have(database: Database) -> None:
    fill(database)
    for role, office in (
        ("admin", HOME),
        ("admin", None),
        ("clerk", ELSEWHERE),
        ("clerk", None),
        ("kiosk", HOME),
    ):
        user = accounts.draft_user("new", "New", role, office)
        with pytest.raises(BadInput) as refused:
            database.write(
                DAYS, partial(accounts.add, by=MANAGER, user=user, password_hash=HASH, now=NOW)
            )
        assert refused.value.facts["field"] == "role"
    for role in ("clerk", "guard", "supervisor", "manager"):
        user = accounts.draft_user(role + "2", "New", role, HOME)
        database.write(
            DAYS, partial(accounts.add, by=MANAGER, user=user, password_hash=HASH, now=NOW)
        )
    with database.read() as connection:
        assert len(user_store.list_users(connection, HOME)) == 6


def test_a_form_that_is_sent_again_changes_nothing(databases: list[Database]) -> None:
    fill(databases[0])
    rini = accounts.draft_user("rini", "Rini", "clerk", HOME)

    def add(number: int) -> bool:
        command = partial(
            accounts.add, by=MANAGER, user=rini, password_hash=f"hash {number}", now=LATER, key="k"
        )
        return databases[number % len(databases)].write(DAYS, command)

    def set_password(number: int) -> bool:
        command = partial(
            accounts.set_password,
            by=MANAGER,
            user=CLERK.id,
            password_hash=f"hash {number}",
            now=LATER,
            key="k",
        )
        return databases[number % len(databases)].write(DAYS, command)

    assert [add(number) for number in range(3)] == [True, False, False]
    with ThreadPoolExecutor(4) as pool:
        outcome = list(pool.map(set_password, range(4)))
    assert sorted(outcome) == [False, False, False, True]
    with databases[0].read() as connection:
        hashes = {
            name: known[1]
            for name in (rini.username, CLERK.username)
            if (known := user_store.find_login(connection, name)) is not None
        }
    assert hashes == {rini.username: "hash 0", CLERK.username: f"hash {outcome.index(True)}"}
    with pytest.raises(KeyReused):
        databases[0].write(
            DAYS,
            partial(
                accounts.set_password,
                by=MANAGER,
                user=rini.id,
                password_hash="x",
                now=LATER,
                key="k",
            ),
        )


def test_a_programs_token_is_listed_without_its_secret_and_revoked_for_good(
    database: Database,
) -> None:
    fill(database)
    database.write(
        [],
        partial(sessions.add_token, token=Token("t1", "BI", "manager", HOME), secret="t1", now=NOW),
    )
    device = database.write(
        [], lambda tx: devices.add_paired(tx, "kiosk", HOME, "Kiosk", "secret of a kiosk", NOW)
    )
    for moment in (LATER, LATER + timedelta(hours=1)):
        database.write(
            DAYS,
            partial(accounts.revoke_token, by=ADMINISTRATION, token="t1", office=HOME, now=moment),
        )
    close(database, MANAGER, CLERK)
    with database.read() as connection:
        known = {each.id: each for each in token_store.list_tokens(connection, LATER)}
        kiosk = token_store.find_token(connection, sessions.hash_secret("secret of a kiosk"), LATER)
    assert not works(database, "t1") and known["t1"].revoked_at == LATER, "revoked once"
    assert (
        known["t1"].is_active,
        known["program of clerk"].is_active,
        known["program of manager"].is_active,
    ) == (False, False, True)
    assert known["program of clerk"].username == "clerk"
    assert kiosk is not None and kiosk.device == device.id and kiosk.id not in known, (
        "a device's goes with the device"
    )
    for unknown in ("nothing", kiosk.id):
        with pytest.raises(UnknownToken), database.read() as connection:
            token_store.find_token_office(connection, unknown)


def test_a_drawn_password_is_easy_to_read_and_hard_to_guess() -> None:
    drawn = {accounts.draw_password() for _ in range(200)}
    assert len(drawn) == 200
    for each in drawn:
        assert [len(group) for group in each.split("-")] == [4, 4, 4, 4] and not set(each) & set(
            "01ilo"
        )
