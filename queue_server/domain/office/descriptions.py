"""What managers tell the public of their office and its services: what it would be after a change,
or why it cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlsplit

from queue_server.domain.errors import BadInput

from .location import Location
from .office import Office, OnlineWay, Service, ServiceChannel, Words

TEXT_MAX, LINE_MAX, PHONE_MAX, URL_MAX = 500, 120, 40, 300
STEPS_MAX, STEP_MAX = 8, 160
SEARCH_WORDS_MAX, SEARCH_WORD_MAX = 40, 40
"""Characters; of steps and search words how many, too."""


@dataclass(frozen=True)
class ServiceDescription:
    """What the public is told of a service. Only a service that needs no visit, or not always, has
    a way online.
    """

    summary: Words
    requirements: Words
    channel: ServiceChannel
    online: OnlineWay | None
    search_words: tuple[str, ...]


@dataclass(frozen=True)
class OfficeDescription:
    """What the public is told of an office beside its hours."""

    address: str
    phone: str
    location: Location


def description_of(service: Service) -> ServiceDescription:
    """What the public is told of a service now."""
    return ServiceDescription(
        service.summary, service.requirements, service.channel, service.online, service.search_words
    )


def office_description_of(office: Office) -> OfficeDescription:
    """What the public is told of an office now."""
    return OfficeDescription(office.address, office.phone, office.location)


def describe_service(office: Office, code: str, told: ServiceDescription) -> Office:
    """The office with one service described anew. Raises `UnknownService`, and `BadInput` with the
    `field` that cannot be: "missing", "length", "count", "url", or "channel" for a way online of a
    service that needs a visit.
    """
    service = office.service(code)
    admit_description(told)
    values = {each.name: getattr(told, each.name) for each in fields(told)}
    described = replace(service, **values)
    return replace(
        office, services=tuple(described if each is service else each for each in office.services)
    )


def admit_description(told: ServiceDescription) -> None:
    """Refuse what a service cannot be told to be. Raises `BadInput`, as `describe_service`."""
    _admit_words("summary", told.summary, LINE_MAX, required=True)
    _admit_words("requirements", told.requirements, TEXT_MAX)
    if told.online is not None:
        if told.channel is ServiceChannel.MUST_COME:
            raise BadInput(field="url", reason="channel")
        admit_online_url(told.online.url)
        _admit_steps(told.online.steps)
    if len(told.search_words) > SEARCH_WORDS_MAX:
        raise BadInput(field="search_words", reason="count", high=SEARCH_WORDS_MAX)
    _admit_lengths("search_words", told.search_words, SEARCH_WORD_MAX)


def describe_office(office: Office, told: OfficeDescription) -> Office:
    """The office described anew. Raises `BadInput` with the `field` that cannot be: "missing",
    "length" or "range".
    """
    if not told.address.strip():
        raise BadInput(field="address", reason="missing")
    _admit_lengths("address", [told.address], LINE_MAX)
    _admit_lengths("phone", [told.phone], PHONE_MAX)
    point = told.location.coordinates
    if point is not None:
        for field, value, most in (
            ("latitude", point.latitude, 90),
            ("longitude", point.longitude, 180),
        ):
            # Written so, a value that is no number is refused too.
            if not -most <= value <= most:
                raise BadInput(field=field, reason="range", low=-most, high=most)
    _admit_words("parking", told.location.parking, TEXT_MAX)
    _admit_words("directions", told.location.directions, TEXT_MAX)
    return replace(office, address=told.address, phone=told.phone, location=told.location)


def admit_online_url(url: str) -> None:
    """Refuse an address that is not plainly a page on the web, reached in safety: HTTPS, a host
    with a domain, no name and password in it. Raises `BadInput` (url).
    """
    if len(url) > URL_MAX:
        raise BadInput(field="url", reason="length", high=URL_MAX)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise BadInput(field="url", reason="url") from None
    plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>^`{|}')
    if not (
        plain
        and url.startswith("https://")
        and "@" not in parts.netloc
        and "." in host.strip(".")
        and all(label and label.strip("-") == label for label in host.split("."))
    ):
        raise BadInput(field="url", reason="url")


def told_anew(before: Service | Office, after: Service | Office) -> list[str]:
    """The names of the fields that differ, in the order of their class."""
    return [
        each.name
        for each in fields(before)
        if each.compare and getattr(before, each.name) != getattr(after, each.name)
    ]


def _admit_words(field: str, words: Words, most: int, *, required: bool = False) -> None:
    if required and not words.get("id", "").strip():
        raise BadInput(field=field, reason="missing")
    _admit_lengths(field, words.values(), most)


def _admit_lengths(field: str, texts: Iterable[str], most: int) -> None:
    if any(len(each) > most for each in texts):
        raise BadInput(field=field, reason="length", high=most)


def _admit_steps(steps: Mapping[str, str]) -> None:
    if not steps.get("id", "").strip():
        raise BadInput(field="steps", reason="missing")
    for text in steps.values():
        lines = text.splitlines()
        if len(lines) > STEPS_MAX:
            raise BadInput(field="steps", reason="count", high=STEPS_MAX)
        _admit_lengths("steps", lines, STEP_MAX)
