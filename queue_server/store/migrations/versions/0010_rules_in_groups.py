"""the rules of an office in groups by subject, and the log's names of rules with them"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

GROUPS = {
    'booking': {
        'slot_minutes': 'slot_minutes',
        'horizon_days': 'horizon_days',
        'hold_minutes': 'hold_minutes',
        'hold_extensions_max': 'hold_extensions_max',
        'online_share': 'online_share',
        'urgent_share': 'urgent_share',
        'release_minutes': 'release_minutes',
        'utilisation': 'utilisation',
        'party_max': 'party_max',
        'bookings_per_service': 'per_service_max',
        'bookings_per_office': 'per_office_max',
        'bookings_per_phone': 'people_per_phone_max',
        'bookings_per_day': 'per_day_max',
        'reschedules_max': 'reschedules_max',
        'no_shows_max': 'no_shows_max',
        'no_show_days': 'no_show_days',
        'no_show_horizon_days': 'no_show_horizon_days',
        'kept_minutes_min': 'held_back_minutes_min',
        'kept_minutes_max': 'held_back_minutes_max',
        'urgent_letter': 'urgent_letter',
        'synthetic_niks': 'synthetic_niks',
    },
    'waitlist': {
        'waitlist_offer_minutes': 'offer_minutes',
        'waitlist_offer_open_minutes': 'offer_open_minutes',
        'waitlist_offers_max': 'offers_max',
        'waitlist_per_contact': 'entries_per_contact_max',
    },
    'door': {
        'check_in_early_minutes': 'check_in_early_minutes',
        'pass_over_minutes': 'pass_over_minutes',
        'walk_in_ahead_minutes': 'walk_in_ahead_minutes',
        'walk_ins_beyond_places': 'walk_ins_beyond_places',
        'kiosk_party_max': 'kiosk_party_max',
        'kiosk_pace_seconds': 'kiosk_pace_seconds',
        'kiosk_burst': 'kiosk_burst_numbers',
    },
    'calling': {
        'call_policy': 'policy',
        'call_ratio': 'ratio',
        'grace_minutes': 'grace_minutes',
        'late_minutes': 'late_minutes',
        'walk_in_offset_minutes': 'walk_in_offset_minutes',
        'priority_credit_minutes': 'priority_credit_minutes',
        'calls_max': 'calls_max',
        'recall_seconds': 'recall_seconds',
        'missed_after_seconds': 'missed_after_seconds',
        'return_minutes': 'return_minutes',
        'undo_minutes': 'undo_minutes',
        'resume_keeps_turn': 'resume_keeps_turn',
    },
    'alerts': {
        'target_minutes': 'target_minutes',
        'alert_oldest_minutes': 'longest_wait_minutes',
        'alert_outside_parties': 'outside_parties',
        'alert_uncalled_minutes': 'uncalled_minutes',
        'alert_device_minutes': 'silent_device_minutes',
        'alert_numbers_per_minute': 'kiosk_numbers_per_minute',
        'alert_email': 'email',
    },
    'privacy': {'personal_data_days': 'personal_data_days'},
}
DOTTED = {old: f'{group}.{new}' for group, own in GROUPS.items() for old, new in own.items()}
FLAT = {new: old for old, new in DOTTED.items()}

OFFICES = sa.table('offices', sa.column('code', sa.Text), sa.column('rules', sa.JSON))
EVENTS = sa.table(
    'events', sa.column('office', sa.Text), sa.column('date', sa.Date), sa.column('seq', sa.Integer),
    sa.column('type', sa.Text), sa.column('facts', sa.JSON),
)


def _group(flat: Mapping[str, Any]) -> dict[str, Any]:
    return {
        group: {new: flat[old] for old, new in own.items() if old in flat} for group, own in GROUPS.items()
    }


def _flatten(groups: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        FLAT[f'{group}.{name}']: value for group, own in groups.items() for name, value in own.items()
    }


def _rewrite(read: Callable[[Any], dict[str, Any]], names: Mapping[str, str]) -> None:
    bind = op.get_bind()
    for code, rules in bind.execute(sa.select(OFFICES.c.code, OFFICES.c.rules)).all():
        bind.execute(OFFICES.update().where(OFFICES.c.code == code).values(rules=read(rules)))
    of_rules = EVENTS.c.type.in_(('limit_changed', 'rules_changed'))
    rows = bind.execute(
        sa.select(EVENTS.c.office, EVENTS.c.date, EVENTS.c.seq, EVENTS.c.facts).where(of_rules)
    ).all()
    for office, date, seq, facts in rows:
        if 'changed' not in facts:
            continue
        changed = {names.get(name, name): values for name, values in facts['changed'].items()}
        bind.execute(
            EVENTS.update()
            .where(EVENTS.c.office == office, EVENTS.c.date == date, EVENTS.c.seq == seq)
            .values(facts={**facts, 'changed': changed})
        )


def upgrade() -> None:
    _rewrite(_group, DOTTED)


def downgrade() -> None:
    _rewrite(_flatten, FLAT)
