"""Which column of which table holds something of a person, and which holds nothing: every column is
named here once. A new one has to be judged before it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from .retention import DataKind


class Lasting(StrEnum):
    """What time alone does not end. STAFF: accounts, and who of the staff did what. TICKETS: visits
    without their person, for the statistics. LOG: the log of events, which names staff by id and
    visitors not at all.
    """

    STAFF = "staff"
    TICKETS = "tickets"
    LOG = "log"


Group = DataKind | Lasting

PERSONAL: Mapping[str, Mapping[Group, str]] = {
    "alerts": {DataKind.DEVICE_LOGS: "subject facts acknowledged_by mailed_to"},
    "announcements": {Lasting.STAFF: "made_by"},
    "answers": {DataKind.ANSWERS: "scope key request answer"},
    "booking_drafts": {DataKind.DRAFTS: "id sealed"},
    "contacts": {DataKind.CONTACTS: "mark proof email"},
    "counter_days": {Lasting.STAFF: "clerk"},
    "escalations": {DataKind.DEVICE_LOGS: "mailed_to"},
    "events": {Lasting.LOG: "ticket facts"},
    "help_calls": {Lasting.STAFF: "answered_by"},
    "identities": {Lasting.STAFF: "user email subject"},
    "incidents": {Lasting.LOG: "choices steps"},
    "lease_conflicts": {Lasting.TICKETS: "report", Lasting.STAFF: "seen_by"},
    "leases": {Lasting.STAFF: "contested_by"},
    "meetings": {DataKind.NOTES: "ticket url"},
    "message_words": {Lasting.STAFF: "changed_by"},
    "messages": {DataKind.MESSAGES: "ticket kind occasion channel receipt last_error"},
    "mode_periods": {Lasting.STAFF: "decided_by"},
    "no_shows": {DataKind.NO_SHOWS: "nik_fingerprint"},
    "offices": {Lasting.STAFF: "rules"},
    "passkeys": {Lasting.STAFF: "id user name public_key uses used_at"},
    "password_resets": {Lasting.STAFF: "user by"},
    "recovery_codes": {Lasting.STAFF: "user hash used_at"},
    "report_mails": {Lasting.STAFF: "email made_by"},
    "second_factors": {Lasting.STAFF: "user generation asked_at confirmed_at last_step"},
    "sessions": {
        DataKind.SIGN_INS: "token_hash user created_at seen_at confirmed_at browser address"
    },
    "takings": {DataKind.SOURCES: "address network browser"},
    "setting_changes": {Lasting.STAFF: "by parts"},
    "ticket_notes": {DataKind.NOTES: "text", Lasting.STAFF: "clerk"},
    "tickets": {
        Lasting.TICKETS: "id code number service state priority party_size language kind",
        Lasting.STAFF: "clerk wanted_clerk",
    },
    "tokens": {Lasting.STAFF: "token_hash name user used_at"},
    "user_offices": {Lasting.STAFF: "user office"},
    "users": {Lasting.STAFF: "id username name password_hash role office"},
    "visitors": {
        DataKind.VISITORS: (
            "name nik_fingerprint nik_last4 phone email document needs represented reminders"
        )
    },
    "waitlist": {
        DataKind.WAITLIST: (
            "code name nik_fingerprint nik_last4 phone email document needs "
            "represented reminders contact"
        )
    },
    "webhook_endpoints": {Lasting.STAFF: "made_by"},
    "webhook_messages": {DataKind.WEBHOOKS: "last_error"},
    "wrong_proofs": {Lasting.TICKETS: "wrong"},
}
"""Table -> what its columns with personal data, named with blanks between, belong to."""

IMPERSONAL: Mapping[str, str] = {
    "alerts": (
        "id office date kind raised_at ended_at acknowledged_at mail_due_at mail_attempts "
        "mailed_at mail_error escalate_at"
    ),
    "announcements": "id office text starts_at ends_at made_at",
    "answers": "at",
    "booking_drafts": "expires_at",
    "chain_heads": "office number hash leased_until claims",
    "chain_links": "office number date seq event_hash hash",
    "clock_jumps": "seen_at seconds",
    "contacts": "office language asked_at expires_at proved_at",
    "counter_days": "office date counter opened_at break_since reason",
    "counters": "id office position name letters retired remote meeting_url",
    "day_figures": "office date seq zone limit_before limit_after rules figures",
    "day_hours": "office date openings reason source",
    "devices": (
        "id kind name office state pairing_code secret_hash requested_at expires_at seen_at health"
    ),
    "display_settings": "device office zone voice settings",
    "door_counts": "office date sensor total_in total_out base_in base_out at",
    "escalations": "alert office at mail_due_at mail_attempts mailed_at mail_error",
    "event_hashes": "office date seq hash",
    "events": "office date seq type at",
    "help_calls": (
        "id office date device language screen reason asked_at answered_at ended_at ended_how"
    ),
    "identities": "issuer linked_at",
    "incidents": "id noticed_at since started_at ended_at is_open offices",
    "kept_places": "id office date starts_at span letter pool people public_at",
    "key_ids": "name id since",
    "kiosk_paces": "device office paid_until",
    "lease_conflicts": (
        "id office date lease device item number reason ticket recorded_at seen_at"
    ),
    "leased_numbers": "id lease office date letter sequence code state ticket",
    "leased_places": "id lease office date starts_at span letter pool people used",
    "leases": (
        "id device installation office date state epoch granted_at offline_until ended_at "
        "contested_at"
    ),
    "meetings": "office date opened_at",
    "message_counts": "office date phone_messages",
    "message_words": "office kind language subject body text changed_at",
    "messages": (
        "id office state created_at due_at stale_at retry_at attempts ended_at receipt_at"
    ),
    "mode_periods": "id office service mode starts_at ends_at review_on notice decided_at",
    "no_shows": "ticket office at",
    "office_days": (
        "office date seq persons_inside parties_outside correction sensed admitting "
        "planned_revision open_counters streams paused own_letters drill wiped_at "
        "over_since over_seconds last_event_at"
    ),
    "offices": "code name address phone zone people_limit location slip languages revision",
    "openings": "office weekday opens closes",
    "passkeys": "created_at",
    "password_resets": "id at seen_at",
    "probes": "process number at filling",
    "purges": "office night kind rows until rule finished_at digest",
    "relays": (
        "office date relayed_seq leased_by leased_until claims failures retry_at last_error behind"
    ),
    "report_mails": "id office every language made_at due_at claims last_error last_sent_at",
    "rush_lines": "office reaches_until",
    "seasons": "office first last name openings",
    "services": (
        "office code position letter name summary requirements channel minutes online "
        "search_words identity remote"
    ),
    "sessions": "revoked_at",
    "setting_changes": "office revision at undoes",
    "setup_codes": "code_hash made_at",
    "setup_steps": "office step mark at",
    "slip_logos": "office id picture",
    "slots": (
        "office starts_at ends_at date online walk_in urgent online_taken walk_in_taken "
        "urgent_taken"
    ),
    "stream_slots": (
        "office letter starts_at online walk_in urgent online_taken walk_in_taken urgent_taken"
    ),
    "streams": "office letter position name remote slot_quota walk_in_quota",
    "takings": "ticket office date letter people span at counts_until",
    "ticket_notes": "id ticket office date at",
    "tickets": (
        "office date letter origin channel created_at place slot expires_at arrived_at "
        "turn_time turn_basis credit_minutes wanted_counter admitted_at called_at "
        "last_called_at call_seq calls counter started_at ended_at reschedules extensions "
        "claim_at claim_span claim_letter pool away_until delay_minutes version"
    ),
    "tokens": "id role office device created_at revoked_at scope expires_at",
    "triage_counts": "office date service outcome asker advised overridden returned",
    "triage_overrides": "office date service reason visits",
    "used_proofs": "name at",
    "users": "active must_change distrusted",
    "visitors": "ticket office",
    "wait_days": "office date records",
    "wait_models": "office learnt_until revision model",
    "waitlist": (
        "id office service letter party_size priority first_date last_date language state "
        "offers ticket created_at proved kind"
    ),
    "webhook_endpoints": (
        "id office url types made_at taking_since off_because secret_version "
        "previous_until failing_since failures retry_at claims last_error last_taken_at"
    ),
    "webhook_messages": "id endpoint office date seq owed_since state attempts ended_at",
    "wrong_proofs": "ticket office locked_at",
    "zones": "office position facts",
}
"""Table -> its columns that say nothing of a person."""


def classify(table: str, column: str) -> Group | None:
    """What a column with personal data belongs to; None for one without. Raises `KeyError` for a
    column that nobody has judged.
    """
    for group, columns in PERSONAL.get(table, {}).items():
        if column in columns.split():
            return group
    if column not in IMPERSONAL.get(table, "").split():
        raise KeyError(f"{table}.{column}")
    return None


def list_columns(group: Group) -> list[str]:
    """The columns of a group, as table.column."""
    return [
        f"{table}.{column}"
        for table, groups in PERSONAL.items()
        for column in groups.get(group, "").split()
    ]
