"""The messages between the parts: plain and frozen, the same on both ends of the wire.

Every message is sent as JSON with exactly these field names. `from_wire` ignores fields it does not
know, so an older kiosk keeps working with a newer server; a missing required field raises
`BadMessage`. Times are RFC 3339 strings with the office's offset: the server's edge has already
converted them to local time. No message for a public screen has a field for personal data.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, Union

from .displays import DisplaySettings

M = TypeVar("M")


class BadMessage(ValueError):
    """A received message lacks a required field or has one of the wrong shape."""


@dataclass(frozen=True)
class WaitRange:
    """An expected wait in whole minutes, rounded to the published steps; never a single number."""

    low: int
    high: int


@dataclass(frozen=True)
class Slip:
    """The content of a printed ticket; without a `number` the confirmation of a booking, with what
    to `bring`. `repeated`: the visitor had checked in before, so that slip is out already.
    `offline`: given without the server, so numbers may be called in another order. `urgency` is why
    a case is urgent and `evidence` what shows it, in the visitor's words. `header` and `footer` are
    the office's own lines, `logo` the id of its picture (see `SlipDesign`). No personal data,
    because slips are dropped and photographed.
    """

    id: str
    code: str
    number: str
    stream: str
    stream_name: str
    office: str
    office_name: str
    service: str
    service_name: str
    issued_at: str
    place: str
    url: str
    language: str = "id"
    party_size: int = 1
    ahead: int | None = None
    wait: WaitRange | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    checked_in_at: str | None = None
    copy: int = 0
    bring: str = ""
    repeated: bool = False
    offline: bool = False
    urgency: str = ""
    evidence: str = ""
    header: str = ""
    footer: str = ""
    logo: str = ""


def job_of(ticket: str, copy: int) -> str:
    """What the print job of a visit's slip, or of its copy, is called at the printer."""
    return f"{ticket}.{copy}"


@dataclass(frozen=True)
class SlipDesign:
    """What an office adds to its slips: lines above and below by language, and a picture. `logo` is
    the picture's id, empty without one; `picture` a black and white PNG in base64.
    """

    header: dict[str, str] = field(default_factory=dict)
    footer: dict[str, str] = field(default_factory=dict)
    logo: str = ""
    picture: str = ""


@dataclass(frozen=True)
class OrderedSlips:
    """The slips that a printer has to print, oldest order first, listed until they lapse."""

    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class SlipReport:
    """What became of a slip that was ordered: `outcome` is printed, unconfirmed or not_printed."""

    ticket: str
    copy: int
    outcome: str


@dataclass(frozen=True)
class BoardCall:
    """One call on the TV. `id` is new for every call and recall, so each is announced once. `times`
    counts the calls of this visitor: 2 and 3 are recalls.
    """

    id: str
    number: str
    counter: str
    at: str
    times: int
    language: str


@dataclass(frozen=True)
class BoardStream:
    """One queue on the TV: its letter, its name by language, persons waiting, and the wait."""

    letter: str
    name: dict[str, str]
    waiting: int
    wait: WaitRange | None = None


@dataclass(frozen=True)
class BoardNotice:
    """A sentence for the lobby, by language."""

    id: str
    text: dict[str, str]


@dataclass(frozen=True)
class OpenHours:
    """A stretch of the day in which the doors are open: times of the office's clock, as `08:00`."""

    opens: str
    closes: str


@dataclass(frozen=True)
class Board:
    """The whole state of one lobby. `version` is (date, seq): a client drops anything older than it
    shows.

    `inside` counts persons, companions included; `outside` counts parties that wait outside;
    `entering` lists the numbers that have just been let in. `admitting` is False if somebody has
    stopped the door. `paused` is PAUSE or EVACUATION during a standstill; `drill` marks a practice
    evacuation. `over` is the number of persons inside above the limit. `calls`, newest first, holds
    all of the last minute, and at least the newest six; `calls_left_out` counts those of the last
    minute that were too many. `hours`, `opens_at` and `mode_until` as in `OfficeOffer`.
    """

    office: str
    office_name: str
    date: str
    version: tuple[str, int]
    sent_at: str
    build: str
    zone: str
    mode: str
    open: bool
    inside: int
    limit: int | None
    waiting: int
    calls: tuple[BoardCall, ...] = ()
    streams: tuple[BoardStream, ...] = ()
    entering: tuple[str, ...] = ()
    notices: tuple[BoardNotice, ...] = ()
    outside: int = 0
    admitting: bool = True
    paused: str | None = None
    drill: bool = False
    over: int = 0
    calls_left_out: int = 0
    hours: tuple[OpenHours, ...] = ()
    opens_at: str | None = None
    mode_until: str | None = None


@dataclass(frozen=True)
class ServiceOffer:
    """A service as the kiosk offers it now. `open` is false, with the reason, if no number may be
    taken; `urgent_open` says whether an urgent case may. `next_day` is the first date on which a
    service that is closed by its mode serves again. `waiting` is -1 where nobody knows.
    """

    code: str
    letter: str
    name: dict[str, str]
    summary: dict[str, str]
    minutes: int
    channel: str
    open: bool
    reason: str | None = None
    waiting: int = 0
    wait: WaitRange | None = None
    mode: str = "NORMAL"
    urgent_open: bool = False
    next_day: str | None = None


