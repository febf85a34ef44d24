"""A visitor at a kiosk calls for help: one call at a time, who answers it, and how it ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from queue_server.domain.errors import HelpOver, HelpResting
from queue_server.domain.events import Event, EventType

ANSWERED_WITHIN = timedelta(minutes=1)
"""After this time without an answer the supervisor is told, and the visitor is told the truth."""

LASTS = timedelta(minutes=10)
"""Nobody stands at a kiosk for longer: then the call ends by itself."""

CALLS_MOST, CALLS_WITHIN = 5, timedelta(minutes=10)
"""So many calls a kiosk may make in so long: more are a game, or a program with its token."""


class HelpReason(StrEnum):
    """Why somebody calls. PAPER: the slip has not come out of the printer."""

    VISITOR = "VISITOR"
    PAPER = "PAPER"


class HelpStage(StrEnum):
    """Where a call stands. UNANSWERED: nobody has come forward within `ANSWERED_WITHIN`."""

    ASKED = "asked"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    ENDED = "ended"


class HelpEnd(StrEnum):
    """How a call ended: the staff have helped, the visitor took it back, or `LASTS` went by."""

    STAFF = "STAFF"
    VISITOR = "VISITOR"
    LAPSED = "LAPSED"


@dataclass(frozen=True)
class HelpCall:
    """One call for help of a kiosk. `screen` is what the kiosk showed, `answered_by` a user's id.
    No personal data.
    """

    id: str
    office: str
    date: date
    device: str
    language: str
    screen: str
    reason: HelpReason
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: str | None = None
    ended_at: datetime | None = None
    end: HelpEnd | None = None

    def is_lapsed(self, now: datetime) -> bool:
        """Whether it is so old that it ends by itself."""
        return now - self.asked_at >= LASTS

    def stage_at(self, now: datetime) -> HelpStage:
        """Where the call stands at a moment."""
        if self.ended_at is not None or self.is_lapsed(now):
            return HelpStage.ENDED
        if self.answered_at is not None:
            return HelpStage.ANSWERED
        is_late = now - self.asked_at >= ANSWERED_WITHIN
        return HelpStage.UNANSWERED if is_late else HelpStage.ASKED


def admit_call(asked: Sequence[datetime], now: datetime) -> None:
    """Refuse a kiosk that has called too often. `asked`: when it called within `CALLS_WITHIN`.

    Raises `HelpResting` with `retry_after_seconds`.
    """
    recent = sorted(each for each in asked if now - each < CALLS_WITHIN)
    if len(recent) >= CALLS_MOST:
        free_at = recent[-CALLS_MOST] + CALLS_WITHIN
        raise HelpResting(retry_after_seconds=max(1, math.ceil((free_at - now).total_seconds())))


def ask(call: HelpCall) -> tuple[HelpCall, Event]:
    """Call for help."""
    return call, _event(EventType.HELP_ASKED, call, call.asked_at, reason=call.reason.value)


def answer(call: HelpCall, by: str, now: datetime) -> tuple[HelpCall, Event | None]:
    """Say that one is on the way. The first one counts: later ones get the call as it is.

    Raises `HelpOver` for a call that has ended.
    """
    if call.stage_at(now) is HelpStage.ENDED:
        raise HelpOver()
    if call.answered_by is not None:
        return call, None
    answered = replace(call, answered_at=now, answered_by=by)
    return answered, _event(EventType.HELP_ANSWERED, answered, now, by=by)


def end(
    call: HelpCall, how: HelpEnd, now: datetime, by: str | None = None
) -> tuple[HelpCall, Event | None]:
    """End a call; one that has ended stays as it is. `by` is the user who ended it."""
    if call.ended_at is not None:
        return call, None
    ended = replace(call, ended_at=now, end=how)
    about = {} if by is None else {"by": by}
    return ended, _event(EventType.HELP_ENDED, ended, now, end=how.value, **about)


def _event(type: EventType, call: HelpCall, now: datetime, **facts: str) -> Event:
    about = {"help": call.id, "device": call.device}
    return Event(type, call.office, call.date, now, None, {**about, **facts})
