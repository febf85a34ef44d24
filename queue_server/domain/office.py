"""What an office is: its services, streams, counters, opening hours and published rules."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from .errors import NotInService, UnknownCounter, UnknownService, UnknownStream
from .hours import Hours, Opening
from .modes import ModePeriod, ServiceMode, period_at, stricter
from .wait_estimate import WaitModel

Words = Mapping[str, str]
"""A text by language code: `{"id": …, "en": …}`."""


class ServiceChannel(StrEnum):
    """Whether a service can be had without a visit."""

    MUST_COME = "MUST_COME"
    HYBRID = "HYBRID"
    ONLINE = "ONLINE"


class CallPolicy(StrEnum):
    """How an office decides who is called next; see `call_order`. RATIO: favoured (priority or booked) visitors and others in turn."""

    TURN_TIME = "TURN_TIME"
    FIFO = "FIFO"
    RATIO = "RATIO"
    STRICT = "STRICT"


@dataclass(frozen=True)
class Rules:
    """An office's published settings. Minutes, days and counts; shares are fractions of 1, and what they leave is for walk-ins.

    `call_ratio`: favoured visitors for each other one under the policy RATIO. `late_minutes`: how much of a late booked visitor's
    delay after the grace is forgiven. `recall_seconds`: when the first, second, … call may be made, counted from the first;
    `missed_after_seconds`: how long after the last of them a visitor may be taken as not come.

    `target_minutes`: within how long the office means to serve whoever waits. The `alert_…` are where the supervisor is told: how
    long the longest wait is, how many parties more than this wait outside a full room, how long nobody is called though people wait,
    how long a device is not heard, how many numbers a minute each kiosk gives on average. `alert_email`: who is told by mail of what
    cannot wait for a look at the wall; None: nobody.

    `kiosk_pace_seconds` is how fast parties may come to one kiosk for good, `kiosk_burst` how many numbers it gives faster than that;
    None for no bound. Parties above `kiosk_party_max` get their number from the staff.

    `utilisation` is the part of the counters' time that is planned with visits; the rest takes up what lasts longer than planned.
    `walk_in_ahead_minutes` is how far ahead visitors at the door are given places, so that the first hour's crowd cannot take the
    afternoon's; None for the whole day. `walk_ins_beyond_places`: whether a number is still given at the door when no place is left
    within reach. `bookings_per_day` None means that only the other limits count.
    `personal_data_days`: how long after the day of a visit the office still knows whose it was.
    `synthetic_niks` lets invented people book, for a demonstration.
    """

    slot_minutes: int = 15
    horizon_days: int = 14
    hold_minutes: int = 10
    hold_extensions_max: int = 1
    online_share: float = 0.6
    urgent_share: float = 0.1
    release_minutes: int = 30
    utilisation: float = 0.85
    walk_in_ahead_minutes: int | None = 30
    walk_ins_beyond_places: bool = True
    check_in_early_minutes: int = 30
    grace_minutes: int = 10
    priority_credit_minutes: int = 15
    walk_in_offset_minutes: int = 0
    late_minutes: int = 0
    call_policy: CallPolicy = CallPolicy.TURN_TIME
    call_ratio: int = 3
    calls_max: int = 3
    recall_seconds: tuple[int, ...] = (0, 60, 120)
    missed_after_seconds: int = 60
    return_minutes: int = 60
    undo_minutes: int = 5
    bookings_per_service: int = 1
    bookings_per_office: int = 2
    bookings_per_phone: int = 4
    bookings_per_day: int | None = None
    no_shows_max: int = 2
    no_show_days: int = 30
    no_show_horizon_days: int = 1
    kept_minutes_min: int = 1
    kept_minutes_max: int = 10
    waitlist_offer_minutes: int = 60
    waitlist_offer_open_minutes: int = 15
    waitlist_offers_max: int = 2
    waitlist_per_contact: int = 4
    party_max: int = 6
    kiosk_party_max: int = 3
    kiosk_pace_seconds: int | None = 5
    kiosk_burst: int = 8
    pass_over_minutes: int = 20
    reschedules_max: int = 2
    resume_keeps_turn: bool = True
    urgent_letter: str | None = None
    synthetic_niks: bool = False
    target_minutes: int = 30
    alert_oldest_minutes: int = 45
    alert_outside_parties: int = 5
    alert_uncalled_minutes: int = 10
    alert_device_minutes: int = 2
    alert_email: str | None = None
    alert_numbers_per_minute: int = 11
    personal_data_days: int = 7


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Rules from their stored form, in which a policy is its name and a tuple a list."""
    known = dict(values)
    if "call_policy" in known:
        known["call_policy"] = CallPolicy(known["call_policy"])
    if "recall_seconds" in known:
        known["recall_seconds"] = tuple(known["recall_seconds"])
    return Rules(**known)


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
    people_limit: int | None
    rules: Rules = field(default_factory=Rules)
    streams: tuple[Stream, ...] = ()
    services: tuple[Service, ...] = ()
    counters: tuple[Counter, ...] = ()
    hours: Hours = field(default_factory=Hours)
    modes: tuple[ModePeriod, ...] = ()
    revision: int = 0
    waits: WaitModel | None = field(default=None, compare=False)

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

    def mean_minutes(self, letter: str) -> float:
        """Mean planned service time of a stream, minutes. A stream without services counts 10."""
        minutes = [each.minutes for each in self.services if each.letter == letter]
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
        """Whether the doors are open: from the first opening to the last closing of the day, breaks included, unless the mode is CLOSED."""
        return self._is_within_hours(now) and not (self.modes and self.mode_at(now) is ServiceMode.CLOSED)

    def _is_within_hours(self, now: datetime) -> bool:
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
        """When the doors next open after `now`, by hours and mode, or None if not within the given days."""
        today = self.date_at(now)
        for ahead in range(within_days + 1):
            day = today + timedelta(days=ahead)
            stretches = self.openings_on(day)
            if stretches:
                opens, closes = (datetime.combine(day, at, self.tz) for at in (stretches[0].opens, stretches[-1].closes))
                changes = {at for each in self.modes for at in (each.starts_at, each.ends_at) if at is not None and opens < at < closes}
                for at in (opens, *map(self.local, sorted(changes))):
                    if at > now and self.is_open(at) and not self.is_open(at - timedelta(microseconds=1)):
                        return at
        return None


