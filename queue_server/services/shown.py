"""What everything that is shown shares: local times, names of services and counters, addresses,
versions.
"""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.office.office import Office, Service, ServiceChannel, Stream
from queue_server.protocol.messages import OpenHours

Version = tuple[str, int]


def local_time(office: Office, moment: datetime) -> str:
    """RFC 3339 with the office's offset, to the second."""
    return office.local(moment).isoformat(timespec="seconds")


def _local_or_none(office: Office, moment: datetime | None) -> str | None:
    return None if moment is None else local_time(office, moment)


def service_of(office: Office, code: str) -> Service:
    """A ticket's service; tickets outlive services, so one that was withdrawn is shown by its
    code.
    """
    service = next((each for each in office.services if each.code == code), None)
    if service is not None:
        return service
    words = {"id": code, "en": code}
    return Service(code, "", words, {}, {}, channel=ServiceChannel.MUST_COME, minutes=1)


def stream_of(office: Office, letter: str) -> Stream:
    """A ticket's stream; one that was withdrawn is shown by its letter."""
    stream = next((each for each in office.streams if each.letter == letter), None)
    return stream or Stream(letter, {"id": letter, "en": letter})


def hours_today(office: Office, now: datetime) -> tuple[OpenHours, ...]:
    """Today's hours of an office."""
    return tuple(
        OpenHours(f"{each.opens:%H:%M}", f"{each.closes:%H:%M}")
        for each in office.openings_on(office.date_at(now))
    )


def counter_name(office: Office, id: str | None) -> str:
    """What a counter is called; its id if it was withdrawn."""
    return next((each.name for each in office.counters if each.id == id), id or "")


def ticket_url(public_url: str, code: str) -> str:
    """Where a ticket's page is."""
    return f"{public_url}/t/{code}"
