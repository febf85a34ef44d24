"""A booking as a calendar file that phones take in (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.languages import choose_offered
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import service_of, ticket_url
from queue_server.web.edge.locale import gettext, in_language, speaking
from queue_server.web.edge.words.messages.letters import Attachment, Letter
from queue_server.web.edge.words.remote import kind_words

from .visit_words import bring_lines, coming_words, free_words, people_words

if TYPE_CHECKING:
    from icalendar import Alarm, Timezone

REMINDERS = (timedelta(days=-1), timedelta(hours=-1))
STATUSES: Mapping[State, str] = {
    State.HELD: "TENTATIVE",
    State.STRANDED: "CANCELLED",
    State.CANCELLED: "CANCELLED",
    State.EXPIRED: "CANCELLED",
    State.NO_SHOW: "CANCELLED",
    State.LEFT: "CANCELLED",
}
"""What a calendar is told of a visit; any other state is one that stands. A time that the office
withdrew is not to be kept.
"""


IN_MAIL = frozenset(
    {
        MessageKind.CONFIRMATION,
        MessageKind.CHANGED,
        MessageKind.MOVED,
        MessageKind.STRANDED,
        MessageKind.WITHDRAWN,
        MessageKind.CANCELLED,
        MessageKind.VOIDED,
    }
)
"""Messages after which the visitor's calendar would be wrong."""


def attach_calendar(
    letter: Letter,
    kind: MessageKind,
    office: Office,
    ticket: Ticket,
    public_url: str,
    urgency: str | None,
    now: datetime,
) -> Letter:
    """A letter with the calendar file of its visit, where the calendar would be wrong without."""
    if kind not in IN_MAIL or ticket.slot is None:
        return letter
    language = choose_offered(office.languages, ticket.language)
    with speaking(language):
        url = ticket_url(public_url, ticket.code)
        content = calendar_file(office, ticket, url, urgency, language, now)
    type = "text/calendar; charset=utf-8; method=PUBLISH"
    return replace(letter, attachment=Attachment("antrean.ics", type, content))


def calendar_file(
    office: Office, ticket: Ticket, url: str, urgency: str | None, language: str, now: datetime
) -> bytes:
    """An iCalendar document of one booked visit.

    The UID stays the same for a ticket and SEQUENCE grows with each of its changes (it is the
    ticket's version), so a moved or cancelled visit replaces the old entry. A visit that is off
    rings no more. It names office, service and code, and no person.
    """
    # Here: few ask for the file, and the library is large.
    from icalendar import Calendar, Event

    assert ticket.slot is not None, "only a booking has a time"
    service = service_of(office, ticket.service)
    status = STATUSES.get(ticket.state, "CONFIRMED")
    name = in_language(service.name, language)
    event = Event()
    event.add("uid", f"{sha256(ticket.id.encode()).hexdigest()[:24]}@antrean")
    event.add("sequence", ticket.version)
    event.add("dtstamp", now)
    event.add("dtstart", office.local(ticket.slot))
    event.add("dtend", office.local(visit_ends_at(ticket, office, service) or ticket.slot))
    event.add("summary", f"{name} – {office.name}")
    event.add("location", _locate(office, ticket))
    point = office.location.coordinates
    if point is not None and not ticket.kind.is_remote:
        event.add("geo", (point.latitude, point.longitude))
    event.add("description", "\n".join(_describe(office, ticket, url, urgency, language)))
    event.add("url", url)
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    if status != "CANCELLED":
        for before in REMINDERS:
            event.add_component(_remind(name, before))
    calendar = Calendar()
    calendar.add("prodid", "-//Antrean//queue server//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_describe_zone(office.zone, office.local(ticket.slot).year))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _locate(office: Office, ticket: Ticket) -> str:
    """Where the visit is: nobody is to be led to the office for a call."""
    if ticket.kind.is_remote:
        return kind_words()[ticket.kind]
    return ", ".join(each for each in (office.name, office.address) if each)


def _describe(
    office: Office, ticket: Ticket, url: str, urgency: str | None, language: str
) -> list[str]:
    coming = coming_words(office, ticket, language)
    return [
        *([coming] if coming else []),
        f"{gettext('Code')}: {group_code(ticket.code)}",
        *filter(None, [people_words(ticket)]),
        *bring_lines(office, ticket, urgency, language),
        free_words(),
        url,
    ]


def _remind(name: str, before: timedelta) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", name)
    alarm.add("trigger", before)
    return alarm


@lru_cache(maxsize=16)  # the zones of the country, of this year and the next
def _describe_zone(zone: str, year: int) -> Timezone:
    """A zone's clock around a year: not every calendar knows it by its name."""
    from icalendar import Timezone

    return Timezone.from_tzinfo(
        ZoneInfo(zone), zone, first_date=date(year - 1, 1, 1), last_date=date(year + 1, 12, 31)
    )
