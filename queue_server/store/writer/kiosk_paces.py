"""Until when each kiosk has paid for the numbers it gave, as the commands of one transaction leave
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from queue_server.store.tables import Instant, kiosk_paces

from .compiled import Compiled, insert_into

_FIND = Compiled(
    sa.select(kiosk_paces.c.paid_until).where(kiosk_paces.c.device == sa.bindparam("b_device"))
)
_ADD = insert_into(kiosk_paces, ("device", "office", "paid_until"))
_PUT = Compiled(
    kiosk_paces.update()
    .where(kiosk_paces.c.device == sa.bindparam("b_device"))
    .values(paid_until=sa.bindparam("n_paid_until", type_=Instant))
)

PaidPace = tuple[str, datetime]
"""The kiosk's office, and until when it has paid."""


class KioskPaces:
    """The kiosks that a transaction's commands asked for. Each is read once and stored once,
    however many numbers it gave meanwhile.

    A change of its own for each number would send what the commands before it have gathered, and
    make of one group many.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stored: dict[str, datetime | None] = {}
        self._changed: Mapping[str, PaidPace] = {}

    def find(self, device: str) -> datetime | None:
        """What a kiosk paid for last, inside a command that has declared its office-day; None for a
        new one.
        """
        if device in self._changed:
            return self._changed[device][1]
        if device not in self._stored:
            rows = _FIND.rows(self._connection, {"b_device": device})
            self._stored[device] = rows[0].paid_until if rows else None
        return self._stored[device]

    def put(self, office: str, device: str, paid_until: datetime) -> None:
        """Note what a kiosk, asked for before by `find`, has paid for; it is stored before the
        commit.
        """
        self._changed = {**self._changed, device: (office, paid_until)}

    # What follows is for `Transaction` alone.

    @property
    def changed(self) -> Mapping[str, PaidPace]:
        """What was noted so far. It is replaced and never changed, so it may be kept, to be gone
        back to.
        """
        return self._changed

    def go_back(self, changed: Mapping[str, PaidPace]) -> None:
        """Forget what was noted since."""
        self._changed = changed

    def save(self) -> None:
        """Store what was noted. Reads nothing."""
        for device, (office, paid_until) in self._changed.items():
            if self._stored[device] is None:
                _ADD.run(
                    self._connection, {"device": device, "office": office, "paid_until": paid_until}
                )
            else:
                _PUT.run(self._connection, {"b_device": device, "n_paid_until": paid_until})
