"""Fill an empty database with the demonstration, through the same commands that visitors, clerks
and kiosks use.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from queue_server.domain.access.accounts import User
from queue_server.domain.office.changes import ModeDecision
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.nik_key import open_nik_key
from queue_server.services import upkeep
from queue_server.services.access import devices, displays, sessions
from queue_server.services.access.passwords import hash_password
from queue_server.services.office import offices, rooms
from queue_server.services.office.changes import apply_change
from queue_server.settings import Settings
from queue_server.store.access import displays as display_store
from queue_server.store.access.tokens import Token
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from . import banten
from .bookings import BOOKED_BEFORE, book, book_day
from .from_home import book_calls, ring_in_the_morning, serve_from_home
from .morning import Scene, play_morning
from .people import PROVINCE_ADMIN, Person, guests
from .people import staff as all_staff
from .rooms import room_of
from .scenarios import Scenario

ORDER_HOLDS, REVIEWED_BEFORE = timedelta(days=7), timedelta(days=1)
"""How long an order on the service mode holds in a scenario, and how long before its end it is
looked at again.
"""

SHARE_OF_PLANNING = 0.35
"""Of the time that the filling takes, roughly, for the bar that shows how far it is."""

DEVICES = {"kiosk": "Kios 1", "display": "TV 1", "printer": "Printer 1", "sensor": "Sensor 1"}
"""Kind -> name, as an office would name it."""


@dataclass(frozen=True)
class Login:
    """What a member of staff logs in with."""

    username: str
    password: str


@dataclass(frozen=True)
class Access:
    """The only copy of the demonstration's secrets: a log-in for each role and a bearer token for
    each role and device kind.
    """

    logins: Mapping[str, Login]
    tokens: Mapping[str, str]
    office: str
    counters: tuple[str, ...]


def fill(
    database: Database,
    settings: Settings,
    clock: Callable[[], datetime],
    scenario: Scenario,
    step: Callable[[float], None] = lambda _share: None,
) -> Access:
    """Fill an empty, migrated database. Everything random is the secrets and the tickets' codes;
    the rest is always the same.

    `step` hears what share of the work is done.
    """
    now = clock()
    made = tuple(
        serve_from_home(each) if each.code == banten.HOME else each
        for each in banten.offices((now.year, now.year + 1))
    )
    order = None if scenario.mode is ServiceMode.NORMAL else _plan_order(made[0], now)
    begun = now if order is None else order.booked_at
    for office in made:
        database.write([], partial(offices.add_office, office=office))
        describe = partial(
            rooms.describe_room,
            office=office.code,
            room=room_of(office),
            by=PROVINCE_ADMIN,
            now=begun,
        )
        database.write([(office.code, office.date_at(begun))], describe)
    for done, office in enumerate(made, 1):
        upkeep.plan_office(database, office.code, begun)
        step(SHARE_OF_PLANNING * done / len(made))
    access = _add_staff(database, made, now)
    key = open_nik_key(database, settings.nik_key_file, now)
    for done, office in enumerate(made, 1):
        people = guests(office.code)
        booked = book(
            database, office, scenario, key, now, order.booked_at if order else None, people
        )
        if order is not None:
            booked = _give_order(database, office, scenario, order, booked, now)
        calls: list[Ticket] = []
        if office.remote_letter is not None:
            before = order.booked_at if order else now - BOOKED_BEFORE
            calls = book_calls(database, office, people, key, before)
        play_morning(database, office, scenario, booked, now, partial(_ring, office, calls, now))
        if scenario.crowd(office.code).share_of_today == 1:
            # What was given back or released since the bookings were made is taken as well on a
            # full day.
            book_day(database, office, scenario, office.date_at(now), 1, people, key, now)
        step(SHARE_OF_PLANNING + (1 - SHARE_OF_PLANNING) * done / len(made))
    return access


def _ring(
    office: Office, calls: Sequence[Ticket], now: datetime, begin: datetime
) -> Iterable[Scene]:
    """The calls of the morning, in an office that serves from home."""
    today = [each for each in calls if each.date == office.date_at(now)]
    return ring_in_the_morning(office, today, begin, now) if today else ()


@dataclass(frozen=True)
class _Order:
    """How the offices came to work as they do: bookings were made, one evening the order came, and
    it holds from this morning on.
    """

    booked_at: datetime
    given_at: datetime
    starts_at: datetime
    ends_at: datetime
    review_on: date


def _plan_order(office: Office, now: datetime) -> _Order:
    midnight = office.local(now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    given_at, ends_at = midnight - timedelta(hours=4), midnight + ORDER_HOLDS
    return _Order(
        given_at - BOOKED_BEFORE,
        given_at,
        midnight,
        ends_at,
        office.date_at(ends_at - REVIEWED_BEFORE),
    )


def _give_order(
    database: Database,
    office: Office,
    scenario: Scenario,
    order: _Order,
    booked: list[Ticket],
    now: datetime,
) -> list[Ticket]:
    """Change the office's mode as a manager does, with bookings already made. Returns those of
    today that are left.
    """
    period = ModePeriod(
        secrets.token_hex(8),
        scenario.mode,
        order.starts_at,
        order.given_at,
        PROVINCE_ADMIN,
        order.ends_at,
        review_on=order.review_on,
        notice=scenario.notice,
    )
    change = partial(
        apply_change,
        office=office.code,
        change=ModeDecision(period),
        by=PROVINCE_ADMIN,
        now=order.given_at,
    )
    database.write([(office.code, office.date_at(order.given_at))], change)
    for moment in (order.given_at, now):
        upkeep.plan_office(database, office.code, moment)
    with database.read() as connection:
        return [
            each for each in booked if ticket_store.find(connection, each.id).state is State.BOOKED
        ]


def _add_staff(database: Database, made: tuple[Office, ...], now: datetime) -> Access:
    """All accounts. Those of one role share a password, so that it is hashed once and not eighty
    times.
    """
    people = all_staff(made)
    passwords = {role: secrets.token_urlsafe(9) for role in sorted({each.role for each in people})}
    hashes = {role: hash_password(password) for role, password in passwords.items()}
    home = [each for each in people if each.office in (None, banten.HOME)]
    shown: dict[str, Person] = {}
    for person in home:
        shown.setdefault(person.role, person)
    tokens = {role: sessions.new_secret() for role in ("admin", "manager", "clerk", *DEVICES)}

    def add(tx: Transaction) -> None:
        for each in people:
            sessions.add_user(
                tx,
                User(each.username, each.username, each.name, each.role, each.office),
                hashes[each.role],
            )
        for role in ("admin", "manager", "clerk"):
            holder = shown[role]
            sessions.add_token(
                tx,
                Token(
                    secrets.token_hex(8), f"Demo {role}", role, holder.office, user=holder.username
                ),
                tokens[role],
                now,
            )
        for kind, name in DEVICES.items():
            devices.add_paired(tx, kind, banten.HOME, name, tokens[kind], now)

    database.write([], add)
    _set_screen(database, now)
    return Access(
        logins={role: Login(person.username, passwords[role]) for role, person in shown.items()},
        tokens=tokens,
        office=banten.HOME,
        counters=tuple(
            each.id
            for office in made
            if office.code == banten.HOME
            for each in office.counters
            if not each.remote
        ),
    )


def _set_screen(database: Database, now: datetime) -> None:
    """Set the display of the office that has one."""
    with database.read() as connection:
        [screen] = display_store.list_of_office(connection, banten.HOME)
    day = database.find_office(banten.HOME).date_at(now)
    set_screen = partial(
        displays.set_display,
        office=banten.HOME,
        device=screen,
        told=banten.SCREEN,
        by=PROVINCE_ADMIN,
        now=now,
    )
    database.write([(banten.HOME, day)], set_screen)
