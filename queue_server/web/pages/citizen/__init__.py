"""The pages of citizens."""

from . import (
    booking,
    booking_confirm,
    booking_details,
    contact_proof,
    earliest,
    line,
    ticket,
    ticket_move,
    waitlist,
)
from .offices import pages
from .rules import page as rules

__all__ = [
    "BLUEPRINTS",
    "booking",
    "booking_confirm",
    "booking_details",
    "contact_proof",
    "earliest",
    "rules",
    "ticket",
    "ticket_move",
    "line",
    "waitlist",
]

BLUEPRINTS = (pages,)
