"""An entry of the waitlist as its owner sees it, without the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queue_server.domain.booking.slots import slot_id
from queue_server.domain.booking.waitlist import EntryState
from queue_server.domain.messages.owed import offer_channel
from queue_server.domain.office.office import Office, VisitKind
from queue_server.services.messages.queueing import reach_of
from queue_server.services.shown import local_time, service_of

from .waitlist import Standing


@dataclass(frozen=True)
class OfferView:
    """A place that waits for an answer until `until`."""

    slot: str
    starts_at: str
    until: str


@dataclass(frozen=True)
class WaitView:
    """An entry as its owner sees it, without the person. `before` counts those who wait for the
    same service and came earlier; `ticket` is the code of the booking, once the place is taken.
    Until `contact_proved` no place is offered. `told_by` is how an offer is told: EMAIL, PHONE, or
    null for by this alone. `visit` is the kind of visit that is waited for.
    """

    code: str
    status: str
    office: str
    office_name: str
    service: str
    service_name: Mapping[str, str]
    party_size: int
    first_date: str
    last_date: str
    before: int
    contact_proved: bool
    told_by: str | None
    offer: OfferView | None
    ticket: str | None
    manage_url: str
    visit: str = VisitKind.OFFICE.value


def view_standing(office: Office, standing: Standing, public_url: str) -> WaitView:
    """An entry as its owner sees it now."""
    entry, held = standing.entry, standing.ticket
    told_by = offer_channel(reach_of(entry.visitor))
    offer = None
    if (
        entry.state is EntryState.OFFERED
        and held is not None
        and held.slot is not None
        and held.expires_at is not None
    ):
        offer = OfferView(
            slot_id(held.slot), local_time(office, held.slot), local_time(office, held.expires_at)
        )
    return WaitView(
        entry.code,
        entry.state.value,
        office.code,
        office.name,
        entry.service,
        service_of(office, entry.service).name,
        entry.party_size,
        entry.first_date.isoformat(),
        entry.last_date.isoformat(),
        standing.before,
        entry.proved,
        told_by.value if told_by is not None else None,
        offer,
        held.code if held is not None and entry.state is EntryState.TAKEN else None,
        wait_url(public_url, entry.code),
        entry.kind.value,
    )


def wait_url(public_url: str, code: str) -> str:
    """Where an entry's page is."""
    return f"{public_url}/w/{code}"
