"""The steps before the places of a slot are asked for: its day as the settings make it, without
what has run out.

They refuse nothing and do no work for a slot that is refused in any case. Must declare its day.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.booking.availability import SlotWish, refusal_of
from queue_server.domain.booking.slots import is_open_for_booking
from queue_server.domain.errors import SlotFull
from queue_server.domain.office.office import Office
from queue_server.store.writer.transaction import Transaction

from .places import reclaim_due
from .replanning import replan_day


def replan_slot_day(tx: Transaction, office: Office, wish: SlotWish, now: datetime) -> None:
    """Make the slots of the wished day by the office's settings, if they are not yet."""
    if is_open_for_booking(office, wish.slot, now):
        replan_day(tx, office.code, office.date_at(wish.slot), now)


def reclaim_if_full(tx: Transaction, office: Office, wish: SlotWish, now: datetime) -> None:
    """Give on what has run out on the wished day, if the slot has no room without that."""
    day = office.date_at(wish.slot)
    if isinstance(refusal_of(office, tx.plan(office.code, day), wish, now), SlotFull):
        reclaim_due(tx, office.code, day, now)
