"""The words of messages to visitors about their booking, in the visitor's language. Made at the
moment of sending, never kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.languages import choose_offered
from queue_server.domain.office.modes import period_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.booking.waitlist_view import wait_url
from queue_server.services.screens.tickets import TicketPast
from queue_server.services.shown import counter_name, service_of, ticket_url
from queue_server.store.messages.wording import OwnWords
from queue_server.web.edge.locale import catalog, format_moment, in_language, speaking
from queue_server.web.edge.words.remote import remote_time_words
from queue_server.web.edge.words.urgency import urgency_words

from .remote_templates import remote_template_of
from .templates import choose_template

_NAMED = re.compile(r"%\((\w+)\)s")


UNTOLD = TicketPast()
"""Nothing of a visit's past is told."""

STANDARD: Mapping[str, OwnWords] = {}
"""The office has no words of its own."""

_OF_OFFICE = frozenset({"office", "address"})


@dataclass(frozen=True)
class Attachment:
    """A file that goes along with a letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A message in words: a mail, and the short text for a telephone. It names office, service,
    time and code, and no person.
    """

    subject: str
    body: str
    text: str = ""
    attachment: Attachment | None = None


def write_letter(
    kind: MessageKind,
    office: Office,
    ticket: Ticket,
    public_url: str,
    language: str | None = None,
    past: TicketPast = UNTOLD,
    own: Mapping[str, OwnWords] = STANDARD,
) -> Letter:
    """What a visitor is told about a booking as it stands and its `past`, in `language` or the
    booking's own, with the office's `own` words for this kind where it has some.
    """
    tongue = language or choose_offered(office.languages, ticket.language)
    words = _words_of(kind, office, ticket, public_url, tongue) | _words_of_past(
        past, office, tongue
    )
    remote = remote_template_of(kind, ticket.kind, tongue)
    template = remote or choose_template(kind, tongue, own)
    lines = [each % words for each in template.paragraphs if _is_known(each, words)]
    if kind is MessageKind.STRANDED and ticket.slot is not None:
        period = period_at(office.modes, None, ticket.slot)
        if period is not None and period.notice:
            lines.insert(1, in_language(period.notice, tongue))
    return Letter(template.subject % words, _close(lines, office, tongue), template.text % words)


def write_lost_codes(
    office: Office,
    tickets: Sequence[Ticket],
    public_url: str,
    language: str | None = None,
    own: Mapping[str, OwnWords] = STANDARD,
) -> Letter:
    """What a contact is told that has asked for its codes: those of all its visits on a day."""
    tongue, kind = (
        language or choose_offered(office.languages, tickets[0].language),
        MessageKind.LOST_CODE,
    )
    template = choose_template(kind, tongue, own)
    each = [_words_of(kind, office, ticket, public_url, tongue) for ticket in tickets]
    lines = []
    for paragraph in template.paragraphs:
        is_of_visit = bool(set(_NAMED.findall(paragraph)) - _OF_OFFICE)
        lines += [paragraph % words for words in (each if is_of_visit else each[:1])]
    text = "; ".join(template.text % words for words in each)
    return Letter(template.subject % each[0], _close(lines, office, tongue), text)


def _words_of(
    kind: MessageKind, office: Office, ticket: Ticket, public_url: str, tongue: str
) -> dict[str, str]:
    service = service_of(office, ticket.service)
    make_url = wait_url if kind is MessageKind.OFFER else ticket_url
    return {
        "office": office.name,
        "address": office.address,
        "service": in_language(service.name, tongue),
        "time": format_moment(ticket.slot, tongue, office.zone) if ticket.slot else "–",
        "code": group_code(ticket.code),
        "url": make_url(public_url, ticket.code),
        "bring": in_language(service.requirements, tongue),
        "number": ticket.number or "–",
        "counter": counter_name(office, ticket.counter),
        "until": format_moment(ticket.expires_at, tongue, office.zone)
        if ticket.expires_at
        else "–",
        "remote": _say_remote(office, ticket, tongue),
    }


def _say_remote(office: Office, ticket: Ticket, tongue: str) -> str:
    with speaking(tongue):
        return remote_time_words(office, ticket, tongue) or ""


def _words_of_past(past: TicketPast, office: Office, tongue: str) -> dict[str, str]:
    moved_from = past.moved_from and datetime.fromisoformat(past.moved_from)
    with speaking(tongue):
        urgent = urgency_words().get(past.urgency or "")
    return {
        "old_time": format_moment(moved_from, tongue, office.zone) if moved_from else "",
        "urgent": f"{urgent[0]}. {urgent[1]}." if urgent else "",
        "meeting": past.meeting_url or "",
    }


def _is_known(paragraph: str, words: Mapping[str, str]) -> bool:
    return all(words[name] for name in _NAMED.findall(paragraph))


def _close(lines: Sequence[str], office: Office, tongue: str) -> str:
    """A letter's body: its lines, and what every letter ends with."""
    _ = catalog(tongue).gettext
    help = [_("Help by phone: %(phone)s") % {"phone": office.phone}] if office.phone else []
    free = _("All services are free of charge. Do not use touts.")
    return "\n\n".join([*lines, *help, free]) + "\n"


def write_proof_letter(office: Office, contact: Contact, url: str) -> Letter:
    """What an e-mail address or a telephone number is asked that somebody has given: whether it is
    theirs. Nothing of what is to be booked stands in it.
    """
    tongue = choose_offered(office.languages, contact.language)
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
        _(
            "%(office)s: do you wait for a free place? Then confirm this number until %(until)s: "
            "%(url)s If it was not you, you need do nothing."
        )
        % words,
    )
