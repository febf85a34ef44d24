"""What an office is: its services, streams, counters, opening hours and published rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from queue_server.domain.errors import UnknownCounter, UnknownService, UnknownStream
from queue_server.domain.waits.estimate import WaitModel

from .hours import Hours, Opening
from .languages import KNOWN_LANGUAGES
from .location import Location
from .modes import ModePeriod, ServiceMode, period_at
from .rules import Rules
from .slip_design import SlipDesign

Words = Mapping[str, str]
"""A text by language code: `{"id": …, "en": …}`."""


class ServiceChannel(StrEnum):
    """Whether a service can be had without a visit. HYBRID is applied for online and then
    collected; EITHER is had online or in a visit, as the visitor likes.
    """

    MUST_COME = "MUST_COME"
    HYBRID = "HYBRID"
    EITHER = "EITHER"
    ONLINE = "ONLINE"


class VisitKind(StrEnum):
    """How a visit is had: in the office, or from home, where a clerk rings or meets by video."""

    OFFICE = "OFFICE"
    PHONE = "PHONE"
    VIDEO = "VIDEO"

    @property
    def is_remote(self) -> bool:
        return self is not VisitKind.OFFICE


class IdentityKind(StrEnum):
    """Which number whoever books a service must give: a NIK, or that of a passport or a
    residence permit."""

    NIK = "NIK"
    PASSPORT = "PASSPORT"
    NIK_OR_PASSPORT = "NIK_OR_PASSPORT"

    @property
    def takes_nik(self) -> bool:
        return self is not IdentityKind.PASSPORT

    @property
    def takes_passport(self) -> bool:
        return self is not IdentityKind.NIK


@dataclass(frozen=True)
class OnlineWay:
    """Where a service is had, or applied for, without a visit. `steps` holds one step a line."""

    url: str
    steps: Words


@dataclass(frozen=True)
class Stream:
    """A queue with a letter. `remote`: those in it are rung or met by video, and do not come.

    `slot_quota` is how many visits may have a place in it in one slot, `walk_in_quota` how many
    numbers it gives on one day to those without a booking; None: as many as there is room for.
    """

    letter: str
    name: Words
    remote: bool = False
    slot_quota: int | None = None
    walk_in_quota: int | None = None


@dataclass(frozen=True)
class Service:
    """What a visitor comes for. `minutes` is the planned service time; `search_words` are words and
    phrases, in any language, by which people look for it; `identity` is the number that whoever
    books must give; `remote` are the kinds of visit by which it can be had from home.
    """

    code: str
    letter: str
    name: Words
    summary: Words
    requirements: Words
    channel: ServiceChannel
    minutes: int
    online: OnlineWay | None = None
    search_words: tuple[str, ...] = ()
    identity: IdentityKind = IdentityKind.NIK
    remote: tuple[VisitKind, ...] = ()


@dataclass(frozen=True)
class Counter:
    """A place where a clerk serves, and the letters of the streams it serves.

    A `remote` one is worked from home: it serves the remote streams alone, and no other counter
    serves them. `meeting_url` is where its video visits meet; None: the clerk types an address.
    `in_office` are the streams that it serves when it is worked in the office again.
    """

    id: str
    name: str
    letters: tuple[str, ...]
    remote: bool = False
    meeting_url: str | None = None
    in_office: tuple[str, ...] = ()

    @property
    def usual_letters(self) -> tuple[str, ...]:
        """The streams that it serves whenever it is worked in the office."""
        return self.in_office if self.remote else self.letters


def largest_party(party_max: int, people_limit: int | None) -> int:
    """The most persons of one visit: as the office's rule says, and never more than the whole room
    holds (`people_limit` None: it has no limit).
    """
    return party_max if people_limit is None else min(party_max, people_limit)


@dataclass(frozen=True)
class Office:
    """One public office with all its standing settings. `people_limit` None means no crowd
    control; `languages` are those in which it speaks to the public, the first one first.
    """

    code: str
    name: str
    address: str
    phone: str
    zone: str
    people_limit: int | None
    rules: Rules = field(default_factory=Rules)
    streams: tuple[Stream, ...] = ()
    services: tuple[Service, ...] = ()
    counters: tuple[Counter, ...] = ()
    hours: Hours = field(default_factory=Hours)
    modes: tuple[ModePeriod, ...] = ()
    location: Location = field(default_factory=Location)
    slip: SlipDesign = field(default_factory=SlipDesign)
    languages: tuple[str, ...] = KNOWN_LANGUAGES
    revision: int = 0
    waits: WaitModel | None = field(default=None, compare=False)

    @property
    def largest_party(self) -> int:
        """The most persons of one visit; see the function."""
        return largest_party(self.rules.booking.party_max, self.people_limit)

    @property
    def largest_kiosk_party(self) -> int:
        """The most persons to whom a kiosk gives a number; larger parties go to the staff."""
        return min(self.rules.door.kiosk_party_max, self.largest_party)

    @property
    def remote_letter(self) -> str | None:
        """The stream of those who are rung or met by video; None where nobody is."""
        return next((each.letter for each in self.streams if each.remote), None)

    @property
    def streams_here(self) -> tuple[Stream, ...]:
        """The streams of those who come to the office."""
        return tuple(each for each in self.streams if not each.remote)

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

    def services_of(self, letter: str) -> tuple[Service, ...]:
        """The services of a stream; those that can be had from home for the remote one."""
        if letter == self.remote_letter:
            return tuple(each for each in self.services if each.remote)
        return tuple(each for each in self.services if each.letter == letter)

    def mean_minutes(self, letter: str) -> float:
        """Mean planned service time of a stream, minutes. A stream without services counts 10."""
        minutes = [each.minutes for each in self.services_of(letter)]
        return sum(minutes) / len(minutes) if minutes else 10.0

    def openings_on(self, day: date) -> tuple[Opening, ...]:
        """The stretches open on a date, in order; none on a closed date."""
        known = self._openings.get(day)
        if known is None:
            known = self._openings[day] = self.hours.on(day)
        return known

    @cached_property
    def _openings(self) -> dict[date, tuple[Opening, ...]]:
        return {}

    def mode_period(self, now: datetime) -> ModePeriod | None:
        """The decision that rules the whole office at a moment; None means NORMAL."""
        return period_at(self.modes, None, now) if self.modes else None

    def mode_at(self, now: datetime) -> ServiceMode:
        """How far the office is open to visitors at a moment."""
        period = self.mode_period(now)
        return ServiceMode.NORMAL if period is None else period.mode

    def is_open(self, now: datetime) -> bool:
        """Whether the doors are open: from the first opening to the last closing of the day, breaks
        included, unless the mode is CLOSED.
        """
        return self._is_within_hours(now) and not (
            self.modes and self.mode_at(now) is ServiceMode.CLOSED
        )

    def _is_within_hours(self, now: datetime) -> bool:
        local = self.local(now)
        stretches = self.openings_on(local.date())
        return bool(stretches) and stretches[0].opens <= local.time() < stretches[-1].closes

    def opens_at(self, day: date) -> datetime | None:
        """When the doors first open on a date by the opening hours, or None on a closed day."""
        stretches = self.openings_on(day)
        return datetime.combine(day, stretches[0].opens, self.tz) if stretches else None

    def closes_at(self, now: datetime) -> datetime | None:
        """The end of today's last opening, or None on a closed day."""
        stretches = self.openings_on(self.date_at(now))
        if not stretches:
            return None
        return datetime.combine(self.date_at(now), stretches[-1].closes, self.tz)

    def next_opening(self, now: datetime, *, within_days: int = 60) -> datetime | None:
        """When the doors next open after `now`, by hours and mode, or None if not within the given
        days.
        """
        today = self.date_at(now)
        for ahead in range(within_days + 1):
            day = today + timedelta(days=ahead)
            stretches = self.openings_on(day)
            if stretches:
                opens, closes = (
                    datetime.combine(day, at, self.tz)
                    for at in (stretches[0].opens, stretches[-1].closes)
                )
                changes = {
                    at
                    for each in self.modes
                    for at in (each.starts_at, each.ends_at)
                    if at is not None and opens < at < closes
                }
                for at in (opens, *map(self.local, sorted(changes))):
                    if (
                        at > now
                        and self.is_open(at)
                        and not self.is_open(at - timedelta(microseconds=1))
                    ):
                        return at
        return None
