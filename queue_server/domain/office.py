"""What an office is: its services, streams, counters, opening hours and published rules."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from .errors import NotInService, UnknownCounter, UnknownService, UnknownStream

Words = Mapping[str, str]
"""A text by language code: `{"id": …, "en": …}`."""


class ServiceMode(StrEnum):
    """How far an office or a service is open to visitors."""

    NORMAL = "NORMAL"
    ONLINE_FIRST = "ONLINE_FIRST"
    URGENT_ONLY = "URGENT_ONLY"
    CLOSED = "CLOSED"


class ServiceChannel(StrEnum):
    """Whether a service can be had without a visit."""

    MUST_COME = "MUST_COME"
    HYBRID = "HYBRID"
    ONLINE = "ONLINE"


@dataclass(frozen=True)
class Opening:
    """One stretch of opening time, local wall clock. A lunch break is a gap between two openings."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Rules:
    """An office's published settings. Minutes, days and counts; shares are fractions of 1."""

    slot_minutes: int = 15
    horizon_days: int = 14
    hold_minutes: int = 10
    online_share: float = 0.6
    check_in_early_minutes: int = 30
    grace_minutes: int = 10
    priority_credit_minutes: int = 15
    walk_in_offset_minutes: int = 0
    calls_max: int = 3
    return_minutes: int = 60
    undo_minutes: int = 5
    bookings_per_service: int = 1
    bookings_per_office: int = 2
    bookings_per_phone: int = 4
    party_max: int = 6
    reschedules_max: int = 2
    resume_keeps_turn: bool = True
    urgent_letter: str | None = None


@dataclass(frozen=True)
class Stream:
    """A queue with a letter."""

    letter: str
    name: Words


@dataclass(frozen=True)
class Service:
    """What a visitor comes for. `minutes` is the planned service time."""

    code: str
    letter: str
    name: Words
    summary: Words
    requirements: Words
    channel: ServiceChannel
    minutes: int
    mode: ServiceMode | None = None


@dataclass(frozen=True)
class Counter:
    """A place where a clerk serves, and the letters of the streams it serves."""

    id: str
    name: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Office:
    """One public office with all its standing settings. `people_limit` None means no crowd control."""

    code: str
    name: str
    address: str
    phone: str
    zone: str
    mode: ServiceMode
    people_limit: int | None
    rules: Rules = field(default_factory=Rules)
    notice: Words = field(default_factory=dict)
    streams: tuple[Stream, ...] = ()
    services: tuple[Service, ...] = ()
    counters: tuple[Counter, ...] = ()
    openings: tuple[Opening, ...] = ()
    closed_dates: frozenset[date] = frozenset()
    revision: int = 0

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _services(self) -> dict[str, Service]:
        return {each.code: each for each in self.services}

    @cached_property
    def _streams(self) -> dict[str, Stream]:
        return {each.letter: each for each in self.streams}

    @cached_property
    def _counters(self) -> dict[str, Counter]:
        return {each.id: each for each in self.counters}

    @cached_property
    def _week(self) -> tuple[tuple[Opening, ...], ...]:
        ordered = sorted(self.openings, key=lambda each: each.opens)
        return tuple(tuple(each for each in ordered if each.weekday == weekday) for weekday in range(7))

    def service(self, code: str) -> Service:
        """Raises `UnknownService`."""
        try:
            return self._services[code]
        except KeyError:
            raise UnknownService(service=code) from None

    def stream(self, letter: str) -> Stream:
        """Raises `UnknownStream`."""
        try:
            return self._streams[letter]
        except KeyError:
            raise UnknownStream(stream=letter) from None

    def counter(self, id: str) -> Counter:
        """Raises `UnknownCounter`."""
        try:
            return self._counters[id]
        except KeyError:
            raise UnknownCounter(counter=id) from None

    def local(self, moment: datetime) -> datetime:
        """An aware moment on the office's wall clock."""
        return moment.astimezone(self.tz)

    def date_at(self, moment: datetime) -> date:
        """The office's local date at an aware moment: the key of its office-day."""
        return self.local(moment).date()

    def mean_minutes(self, letter: str) -> float:
        """Mean planned service time of a stream, minutes. A stream without services counts 10."""
        minutes = [each.minutes for each in self.services if each.letter == letter]
        return sum(minutes) / len(minutes) if minutes else 10.0

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """The stretches open on a date, in order; none on a closed date."""
        return () if day in self.closed_dates else self._week[day.weekday()]

    def is_open(self, now: datetime) -> bool:
        """Whether the doors are open: from the first opening to the last closing of the day, breaks included."""
        if self.mode is ServiceMode.CLOSED:
            return False
        local = self.local(now)
        stretches = self.openings_on(local.date())
        return bool(stretches) and stretches[0].opens <= local.time() < stretches[-1].closes

    def closes_at(self, now: datetime) -> datetime | None:
        """The end of today's last opening, or None on a closed day."""
        stretches = self.openings_on(self.date_at(now))
        if not stretches:
            return None
        return datetime.combine(self.date_at(now), stretches[-1].closes, self.tz)

    def next_opening(self, now: datetime, *, within_days: int = 60) -> datetime | None:
        """When the doors next open after `now`, or None if not within the given days."""
        today = self.date_at(now)
        for ahead in range(within_days + 1):
            day = today + timedelta(days=ahead)
            stretches = self.openings_on(day)
            if stretches:
                opens = datetime.combine(day, stretches[0].opens, self.tz)
                if opens > now:
                    return opens
        return None


_STRICTNESS = {mode: place for place, mode in enumerate(ServiceMode)}


def mode_of(office: Office, service: Service) -> ServiceMode:
    """The stricter of the office's and the service's mode."""
    return office.mode if service.mode is None else max(office.mode, service.mode, key=_STRICTNESS.__getitem__)


def admit_service(office: Office, service: Service, *, urgent: bool) -> None:
    """Refuse a ticket for a service that the present mode does not serve.

    Raises `NotInService` with `reason` "mode". ONLINE_FIRST refuses only non-urgent visits for services that can be had
    wholly online.
    """
    mode = mode_of(office, service)
    refused = (
        mode is ServiceMode.CLOSED
        or (mode is ServiceMode.URGENT_ONLY and not urgent)
        or (mode is ServiceMode.ONLINE_FIRST and service.channel is ServiceChannel.ONLINE and not urgent)
    )
    if refused:
        raise NotInService(reason="mode", mode=mode.value, service=service.code)


def admit_hours(office: Office, now: datetime) -> None:
    """Refuse a visit outside opening hours. Raises `NotInService` with `reason` "hours" and `opens_at`."""
    if not office.is_open(now):
        opens = office.next_opening(now)
        raise NotInService(reason="hours", opens_at=opens.isoformat() if opens else None)
