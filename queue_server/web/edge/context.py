"""What every request may use: made once by `create_app`, found through `context()`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app, g

from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.access.heard import HeardDevices
from queue_server.services.access.sign_in import TryCounter
from queue_server.services.booking.availability import FreeTimes
from queue_server.services.kept import Kept
from queue_server.services.office.most_used import MostUsed
from queue_server.services.shown import local_time
from queue_server.settings import Settings
from queue_server.store.office import offices as office_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey

from .long_work.beside import Beside

if TYPE_CHECKING:
    from queue_server.effects.access.sign_in_service import SignInService
    from queue_server.effects.live import LiveHub
    from queue_server.effects.probe import Probe

    from .access.principals import Principal
    from .shared.pages import SharedPage

PAGES_BYTES = 4_000_000
"""The room for shared pages: about a thousand."""
TEXTS_LENGTH = 2_000_000
TICKETS_LOOKED_AT = 1_000
OFFICES_RUSHED = 1_000

_EXTENSION = "antrean"
_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00\Z")


@dataclass(frozen=True)
class Context:
    """The parts a request works with. `build` names the version of code and pages.

    `ways` are the channels by which visitors can be told, `receipt_key` is what a gateway signs its
    receipts with, and `sign_in_service` is the one that the settings name. `known_tokens` is the
    memory of `principals`: by the hash of a bearer token, who holds it and when (monotonic seconds)
    that was asked. `pages` and `rushes` keep what is made once for everybody: pages by address and
    language, texts of the API, tickets as they were seen this second, whether an office is in a
    rush. So does `free_times`.
    `heard` knows which devices spoke when.
    """

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    secret_key: bytes
    nik_key: bytes
    build: str
    live: LiveHub
    probe: Probe
    beside: Beside
    ways: frozenset[MessageChannel] = frozenset()
    receipt_key: bytes | None = None
    sign_in_service: SignInService | None = None
    heard: HeardDevices = field(default_factory=HeardDevices)
    tries: TryCounter = field(default_factory=TryCounter)
    known_tokens: dict[str, tuple[Principal, float]] = field(default_factory=dict)
    most_used: MostUsed = field(default_factory=MostUsed)
    free_times: FreeTimes = field(default_factory=FreeTimes)
    pages: Kept[SharedPage] = field(
        default_factory=lambda: Kept(PAGES_BYTES, lambda page: page.size)
    )
    texts: Kept[str] = field(default_factory=lambda: Kept(TEXTS_LENGTH, len))
    tickets: Kept[tuple[object, ...]] = field(default_factory=lambda: Kept(TICKETS_LOOKED_AT))
    rushes: Kept[bool] = field(default_factory=lambda: Kept(OFFICES_RUSHED))


def context() -> Context:
    """The running application's parts."""
    parts: Context = current_app.extensions[_EXTENSION]
    return parts


def now() -> datetime:
    """The moment this request is answered at: the clock is read once."""
    if "now" not in g:
        g.now = context().clock()
    moment: datetime = g.now
    return moment


def find_office(code: str) -> Office:
    """An office by its code. Raises `UnknownOffice`."""
    office = context().database.find_office(code)
    g.office = office.code
    return office


def list_offices() -> list[Office]:
    """All offices, by code."""
    database = context().database
    with database.read() as connection:
        return [
            database.offices.get(connection, code)
            for code in sorted(office_store.all_codes(connection))
        ]


def find_ticket(id: str, office: str | None) -> Ticket:
    """A ticket by its id, for who works in `office`; None for all of them. Raises `UnknownTicket`,
    for another office's too.
    """
    with context().database.read() as connection:
        ticket = ticket_store.find(connection, id, office)
    g.office = ticket.office
    return ticket


def find_ticket_by_code(code: str, office: str | None = None) -> Ticket:
    """A ticket by its secret code, with `office` of that one only. Raises `UnknownCode`, for
    another office's too.
    """
    with context().database.read() as connection:
        ticket = ticket_store.find_by_code(connection, code, office)
    g.office = ticket.office
    return ticket


def on_the_clock(facts: Mapping[str, Any], office: Office | None = None) -> dict[str, Any]:
    """Facts with their moments, which are kept in UTC, as the office's clock says them; without
    `office` that of the request.
    """
    if office is None:
        if "office" not in g:
            return dict(facts)
        office = context().database.find_office(g.office)
    return {
        name: local_time(office, datetime.fromisoformat(value))
        if isinstance(value, str) and _IN_UTC.match(value)
        else value
        for name, value in facts.items()
    }


def day_of(ticket: Ticket) -> DayKey:
    """The office-day to lock for a ticket."""
    return ticket.office, ticket.date


def today_at(office: Office) -> DayKey:
    """The office-day to lock for what happens now."""
    return office.code, office.date_at(now())
