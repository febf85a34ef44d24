"""Which services can be had from home, and which counters are worked from there; see
docs/adr/0048-remote-visits.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from queue_server.domain.errors import BadInput

from .descriptions import admit_online_url
from .office import Counter, Office, Service, Stream, VisitKind

REMOTE_KINDS = tuple(each for each in VisitKind if each.is_remote)
STREAM_NAME = {"id": "Telepon dan video", "en": "Phone and video"}
LETTERS = "TVRWXYZQJKLMNOPSUABCDEFGHI"
"""By which letter the remote stream goes: the first of these that is free."""


@dataclass(frozen=True)
class RemoteCounter:
    """A counter that is worked from home; `meeting_url` is where its video visits meet, None: the
    clerk types an address.
    """

    meeting_url: str | None = None


@dataclass(frozen=True)
class RemoteChange:
    """Which services can be had from home and how, by code, and which counters are worked from
    there, by id; all others are for the office alone.
    """

    services: Mapping[str, tuple[VisitKind, ...]]
    counters: Mapping[str, RemoteCounter]


def set_remote(office: Office, change: RemoteChange) -> Office:
    """The office with these services and counters from home; it gets a stream for them when it
    needs one. Raises `UnknownService`, `UnknownCounter`, `BadInput` (services, url, letter).
    """
    for code, kinds in change.services.items():
        office.service(code)
        if not set(kinds) <= set(REMOTE_KINDS):
            raise BadInput(field="services", reason="not_remote", service=code)
    for id, counter in change.counters.items():
        office.counter(id)
        if counter.meeting_url is not None:
            admit_online_url(counter.meeting_url)
    if change.counters and office.remote_letter is None:
        office = replace(office, streams=(*office.streams, _make_stream(office.streams)))
    return replace(
        office,
        services=tuple(_set_service(each, change.services) for each in office.services),
        counters=tuple(_set_counter(office, each, change.counters) for each in office.counters),
    )


def _make_stream(streams: Iterable[Stream]) -> Stream:
    taken = {each.letter for each in streams}
    letter = next((each for each in LETTERS if each not in taken), None)
    if letter is None:
        raise BadInput(field="letter", reason="none_left")
    return Stream(letter, STREAM_NAME, remote=True)


def _set_service(service: Service, wanted: Mapping[str, tuple[VisitKind, ...]]) -> Service:
    asked = wanted.get(service.code, ())
    return replace(service, remote=tuple(each for each in REMOTE_KINDS if each in asked))


def _set_counter(office: Office, counter: Counter, wanted: Mapping[str, RemoteCounter]) -> Counter:
    usual = counter.usual_letters
    at_home = wanted.get(counter.id)
    letters = letters_served(usual, office.streams, remote=at_home is not None)
    if at_home is None:
        return replace(counter, letters=letters, remote=False, meeting_url=None, in_office=())
    return replace(
        counter, letters=letters, remote=True, meeting_url=at_home.meeting_url, in_office=usual
    )


def letters_served(
    usual: tuple[str, ...], streams: Iterable[Stream], *, remote: bool
) -> tuple[str, ...]:
    """The streams of a counter: its usual ones as far as they are not remote, or for one that is
    worked from home all remote ones.
    """
    from_home = tuple(each.letter for each in streams if each.remote)
    return from_home if remote else tuple(each for each in usual if each not in from_home)