@dataclass(frozen=True)
class OfficeOffer:
    """What a kiosk must know about its office to draw its screens. `inside`, `limit`, `over`,
    `paused` and `drill` as on the board.

    Parties larger than `party_max` are referred to the staff. `hours` are today's; `opens_at` is
    the next opening of an office that is closed, `mode_until` the end of its present mode, `notice`
    what the public is told of it. `full`: a visitor who comes now waits outside, for
    `outside_wait`. `streams` are the names of the queues by letter and language; `guide` is the
    version of the present `KioskGuide`; `languages` are those that the office offers, the first
    one first.
    """

    office: str
    name: str
    zone: str
    mode: str
    open: bool
    now: str
    services: tuple[ServiceOffer, ...] = ()
    reason: str | None = None
    paused: str | None = None
    drill: bool = False
    inside: int = 0
    limit: int | None = None
    over: int = 0
    party_max: int = 6
    hours: tuple[OpenHours, ...] = ()
    opens_at: str | None = None
    mode_until: str | None = None
    notice: dict[str, str] = field(default_factory=dict)
    full: bool = False
    outside_wait: WaitRange | None = None
    streams: dict[str, dict[str, str]] = field(default_factory=dict)
    guide: str = ""
    languages: tuple[str, ...] = ("id", "en")


@dataclass(frozen=True)
class HelpCalled:
    """A visitor's call for help at a kiosk. `stage`: asked, unanswered (nobody has come forward for
    a minute), answered (somebody is on the way) or ended.
    """

    id: str
    stage: str
    asked_at: str


@dataclass(frozen=True)
class DeviceSelf:
    """What the server knows about a device: its identity, its place, whether it may work, at a
    kiosk the call for help that goes on, and at a TV its settings.
    """

    id: str
    kind: str
    name: str
    office: str
    state: str
    help: HelpCalled | None = None
    display: DisplaySettings | None = None


@dataclass(frozen=True)
class Pairing:
    """A new device's pairing: the code for its screen, and the secret with which it polls until a
    manager approves.
    """

    id: str
    pairing_code: str
    secret: str
    expires_at: str


@dataclass(frozen=True)
class Heartbeat:
    """A device's health, sent every 5-15 s and at each change. Facts are small scalars such as
    `printer` or `sound`; `beat_s` announces the next one.
    """

    build: str
    facts: dict[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class DeviceOrder:
    """What staff want a device to do: `came_out` or `not_out` (the slip of print job `job`),
    `roll_changed`, `test_print`, `test_call`. The same `id` again is the same order.
    """

    id: str
    kind: str
    job: str = ""


@dataclass(frozen=True)
class HeartbeatAnswer:
    """What a device is to do, oldest order first; each is listed until it lapses. `display`: the
    settings of a TV, where they differ from those it named in `settings`.
    """

    orders: tuple[DeviceOrder, ...] = ()
    display: DisplaySettings | None = None


def to_wire(message: Any) -> dict[str, Any]:
    """A message as plain JSON-ready values. Not `dataclasses.asdict`: that copies every leaf, which
    costs more than sending it.
    """
    names, values_of = _fields(message.__class__)
    return {
        name: value if type(value) in _LEAVES else _plain(value)
        for name, value in zip(names, values_of(message), strict=True)
    }


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _LEAVES:
        return value
    if kind in (tuple, list):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(kind):
        return to_wire(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


_LEAVES = frozenset({str, int, float, bool, type(None)})


@cache
def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of a message's fields, and a function that reads their values."""
    names = tuple(each.name for each in dataclasses.fields(kind))
    return names, attrgetter(*names) if len(names) > 1 else lambda message: tuple(
        getattr(message, name) for name in names
    )


def from_wire(kind: type[M], data: Any) -> M:
    """Read `data` as a message of `kind`.

    Raises `BadMessage` for a missing field or a wrong shape. Unknown fields are ignored.
    """
    if not isinstance(data, dict):
        raise BadMessage(f"{kind.__name__}: an object is needed")
    hints = _hints(kind)
    values: dict[str, Any] = {}
    # M is always a message dataclass
    for item in dataclasses.fields(kind):  # type: ignore[arg-type]
        if item.name in data:
            values[item.name] = _read(
                hints[item.name], data[item.name], f"{kind.__name__}.{item.name}"
            )
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            raise BadMessage(f"{kind.__name__}.{item.name} is missing")
    return kind(**values)


_known_hints: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _known_hints:
        _known_hints[kind] = typing.get_type_hints(kind)
    return _known_hints[kind]


def _read(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        for choice in arguments:
            if choice is not type(None):
                try:
                    return _read(choice, value, where)
                except BadMessage:
                    continue
        raise BadMessage(f"{where} has the wrong shape")
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise BadMessage(f"{where} needs a list")
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_read(arguments[0], each, where) for each in value)
        if len(arguments) != len(value):
            raise BadMessage(f"{where} needs {len(arguments)} values")
        return tuple(
            _read(each_hint, each, where) for each_hint, each in zip(arguments, value, strict=True)
        )
    if origin is typing.Literal:
        if not isinstance(value, str) or value not in arguments:
            raise BadMessage(f"{where} is none of {', '.join(map(repr, arguments))}")
        return value
    if origin is dict:
        if not isinstance(value, dict):
            raise BadMessage(f"{where} needs an object")
        return {str(key): _read(arguments[1], each, where) for key, each in value.items()}
    if dataclasses.is_dataclass(hint):
        # is_dataclass also admits instances; a hint is a class
        return from_wire(hint, value)  # type: ignore[arg-type]
    if hint is Any:
        return value
    if isinstance(value, bool) and hint is not bool:
        raise BadMessage(f"{where} has the wrong shape")
    if not isinstance(value, hint):
        raise BadMessage(f"{where} has the wrong shape")
    return value
