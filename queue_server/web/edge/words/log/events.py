"""What each kind of event is called, and what the log keeps as reasons and steps, in words."""

from __future__ import annotations

from queue_server.domain.events import EventType
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.domain.visit.booker import MISMATCH
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import direct_call_reasons, let_past_reasons


def event_words() -> dict[EventType, str]:
    """A name for everything that can happen. Where a list has a sentence of its own for an event,
    it says that instead.
    """
    return {
        EventType.HELD: _("time held"),
        EventType.BOOKED: _("booked"),
        EventType.WALKED_IN: _("number given at the door"),
        EventType.CONFIRMED: _("booking confirmed"),
        EventType.HOLD_EXTENDED: _("time held longer"),
        EventType.EXPIRED: _("held time ran out"),
        EventType.CHECKED_IN: _("checked in"),
        EventType.RESCHEDULED: _("moved to another time"),
        EventType.CANCELLED: _("cancelled"),
        EventType.VOIDED: _("voided: another person’s card"),
        EventType.SLOT_MISSED: _("booking missed"),
        EventType.STRANDED: _("time withdrawn by the office"),
        EventType.ADMITTED: _("let in"),
        EventType.CALLED: _("call"),
        EventType.LEFT: _("left the queue"),
        EventType.RECALLED: _("call again"),
        EventType.STEPPED_OUT: _("counted out, place kept"),
        EventType.DELAY_TOLD: _("will come later"),
        EventType.STEPPED_AWAY: _("stepped away"),
        EventType.CAME_BACK: _("back in time"),
        EventType.STARTED: _("start"),
        EventType.PARKED: _("hold"),
        EventType.NOT_SHOWN: _("did not come"),
        EventType.RESUMED: _("back to the queue"),
        EventType.FINISHED: _("finish"),
        EventType.TRANSFERRED: _("send on"),
        EventType.RETURNED: _("came back"),
        EventType.UNDONE: _("step taken back"),
        EventType.EVIDENCE_CHECKED: _("proof checked"),
        EventType.NOTED: _("note written"),
        EventType.PARTY_CHANGED: _("party changed"),
        EventType.MADE_URGENT: _("made urgent"),
        EventType.PRIORITY_SET: _("priority given or taken"),
        EventType.ISSUED_BEYOND: _("given beyond the day’s places"),
        EventType.LET_PAST: _("let in before others"),
        EventType.SLIP_COPIED: _("slip copied"),
        EventType.SLIP_ORDERED: _("slip printed at the reception"),
        EventType.SLIP_REPORTED: _("printer told what became of a slip"),
        EventType.NAMES_SEARCHED: _("name looked for"),
        EventType.DAY_LISTED: _("list of the day printed"),
        EventType.CALLS_LISTED: _("list of visitors to ring taken"),
        EventType.ACTS_EXPORTED: _("manual actions taken as a file"),
        EventType.COUNTER_OPENED: _("counter opened"),
        EventType.COUNTER_CLOSED: _("counter closed"),
        EventType.COUNTER_RELEASED: _("counter of an absent clerk closed"),
        EventType.BREAK_STARTED: _("break began"),
        EventType.MODE_CHANGED: _("service mode changed"),
        EventType.HOURS_CHANGED: _("opening hours changed"),
        EventType.LIMIT_CHANGED: _("room limit changed"),
        EventType.REMOTE_SET: _("visits by phone and video set"),
        EventType.CONTACT_SHOWN: _("number shown for a call"),
        EventType.BOOKER_SHOWN: _("name of who booked looked at"),
        EventType.MEETING_OPENED: _("video meeting opened"),
        EventType.RULES_CHANGED: _("queue rules changed"),
        EventType.ROOM_DESCRIBED: _("room described"),
        EventType.OFFICE_ADDED: _("office set up"),
        EventType.OFFICE_CHANGED: _("office changed as a whole"),
        EventType.OFFICE_DELETED: _("another office deleted"),
        EventType.OFFICE_DESCRIBED: _("office described"),
        EventType.SERVICE_DESCRIBED: _("service described"),
        EventType.SLIP_DESIGNED: _("slip designed"),
        EventType.OFFICE_RESTRUCTURED: _("services, queues or counters changed"),
        EventType.SLOTS_PLANNED: _("times planned"),
        EventType.PLACES_TAKEN: _("places taken"),
        EventType.PLACES_RELEASED: _("places given back"),
        EventType.PLACES_REFITTED: _("places fitted anew"),
        EventType.OCCUPANCY_CORRECTED: _("number inside corrected"),
        EventType.DOOR_COUNTED: _("door counted"),
        EventType.ADMISSIONS_STOPPED: _("door stopped"),
        EventType.ADMISSIONS_RESUMED: _("door opened again"),
        EventType.SERVICE_PAUSED: _("everything stopped"),
        EventType.SERVICE_RESUMED: _("everything goes on"),
        EventType.COUNTER_STREAMS_CHANGED: _("queues of a counter changed"),
        EventType.ANNOUNCED: _("announced"),
        EventType.ANNOUNCEMENT_ENDED: _("announcement ended"),
        EventType.ALERT_RAISED: _("alert raised"),
        EventType.ALERT_ENDED: _("alert over"),
        EventType.ALERT_ACKNOWLEDGED: _("alert seen"),
        EventType.ALERT_ESCALATED: _("alert passed on"),
        EventType.HELP_ASKED: _("help called to a kiosk"),
        EventType.HELP_ANSWERED: _("somebody goes to the kiosk"),
        EventType.HELP_ENDED: _("call for help over"),
        EventType.PERSONAL_DATA_WIPED: _("visitors’ data erased"),
        EventType.CHANGES_LOCKED: _("changes online locked"),
        EventType.CHANGES_UNLOCKED: _("changes online allowed again"),
        EventType.SIGNED_IN: _("signed in"),
        EventType.SIGNED_OUT: _("signed out"),
        EventType.SIGN_IN_REFUSED: _("wrong passwords"),
        EventType.ACCOUNT_ADDED: _("account added"),
        EventType.ACCOUNT_CHANGED: _("role or offices of an account changed"),
        EventType.ACCOUNT_CLOSED: _("account closed"),
        EventType.ACCOUNT_REOPENED: _("account opened again"),
        EventType.PASSWORD_RESET: _("new password set by somebody else"),
        EventType.PASSWORD_CHANGED: _("own password changed"),
        EventType.PASSWORD_DISTRUSTED: _("new password asked for after an incident"),
        EventType.SECOND_FACTOR_ADDED: _("second factor added"),
        EventType.SECOND_FACTOR_REMOVED: _("second factor removed"),
        EventType.SECOND_FACTOR_RESET: _("second factor reset by somebody else"),
        EventType.RECOVERY_CODES_MADE: _("recovery codes made"),
        EventType.RECOVERY_CODE_USED: _("recovery code used"),
        EventType.SESSIONS_ENDED: _("log-ins ended"),
        EventType.STEP_UP_REFUSED: _("wrong answers to “Is it you?”"),
        EventType.IDENTITY_LINKED: _("account linked to the sign-in service"),
        EventType.IDENTITY_UNLINKED: _("account unlinked from the sign-in service"),
        EventType.TOKEN_ADDED: _("program’s token made"),
        EventType.TOKEN_REVOKED: _("program’s token revoked"),
        EventType.DEVICE_APPROVED: _("device approved"),
        EventType.DEVICE_RENAMED: _("device renamed"),
        EventType.DEVICE_ORDERED: _("order to a device"),
        EventType.DISPLAY_SET: _("screen set"),
        EventType.DEVICE_REVOKED: _("device cut off"),
        EventType.LEASE_GRANTED: _("kiosk may go on without the server"),
        EventType.LEASE_FILLED: _("numbers set aside for a kiosk"),
        EventType.LEASE_CLOSED: _("numbers of a kiosk given back"),
        EventType.LEASE_REVOKED: _("numbers taken from a kiosk"),
        EventType.LEASE_LOST: _("numbers of a kiosk lost"),
        EventType.LEASE_CONTESTED: _("a kiosk appeared twice"),
        EventType.RENUMBERED: _("called by the number on paper"),
        EventType.CONFLICT_RECORDED: _("kiosk number to look at"),
        EventType.CONFLICT_SEEN: _("kiosk number dealt with"),
        EventType.REPORT_MAIL_ADDED: _("report by mail added"),
        EventType.REPORT_MAIL_REMOVED: _("report by mail stopped"),
        EventType.BACKED_UP: _("backup made"),
        EventType.RESTORED: _("database restored from a backup"),
        EventType.PURGE_FINISHED: _("nightly purge finished"),
        EventType.PERSON_LOOKED_UP: _("one person’s data looked at"),
        EventType.PERSON_EXPORTED: _("one person’s data given out"),
        EventType.PERSON_ERASED: _("one person’s data erased"),
        EventType.INCIDENT_STARTED: _("incident: access closed"),
        EventType.INCIDENT_SECURED: _("incident: all steps taken"),
        EventType.WEBHOOK_ADDED: _("webhook added"),
        EventType.WEBHOOK_CHANGED: _("webhook changed"),
        EventType.WEBHOOK_REMOVED: _("webhook removed"),
        EventType.WEBHOOK_TESTED: _("webhook tested"),
        EventType.WEBHOOK_ROTATED: _("new secret of a webhook"),
        EventType.WEBHOOK_STARTED: _("webhook switched on"),
        EventType.WEBHOOK_STOPPED: _("webhook switched off"),
        EventType.WEBHOOK_RESENT: _("webhooks sent again"),
        EventType.MESSAGE_WORDED: _("words of a message changed"),
    }


