"""One change for many offices: one dry run for all of them, then one command for all.

An office that refuses keeps none of the others from their change, and is named with its reason. All
others are changed in one transaction, so that no kill can leave half a province changed (ADR 0058).
Sent again, the same request does nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.errors import Changed, DomainError
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.messages.owed import choose_channel
from queue_server.domain.office.changes import Change
from queue_server.domain.office.office import Office
from queue_server.domain.room.capacity import limit_zone
from queue_server.services.office.changes import Preview, admit_change, apply_change, preview_change
from queue_server.services.office.rooms import LimitOf
from queue_server.store.booking.stranded import list_visitors
from queue_server.store.writer.transaction import DayKey, Transaction


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


@dataclass(frozen=True)
class Refused:
    """Why an office was left as it was: the `code` of the error, and its facts."""

    code: str
    facts: Mapping[str, Any]


Outcome = bool | Refused
"""What became of the change in an office: made, so already, or why it was refused."""


def days_of(offices: Iterable[Office], now: datetime) -> list[DayKey]:
    """The office-days that a change of these offices must declare."""
    return [(each.code, each.date_at(now)) for each in offices]


def change_many(
    tx: Transaction,
    changes: Mapping[str, Change],
    revisions: Mapping[str, int],
    by: str,
    now: datetime,
) -> dict[str, Outcome]:
    """Change the offices of `changes`, by code. Returns what became of it in each.

    First it is decided in all of them, so that one that refuses is left out and keeps none of the
    others from it; then all the others are changed. An office that is no longer at the revision of
    the dry run is refused with `Changed`: nobody has seen what the change would do there.
    """
    outcomes: dict[str, Outcome] = {}
    for code in sorted(changes):
        office = tx.office(code)
        try:
            if office.revision != revisions.get(code):
                raise Changed(office=code)
            outcomes[code] = has_changed(office, admit_change(tx, office, changes[code], now))
        except DomainError as refused:
            outcomes[code] = Refused(refused.code, refused.facts)
    for code, outcome in outcomes.items():
        if outcome is True:
            apply_change(tx, code, changes[code], by, now)
    return outcomes


def keep_outcomes(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """The outcomes as they are kept for a request that is sent again."""
    return {
        code: {"code": each.code, "facts": dict(each.facts)} if isinstance(each, Refused) else each
        for code, each in outcomes.items()
    }


def recall_outcomes(kept: Mapping[str, Any]) -> dict[str, Outcome]:
    """What `keep_outcomes` has kept."""
    return {
        code: each if isinstance(each, bool) else Refused(each["code"], each["facts"])
        for code, each in kept.items()
    }
