"""Kinds of personal data in words: what each is, why it is kept and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from queue_server.domain.office.rules import Rules
from queue_server.domain.privacy.columns import Lasting
from queue_server.domain.privacy.retention import RETENTIONS, Basis, DataKind, days_kept
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.units import days_words


def kind_words() -> dict[DataKind, tuple[str, str]]:
    """What each kind is called, and what is in it."""
    return {
        DataKind.VISITORS: (
            _("Visitors"),
            _(
                "Name, telephone, e-mail address, help needed on the spot; the NIK or passport "
                "number only as a keyed fingerprint and its last four digits."
            ),
        ),
        DataKind.SOURCES: (
            _("From where places were taken"),
            _("Keyed marks of the internet address and of the browser, never these themselves."),
        ),
        DataKind.WAITLIST: (
            _("Waitlist"),
            _("The same as of visitors, of people who wait for a place."),
        ),
        DataKind.CONTACTS: (
            _("Confirmed contacts"),
            _("An address or number until it answers, then a keyed mark of it."),
        ),
        DataKind.DRAFTS: (
            _("Answers of unfinished bookings"),
            _("Sealed: only the browser that gave them opens them."),
        ),
        DataKind.NOTES: (_("Notes of the counters"), _("Short notes about a visit.")),
        DataKind.NO_SHOWS: (
            _("Missed visits"),
            _("A keyed fingerprint of who booked and did not come."),
        ),
        DataKind.MESSAGES: (
            _("Messages sent"),
            _("Which message about which visit went when; neither its words nor its address."),
        ),
        DataKind.ANSWERS: (
            _("Answers to repeated requests"),
            _("So that a request sent twice is done once; without personal data."),
        ),
        DataKind.SIGN_INS: (_("Sign-ins of the staff"), _("Since when somebody is signed in.")),
        DataKind.DEVICE_LOGS: (
            _("Alerts"),
            _("Alerts about the office and its devices, and who of the staff has seen them."),
        ),
        DataKind.WEBHOOKS: (
            _("Notices to other programs"),
            _("Which event each program was told of; about no person."),
        ),
        DataKind.BACKUPS: (
            _("Backups"),
            _("Copies of all of the above, encrypted where a key is given."),
        ),
        DataKind.ERASED: (_("Erased on request"), _("What a person wanted to have erased.")),
    }


def basis_words() -> dict[Basis, str]:
    """Why data may be kept, by Law 27 of 2022."""
    return {
        Basis.DUTY: _("public task (UU PDP art. 20 (2) c, e)"),
        Basis.SECURITY: _("fair and safe service (UU PDP art. 20 (2) f)"),
        Basis.CONSENT: _("at the visitor's wish (UU PDP art. 20 (2) a)"),
    }


def kept_words(kind: DataKind, rules: Rules) -> str:
    """For how long an office keeps a kind."""
    days = days_kept(kind, rules)
    if days is not None:
        return days_words(days)
    if kind is DataKind.NOTES:
        return _("until the end of the day")
    if kind is DataKind.WAITLIST:
        return _("until the wish is met or over")
    if kind is DataKind.DRAFTS:
        return _("until the booking is made or its time is over, at most a day")
    fixed = RETENTIONS[kind].fixed or timedelta()
    if fixed < timedelta(days=1):
        hours = fixed // timedelta(hours=1)
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return days_words(fixed.days)


def purpose_words() -> dict[DataKind, str]:
    """What each kind is kept for."""
    return {
        DataKind.VISITORS: _("To keep appointments, call visitors and tell them of changes."),
        DataKind.SOURCES: _("To keep anybody from taking many places at once."),
        DataKind.WAITLIST: _("To offer a place that somebody gives up."),
        DataKind.CONTACTS: _("To write to nobody who did not ask for it."),
        DataKind.DRAFTS: _("To go back in a booking without typing it again."),
        DataKind.NOTES: _("To serve somebody at the next counter without asking again."),
        DataKind.NO_SHOWS: _("To keep places for those who come."),
        DataKind.MESSAGES: _("To know what visitors were told, and to send nothing twice."),
        DataKind.ANSWERS: _("To do once what is sent twice."),
        DataKind.SIGN_INS: _("To know who of the staff is signed in."),
        DataKind.DEVICE_LOGS: _("To find out why a device or the queue stood still."),
        DataKind.WEBHOOKS: _("To tell programs of the administration what happens."),
        DataKind.BACKUPS: _("To go on after a machine has failed."),
    }


@dataclass(frozen=True)
class LastingWords:
    """What is kept for good, in words."""

    name: str
    purpose: str
    what: str
    basis: str
    kept: str


def lasting_words() -> dict[Lasting, LastingWords]:
    """What time alone does not end."""
    duty = basis_words()[Basis.DUTY]
    return {
        Lasting.STAFF: LastingWords(
            _("Staff"),
            _("To let in who works here, and to know who did what."),
            _("User name, name, hash of the password, role, office."),
            duty,
            _("as long as the office keeps its log"),
        ),
        Lasting.TICKETS: LastingWords(
            _("Visits without their person"),
            _("Statistics, and planning of counters and hours."),
            _("Number, service, times and steps of each visit."),
            duty,
            _("for good: nobody can be told from it once the visitor is deleted"),
        ),
        Lasting.LOG: LastingWords(
            _("Log"),
            _("To prove what happened, and in which order."),
            _("Ids of visits, and of the staff who acted; never a visitor."),
            duty,
            _("as long as the office keeps its log"),
        ),
    }
