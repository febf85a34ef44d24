"""What people did to the rules on a day: who overrode, undid, corrected, stopped or changed
something, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.counter.call_log import Explained
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.store.visit import events as event_store

from . import call_log

TYPES = (
    EventType.UNDONE,
    EventType.VOIDED,
    EventType.OCCUPANCY_CORRECTED,
    EventType.ADMISSIONS_STOPPED,
    EventType.ADMISSIONS_RESUMED,
    EventType.SERVICE_PAUSED,
    EventType.SERVICE_RESUMED,
    EventType.COUNTER_STREAMS_CHANGED,
    EventType.COUNTER_RELEASED,
    EventType.MODE_CHANGED,
    EventType.LIMIT_CHANGED,
    EventType.HOURS_CHANGED,
    EventType.RULES_CHANGED,
    EventType.REMOTE_SET,
    EventType.CONTACT_SHOWN,
    EventType.ROOM_DESCRIBED,
    EventType.OFFICE_ADDED,
    EventType.OFFICE_CHANGED,
    EventType.OFFICE_DELETED,
    EventType.OFFICE_DESCRIBED,
    EventType.SERVICE_DESCRIBED,
    EventType.SLIP_DESIGNED,
    EventType.OFFICE_RESTRUCTURED,
    EventType.ANNOUNCED,
    EventType.ANNOUNCEMENT_ENDED,
    EventType.ALERT_ACKNOWLEDGED,
    EventType.PARTY_CHANGED,
    EventType.MADE_URGENT,
    EventType.PRIORITY_SET,
    EventType.ISSUED_BEYOND,
    EventType.LET_PAST,
    EventType.SLIP_COPIED,
    EventType.NAMES_SEARCHED,
    EventType.DAY_LISTED,
    EventType.CHANGES_UNLOCKED,
)
SHOWN_MAX = 300


@dataclass(frozen=True)
class Override:
    """One act by hand. `by` is a user's id, `because` empty where nobody said why."""

    seq: int
    at: datetime
    type: EventType
    ticket: str | None
    by: str
    because: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class DayOverrides:
    """The acts of a day, newest first, at most SHOWN_MAX of them, and the calls that were direct or
    out of order.
    """

    acts: tuple[Override, ...]
    calls: tuple[Explained, ...]
    cut: bool


def list_overrides(connection: Connection, office: Office, day: date) -> DayOverrides:
    """Everything of one day that did not follow by itself. Read from the log alone."""
    acts = event_store.list_of_types(connection, office.code, day, TYPES, SHOWN_MAX + 1)
    calls = call_log.explain_day(connection, office, day)
    return DayOverrides(
        tuple(_override(each) for each in acts[:SHOWN_MAX]),
        tuple(each for each in reversed(calls) if _is_by_hand(each)),
        len(acts) > SHOWN_MAX,
    )


def page_overrides(
    connection: Connection, office: Office, day: date, before: int | None, most: int
) -> tuple[list[Override | Explained], int | None]:
    """Acts and calls of a day in one line, newest first, at most `most` of those before an event's
    number (None: from the newest on).

    The second value is the number before which the next page begins, None at the end.
    """
    acts = (
        _override(each)
        for each in event_store.list_of_types(connection, office.code, day, TYPES, most + 1, before)
    )
    calls = (
        each
        for each in call_log.explain_day(connection, office, day)
        if _is_by_hand(each) and (before is None or each.seq < before)
    )
    by_hand: list[Override | Explained] = sorted([*acts, *calls], key=lambda each: -each.seq)
    return by_hand[:most], by_hand[most - 1].seq if len(by_hand) > most else None


def _is_by_hand(call: Explained) -> bool:
    return call.direct or not call.in_order


def _override(recorded: RecordedEvent) -> Override:
    facts = recorded.event.facts
    return Override(
        recorded.seq,
        recorded.event.at,
        recorded.event.type,
        recorded.event.ticket,
        str(facts.get("by", "")),
        str(facts.get("reason", "") or ""),
        facts,
    )
