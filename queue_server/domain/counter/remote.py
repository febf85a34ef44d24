"""Ringing a visitor at home, or meeting one by video: who may see the number, and when; where one
meets.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.errors import NotYourTicket, WrongState
from queue_server.domain.office.descriptions import admit_online_url
from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import State

AT_COUNTER = frozenset({State.CALLED, State.SERVING})
"""States in which a visit from home is a clerk's: until then nobody sees the number."""


def joins_now(ticket: Ticket, now: datetime) -> bool:
    """Whether a booked visit from home stands in its line from now on: its time has come."""
    return (
        ticket.state is State.BOOKED
        and ticket.kind.is_remote
        and ticket.slot is not None
        and ticket.slot <= now
    )


def admit_contact(ticket: Ticket, clerk: str) -> None:
    """Refuse how to reach a visitor to anybody but the clerk who has called them to ring them.
    Raises `WrongState`, `NotYourTicket`.
    """
    if not ticket.kind.is_remote or ticket.state not in AT_COUNTER:
        raise WrongState(action="contact", state=ticket.state.value, allowed=sorted(AT_COUNTER))
    if ticket.clerk != clerk:
        raise NotYourTicket(counter=ticket.counter)


def admit_meeting(ticket: Ticket, clerk: str, url: str) -> None:
    """Refuse to open a meeting for anything but one's own visit by video, or at what is plainly no
    address. Raises `WrongState`, `NotYourTicket`, `BadInput` (url).
    """
    admit_contact(ticket, clerk)
    if ticket.kind is not VisitKind.VIDEO:
        raise WrongState(action="meeting", state=ticket.kind.value, allowed=[VisitKind.VIDEO.value])
    admit_online_url(url)


def is_meeting_open(ticket: Ticket) -> bool:
    """Whether the visitor may be shown where the visit meets: as long as it lasts."""
    return ticket.kind is VisitKind.VIDEO and ticket.state in AT_COUNTER


def phone_links(phone: str) -> tuple[str, str]:
    """The addresses that ring a number in E.164, and that open it in WhatsApp.

    >>> phone_links("+6281234567890")
    ('tel:+6281234567890', 'https://wa.me/6281234567890')
    """
    return f"tel:{phone}", f"https://wa.me/{phone.lstrip('+')}"
