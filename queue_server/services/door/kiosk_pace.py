"""Holding a kiosk to its pace, whoever stands at it or speaks in its name."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.door.kiosk_pace import admit_kiosk_party, spend_pace
from queue_server.store.writer.transaction import Transaction


def admit_number(tx: Transaction, office: str, device: str, party_size: int, now: datetime) -> None:
    """Count one more number of a kiosk; what is refused later in the same command counts for
    nothing.

    Raises `PartyForStaff`, `KioskResting`.
    """
    settings = tx.office(office)
    rules = settings.rules
    admit_kiosk_party(party_size, settings.largest_kiosk_party, settings.largest_party)
    if rules.door.kiosk_pace_seconds is not None:
        tx.kiosk_paces.put(office, device, spend_pace(rules, tx.kiosk_paces.find(device), now))
