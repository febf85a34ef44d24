"""The pages of citizens."""

from . import (
    booking,
    booking_confirm,
    booking_details,
    contact_proof,
    earliest,
    line,
    rules,
    ticket,
    ticket_move,
    waitlist,
)
from .offices import pages

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
