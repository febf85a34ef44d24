"""What the model of an office writes down: visits, persons, decisions, and why a command was
refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.services.life_cycle.places_model import Claim, Day

LIVE = {"HELD", "BOOKED", "STRANDED", "WAITING", "CALLED", "SERVING", "PARKED"}
STRICT = ("NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED")


class Refused(Exception):
    """A command that a rule forbids, with the code of the reason. What it has changed by then
    counts for nothing.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Visit:
    """What the model knows of a ticket. `day` counts from 0; `created` and all other times are
    minutes.
    """

    id: str
    day: int
    letter: str
    service: str
    state: str
    party: int
    created: float
    priority: bool = False
    urgent: bool = False
    person: int | None = None
    slot: float | None = None
    expires: float | None = None
    extended: int = 0
    number: str | None = None
    place: str | None = None
    arrived: float | None = None
    turn: float | None = None
    counter: str | None = None
    clerk: str | None = None
    called: float | None = None
    let_in: float | None = None
    calls: int = 0
    ended: float | None = None
    moves: int = 0
    claim: Claim | None = None
    wanted_counter: str | None = None
    wanted_clerk: str | None = None
    missed: bool = False
    """Not come, and counted against whoever booked."""


@dataclass
class Entry:
    """A person's wish for a place on one of the days first..last; `ticket` is the place offered, or
    taken.
    """

    id: str
    service: str
    party: int
    priority: bool
    first: int
    last: int
    person: int
    created: float
    state: str = "WAITING"
    lapsed: int = 0
    ticket: str | None = None


@dataclass
class Sensor:
    """What a sensor has said last, on which day, and where its totals stood when the day, or a
    count by eye, began.
    """

    came: int
    went: int
    at: float
    day: int
    base_came: int = 0
    base_went: int = 0


@dataclass
class Last:
    """A ticket's newest event: what it was, who did it, when, and the ticket before it."""

    type: str
    by: str | None
    at: float
    before: dict[str, Any]


@dataclass(frozen=True)
class Person:
    nik: int
    phone: int


@dataclass(frozen=True)
class Mode:
    """A decision on the office, or one service, from a moment to another; the one decided last
    counts.
    """

    name: str
    start: float
    end: float
    service: str | None = None

    def covers(self, at: float) -> bool:
        return self.start <= at < self.end


@dataclass
class Settings:
    """What an office decides. `openings` by day, `fresh` the places that these settings give each
    day.
    """

    limit: int | None
    openings: dict[int, list[tuple[float, float]]]
    fresh: dict[int, Day]
    beyond: bool = True
    release: float = 30
    modes: list[Mode] = field(default_factory=list)
    revision: int = 1
