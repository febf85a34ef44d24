"""A clerk's own last actions, newest first, and which of them may still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.counter.steps import undo_closes_at
from queue_server.domain.events import REMARKS, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.visit.transitions import UNDOABLE
from queue_server.services.shown import local_time
from queue_server.store.visit import events as event_store

LOOKED_AT = 400
"""Newest events of the office-day among which a clerk's own are looked for."""
SHOWN = 12
_LISTED = UNDOABLE | {EventType.RETURNED, EventType.UNDONE}


@dataclass(frozen=True)
class PastAction:
    """One action of a clerk on a ticket; `action` is the event's type. `undo_until` is set while it
    can be taken back.
    """

    seq: int
    ticket: str
    number: str
    action: str
    at: str
    counter: str | None
    undo_until: str | None


@dataclass(frozen=True)
class PastActions:
    """A clerk's last actions of today, newest first."""

    actions: tuple[PastAction, ...]


def list_actions(connection: Connection, office: Office, clerk: str, now: datetime) -> PastActions:
    """What a clerk did last at an office today: at most SHOWN actions.

    Only the newest step of a ticket can be taken back, within the office's `undo_minutes`, and only
    by who took it.
    """
    moved: set[str] = set()
    actions: list[PastAction] = []
    for recorded in event_store.list_newest(
        connection, office.code, office.date_at(now), LOOKED_AT
    ):
        event = recorded.event
        if event.ticket is None or event.type in REMARKS:
            continue
        is_newest = event.ticket not in moved
        moved.add(event.ticket)
        if event.facts.get("by") != clerk or event.type not in _LISTED:
            continue
        until = undo_closes_at(event.at, office.rules)
        may_undo = is_newest and event.type in UNDOABLE and now <= until
        actions.append(
            PastAction(
                recorded.seq,
                event.ticket,
                str(event.facts.get("number") or ""),
                event.type.value,
                local_time(office, event.at),
                event.facts.get("counter"),
                local_time(office, until) if may_undo else None,
            )
        )
        if len(actions) == SHOWN:
            break
    return PastActions(tuple(actions))
