"""Until when each kiosk has paid for the numbers it gave."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from .compiled import Compiled
from .tables import Instant, kiosk_turns
from .transaction import Transaction

_FIND = Compiled(sa.select(kiosk_turns.c.paid_until).where(kiosk_turns.c.device == sa.bindparam("b_device")))
_PUT = Compiled(
    kiosk_turns.update()
    .where(kiosk_turns.c.device == sa.bindparam("b_device"))
    .values(paid_until=sa.bindparam("n_paid_until", type_=Instant))
)


def find(tx: Transaction, device: str) -> datetime | None:
    """What a kiosk paid for last, inside a command that has declared its office-day; None for a new one."""
    rows = tx.rows(_FIND, {"b_device": device}, seeing=kiosk_turns)
    return None if not rows else rows[0].paid_until


def put(tx: Transaction, office: str, device: str, paid_until: datetime, *, is_new: bool) -> None:
    """Note what a kiosk has paid for."""
    if is_new:
        tx.insert(kiosk_turns, {"device": device, "office": office, "paid_until": paid_until})
    else:
        tx.run(_PUT, {"b_device": device, "n_paid_until": paid_until})
