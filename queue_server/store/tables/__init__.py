"""Every table, with the rules the database itself keeps. Rows become domain values in the module of
each entity.
"""

from __future__ import annotations

from .access import (
    devices,
    display_settings,
    identities,
    passkeys,
    password_resets,
    recovery_codes,
    second_factors,
    sessions,
    setup_codes,
    tokens,
    user_offices,
    users,
)
from .columns import Instant, metadata
from .day import counter_days, door_counts, kiosk_paces, office_days
from .fair_access import contacts, no_shows, rush_lines, takings, used_proofs, waitlist
from .hours import day_hours, mode_periods, openings, seasons
from .log import answers, chain_heads, chain_links, clock_jumps, event_hashes, events, relays
from .notices import (
    alerts,
    announcements,
    escalations,
    help_calls,
    message_counts,
    message_words,
    messages,
    report_mails,
)
from .office import (
    counters,
    offices,
    services,
    setting_changes,
    setup_steps,
    slip_logos,
    streams,
    zones,
)
from .places import (
    kept_places,
    lease_conflicts,
    leased_numbers,
    leased_places,
    leases,
    slots,
    stream_slots,
)
from .reports import day_figures
from .server import incidents, key_ids, probes, purges
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
    "day_figures",
    "day_hours",
    "devices",
    "display_settings",
    "door_counts",
    "escalations",
    "event_hashes",
    "events",
    "help_calls",
    "identities",
    "incidents",
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
    "passkeys",
    "password_resets",
    "probes",
    "purges",
    "recovery_codes",
    "relays",
    "report_mails",
    "seasons",
    "second_factors",
    "services",
    "sessions",
    "setting_changes",
    "setup_codes",
    "setup_steps",
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
    "user_offices",
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
