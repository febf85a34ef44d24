"""Carrying out the steps of the waitlist for pages and API alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from queue_server.domain.booking.waitlist import Entry, EntryState
from queue_server.domain.errors import Changed
from queue_server.services.booking import waitlist
from queue_server.services.booking.waitlist import Standing
from queue_server.services.booking.waitlist_view import WaitView, view_standing
from queue_server.store.writer.transaction import DayKey, Transaction

from .context import context, find_office, now
from .strangers.persons import telling_nobody

T = TypeVar("T")
R = TypeVar("R")
Runner = Callable[[Iterable[DayKey], Callable[[Transaction], T]], R]
TRIES = 3
"""An offer may be made or run out between reading an entry and locking its day; then the step
starts over.
"""


def offer_what_is_kept(entry: Entry) -> None:
    """Give somebody who has just joined a place that was given up lately and is still kept back, if
    it is their turn.
    """
    with context().database.read() as connection:
        days = waitlist.days_with_kept_places(
            connection, entry.office, entry.first_date, entry.last_date
        )
        waiting = waitlist.look(connection, entry.code).entry.state is EntryState.WAITING
    for day in days if waiting else ():
        context().database.write(
            [(entry.office, day)],
            partial(waitlist.offer_kept, office=entry.office, day=day, now=now()),
        )


def look_at(code: str) -> Standing:
    """An entry as last committed. Raises `UnknownCode`."""
    with context().database.read() as connection:
        return waitlist.look(connection, code)


def view_at(code: str) -> WaitView:
    """The owner's view of an entry as last committed. Raises `UnknownCode`."""
    standing = look_at(code)
    return view_standing(
        find_office(standing.entry.office), standing, context().settings.public_url
    )


def press(code: str, step: Callable[..., T], run: Runner[T, R]) -> R:
    """Take one step of an entry under the lock that it needs, by `run`, which gets the days to lock
    and the step as a command. Raises what the step raises.
    """
    for tries_left in reversed(range(TRIES)):
        standing = look_at(code)
        try:
            with telling_nobody(standing.entry.office, standing.entry.visitor):
                return run(
                    waitlist.days_of_offer(standing), partial(step, standing=standing, now=now())
                )
        except Changed:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")
