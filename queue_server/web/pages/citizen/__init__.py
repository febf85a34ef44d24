"""The pages of citizens."""

from . import (
    booking,
    booking_confirm,
    booking_details,
    contact_proof,
    earliest,
    rules,
    ticket,
    ticket_move,
    turns,
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
    "turns",
    "waitlist",
]

BLUEPRINTS = (pages,)
