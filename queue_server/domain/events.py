"""What happened: one event for every state change. Ids and facts only, never personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """Everything that can happen on an office-day, in the past tense."""

    HELD = "held"
    BOOKED = "booked"
    WALKED_IN = "walked_in"
    CONFIRMED = "confirmed"
    HOLD_EXTENDED = "hold_extended"
    EXPIRED = "expired"
    CHECKED_IN = "checked_in"
    RESCHEDULED = "rescheduled"
    DELAY_TOLD = "delay_told"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    SLOT_MISSED = "slot_missed"
    STRANDED = "stranded"
    ADMITTED = "admitted"
    CALLED = "called"
    LEFT = "left"
    STEPPED_OUT = "stepped_out"
    STEPPED_AWAY = "stepped_away"
    CAME_BACK = "came_back"
    RECALLED = "recalled"
    STARTED = "started"
    PARKED = "parked"
    NOT_SHOWN = "not_shown"
    RESUMED = "resumed"
    FINISHED = "finished"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    UNDONE = "undone"
    EVIDENCE_CHECKED = "evidence_checked"
    NOTED = "noted"
    PARTY_CHANGED = "party_changed"
    MADE_URGENT = "made_urgent"
    PRIORITY_SET = "priority_set"
    ISSUED_BEYOND = "issued_beyond"
    LET_PAST = "let_past"
    SLIP_COPIED = "slip_copied"
    SLIP_ORDERED = "slip_ordered"
    SLIP_REPORTED = "slip_reported"
    CHANGES_LOCKED = "changes_locked"
    CHANGES_UNLOCKED = "changes_unlocked"
    NAMES_SEARCHED = "names_searched"
    DAY_LISTED = "day_listed"
    CALLS_LISTED = "calls_listed"
    ACTS_EXPORTED = "acts_exported"
    COUNTER_OPENED = "counter_opened"
    COUNTER_CLOSED = "counter_closed"
    COUNTER_RELEASED = "counter_released"
    BREAK_STARTED = "break_started"
    MODE_CHANGED = "mode_changed"
    HOURS_CHANGED = "hours_changed"
    LIMIT_CHANGED = "limit_changed"
    REMOTE_SET = "remote_set"
    RULES_CHANGED = "rules_changed"
    ROOM_DESCRIBED = "room_described"
    OFFICE_DESCRIBED = "office_described"
    OFFICE_ADDED = "office_added"
    OFFICE_CHANGED = "office_changed"
    OFFICE_DELETED = "office_deleted"
    SERVICE_DESCRIBED = "service_described"
    SLIP_DESIGNED = "slip_designed"
    OFFICE_RESTRUCTURED = "office_restructured"
    SLOTS_PLANNED = "slots_planned"
    PLACES_TAKEN = "places_taken"
    PLACES_RELEASED = "places_released"
    PLACES_REFITTED = "places_refitted"
    OCCUPANCY_CORRECTED = "occupancy_corrected"
    DOOR_COUNTED = "door_counted"
    ADMISSIONS_STOPPED = "admissions_stopped"
    ADMISSIONS_RESUMED = "admissions_resumed"
    SERVICE_PAUSED = "service_paused"
    SERVICE_RESUMED = "service_resumed"
    COUNTER_STREAMS_CHANGED = "counter_streams_changed"
    ANNOUNCED = "announced"
    ANNOUNCEMENT_ENDED = "announcement_ended"
    ALERT_RAISED = "alert_raised"
    ALERT_ENDED = "alert_ended"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_ESCALATED = "alert_escalated"
    HELP_ASKED = "help_asked"
    HELP_ANSWERED = "help_answered"
    HELP_ENDED = "help_ended"
    PERSONAL_DATA_WIPED = "personal_data_wiped"
    PURGE_FINISHED = "purge_finished"
    PERSON_LOOKED_UP = "person_looked_up"
    PERSON_EXPORTED = "person_exported"
    PERSON_ERASED = "person_erased"
    INCIDENT_STARTED = "incident_started"
    INCIDENT_SECURED = "incident_secured"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_REOPENED = "account_reopened"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_DISTRUSTED = "password_distrusted"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSIONS_ENDED = "sessions_ended"
    STEP_UP_REFUSED = "step_up_refused"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    TOKEN_ADDED = "token_added"
    TOKEN_REVOKED = "token_revoked"
    DEVICE_APPROVED = "device_approved"
    DEVICE_REVOKED = "device_revoked"
    DEVICE_RENAMED = "device_renamed"
    DEVICE_ORDERED = "device_ordered"
    DISPLAY_SET = "display_set"
    LEASE_GRANTED = "lease_granted"
    LEASE_FILLED = "lease_filled"
    LEASE_CLOSED = "lease_closed"
    LEASE_REVOKED = "lease_revoked"
    LEASE_LOST = "lease_lost"
    LEASE_CONTESTED = "lease_contested"
    RENUMBERED = "renumbered"
    CONFLICT_RECORDED = "conflict_recorded"
    CONFLICT_SEEN = "conflict_seen"
    CONTACT_SHOWN = "contact_shown"
    BOOKER_SHOWN = "booker_shown"
    MEETING_OPENED = "meeting_opened"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_TESTED = "webhook_tested"
    WEBHOOK_ROTATED = "webhook_rotated"
    WEBHOOK_STARTED = "webhook_started"
    WEBHOOK_STOPPED = "webhook_stopped"
    WEBHOOK_RESENT = "webhook_resent"
    MESSAGE_WORDED = "message_worded"
    SIGNED_OUT = "signed_out"
    REPORT_MAIL_ADDED = "report_mail_added"
    REPORT_MAIL_REMOVED = "report_mail_removed"
    BACKED_UP = "backed_up"
    RESTORED = "restored"


REMARKS = frozenset(
    {
        EventType.EVIDENCE_CHECKED,
        EventType.NOTED,
        EventType.ISSUED_BEYOND,
        EventType.LET_PAST,
        EventType.SLIP_COPIED,
        EventType.SLIP_ORDERED,
        EventType.SLIP_REPORTED,
        EventType.PLACES_REFITTED,
        EventType.CHANGES_LOCKED,
        EventType.CHANGES_UNLOCKED,
        EventType.CONFLICT_RECORDED,
        EventType.CONFLICT_SEEN,
        EventType.CONTACT_SHOWN,
        EventType.BOOKER_SHOWN,
        EventType.MEETING_OPENED,
    }
)
"""What is said about a ticket without moving it: no step of its life, so nothing that undo could
take back.
"""


ACCESS = (
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
    EventType.DEVICE_APPROVED,
    EventType.DEVICE_REVOKED,
    EventType.DEVICE_RENAMED,
    EventType.DEVICE_ORDERED,
    EventType.DISPLAY_SET,
    EventType.WEBHOOK_ADDED,
    EventType.WEBHOOK_CHANGED,
    EventType.WEBHOOK_REMOVED,
    EventType.WEBHOOK_TESTED,
    EventType.WEBHOOK_ROTATED,
    EventType.WEBHOOK_STARTED,
    EventType.WEBHOOK_STOPPED,
    EventType.WEBHOOK_RESENT,
    EventType.MESSAGE_WORDED,
    EventType.REPORT_MAIL_ADDED,
    EventType.REPORT_MAIL_REMOVED,
    EventType.BACKED_UP,
    EventType.RESTORED,
    EventType.PURGE_FINISHED,
    EventType.PERSON_LOOKED_UP,
    EventType.PERSON_EXPORTED,
    EventType.PERSON_ERASED,
    EventType.INCIDENT_STARTED,
    EventType.INCIDENT_SECURED,
    EventType.ACTS_EXPORTED,
)
"""What happens to accounts, programs, devices, webhooks, the words of messages and who gets
reports: on the day of their office, or of the first one for those of all offices.
"""


@dataclass(frozen=True)
class Event:
    """One fact about an office-day. The store adds its place in the day's gap-free sequence."""

    type: EventType
    office: str
    date: date
    at: datetime
    ticket: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def adding(self, **facts: Any) -> Event:
        """The same event with further facts; those that are None are left out."""
        further = {name: value for name, value in facts.items() if value is not None}
        return replace(self, facts={**self.facts, **further}) if further else self


def last_fact(events: Sequence[Event], name: str) -> Any:
    """What the newest of some events, given oldest first, says of a fact; None if none names it."""
    return next((each.facts[name] for each in reversed(events) if name in each.facts), None)


@dataclass(frozen=True)
class RecordedEvent:
    """An event with its sequence number, 1, 2, 3 … without gaps within an office-day."""

    seq: int
    event: Event
