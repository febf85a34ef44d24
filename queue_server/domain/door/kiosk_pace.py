"""How fast one kiosk gives numbers: a rush passes, a game or a program at the screen does not."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from queue_server.domain.errors import KioskResting, PartyForStaff
from queue_server.domain.office.rules import Rules


def admit_kiosk_party(party_size: int, largest_kiosk_party: int, largest_party: int) -> None:
    """Refuse a party that staff at the door should see: a large one takes much of the room. Raises
    `PartyForStaff`.

    Who is too many for the office altogether is nobody's matter here.
    """
    if largest_kiosk_party < party_size <= largest_party:
        raise PartyForStaff(party_size=party_size, limit=largest_kiosk_party)


def spend_pace(rules: Rules, paid_until: datetime | None, now: datetime) -> datetime:
    """Let a kiosk give one more number; returns until when it has paid for what it gave.

    Each number costs `kiosk_pace_seconds`, and `kiosk_burst` of them may be given on credit (the
    generic cell rate algorithm, ITU-T I.371). So parties that come no faster than the pace are
    never stopped, for however long, and nobody gives more than `kiosk_burst` + t /
    `kiosk_pace_seconds` numbers in t seconds. Without a pace every number is free.

    `paid_until` is what the last number returned; a clock that was set back costs no more than one
    whole credit. Raises `KioskResting` with `retry_after_seconds`.
    """
    if rules.door.kiosk_pace_seconds is None:
        return now
    pace = timedelta(seconds=rules.door.kiosk_pace_seconds)
    credit = pace * rules.door.kiosk_burst_numbers
    begins = min(max(paid_until or now, now), now + credit)
    if begins + pace > now + credit:
        raise KioskResting(
            retry_after_seconds=math.ceil((begins + pace - credit - now).total_seconds())
        )
    return begins + pace
