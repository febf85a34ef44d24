"""Every table, with the rules the database itself keeps. Rows become domain values in the module of each entity."""
from __future__ import annotations

from .access import devices, sessions, tokens, users
from .columns import Instant, metadata
from .day import counter_days, door_counts, office_days
from .fair_access import no_shows, takings, turn_lines, used_proofs, waitlist
from .hours import day_hours, mode_periods, openings, seasons
from .log import answers, events, relays
from .notices import alerts, announcements, messages
from .office import counters, offices, services, streams, zones
from .places import kept_places, slots, stream_slots
from .ticket import ADMITTED_INDEX, CALLED_INDEX, ONE_VISITOR_INDEX, PRESENT_INDEX, SENT_ON_INDEX, WAITING_INDEX, tickets
from .visitor import ticket_notes, visitors
from .waits import wait_days, wait_models

__all__ = [
    "ADMITTED_INDEX",
    "CALLED_INDEX",
    "Instant",
    "ONE_VISITOR_INDEX",
    "PRESENT_INDEX",
    "SENT_ON_INDEX",
    "WAITING_INDEX",
    "alerts",
    "announcements",
    "answers",
    "counter_days",
    "counters",
    "day_hours",
    "devices",
    "door_counts",
    "events",
    "kept_places",
    "messages",
    "metadata",
    "mode_periods",
    "no_shows",
    "office_days",
    "offices",
    "openings",
    "relays",
    "seasons",
    "services",
    "sessions",
    "slots",
    "stream_slots",
    "streams",
    "takings",
    "ticket_notes",
    "tickets",
    "tokens",
    "turn_lines",
    "used_proofs",
    "users",
    "visitors",
    "wait_days",
    "wait_models",
    "waitlist",
    "zones",
]