def mode_of(office: Office, service: Service, now: datetime) -> ServiceMode:
    """The stricter of the office's and the service's mode at a moment."""
    if not office.modes:
        return ServiceMode.NORMAL
    own = period_at(office.modes, service.code, now)
    return office.mode_at(now) if own is None else stricter(office.mode_at(now), own.mode)


def admit_service(office: Office, service: Service, *, urgent: bool, at: datetime) -> None:
    """Refuse a visit at a moment whose mode does not serve it.

    Raises `NotInService` with `reason` "mode". ONLINE_FIRST refuses only non-urgent visits for services that can be had
    wholly online.
    """
    mode = mode_of(office, service, at)
    refused = (
        mode is ServiceMode.CLOSED
        or (mode is ServiceMode.URGENT_ONLY and not urgent)
        or (mode is ServiceMode.ONLINE_FIRST and service.channel is ServiceChannel.ONLINE and not urgent)
    )
    if refused:
        raise NotInService(reason="mode", mode=mode.value, service=service.code)


def admits(office: Office, service: Service, *, urgent: bool, at: datetime) -> bool:
    """Whether a visit at a moment is served in the mode that rules then."""
    if not office.modes:
        return True
    try:
        admit_service(office, service, urgent=urgent, at=at)
    except NotInService:
        return False
    return True


def admit_hours(office: Office, now: datetime) -> None:
    """Refuse a visit while the doors are shut. Raises `NotInService` with `opens_at` and `reason` "hours", or "mode" within the hours."""
    if not office.is_open(now):
        opens, reason = office.next_opening(now), "mode" if office._is_within_hours(now) else "hours"
        raise NotInService(reason=reason, opens_at=opens.isoformat() if opens else None)
