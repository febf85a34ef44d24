"""The ways to have a visit, and what happens in those from home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from queue_server.domain.booking.steps import visit_ends_at
from queue_server.domain.office.office import Office, VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.shown import service_of
from queue_server.web.edge.locale import format_span
from queue_server.web.edge.locale import gettext as _


def kind_words() -> dict[str, str]:
    """The name of each kind of visit."""
    return {
        VisitKind.OFFICE: _("At the office"),
        VisitKind.PHONE: _("By phone"),
        VisitKind.VIDEO: _("By video"),
    }


def what_happens_words(kind: VisitKind) -> str:
    """What a visitor may expect of a visit from home, before it is booked; empty for one in the
    office.
    """
    return {
        VisitKind.OFFICE: "",
        VisitKind.PHONE: _(
            "You stay at home: an officer rings your number at your time. Keep your phone and your "
            "papers ready. The call costs you nothing."
        ),
        VisitKind.VIDEO: _(
            "You stay at home: at your time the address of a video meeting appears on the page of "
            "your ticket. You need a phone or computer with a camera, and your papers."
        ),
    }[kind]


def remote_time_words(office: Office, ticket: Ticket, language: str) -> str | None:
    """When the call or meeting comes; None for a visit in the office or without a time."""
    ends_at = visit_ends_at(ticket, office, service_of(office, ticket.service))
    if not ticket.kind.is_remote or ticket.slot is None or ends_at is None:
        return None
    return say_remote_time(ticket.kind, ticket.slot, ends_at, language, office.zone)


def say_remote_time(
    kind: VisitKind, starts_at: datetime, ends_at: datetime, language: str, zone: str
) -> str:
    """When a call or meeting comes, as one sentence."""
    span = format_span(starts_at, ends_at, language, zone)
    if kind is VisitKind.PHONE:
        return _("We call you between %(span)s. Please do not come to the office.", span=span)
    return _("We meet you by video between %(span)s. Please do not come to the office.", span=span)


def counter_open_words() -> str:
    """Why a counter can be brought neither home nor back now, and what to do."""
    return _("A clerk works at this counter now. Close the counter first, then change this.")


def say_kinds(remote: Iterable[str]) -> str:
    """The ways in which a service can be had, of which `remote` are those from home."""
    words = kind_words()
    return ", ".join(words[each] for each in (VisitKind.OFFICE, *remote))


def at_home_words(at_home: bool) -> str:
    """Where a counter is worked."""
    return _("from home") if at_home else _("in the office")
