"""Who may look at what is held of one person, how often, how many looks at visitors stand out, and
what stands against erasing a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.errors import DomainError, LimitReached

LOOKS_MAX = 10
"""Looks of one member of staff within LOOKS_WITHIN: enough for a day's requests, too few to
browse.
"""

LOOKS_WITHIN = timedelta(hours=1)

LOOKS_A_DAY = 240
"""Visitors whom one desk can have on a day: one every two minutes for eight hours."""

SEARCHES_A_DAY = 60
"""Searches by name for those who have come without their code."""


class By(StrEnum):
    """By what a person is looked for."""

    NUMBER = "number"
    PHONE = "phone"
    CODE = "code"


class StillLive(DomainError):
    """Somebody's data are still needed for visits that stand. Facts: `visits`, `waiting` (entries
    of the waitlist), `present` (visits whose visitor has come).
    """

    code = "still_live"


@dataclass(frozen=True)
class Standing:
    """What stands against erasing: visits ahead, entries of the waitlist, and visits whose visitor
    is here.
    """

    visits: int
    waiting: int
    present: int


def admit_look(looked_at: Iterable[datetime], now: datetime) -> None:
    """Refuse one look more than a member of staff may take. Raises `LimitReached` (rule
    `looks`).
    """
    lately = [each for each in looked_at if now - each < LOOKS_WITHIN]
    if len(lately) >= LOOKS_MAX:
        raise LimitReached(rule="looks", limit=LOOKS_MAX)


def stands_out(looks: int, searches: int) -> bool:
    """Whether somebody of the staff has looked on a day at more visitors, or searched for more
    names, than their work explains. Nothing is refused for it: whoever reads the log asks them.
    """
    return looks > LOOKS_A_DAY or searches > SEARCHES_A_DAY


def admit_erasing(standing: Standing, *, cancelling: bool) -> None:
    """Refuse to erase what a visit still needs; `cancelling`: those ahead are given up first, as
    the person wants. Raises `StillLive`.
    """
    ahead = standing.visits + standing.waiting
    if standing.present or (ahead and not cancelling):
        raise StillLive(visits=standing.visits, waiting=standing.waiting, present=standing.present)


def tell_apart(fingerprints: Sequence[str]) -> list[str]:
    """The persons behind a telephone that several use, each once, in the order given."""
    return list(dict.fromkeys(fingerprints))
