"""Snapshots of office queues: what a city publishes every few minutes of each queue's length and last called ticket."""
from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path

COLUMNS = ("office", "queue_id", "date", "time", "counters_open", "vendor_minutes", "waiting", "current_ticket")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NUMBER = re.compile(r"\d{1,9}$", re.ASCII)


class BadSnapshots(Exception):
    """A file that does not hold snapshots; the message names the line and says why."""


@dataclass(frozen=True)
class Snapshot:
    """One queue at one moment. `minute` counts from midnight; `number` is that of the last ticket called, None if none is shown."""

    minute: int
    counters_open: int
    vendor_minutes: int
    waiting: int
    number: int | None


QueueDay = tuple[str, str]
"""Queue ("office/queue") and date (YYYY-MM-DD)."""


def read_snapshots(path: Path) -> dict[QueueDay, list[Snapshot]]:
    """All snapshots of a CSV file (plain or gzip, header `COLUMNS`) by queue and date, each in order of time.

    Raises `BadSnapshots`.
    """
    found: dict[QueueDay, dict[int, Snapshot]] = defaultdict(dict)
    try:
        with _open_text(path) as text:
            for line, key, snapshot in _parse(text):
                if snapshot.minute in found[key]:
                    raise BadSnapshots(f"line {line}: a second snapshot of one queue at one moment")
                found[key][snapshot.minute] = snapshot
    except BadSnapshots as error:
        raise BadSnapshots(f"{path.name}: {error}") from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadSnapshots(f"{path.name} cannot be read: {error}") from None
    return {key: [day[minute] for minute in sorted(day)] for key, day in found.items()}


@contextmanager
def _open_text(path: Path) -> Iterator[TextIOWrapper]:
    with path.open("rb") as raw:
        zipped = raw.peek(2)[:2] == b"\x1f\x8b"
        with TextIOWrapper(gzip.GzipFile(fileobj=raw) if zipped else raw, encoding="utf-8-sig", newline="") as text:
            yield text


def _parse(text: TextIOWrapper) -> Iterator[tuple[int, QueueDay, Snapshot]]:
    reader = csv.reader(text)
    header = next(reader, [])
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise BadSnapshots(f"the first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}")
    places = [header.index(name) for name in COLUMNS]
    dates: dict[str, str] = {}
    for row in reader:
        if not row:
            continue
        try:
            office, queue, day, time, counters, vendor, waiting, ticket = (row[place] for place in places)
            if day not in dates:
                dates[day] = date.fromisoformat(day).isoformat()
            snapshot = Snapshot(_minute(time), _count(counters), _count(vendor), _count(waiting), _number(ticket))
        except (IndexError, ValueError) as error:
            raise BadSnapshots(f"line {reader.line_num}: {error}") from None
        yield reader.line_num, (f"{office}/{queue}", dates[day]), snapshot


def _minute(time: str) -> int:
    found = _TIME.fullmatch(time)
    if found is None:
        raise ValueError(f"{time!r} is not a time HH:MM")
    return int(found[1]) * 60 + int(found[2])


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError(f"{text!r} is not a count")
    return int(text)


def _number(ticket: str) -> int | None:
    found = _NUMBER.search(ticket.strip())
    return int(found[0]) if found else None
