"""Another role or other offices for an account: what was opened with the old rights closes. On both
databases.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from queue_server.domain.access.accounts import ADMINISTRATION, User
from queue_server.domain.errors import (
    BadInput,
    Changed,
    LastAdministrator,
    OwnAccount,
    UnknownOffice,
    UnknownUser,
)
from queue_server.domain.events import ACCESS, EventType
from queue_server.services.access import accounts
from queue_server.store.access import users as user_store
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME
from tests.services.access.test_accounts import (
    ADMIN,
    AWAY,
    CLERK,
    DAYS,
    HASH,
    LATER,
    MANAGER,
    fill,
    is_signed_in,
    works,
)


def reassign(
    database: Database,
    by: User,
    user: User,
    role: str,
    office: str | None,
    also: tuple[str, ...] = (),
) -> None:
    command = partial(
        accounts.reassign, by=by, user=user.id, role=role, office=office, also=also, now=LATER
    )
    database.write(DAYS, command)


def find(database: Database, user: User) -> User:
    with database.read() as connection:
        return user_store.find_user(connection, user.id)


def changes(database: Database, office: str = HOME) -> list[dict[str, Any]]:
    with database.read() as connection:
        told = event_store.list_of_types(connection, office, LATER.date(), sorted(ACCESS))
    return [dict(each.event.facts) for each in told if each.event.type is EventType.ACCOUNT_CHANGED]


def test_a_changed_role_ends_log_ins_and_tokens_and_is_told_of_once(database: Database) -> None:
    fill(database)
    for _ in range(2):
        reassign(database, MANAGER, CLERK, "supervisor", HOME)
    assert find(database, CLERK).role == "supervisor"
    assert not is_signed_in(database, "log-in of clerk") and not works(database, "program of clerk")
    assert is_signed_in(database, "log-in of manager") and works(database, "program of manager")
    assert changes(database) == [
        {"user": "clerk", "role": "supervisor", "was": "clerk", "by": "manager"}
    ]


def test_somebody_works_in_several_offices_and_is_listed_in_each(database: Database) -> None:
    fill(database)
    reassign(database, ADMIN, CLERK, "clerk", HOME, (ELSEWHERE,))
    assert find(database, CLERK).also == (ELSEWHERE,)
    with database.read() as connection:
        for office in (HOME, ELSEWHERE):
            assert CLERK.id in {each.id for each in user_store.list_users(connection, office)}
    [told] = changes(database)
    assert (told["offices_were"], told["offices"]) == (HOME, f"{HOME} {ELSEWHERE}")
    with pytest.raises(UnknownUser):
        reassign(database, MANAGER, CLERK, "clerk", HOME)
    reassign(database, ADMIN, CLERK, "clerk", ELSEWHERE)
    assert (find(database, CLERK).office, find(database, CLERK).also) == (ELSEWHERE, ())


@pytest.mark.parametrize(
    ("role", "office", "also", "reason"),
    [
        ("admin", HOME, (), BadInput),
        ("auditor", HOME, (), BadInput),
        ("kiosk", HOME, (), BadInput),
        ("clerk", ELSEWHERE, (), BadInput),
        ("clerk", HOME, (ELSEWHERE,), BadInput),
        ("clerk", None, (), BadInput),
        ("clerk", HOME, ("GONE",), UnknownOffice),
    ],
)
def test_a_manager_gives_no_more_than_is_theirs(
    database: Database, role: str, office: str | None, also: tuple[str, ...], reason: type
) -> None:
    fill(database)
    with pytest.raises(reason):
        reassign(database, MANAGER, CLERK, role, office, also)
    assert find(database, CLERK) == CLERK and is_signed_in(database, "log-in of clerk")
    assert changes(database) == []


def test_nobody_changes_the_own_role_or_anybody_who_is_not_theirs(database: Database) -> None:
    fill(database)
    for by in (MANAGER, ADMIN):
        with pytest.raises(OwnAccount):
            reassign(database, by, by, "clerk", HOME)
    for other in (AWAY, ADMIN):
        with pytest.raises(UnknownUser):
            reassign(database, MANAGER, other, "clerk", HOME)


def test_the_last_administrator_stays_by_whatever_change(database: Database) -> None:
    fill(database)
    for role, office in (("province", None), ("admin", HOME)):
        with pytest.raises(LastAdministrator):
            reassign(database, ADMINISTRATION, ADMIN, role, office)
    assert find(database, ADMIN) == ADMIN and is_signed_in(database, "log-in of admin")


def test_who_was_moved_to_another_office_meanwhile_is_changed_by_the_next_try(
    database: Database,
) -> None:
    """The day whose log tells of somebody is declared before the account is locked."""
    fill(database)
    reassign(database, ADMIN, CLERK, "clerk", ELSEWHERE)
    command = partial(accounts.set_password, by=ADMIN, user=CLERK.id, password_hash=HASH, now=LATER)
    for days in (DAYS[:1], []):
        with pytest.raises(Changed):
            database.write(days, command)
    database.write(DAYS[1:], command)
    assert find(database, CLERK).must_change


def test_of_two_administrators_who_demote_each_other_one_stays(database: Database) -> None:
    fill(database)
    second = User("second", "second", "Second", "admin", None)
    database.write(
        DAYS, partial(accounts.add, by=ADMINISTRATION, user=second, password_hash=HASH, now=LATER)
    )

    def demote(pair: tuple[User, User]) -> bool:
        try:
            reassign(database, *pair, "manager", HOME)
        except (LastAdministrator, UnknownUser):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, [(ADMIN, second), (second, ADMIN)]))
    roles = sorted(find(database, each).role for each in (ADMIN, second))
    assert "admin" in roles and done.count(True) <= roles.count("manager") <= 1
