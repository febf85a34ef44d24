"""Tokens that members of staff make for their own programs. On both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from queue_server.domain.access.personal_tokens import GOOD_MAX, USED_STEP, TokenScope
from queue_server.domain.errors import KeyReused, TooManyTokens, UnknownUser
from queue_server.services.access import accounts, personal_tokens, sessions
from queue_server.services.access.personal_tokens import Wish
from queue_server.store.access import personal_tokens as store
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.access.tokens import Token
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME
from tests.services.access.test_accounts import (
    ADMIN,
    CLERK,
    DAYS,
    HASH,
    LATER,
    MANAGER,
    NOW,
    close,
    fill,
)

WISH = Wish("Sheet", TokenScope.READ, timedelta(days=30))


def make(
    database: Database, user: str = CLERK.id, secret: str = "own secret", key: str | None = None
) -> bool:
    return database.write(
        DAYS, partial(personal_tokens.make, user=user, wish=WISH, secret=secret, now=NOW, key=key)
    )


def holder(database: Database, secret: str = "own secret", at: datetime = LATER) -> Token | None:
    with database.read() as connection:
        return personal_tokens.find_holder(connection, secret, at)


def listed(database: Database) -> list[Token]:
    with database.read() as connection:
        return [token for token, _at in store.list_of_user(connection, CLERK.id, LATER)]


def test_it_has_the_role_and_the_offices_that_its_person_has_now(database: Database) -> None:
    fill(database)
    assert make(database)
    token = holder(database)
    assert token and (token.user, token.role, token.office, token.scope) == (
        CLERK.id,
        "clerk",
        HOME,
        "read",
    )
    database.write([], lambda tx: user_store.update_user(tx, CLERK.id, office=ELSEWHERE))
    moved = holder(database)
    assert moved and moved.office == ELSEWHERE


def test_it_ends_by_itself(database: Database) -> None:
    fill(database)
    make(database)
    last = NOW + WISH.life
    token = holder(database, at=last - timedelta(seconds=1))
    assert token and holder(database, at=last) is None
    with database.read() as connection:
        assert token_store.list_revoked(connection, [token.id], last) == {token.id}
        assert not token_store.list_revoked(connection, [token.id], LATER)


@pytest.mark.parametrize("how", ["closed", "password", "role"])
def test_it_ends_with_what_it_stands_on(database: Database, how: str) -> None:
    fill(database)
    make(database)
    make(database, MANAGER.id, "of the manager")
    if how == "closed":
        close(database, MANAGER, CLERK)
    elif how == "password":
        reset = partial(
            accounts.set_password, by=MANAGER, user=CLERK.id, password_hash=HASH, now=LATER
        )
        database.write(DAYS, reset)
    else:
        change = partial(
            accounts.reassign,
            by=MANAGER,
            user=CLERK.id,
            role="guard",
            office=HOME,
            also=(),
            now=LATER,
        )
        database.write(DAYS, change)
    assert holder(database) is None and listed(database) == []
    assert holder(database, "of the manager") is not None


def test_the_own_password_changed_leaves_it(database: Database) -> None:
    fill(database)
    make(database)
    command = partial(
        accounts.change_own_password, user=CLERK.id, password_hash=HASH, session=None, now=LATER
    )
    database.write(DAYS, command)
    assert holder(database) is not None


def test_the_same_form_makes_one_token(database: Database) -> None:
    fill(database)
    assert make(database, key="k") and not make(database, secret="another", key="k")
    assert len(listed(database)) == 1 and holder(database, "another") is None
    other = Wish("Other", TokenScope.ROLE, WISH.life)
    with pytest.raises(KeyReused):
        database.write(
            DAYS,
            partial(personal_tokens.make, user=CLERK.id, wish=other, secret="x", now=NOW, key="k"),
        )


def test_nobody_has_more_than_so_many_at_once(database: Database) -> None:
    fill(database)
    for each in range(GOOD_MAX):
        make(database, secret=f"secret {each}")
    with pytest.raises(TooManyTokens):
        make(database)
    database.write(
        DAYS,
        partial(personal_tokens.revoke, user=CLERK.id, token=listed(database)[0].id, now=LATER),
    )
    assert make(database)


def test_only_the_own_one_is_revoked_and_once(database: Database) -> None:
    fill(database)
    make(database)
    [token] = listed(database)
    for user in (MANAGER.id, ADMIN.id):
        database.write(DAYS, partial(personal_tokens.revoke, user=user, token=token.id, now=LATER))
        assert holder(database) is not None
    for _ in range(2):
        database.write(
            DAYS, partial(personal_tokens.revoke, user=CLERK.id, token=token.id, now=LATER)
        )
    assert holder(database) is None


def test_a_programs_token_is_no_personal_one(database: Database) -> None:
    fill(database)
    assert listed(database) == []
    database.write(
        DAYS, partial(personal_tokens.revoke, user=CLERK.id, token="program of clerk", now=LATER)
    )
    assert holder(database, "program of clerk") is not None


def test_none_is_made_for_who_cannot_be_sure_to_be_the_person(database: Database) -> None:
    """Who knows a password that somebody else chose might be that somebody."""
    fill(database)
    database.write([], lambda tx: user_store.update_user(tx, CLERK.id, must_change=True))
    database.write([], lambda tx: user_store.update_user(tx, MANAGER.id, active=False))
    for user in (CLERK.id, MANAGER.id, "nobody"):
        with pytest.raises(UnknownUser):
            make(database, user)


def test_its_use_is_noted_now_and_then(database: Database) -> None:
    fill(database)
    make(database)
    token = holder(database)
    assert token and personal_tokens.is_use_due(token, LATER)
    database.write([], partial(personal_tokens.note_use, token=token.id, now=LATER))
    used = holder(database)
    assert used and used.used_at == LATER and not personal_tokens.is_use_due(used, LATER)
    assert personal_tokens.is_use_due(used, LATER + USED_STEP + timedelta(seconds=1))
    program = holder(database, "program of clerk")
    assert program and not personal_tokens.is_use_due(program, LATER)


def test_only_its_hash_is_kept(database: Database) -> None:
    fill(database)
    make(database, secret="a secret that is nowhere")
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM tokens").all()
    assert rows and "a secret that is nowhere" not in str(rows)
    assert sessions.hash_secret("a secret that is nowhere") in str(rows)