def step_words(step: str) -> str:
    """The step that was taken back, by the name of its event."""
    known = {event.value: words for event, words in event_words().items()}
    return known.get(step) or "–"


def alert_words() -> dict[AlertKind, str]:
    """What each kind of alert is about."""
    return {
        AlertKind.LONG_WAIT: _("long wait"),
        AlertKind.FULL_OUTSIDE: _("full room"),
        AlertKind.DEVICE_SILENT: _("silent device"),
        AlertKind.NOBODY_CALLED: _("nobody called"),
        AlertKind.FEW_COUNTERS: _("too few counters"),
        AlertKind.PRINTER_TROUBLE: _("printer in trouble"),
        AlertKind.OVER_LIMIT: _("over the limit"),
        AlertKind.CLOCK_JUMPED: _("clock jumped"),
        AlertKind.MANY_NUMBERS: _("many numbers at the kiosk"),
        AlertKind.WEBHOOK_STOPPED: _("webhook switched off"),
        AlertKind.DEVICE_TROUBLE: _("device in trouble"),
        AlertKind.HELP_UNANSWERED: _("call for help unanswered"),
        AlertKind.LEASE_CONTESTED: _("kiosk appeared twice"),
        AlertKind.EVACUATED: _("evacuation"),
    }


def alert_name(kind: str) -> str:
    """What an alert is about, as the log keeps its kind."""
    known = {alert.value: words for alert, words in alert_words().items()}
    return known.get(kind) or "–"


def logged_reasons() -> dict[str, str]:
    """Every reason that our own code and pages write into the log; what a person has typed stands
    there as it is.
    """
    return {
        **dict(direct_call_reasons()),
        **dict(let_past_reasons()),
        "day_closed": _("the day was over"),
        "superseded": _("the kiosk printed another number instead"),
        MISMATCH: _("the card shown was another person’s"),
        "withdrawn": _("the visitor left the kiosk before the number came"),
        "recount": _("counted anew"),
        "silent": _("a sensor was not heard"),
        "in without ticket": _("came in without a ticket"),
        "out without ticket": _("left, had no ticket"),
        "counted at the door": _("counted at the door"),
    }


def reason_words(reason: str) -> str:
    """A reason as the log keeps it, in words where it is one of ours."""
    return logged_reasons().get(reason, reason)
