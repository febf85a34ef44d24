"""The words of messages to visitors about their booking, in the visitor's language. Made at the
moment of sending, never kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.modes import period_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking.waitlist_view import wait_url
from queue_server.services.shown import service_of, ticket_url
from queue_server.store.supervisor.announcements import Alert
from queue_server.web.edge.locale import LANGUAGES, catalog, format_moment, in_language


@dataclass(frozen=True)
class Letter:
    """A message in words. It names office, service, time and code, and no person."""

    subject: str
    body: str


def write_letter(
    kind: MessageKind, office: Office, ticket: Ticket, public_url: str, language: str | None = None
) -> Letter:
    """What a visitor is told about a booking as it stands, in `language` or the booking's own."""
    tongue = language or (ticket.language if ticket.language in LANGUAGES else LANGUAGES[0])
    _ = catalog(tongue).gettext
    words = {
        "office": office.name,
        "service": in_language(service_of(office, ticket.service).name, tongue),
        "time": format_moment(ticket.slot, tongue, office.zone) if ticket.slot else "–",
        "code": group_code(ticket.code),
        "url": ticket_url(public_url, ticket.code),
        "until": format_moment(ticket.expires_at, tongue, office.zone)
        if ticket.expires_at
        else "–",
    }
    if kind is MessageKind.OFFER:
        words["url"] = wait_url(public_url, ticket.code)
    subject, sentences = _parts(_, kind)
    period = (
        period_at(office.modes, None, ticket.slot)
        if ticket.slot and kind is MessageKind.STRANDED
        else None
    )
    lines = [sentence % words for sentence in sentences]
    if period is not None and period.notice:
        lines.insert(1, in_language(period.notice, tongue))
    if office.phone:
        lines.append(_("Help by phone: %(phone)s") % {"phone": office.phone})
    lines.append(_("All services are free of charge. Do not use touts."))
    return Letter(subject % words, "\n\n".join(lines) + "\n")


def write_alert_letter(office: Office, alert: Alert, public_url: str) -> Letter:
    """What an office is told by mail of an alert, in both languages: nobody knows who reads it."""
    parts = [
        _alert_parts(catalog(tongue).gettext, tongue, office, alert, public_url)
        for tongue in LANGUAGES
    ]
    return Letter(
        parts[0][0], "\n\n---\n\n".join("\n\n".join(lines) for _subject, lines in parts) + "\n"
    )


def _alert_parts(
    _: Callable[[str], str], tongue: str, office: Office, alert: Alert, public_url: str
) -> tuple[str, list[str]]:
    words = {
        "office": office.name,
        "time": format_moment(alert.raised_at, tongue, office.zone),
        "inside": alert.facts["inside"],
        "limit": alert.facts["limit"],
        "url": f"{public_url}/supervise?office={office.code}",
    }
    lines = [
        _(
            "%(inside)s people are inside %(office)s, and %(limit)s are allowed. This was seen on "
            "%(time)s."
        ),
        _(
            "The system lets nobody in until the number has fallen. Please see that nobody else "
            "goes in and that people keep apart."
        ),
        _("If the number is wrong, let the guard press “Count anew”."),
        _("How it stands now: %(url)s"),
    ]
    return _("Over the limit at %(office)s: %(inside)s of %(limit)s people") % words, [
        each % words for each in lines
    ]


def write_proof_letter(office: Office, contact: Contact, url: str) -> Letter:
    """What an e-mail address is asked that somebody has given: whether it is theirs. Nothing of
    what is to be booked stands in it.
    """
    tongue = contact.language if contact.language in LANGUAGES else LANGUAGES[0]
    _ = catalog(tongue).gettext
    words = {
        "office": office.name,
        "url": url,
        "until": format_moment(contact.expires_at, tongue, office.zone),
    }
    lines = [
        _(
            "Somebody gave this e-mail address at %(office)s, to book for several people or to "
            "wait for a free place."
        ),
        _(
            "If that was you, please confirm it until %(until)s: open this page and press the "
            "button there: %(url)s"
        ),
        _("If it was not you, you need do nothing."),
        _("All services are free of charge. Do not use touts."),
    ]
    return Letter(
        _("Please confirm your e-mail address for %(office)s") % words,
        "\n\n".join(lines) % words + "\n",
    )


def _parts(_: Callable[[str], str], kind: MessageKind) -> tuple[str, list[str]]:
    if kind is MessageKind.STRANDED:
        return _("Your visit to %(office)s needs a new time"), [
            _("The office had to withdraw your time: %(service)s, %(time)s. We are sorry."),
            _("Please choose another time, or cancel the visit, at %(url)s"),
            _("Your code: %(code)s"),
        ]
    if kind is MessageKind.OFFER:
        return _("A place has become free at %(office)s"), [
            _(
                "A place that suits you has become free: %(service)s, %(time)s. It is kept for you "
                "until %(until)s."
            ),
            _("Take it, or let it go to the next, at %(url)s"),
            _("Your code: %(code)s"),
        ]
    if kind is MessageKind.ATTEMPTED:
        return _("Your booking at %(office)s: somebody tried to book again"), [
            _(
                "Somebody has tried to make a further booking or wait for a place with your NIK or "
                "phone number. It was refused."
            ),
            _("You have this booking: %(service)s, %(time)s. Your code: %(code)s"),
            _(
                "If it was you: use this booking, move it, or cancel it before you book another "
                "time, at %(url)s"
            ),
            _("If it was not you, you need do nothing: your booking is unchanged."),
        ]
    if kind is MessageKind.LOCKED:
        return _("Your visit to %(office)s can no longer be changed online"), [
            _(
                "Somebody has entered wrong digits for your visit several times: %(service)s, "
                "%(time)s. Your code: %(code)s"
            ),
            _(
                "The visit is unchanged and still yours. To move or cancel it, please come to the "
                "reception with your KTP-el, or call us."
            ),
            _("Your ticket: %(url)s"),
        ]
    if kind is MessageKind.MOVED:
        return _("Your visit to %(office)s has a new time"), [
            _(
                "The office had to withdraw your earlier time and has kept a new one for you: "
                "%(service)s, %(time)s."
            ),
            _("If it does not suit you, choose another time or cancel the visit at %(url)s"),
            _("Your code: %(code)s"),
        ]
    return _("Your visit to %(office)s is cancelled"), [
        _("The office had to cancel your visit: %(service)s, %(time)s. We are sorry."),
        _("You can book a new visit at any time. The cancelled one: %(url)s"),
    ]
