"""A catalogue of services: streams with their services, as a file holds them for many offices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queue_server.domain.office.office import (
    IdentityKind,
    OnlineWay,
    Service,
    ServiceChannel,
    Stream,
)

from .faults import find_service_faults
from .plain import Plain

KIND, VERSION = "catalogue", 1


@dataclass(frozen=True)
class Catalogue:
    """Streams, the services in them, and the letter of urgent visits, if they have one of their
    own.
    """

    name: dict[str, str]
    streams: tuple[Stream, ...]
    services: tuple[Service, ...]
    urgent_letter: str | None = None


def write_stream(stream: Stream) -> dict[str, Any]:
    """A stream as plain values."""
    return {"letter": stream.letter, "name": dict(stream.name)}


def read_stream(value: Plain) -> Stream:
    """The stream that plain values describe. Raises `BadInput`."""
    found = value.fields(("letter", "name"))
    return Stream(found["letter"].text(), found["name"].words())


def write_service(service: Service) -> dict[str, Any]:
    """A service as plain values."""
    way = service.online
    return {
        "code": service.code,
        "letter": service.letter,
        "name": dict(service.name),
        "summary": dict(service.summary),
        "requirements": dict(service.requirements),
        "channel": service.channel.value,
        "minutes": service.minutes,
        "online": None if way is None else {"url": way.url, "steps": dict(way.steps)},
        "search_words": list(service.search_words),
        "identity": service.identity.value,
    }


def read_service(value: Plain) -> Service:
    """The service that plain values describe. Raises `BadInput`."""
    found = value.fields(
        ("code", "letter", "name", "summary", "minutes"),
        ("requirements", "channel", "online", "search_words", "identity"),
    )
    return Service(
        found["code"].text(),
        found["letter"].text(),
        found["name"].words(),
        found["summary"].words(),
        found["requirements"].words() if "requirements" in found else {},
        found["channel"].choice(ServiceChannel) if "channel" in found else ServiceChannel.MUST_COME,
        found["minutes"].whole(),
        _read_way(found["online"]) if "online" in found else None,
        found["search_words"].items(lambda each: each.text()) if "search_words" in found else (),
        found["identity"].choice(IdentityKind) if "identity" in found else IdentityKind.NIK,
    )


def _read_way(value: Plain) -> OnlineWay:
    found = value.fields(("url", "steps"))
    return OnlineWay(found["url"].text(), found["steps"].words())


def write_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """A catalogue as plain values."""
    return {
        "antrean": KIND,
        "version": VERSION,
        "name": dict(catalogue.name),
        "urgent_letter": catalogue.urgent_letter,
        "streams": [write_stream(each) for each in catalogue.streams],
        "services": [write_service(each) for each in catalogue.services],
    }


def read_catalogue(values: object) -> Catalogue:
    """The catalogue that plain values describe. Raises `BadInput` with the path of the first value
    that cannot be.
    """
    found = (
        Plain(values)
        .of_kind(KIND, VERSION)
        .fields(("antrean", "version", "streams", "services"), ("name", "urgent_letter"))
    )
    catalogue = Catalogue(
        found["name"].words() if "name" in found else {},
        found["streams"].items(read_stream),
        found["services"].items(read_service),
        found["urgent_letter"].text() if "urgent_letter" in found else None,
    )
    for fault in find_service_faults(catalogue.streams, catalogue.services):
        raise fault
    letter = catalogue.urgent_letter
    if letter is not None and all(each.letter != letter for each in catalogue.streams):
        raise found["urgent_letter"].refuse("unknown", value=letter)
    return catalogue
