"""What every paper about a visit says: when to come, what to bring, that it costs nothing. One home
for page, calendar file, PDF and picture.
"""

from __future__ import annotations

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.door.steps import check_in_opens_at
from queue_server.domain.office.office import Office
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State
from queue_server.services.shown import service_of
from queue_server.web.edge.locale import (
    format_date,
    format_span,
    format_time,
    gettext,
    in_language,
    ngettext,
)
from queue_server.web.edge.words.remote import remote_time_words
from queue_server.web.edge.words.urgency import urgency_words


def when_words(office: Office, ticket: Ticket, language: str) -> tuple[str, str] | None:
    """The date of a booked visit, and its start and end; None without a time, or with one that the
    office withdrew: it is none to come at.
    """
    ends_at = visit_ends_at(ticket, office, service_of(office, ticket.service))
    if ticket.slot is None or ends_at is None or ticket.state is State.STRANDED:
        return None
    return (
        format_date(office.date_at(ticket.slot), language),
        format_span(ticket.slot, ends_at, language, office.zone),
    )


def coming_words(office: Office, ticket: Ticket, language: str) -> str | None:
    """When to come, and the earliest moment at which a check-in is taken; None for a visit that
    nobody is to come for any more. Of a visit from home when it is.
    """
    if ticket.kind.is_remote:
        return remote_time_words(office, ticket, language) if ticket.state is State.BOOKED else None
    opens_at = check_in_opens_at(ticket, office)
    if ticket.state is not State.BOOKED or ticket.slot is None or opens_at is None:
        return None
    time, earliest = (
        format_time(office.local(each).time(), language) for each in (ticket.slot, opens_at)
    )
    if opens_at >= ticket.slot:
        return gettext("Come at %(time)s.", time=earliest)
    return gettext("Come at %(time)s, %(earliest)s at the earliest.", time=time, earliest=earliest)


def door_words(office: Office, ticket: Ticket, language: str) -> str | None:
    """When to come, with what to do at the door; of a visit from home when it is, no more."""
    coming = coming_words(office, ticket, language)
    if coming is None or ticket.kind.is_remote:
        return coming
    return f"{coming} {scanning_words()}"


def scanning_words() -> str:
    """What to do with the QR code at the door."""
    return gettext("Scan this QR code at the entrance kiosk or show it to our staff.")


def papers_words(office: Office, ticket: Ticket, language: str) -> str:
    """The papers that the service asks for; empty where it asks for none."""
    return in_language(service_of(office, ticket.service).requirements, language)


def urgent_words(urgency: str | None) -> tuple[str, str] | None:
    """Why a case is urgent, and what to bring to show it; None for one that is not."""
    return urgency_words().get(urgency or "")


def bring_lines(
    office: Office, ticket: Ticket, urgency: str | None, language: str
) -> tuple[str, ...]:
    """What to bring, a line for the papers of the service and one for those of the urgent case."""
    papers, urgent = papers_words(office, ticket, language), urgent_words(urgency)
    listed = (
        gettext("Have ready: %(list)s", list=papers)
        if ticket.kind.is_remote
        else gettext("Bring: %(list)s", list=papers)
    )
    return (
        *([listed] if papers else []),
        *([f"{gettext('Urgent:')} {urgent[0]}. {urgent[1]}."] if urgent else []),
    )


def people_words(ticket: Ticket) -> str | None:
    """How many come; None for one alone."""
    if ticket.party_size < 2:
        return None
    return ngettext("%(num)s person", "%(num)s people", ticket.party_size)


def free_words() -> str:
    """That nobody may ask for money."""
    return gettext("This service is free of charge.")
