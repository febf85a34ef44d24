"""Bookings that look like one hand behind many names: grouped by what they have in common, for a
manager to judge.

A group is a question and no verdict. A family shares a phone, a village hall its address, a phone
network an address among strangers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Common(StrEnum):
    """What the bookings of a group have in common, the strongest sign first."""

    BROWSER = "browser"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NETWORK = "network"


LEAST: Mapping[Common, int] = {
    Common.BROWSER: 4,
    Common.PHONE: 4,
    Common.EMAIL: 4,
    Common.ADDRESS: 6,
    Common.NETWORK: 12,
}
"""From how many bookings on a group is worth a look."""

LEAST_NIKS = 3
"""Of so many different persons, for bookings that name theirs: one who books again and again is
stopped by the limits."""


@dataclass(frozen=True)
class Trace:
    """A booking or hold with what it may have in common with others; `nik` is the fingerprint,
    None while nobody is named."""

    ticket: str
    people: int
    nik: str | None
    common: Mapping[Common, str | None]


@dataclass(frozen=True)
class Group:
    """Bookings that share one thing. `niks` counts the different persons they name."""

    common: Common
    tickets: tuple[str, ...]
    people: int
    niks: int


def find_groups(traces: Iterable[Trace]) -> list[Group]:
    """The groups worth a look, the largest first. Of groups of the very same bookings only the
    one with the strongest sign."""
    by_mark: dict[tuple[Common, str], list[Trace]] = defaultdict(list)
    for trace in traces:
        for common, mark in trace.common.items():
            if mark is not None:
                by_mark[common, mark].append(trace)
    groups: dict[frozenset[str], Group] = {}
    strength = list(Common)
    for (common, _mark), members in sorted(
        by_mark.items(), key=lambda item: strength.index(item[0][0])
    ):
        niks, unnamed = (
            {each.nik for each in members if each.nik is not None},
            sum(each.nik is None for each in members),
        )
        if len(members) >= LEAST[common] and len(niks) + unnamed >= LEAST_NIKS:
            tickets = tuple(each.ticket for each in members)
            groups.setdefault(
                frozenset(tickets),
                Group(common, tickets, sum(each.people for each in members), len(niks)),
            )
    return sorted(
        groups.values(),
        key=lambda group: (-len(group.tickets), strength.index(group.common), group.tickets),
    )
