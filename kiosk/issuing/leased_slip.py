"""The slip and the report of a number that is given without the server."""

from __future__ import annotations

from datetime import datetime

from kiosk.records.journal import Wish
from queue_server.protocol.leases import Lease, LeasedBooking, LeasedNumber, LeasedService, SyncItem
from queue_server.protocol.messages import Slip


def pick_words(texts: dict[str, str], language: str) -> str:
    """A text in the visitor's language, or in the first one that there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def write_slip(
    lease: Lease,
    number: LeasedNumber,
    service: LeasedService,
    wish: Wish,
    now: datetime,
    booking: LeasedBooking | None = None,
) -> Slip:
    """The slip of a leased number. With a limit in the room everybody starts outside. Nobody knows
    how many wait, so nothing is said of it. A booking keeps its own code and address.
    """
    code = number.code if wish.code is None else wish.code
    at = now.isoformat(timespec="seconds")
    return Slip(
        id=number.id,
        code=code,
        number=number.number,
        stream=number.stream,
        stream_name=pick_words(lease.streams.get(number.stream, {}), wish.language),
        office=lease.office,
        office_name=lease.office_name,
        service=service.code,
        service_name=pick_words(service.name, wish.language),
        issued_at=at,
        place="INSIDE" if lease.limit is None else "OUTSIDE",
        url=f"{lease.public_url.rstrip('/')}/t/{code}",
        language=wish.language,
        party_size=wish.party_size if booking is None else booking.party_size,
        starts_at=None if booking is None else booking.starts_at,
        ends_at=None if booking is None else booking.ends_at,
        checked_in_at=None if booking is None else at,
        bring=pick_words(service.bring, wish.language),
        offline=True,
    )


def write_report(lease: Lease, slip: Slip, wish: Wish, superseded_key: str | None) -> SyncItem:
    """What the server is told of a leased number afterwards."""
    return SyncItem(
        id=slip.id,
        lease=lease.lease,
        number=slip.number,
        issued_at=slip.issued_at,
        service=wish.service,
        code=wish.code,
        party_size=slip.party_size,
        priority=wish.priority,
        urgency=wish.urgency,
        language=wish.language,
        superseded_key=superseded_key,
    )
