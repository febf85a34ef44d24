"""A booking as a calendar file that phones take in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import service_of
from queue_server.web.edge.locale import gettext, in_language

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


def calendar_file(office: Office, ticket: Ticket, url: str, language: str, now: datetime) -> bytes:
    """An iCalendar document of one booked visit.

    The UID stays the same for a ticket and SEQUENCE grows with each of its changes, so a moved or
    cancelled visit replaces the old entry. It names office, service and code, and no person.
    """
    from icalendar import (
        Alarm,
        Calendar,
        Event,
    )  # here: few ask for the file, and the library is large

    assert ticket.slot is not None, "only a booking has a time"
    service = service_of(office, ticket.service)
    event = Event()
    event.add("uid", f"{sha256(ticket.id.encode()).hexdigest()[:24]}@antrean")
    event.add("sequence", ticket.version)
    event.add("dtstamp", now)
    event.add("dtstart", office.local(ticket.slot))
    event.add("dtend", office.local(visit_ends_at(ticket, office, service) or ticket.slot))
    event.add("summary", f"{in_language(service.name, language)} – {office.name}")
    event.add("location", ", ".join(each for each in (office.name, office.address) if each))
    lines = [f"{gettext('Code')}: {group_code(ticket.code)}", url]
    bring = in_language(service.requirements, language)
    if bring:
        lines.insert(1, gettext("Bring: %(list)s", list=bring))
    event.add("description", "\n".join(lines))
    event.add("url", url)
    event.add("status", STATUSES.get(ticket.state, "CONFIRMED"))
    for before in REMINDERS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", in_language(service.name, language))
        alarm.add("trigger", before)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Antrean//queue server//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
