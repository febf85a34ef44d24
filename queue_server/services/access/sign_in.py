"""Signing in with a password: each try is counted before it is checked, so that many at once are no
way around the pauses.

Tries are counted in this process's memory: a robot that guesses makes no server write to its disk,
which everybody's calls wait for. Several processes count each alone, and a start begins anew; what
is told of in the log stays.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from queue_server.domain.access.accounts import User, is_leading
from queue_server.domain.access.sign_in import (
    Scope,
    Tries,
    admit_try,
    count_told,
    forgive,
    is_step,
    scopes_of,
    take_back,
)
from queue_server.domain.events import EventType
from queue_server.store.access import second_factors
from queue_server.store.access import users as user_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from . import log
from .sessions import Place, find_session, log_in, log_out

KEYS_MAX = 20_000
"""How many counts are kept at most, the newest: to push one out takes longer than it would have
counted.
"""

Keys = Mapping[Scope, tuple[str, ...]]
"""What a try is counted under."""


def keys_of(username: str, address: str, browser: str | None) -> Keys:
    """What a try is counted under; `browser` is the mark of one in which this account has signed in
    before, or None.
    """
    who = username.strip().lower()
    known = {
        Scope.BROWSER: (who, browser or ""),
        Scope.PAIR: (who, address),
        Scope.ACCOUNT: (who,),
        Scope.ADDRESS: (address,),
    }
    return {
        scope: (scope.value, *known[scope])
        for scope in scopes_of(is_known_browser=browser is not None)
    }


def keys_of_code(user: str, browser: str | None) -> Keys:
    """What a try of a code is counted under, of who has given the right password already; `browser`
    as in `keys_of`, or the log-in in which the code is asked for again.
    """
    return {Scope.CODE: (Scope.CODE.value, user, browser or "")}


class TryCounter:
    """The wrong tries of this process, by what they are counted under."""

    def __init__(self) -> None:
        self._tries: OrderedDict[tuple[str, ...], Tries] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, keys: Keys, now: datetime) -> Mapping[Scope, Tries]:
        """Count a try that is about to be made. Returns what is counted by now. Raises
        `SignInPaused`.
        """
        with self._lock:
            counted = admit_try(self._read(keys), now)
            self._keep(keys, counted)
        return counted

    def forgive(self, keys: Keys) -> None:
        """The password was right."""
        with self._lock:
            self._keep(
                keys, {scope: forgive(scope, tries) for scope, tries in self._read(keys).items()}
            )

    def take_back(self, keys: Keys) -> None:
        """The password was never checked."""
        with self._lock:
            self._keep(keys, {scope: take_back(tries) for scope, tries in self._read(keys).items()})

    def _read(self, keys: Keys) -> dict[Scope, Tries]:
        return {scope: self._tries.get(key, Tries()) for scope, key in keys.items()}

    def _keep(self, keys: Keys, tries: Mapping[Scope, Tries]) -> None:
        for scope, each in tries.items():
            self._tries.pop(keys[scope], None)
            if each.count:
                self._tries[keys[scope]] = each
        while len(self._tries) > KEYS_MAX:
            self._tries.popitem(last=False)


def sign_in(
    database: Database,
    user: User,
    secret: str,
    old_secret: str | None,
    now: datetime,
    *,
    place: Place | None = None,
    prove: Callable[[Transaction], Mapping[str, object]] | None = None,
    asks_factor: bool = False,
) -> None:
    """After the right password: start a session, whose cookie will hold `secret`, and end the one
    this browser had before.

    `prove` uses up what somebody has proved beside the password, and gives what that was, as facts
    of the event. With `asks_factor` whoever must have a second factor is asked for one from now on.
    Raises what `prove` raises.
    """

    def command(tx: Transaction) -> None:
        facts = prove(tx) if prove else {}
        log_in(tx, user, secret, now, place)
        if old_secret:
            log_out(tx, old_secret, now)
        if asks_factor and is_leading(user.role):
            factor = second_factors.lock(tx, user.id)
            if not factor.exists and factor.asked_at is None:
                second_factors.save(tx, user.id, replace(factor, asked_at=now))
        log.note(tx, EventType.SIGNED_IN, user.office, user.id, now, **facts)

    database.write(log.days_of(database, user.office, now), command)


def sign_out(database: Database, secret: str, now: datetime) -> None:
    """End the session whose cookie holds `secret`; of one that is over already nothing is told."""
    with database.read() as connection:
        session = find_session(connection, secret, now)
    if session is None:
        return
    user = session.user

    def command(tx: Transaction) -> None:
        log_out(tx, secret, now)
        log.note(tx, EventType.SIGNED_OUT, user.office, user.id, now)

    database.write(log.days_of(database, user.office, now), command)


def note_refused(
    database: Database,
    user: User,
    counted: Mapping[Scope, Tries],
    now: datetime,
    *,
    of: EventType = EventType.SIGN_IN_REFUSED,
) -> None:
    """After a wrong password or code: tell of it in the log, now and then only, so that no robot
    fills it. `of` is what was refused.
    """
    if is_step(counted):
        way: dict[str, Any] = {"way": "code"} if Scope.CODE in counted else {}
        note = partial(
            log.note,
            type=of,
            office=user.office,
            by="",
            now=now,
            user=user.id,
            count=count_told(counted),
            **way,
        )
        database.write(log.days_of(database, user.office, now), note)


def find_user(database: Database, username: str) -> tuple[User | None, str | None]:
    """The active user behind a name and the password's hash, or nobody."""
    with database.read() as connection:
        return user_store.find_login(connection, username.strip().lower()) or (None, None)
