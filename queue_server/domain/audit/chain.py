"""The chain of hashes over the log: what is hashed, and what each hash follows.

Each office-day has a chain of its own over its events, by their numbers. A second chain for each
office, of links, says in which order the days have grown: events come to future days and to past
ones alike. docs/audit.md tells strangers how to make both again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class LogRow:
    """An event as its row says, whatever it says: `date` as YYYY-MM-DD, `at` in UTC with
    microseconds as `2026-11-23T02:00:00.000000Z`. `hash` is the stored one, None before it is made.
    """

    office: str
    date: str
    seq: int
    type: str
    ticket: str | None
    at: str
    facts: Any
    hash: bytes | None = None


@dataclass(frozen=True)
class Link:
    """That an office-day had come to this event, with this hash of the event, when link `number`
    (1, 2, 3 … in its office) was made.
    """

    office: str
    number: int
    date: str
    seq: int
    event_hash: bytes
    hash: bytes


@dataclass(frozen=True)
class Growth:
    """What a batch adds to the chain of an office: the hash of each event, by day and number, and
    the links.
    """

    hashes: tuple[tuple[str, int, bytes], ...]
    links: tuple[Link, ...]


def begin_day(office: str, date: str) -> bytes:
    """What the first event of an office-day follows."""
    return sha256(f"antrean day 1\n{office}\n{date}".encode()).digest()


def begin_office(office: str) -> bytes:
    """What the first link of an office follows."""
    return sha256(f"antrean office 1\n{office}".encode()).digest()


def write_canonical(row: LogRow) -> bytes:
    """The one spelling of an event: JSON with sorted names, without spaces, in ASCII."""
    told = {
        "at": row.at,
        "date": row.date,
        "facts": row.facts,
        "office": row.office,
        "seq": row.seq,
        "ticket": row.ticket,
        "type": row.type,
    }
    return _write(told)


def hash_event(before: bytes, row: LogRow) -> bytes:
    """The hash of an event that follows another one's hash, or the beginning of its day."""
    return sha256(before + write_canonical(row)).digest()


def hash_link(before: bytes, office: str, number: int, date: str, seq: int, event: bytes) -> bytes:
    """The hash of a link that follows another one's hash, or the beginning of its office."""
    told = {"date": date, "event": event.hex(), "number": number, "office": office, "seq": seq}
    return sha256(before + _write(told)).digest()


def grow(
    office: str, number: int, head: bytes, days: Iterable[tuple[bytes, list[LogRow]]]
) -> Growth:
    """Go on with the chain of an office from its last link. Each day comes with the hash that its
    rows follow; they are in order, and none is left out.
    """
    hashes: list[tuple[str, int, bytes]] = []
    links: list[Link] = []
    for before, rows in days:
        for row in rows:
            before = hash_event(before, row)
            hashes.append((row.date, row.seq, before))
        if rows:
            number, last = number + 1, rows[-1]
            head = hash_link(head, office, number, last.date, last.seq, before)
            links.append(Link(office, number, last.date, last.seq, before, head))
    return Growth(tuple(hashes), tuple(links))


def _write(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
