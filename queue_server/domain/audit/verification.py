"""Whether a log is as it was when its chain was made: the first row of a day that is not, and why.

Whoever can write to the database can make the whole chain anew. A head that was noted elsewhere
(`Anchor`) shows that too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .chain import Link, LogRow, begin_day, begin_office, hash_event, hash_link


class FaultKind(StrEnum):
    """What is wrong with a row of the log, or of its chain."""

    CHANGED = "changed"
    MISSING = "missing"
    SWAPPED = "swapped"
    ADDED = "added"
    HASH_MISSING = "hash_missing"
    LINK_CHANGED = "link_changed"
    LINK_MISSING = "link_missing"
    ANCHOR_GONE = "anchor_gone"


@dataclass(frozen=True)
class Fault:
    """The first bad row of an office-day, by its `seq`, or a bad link of an office, by its
    `number`. `other`: the event with which it was swapped.
    """

    kind: FaultKind
    office: str
    date: str | None = None
    seq: int | None = None
    number: int | None = None
    other: int | None = None


@dataclass(frozen=True)
class DayLog:
    """An office-day: its rows in order, how many it must have, how far its hashes go, and which
    hash of which event its links have kept.
    """

    office: str
    date: str
    rows: Sequence[LogRow]
    last_seq: int
    hashed_to: int
    linked: Mapping[int, bytes]


@dataclass(frozen=True)
class Anchor:
    """A link whose hash somebody noted outside the database."""

    office: str
    number: int
    hash: bytes


def check_day(day: DayLog) -> Fault | None:
    """The first bad row of an office-day; None if all are as they were. What has no hash yet proves
    nothing, and is no fault.
    """
    value, expected = begin_day(day.office, day.date), 1

    def fault(kind: FaultKind, seq: int, other: int | None = None) -> Fault:
        return Fault(kind, day.office, day.date, seq, other=other)

    for row in day.rows:
        if row.seq != expected:
            return fault(
                FaultKind.ADDED if row.seq < expected else FaultKind.MISSING, min(row.seq, expected)
            )
        if row.seq > day.last_seq:
            return fault(FaultKind.ADDED, row.seq)
        if row.hash is None and row.seq <= day.hashed_to:
            return fault(FaultKind.HASH_MISSING, row.seq)
        if row.hash is not None:
            value = hash_event(value, row)
            if value != row.hash:
                other = _find_swapped(day.rows, row)
                return fault(
                    FaultKind.CHANGED if other is None else FaultKind.SWAPPED, row.seq, other
                )
            if day.linked.get(row.seq, value) != value:
                return fault(FaultKind.CHANGED, row.seq)
        expected += 1
    if expected <= max(day.last_seq, day.hashed_to, *day.linked):
        return fault(FaultKind.MISSING, expected)
    return None


def _find_swapped(rows: Sequence[LogRow], row: LogRow) -> int | None:
    """The number under which the content of a row once stood on its day."""
    for before, other in zip(rows[row.seq - 1 :], rows[row.seq :], strict=False):
        if before.hash is None or other.hash is None:
            return None
        if hash_event(before.hash, replace(row, seq=other.seq)) == other.hash:
            return other.seq
    return None


def check_links(
    office: str, links: Iterable[Link], head: tuple[int, bytes] | None, anchors: Iterable[Anchor]
) -> Fault | None:
    """The first bad link of an office; None if they follow each other up to the noted head and each
    anchor is among them.
    """
    value, number = begin_office(office), 0
    noted = {each.number: each.hash for each in anchors if each.office == office}
    for link in links:
        number += 1
        if link.number != number:
            return Fault(FaultKind.LINK_MISSING, office, number=number)
        value = hash_link(value, office, number, link.date, link.seq, link.event_hash)
        if value != link.hash:
            return Fault(FaultKind.LINK_CHANGED, office, link.date, link.seq, number)
        if noted.pop(number, value) != value:
            return Fault(FaultKind.ANCHOR_GONE, office, link.date, link.seq, number)
    if (number, value) != (head or (0, begin_office(office))):
        return Fault(FaultKind.LINK_MISSING, office, number=number + 1)
    if noted:
        return Fault(FaultKind.ANCHOR_GONE, office, number=min(noted))
    return None
