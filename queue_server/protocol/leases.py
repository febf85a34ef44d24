"""The messages with which a kiosk goes on without the server: the lease it works from, and what it
reports afterwards.

Times are RFC 3339 strings with the office's offset, as in `messages`.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Literal

SyncResult = Literal["created", "duplicate", "conflict"]
"""What became of a reported item. `conflict`: it is recorded and shown to the staff, never dropped.
"""

SYNC_ITEMS_MAX = 50
"""No more items in one report, so that a report never holds the office-day's lock for long."""


@dataclass(frozen=True)
class LeasedNumber:
    """A number set aside for one kiosk. `id` and `code` are those of its ticket, drawn by the
    server, so the QR code on an offline slip is valid at once.
    """

    number: str
    id: str
    code: str
    stream: str


@dataclass(frozen=True)
class LeasedService:
    """A service as it may be given without the server. `reason` is None if a regular visit may be
    given, `urgent_reason` if an urgent one may; otherwise why not. `bring` is what to bring, by
    language.
    """

    code: str
    stream: str
    urgent_stream: str
    name: dict[str, str]
    summary: dict[str, str]
    minutes: int
    channel: str
    reason: str | None = None
    urgent_reason: str | None = None
    bring: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LeasedPeriod:
    """When the doors are open on the lease's day."""

    opens_at: str
    closes_at: str


@dataclass(frozen=True)
class LeasedBooking:
    """A booking that may be checked in without the server. `digest` is `digest_code` of its secret
    code: the lease holds no code and no name.
    """

    digest: str
    stream: str
    service: str
    starts_at: str
    ends_at: str
    check_in_from: str
    check_in_until: str
    party_size: int = 1
    language: str = "id"


@dataclass(frozen=True)
class Lease:
    """All that a kiosk needs to work through one day of its office without the server.

    `epoch` grows with every change of the office's settings that the lease carries. `places` is how
    many persons may still be given a number, by stream; None where the office gives numbers beyond
    its places. With a `limit` of persons in the room, visitors start outside. Nothing is issued
    after `offline_until`. `key` (hex) is for `digest_code` and for the staff's PIN, of which
    `pin_digest` is the digest. `numbers` are those not used yet, as far as the server knows. The
    kiosk keeps the pace that the server would hold it to: a number every `pace_seconds` on average,
    and `burst_numbers` faster than that; None sets no pace.
    """

    lease: str
    date: str
    state: str
    epoch: int
    now: str
    offline_until: str
    office: str
    office_name: str
    zone: str
    mode: str
    public_url: str
    key: str
    pin_digest: str
    periods: tuple[LeasedPeriod, ...] = ()
    services: tuple[LeasedService, ...] = ()
    streams: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: tuple[LeasedNumber, ...] = ()
    places: dict[str, int] | None = None
    bookings: tuple[LeasedBooking, ...] = ()
    limit: int | None = None
    party_max: int = 6
    languages: tuple[str, ...] = ("id", "en")
    pace_seconds: int | None = None
    burst_numbers: int = 0


@dataclass(frozen=True)
class SyncItem:
    """One number that a kiosk gave without the server.

    `id` and `number` are those of the leased number. A walk-in has a `service`; the check-in of a
    booking has its secret `code` instead. `clock_sure` is False if the kiosk's clock may have been
    wrong at `issued_at`. `superseded_key` is the idempotency key of an online request whose outcome
    the kiosk never learned: whatever that request did is replaced by this item.
    """

    id: str
    lease: str
    number: str
    issued_at: str
    service: str | None = None
    code: str | None = None
    party_size: int = 1
    priority: str | None = None
    urgency: str | None = None
    language: str = "id"
    clock_sure: bool = True
    superseded_key: str | None = None


@dataclass(frozen=True)
class SyncOutcome:
    """What became of one item; `reason` is the stable code of a conflict. `number` is the number by
    which the visitor is called, which may be another than the item's.
    """

    id: str
    result: SyncResult
    reason: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class SyncAnswer:
    """What became of each item, in the order of the report."""

    outcomes: tuple[SyncOutcome, ...] = ()


@dataclass(frozen=True)
class Withdrawal:
    """How many numbers were taken back out of the queue."""

    withdrawn: int


def digest_code(key: str, text: str) -> str:
    """The digest by which a lease knows a secret: HMAC-SHA256 under the lease's `key` (hex), as
    hex.
    """
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()
