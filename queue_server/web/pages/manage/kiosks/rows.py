"""The live leases of an office's kiosks, as the devices page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from queue_server.domain.door.leases import derive_pin
from queue_server.store.door import leases as lease_store


@dataclass(frozen=True)
class LeaseRow:
    """What a kiosk may give by itself on a date. `pin` stops it, read off in two groups; `left`
    numbers are unused. `contested`: a second installation has asked for them.
    """

    device: str
    name: str
    date: date
    pin: str
    left: int
    offline_until: datetime
    contested: bool


def list_leases(
    connection: Connection, office: str, names: Mapping[str, str], secret: bytes
) -> list[LeaseRow]:
    """The live leases, by date. `secret` is the server's, from which the PINs are made."""
    contested = lease_store.list_contested(connection, office)
    rows = []
    for each in lease_store.list_of_office(connection, office):
        pin = derive_pin(secret, each.id)
        rows.append(
            LeaseRow(
                each.device,
                names.get(each.device, ""),
                each.date,
                f"{pin[:3]} {pin[3:]}",
                len(lease_store.list_unused(connection, each)),
                each.offline_until,
                each.device in contested,
            )
        )
    return rows
