"""The zones of an office and the limit of its building, kept whole: one row each, facts as JSON.

The row at position 0 is the building's; the zones follow in their order.
"""

from __future__ import annotations

import sqlalchemy as sa

from queue_server.domain.room.capacity import Room
from queue_server.domain.room.zone_json import to_facts, zone_from_facts
from queue_server.store.tables import zones
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction

_BUILDING = 0


def load(reader: Reader, office: str) -> Room:
    """The room of an office; an empty one if nobody has described it."""
    query = (
        sa.select(zones.c.position, zones.c.facts)
        .where(zones.c.office == office)
        .order_by(zones.c.position)
    )
    rows = ask(reader, query, seeing=zones).all()
    building = next((row.facts["limit"] for row in rows if row.position == _BUILDING), None)
    return Room(
        tuple(zone_from_facts(row.facts) for row in rows if row.position != _BUILDING), building
    )


def replace(tx: Transaction, office: str, room: Room) -> None:
    """Put a room in the place of the one before."""
    tx.change(zones.delete().where(zones.c.office == office))
    if room.building_limit is not None:
        tx.insert(
            zones,
            {"office": office, "position": _BUILDING, "facts": {"limit": room.building_limit}},
        )
    for position, zone in enumerate(room.zones, _BUILDING + 1):
        tx.insert(zones, {"office": office, "position": position, "facts": to_facts(zone)})
