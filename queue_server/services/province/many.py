"""One change for many offices: one dry run for all of them, then a command of its own for each.

Each office is changed in its own office-day, under its own lock: an office that refuses keeps none
of the others from their change, and is named with its reason (ADR 0047). Sent again, the same
request does what is left to do, and nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.errors import DomainError
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.messages.owed import choose_channel
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import limit_zone
from queue_server.services.bulk import Step
from queue_server.services.office.changes import Preview, apply_change, preview_change
from queue_server.services.office.rooms import LimitOf
from queue_server.store.booking.stranded import list_visitors
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class Told:
    """How many visitors would be told of a lost time, by the way in which they can be."""

    by_mail: int = 0
    by_phone: int = 0
    nobody_can: int = 0


@dataclass(frozen=True)
class OfficeTrial:
    """What the change would do in one office, or why it is refused there."""

    office: Office
    preview: Preview | None
    told: Told = Told()
    refused: DomainError | None = None

    @property
    def stranded(self) -> int:
        """How many bookings would lose their time."""
        return 0 if self.preview is None else len(self.preview.stranded)

    @property
    def is_same(self) -> bool:
        """Whether everything is so already."""
        return self.preview is not None and not has_changed(self.office, self.preview.office)


def has_changed(before: Office, after: Office) -> bool:
    """Whether an office is another one after a change of its settings."""

    def settings(office: Office) -> tuple[object, ...]:
        return office.hours, office.rules, office.people_limit, office.modes

    return settings(before) != settings(after)


def try_change(
    connection: Connection,
    office: Office,
    change: Change,
    now: datetime,
    limit_of: LimitOf = limit_zone,
) -> OfficeTrial:
    """A dry run in one office: nothing is changed. `limit_of` finds the limits of zones."""
    try:
        preview = preview_change(connection, office, change, now, limit_of)
    except DomainError as refused:
        return OfficeTrial(office, None, refused=refused)
    return OfficeTrial(office, preview, _count_told(connection, office, preview))


def _count_told(connection: Connection, office: Office, preview: Preview) -> Told:
    """Somebody with two bookings is one person; one of whom nothing is known cannot be told."""
    ids = [each.id for each in preview.stranded]
    visitors = list_visitors(connection, office.code, ids)
    people = {
        visitors[id].nik_fingerprint if id in visitors else id: (
            choose_channel(visitors[id].email, visitors[id].phone)
            if id in visitors
            else MessageChannel.NONE
        )
        for id in ids
    }
    counts = Counter(people.values())
    return Told(*(counts[each] for each in (*_WAYS, MessageChannel.NONE)))


_WAYS = (MessageChannel.EMAIL, MessageChannel.PHONE)


def plan_changes(
    offices: Iterable[Office],
    changes: Mapping[str, Change],
    revisions: Mapping[str, int],
    by: str,
    now: datetime,
) -> list[Step]:
    """The steps that change these offices, by code. An office that is no longer at the revision of
    the dry run is refused with `Changed`: nobody has seen what the change would do there.
    """
    return [
        _plan(each, changes[each.code], revisions[each.code], by, now)
        for each in sorted(offices, key=lambda each: each.code)
    ]


def _plan(office: Office, change: Change, revision: int, by: str, now: datetime) -> Step:
    def take(tx: Transaction) -> bool:
        before = tx.office(office.code)
        return has_changed(before, apply_change(tx, office.code, change, by, now, revision))

    return Step(office.code, ((office.code, office.date_at(now)),), take)
