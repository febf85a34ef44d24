"""Which office needs a hand first: one order for all of a province, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Standing:
    """How an office stands at a moment, in numbers alone.

    `over`: persons inside above the limit now; `over_minutes` of today with too many inside.
    `oldest_minutes` is how long the first of those waiting has waited (None: nobody waits),
    `silent_devices` are devices not heard, `overdue_days` how long ago the mode that rules now
    should have been looked at again, `stranded` bookings that wait for a new time. `is_evacuated`:
    people were sent out, and not for practice.
    """

    office: str
    is_evacuated: bool
    over: int
    over_minutes: int
    waiting: int
    counters_open: int
    oldest_minutes: int | None
    target_minutes: int
    silent_devices: int
    overdue_days: int
    stranded: int


class Concern(StrEnum):
    """Why an office needs a hand, the worst first."""

    EVACUATED = "EVACUATED"
    OVER_LIMIT = "OVER_LIMIT"
    WAS_OVER_LIMIT = "WAS_OVER_LIMIT"
    NO_COUNTER = "NO_COUNTER"
    LONG_WAIT = "LONG_WAIT"
    DEVICES_SILENT = "DEVICES_SILENT"
    REVIEW_OVERDUE = "REVIEW_OVERDUE"
    STRANDED = "STRANDED"


_MEASURES: Mapping[Concern, Callable[[Standing], int]] = {
    Concern.EVACUATED: lambda each: int(each.is_evacuated),
    Concern.OVER_LIMIT: lambda each: each.over,
    Concern.WAS_OVER_LIMIT: lambda each: each.over_minutes,
    Concern.NO_COUNTER: lambda each: each.waiting if each.counters_open == 0 else 0,
    Concern.LONG_WAIT: lambda each: max(0, (each.oldest_minutes or 0) - each.target_minutes),
    Concern.DEVICES_SILENT: lambda each: each.silent_devices,
    Concern.REVIEW_OVERDUE: lambda each: each.overdue_days,
    Concern.STRANDED: lambda each: each.stranded,
}
"""How much there is of each concern: persons, minutes, devices, days, bookings; 0 for none."""


def measure(standing: Standing) -> tuple[int, ...]:
    """How much an office has of each concern, the worst concern first."""
    return tuple(_MEASURES[concern](standing) for concern in Concern)


def list_concerns(standing: Standing) -> tuple[Concern, ...]:
    """What an office has to worry about, the worst first; nothing where all is well."""
    return tuple(
        concern for concern, much in zip(Concern, measure(standing), strict=True) if much > 0
    )


def order_worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """The offices in the order in which they need a hand.

    A worse concern goes before any amount of a lesser one: one person too many before a hundred
    stranded bookings, for people's safety is not weighed against comfort. Of two with the same
    concern, the one with more of it goes first, then the next concern decides, then how many wait,
    then the code: the same offices always stand in the same order.
    """
    return sorted(
        standings, key=lambda each: (*(-much for much in measure(each)), -each.waiting, each.office)
    )
