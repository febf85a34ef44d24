"""Every table, with the rules the database itself keeps. Rows become domain values in the module of
each entity.
"""

from __future__ import annotations

from .access import devices, display_settings, password_resets, sessions, tokens, users
from .columns import Instant, metadata
from .day import counter_days, door_counts, kiosk_paces, office_days
from .fair_access import contacts, no_shows, rush_lines, takings, used_proofs, waitlist
from .hours import day_hours, mode_periods, openings, seasons
from .log import answers, chain_heads, chain_links, clock_jumps, event_hashes, events, relays
from .notices import alerts, announcements, help_calls, message_counts, message_words, messages
from .office import counters, offices, services, setting_changes, slip_logos, streams, zones
from .places import (
    kept_places,
    lease_conflicts,
    leased_numbers,
    leased_places,
    leases,
    slots,
    stream_slots,
)
from .server import key_ids, probes
from .ticket import (
    ADMITTED_INDEX,
    CALLED_INDEX,
    ONE_VISITOR_INDEX,
    PRESENT_INDEX,
    SENT_ON_INDEX,
    WAITING_INDEX,
    tickets,
)
from .triage import triage_counts, triage_overrides
from .visitor import booking_drafts, meetings, ticket_notes, visitors, wrong_proofs
from .waits import wait_days, wait_models
from .webhooks import webhook_endpoints, webhook_messages

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
    "booking_drafts",
    "chain_heads",
    "chain_links",
    "clock_jumps",
    "contacts",
    "counter_days",
    "counters",
    "day_hours",
    "devices",
    "display_settings",
    "door_counts",
    "event_hashes",
    "events",
    "help_calls",
    "kept_places",
    "key_ids",
    "kiosk_paces",
    "lease_conflicts",
    "leased_numbers",
    "leased_places",
    "leases",
    "meetings",
    "message_counts",
    "message_words",
    "messages",
    "metadata",
    "mode_periods",
    "no_shows",
    "office_days",
    "offices",
    "openings",
    "password_resets",
    "probes",
    "relays",
    "seasons",
    "services",
    "sessions",
    "setting_changes",
    "slip_logos",
    "slots",
    "stream_slots",
    "streams",
    "takings",
    "ticket_notes",
    "tickets",
    "tokens",
    "triage_counts",
    "triage_overrides",
    "rush_lines",
    "used_proofs",
    "users",
    "visitors",
    "wait_days",
    "wait_models",
    "waitlist",
    "webhook_endpoints",
    "webhook_messages",
    "wrong_proofs",
    "zones",
]
