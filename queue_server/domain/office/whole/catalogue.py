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
    VisitKind,
)
from queue_server.domain.office.remote import REMOTE_KINDS

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
    plain = {"letter": stream.letter, "name": dict(stream.name)}
    quotas = {"slot_quota": stream.slot_quota, "walk_in_quota": stream.walk_in_quota}
    given = {name: value for name, value in quotas.items() if value is not None}
    return {**plain, **({"remote": True} if stream.remote else {}), **given}


def read_stream(value: Plain) -> Stream:
    """The stream that plain values describe. Raises `BadInput`."""
    given = value.fields(("letter", "name"), ("remote", "slot_quota", "walk_in_quota"))
    remote = given["remote"].flag() if "remote" in given else False
    quotas = (
        given[name].whole() if name in given else None for name in ("slot_quota", "walk_in_quota")
    )
    return Stream(given["letter"].text(), given["name"].words(), remote, *quotas)


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
        "remote": [kind.value for kind in service.remote],
    }


def read_service(value: Plain) -> Service:
    """The service that plain values describe. Raises `BadInput`."""
    given = value.fields(
        ("code", "letter", "name", "summary", "minutes"),
        ("requirements", "channel", "online", "search_words", "identity", "remote"),
    )
    return Service(
        given["code"].text(),
        given["letter"].text(),
        given["name"].words(),
        given["summary"].words(),
        given["requirements"].words() if "requirements" in given else {},
        given["channel"].choice(ServiceChannel) if "channel" in given else ServiceChannel.MUST_COME,
        given["minutes"].whole(),
        _read_way(given["online"]) if "online" in given else None,
        given["search_words"].items(lambda each: each.text()) if "search_words" in given else (),
        given["identity"].choice(IdentityKind) if "identity" in given else IdentityKind.NIK,
        given["remote"].items(_read_kind) if "remote" in given else (),
    )


def _read_kind(value: Plain) -> VisitKind:
    kind = value.choice(VisitKind)
    if kind not in REMOTE_KINDS:
        raise value.refuse("choice", wanted=", ".join(each.value for each in REMOTE_KINDS))
    return kind


def _read_way(value: Plain) -> OnlineWay:
    given = value.fields(("url", "steps"))
    return OnlineWay(given["url"].text(), given["steps"].words())


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
    given = (
        Plain(values)
        .of_kind(KIND, VERSION)
        .fields(("antrean", "version", "streams", "services"), ("name", "urgent_letter"))
    )
    catalogue = Catalogue(
        given["name"].words() if "name" in given else {},
        given["streams"].items(read_stream),
        given["services"].items(read_service),
        given["urgent_letter"].text() if "urgent_letter" in given else None,
    )
    for fault in find_service_faults(catalogue.streams, catalogue.services):
        raise fault
    letter = catalogue.urgent_letter
    if letter is not None and all(each.letter != letter for each in catalogue.streams):
        raise given["urgent_letter"].refuse("unknown", value=letter)
    return catalogue
