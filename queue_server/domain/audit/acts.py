"""What the log tells readers: which kind of act each event is, and which acts are sought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from queue_server.domain.errors import BadInput
from queue_server.domain.events import EventType

DAYS_MAX = 31
"""How many days one look takes in."""


class ActKind(StrEnum):
    """Acts that a reader looks for together.

    COURSE is what follows from the rules of the day by itself, or is an ordinary step at a counter
    or door: in the log, and no act to answer for.
    """

    CALLS = "calls"
    TAKEN_BACK = "taken_back"
    COUNT = "count"
    STOPS = "stops"
    VISITS = "visits"
    WATCH = "watch"
    SETTINGS = "settings"
    ACCOUNTS = "accounts"
    DEVICES = "devices"
    PERSONS = "persons"
    EXPORTS = "exports"
    KEEPING = "keeping"
    COURSE = "course"


EVENTS_OF: Mapping[ActKind, tuple[EventType, ...]] = {
    # Of the calls only those that a clerk has picked.
    ActKind.CALLS: (EventType.CALLED,),
    ActKind.TAKEN_BACK: (EventType.UNDONE,),
    ActKind.COUNT: (EventType.OCCUPANCY_CORRECTED,),
    ActKind.STOPS: (
        EventType.ADMISSIONS_STOPPED,
        EventType.ADMISSIONS_RESUMED,
        EventType.SERVICE_PAUSED,
        EventType.SERVICE_RESUMED,
    ),
    ActKind.VISITS: (
        EventType.PARTY_CHANGED,
        EventType.MADE_URGENT,
        EventType.PRIORITY_SET,
        EventType.VOIDED,
        EventType.ISSUED_BEYOND,
        EventType.LET_PAST,
        EventType.SLIP_COPIED,
        EventType.CHANGES_UNLOCKED,
        EventType.CONFLICT_SEEN,
    ),
    ActKind.WATCH: (
        EventType.COUNTER_STREAMS_CHANGED,
        EventType.COUNTER_RELEASED,
        EventType.ANNOUNCED,
        EventType.ANNOUNCEMENT_ENDED,
        EventType.ALERT_ACKNOWLEDGED,
    ),
    ActKind.SETTINGS: (
        EventType.MODE_CHANGED,
        EventType.HOURS_CHANGED,
        EventType.LIMIT_CHANGED,
        EventType.REMOTE_SET,
        EventType.RULES_CHANGED,
        EventType.ROOM_DESCRIBED,
        EventType.OFFICE_DESCRIBED,
        EventType.OFFICE_ADDED,
        EventType.OFFICE_CHANGED,
        EventType.OFFICE_DELETED,
        EventType.SERVICE_DESCRIBED,
        EventType.SLIP_DESIGNED,
        EventType.OFFICE_RESTRUCTURED,
        EventType.MESSAGE_WORDED,
        EventType.WEBHOOK_ADDED,
        EventType.WEBHOOK_CHANGED,
        EventType.WEBHOOK_REMOVED,
        EventType.WEBHOOK_TESTED,
        EventType.WEBHOOK_ROTATED,
        EventType.WEBHOOK_STARTED,
        EventType.WEBHOOK_STOPPED,
        EventType.WEBHOOK_RESENT,
        EventType.REPORT_MAIL_ADDED,
        EventType.REPORT_MAIL_REMOVED,
    ),
    ActKind.ACCOUNTS: (
        EventType.SIGNED_IN,
        EventType.SIGNED_OUT,
        EventType.SIGN_IN_REFUSED,
        EventType.ACCOUNT_ADDED,
        EventType.ACCOUNT_CHANGED,
        EventType.ACCOUNT_CLOSED,
        EventType.ACCOUNT_REOPENED,
        EventType.PASSWORD_RESET,
        EventType.PASSWORD_CHANGED,
        EventType.PASSWORD_DISTRUSTED,
        EventType.SECOND_FACTOR_ADDED,
        EventType.SECOND_FACTOR_REMOVED,
        EventType.SECOND_FACTOR_RESET,
        EventType.RECOVERY_CODES_MADE,
        EventType.RECOVERY_CODE_USED,
        EventType.SESSIONS_ENDED,
        EventType.STEP_UP_REFUSED,
        EventType.IDENTITY_LINKED,
        EventType.IDENTITY_UNLINKED,
        EventType.TOKEN_ADDED,
        EventType.TOKEN_REVOKED,
    ),
    ActKind.DEVICES: (
        EventType.DEVICE_APPROVED,
        EventType.DEVICE_REVOKED,
        EventType.DEVICE_RENAMED,
        EventType.DEVICE_ORDERED,
        EventType.DISPLAY_SET,
        EventType.LEASE_REVOKED,
        EventType.LEASE_LOST,
        EventType.LEASE_CONTESTED,
    ),
    ActKind.PERSONS: (
        EventType.BOOKER_SHOWN,
        EventType.CONTACT_SHOWN,
        EventType.NAMES_SEARCHED,
        EventType.PERSON_LOOKED_UP,
        EventType.PERSON_ERASED,
    ),
    ActKind.EXPORTS: (
        EventType.DAY_LISTED,
        EventType.PERSON_EXPORTED,
        EventType.ACTS_EXPORTED,
        EventType.CALLS_LISTED,
    ),
    ActKind.KEEPING: (
        EventType.BACKED_UP,
        EventType.RESTORED,
        EventType.PURGE_FINISHED,
        EventType.INCIDENT_STARTED,
        EventType.INCIDENT_SECURED,
    ),
    ActKind.COURSE: (
        EventType.HELD,
        EventType.BOOKED,
        EventType.WALKED_IN,
        EventType.CONFIRMED,
        EventType.HOLD_EXTENDED,
        EventType.EXPIRED,
        EventType.CHECKED_IN,
        EventType.RESCHEDULED,
        EventType.DELAY_TOLD,
        EventType.CANCELLED,
        EventType.SLOT_MISSED,
        EventType.STRANDED,
        EventType.ADMITTED,
        EventType.LEFT,
        EventType.STEPPED_OUT,
        EventType.STEPPED_AWAY,
        EventType.CAME_BACK,
        EventType.RECALLED,
        EventType.STARTED,
        EventType.PARKED,
        EventType.NOT_SHOWN,
        EventType.RESUMED,
        EventType.FINISHED,
        EventType.TRANSFERRED,
        EventType.RETURNED,
        EventType.EVIDENCE_CHECKED,
        EventType.NOTED,
        EventType.SLIP_ORDERED,
        EventType.SLIP_REPORTED,
        EventType.CHANGES_LOCKED,
        EventType.COUNTER_OPENED,
        EventType.COUNTER_CLOSED,
        EventType.BREAK_STARTED,
        EventType.SLOTS_PLANNED,
        EventType.PLACES_TAKEN,
        EventType.PLACES_RELEASED,
        EventType.PLACES_REFITTED,
        EventType.DOOR_COUNTED,
        EventType.ALERT_RAISED,
        EventType.ALERT_ENDED,
        EventType.ALERT_ESCALATED,
        EventType.HELP_ASKED,
        EventType.HELP_ANSWERED,
        EventType.HELP_ENDED,
        EventType.PERSONAL_DATA_WIPED,
        EventType.LEASE_GRANTED,
        EventType.LEASE_FILLED,
        EventType.LEASE_CLOSED,
        EventType.RENUMBERED,
        EventType.CONFLICT_RECORDED,
        EventType.MEETING_OPENED,
    ),
}
"""Every event of the log stands here once; the kinds are in the order in which pages show them."""

KIND_OF: Mapping[EventType, ActKind] = {
    type: kind for kind, types in EVENTS_OF.items() for type in types
}
SHOWN_KINDS = tuple(each for each in ActKind if each is not ActKind.COURSE)


@dataclass(frozen=True)
class SoughtActs:
    """Which acts are looked for: of which dates, both included, of which kinds, and, where given,
    who did it or whose account it was, at which counter or with which device, and how the number
    of the visit begins.
    """

    first: date
    last: date
    kinds: tuple[ActKind, ...] = SHOWN_KINDS
    person: str | None = None
    counter: str | None = None
    device: str | None = None
    number: str | None = None

    @property
    def is_one_day(self) -> bool:
        """Whether a single date is looked at."""
        return self.first == self.last

    @property
    def types(self) -> tuple[EventType, ...]:
        """The events that are looked for."""
        return tuple(type for kind in self.kinds for type in EVENTS_OF[kind])


def admit_dates(first: date, last: date) -> None:
    """Refuse dates in the wrong order, and more of them than one look takes in. Raises
    `BadInput`.
    """
    if last < first:
        raise BadInput(field="to", reason="order")
    if last - first >= timedelta(days=DAYS_MAX):
        raise BadInput(field="to", reason="too_long")
