"""Snapshots of office queues: each queue's length and last called ticket, as a city publishes them
every few minutes.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path

COLUMNS = (
    "office",
    "queue_id",
    "date",
    "time",
    "counters_open",
    "vendor_minutes",
    "waiting",
    "current_ticket",
)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_NUMBER = re.compile(r"\d{1,9}$", re.ASCII)


class BadSnapshots(Exception):
    """A file that does not hold snapshots; the message names the line and says why."""


@dataclass(frozen=True)
class Snapshot:
    """One queue at one moment. `minute` counts from midnight; `number` is that of the last ticket
    called, None if none is shown.
    """

    minute: int
    counters_open: int
    vendor_minutes: int
    waiting: int
    number: int | None


QueueDay = tuple[str, str]
"""Queue ("office/queue") and date (YYYY-MM-DD)."""


@dataclass(frozen=True)
class Record:
    """All snapshots of a file by queue and date, each in order of time. `repeats`: the number of
    repeated lines, which were dropped.
    """

    snapshots: Mapping[QueueDay, Sequence[Snapshot]]
    repeats: int


@dataclass(frozen=True)
class _Row:
    """The relevant parts of a line of the file: its snapshot, and the ticket as written, of which
    the snapshot keeps only the number.
    """

    line: int
    queue_day: QueueDay
    snapshot: Snapshot
    ticket: str

    def says_the_same(self, other: _Row) -> bool:
        return (self.snapshot, self.ticket) == (other.snapshot, other.ticket)


def read_snapshots(path: Path) -> Record:
    """The snapshots of a CSV file (plain or gzip, header `COLUMNS`).

    A line that repeats an earlier one is dropped and counted, because records are often put
    together from overlapping pieces. Raises `BadSnapshots`, also for two lines that say different
    things of one queue at one moment.
    """
    rows: dict[QueueDay, dict[int, _Row]] = defaultdict(dict)
    repeats = 0
    try:
        with _open_text(path) as text:
            for row in _parse(text):
                known = rows[row.queue_day].setdefault(row.snapshot.minute, row)
                if known is row:
                    continue
                if not row.says_the_same(known):
                    raise BadSnapshots(
                        f"line {row.line} contradicts line {known.line}, of the same queue at the "
                        "same moment"
                    )
                repeats += 1
    except BadSnapshots as error:
        raise BadSnapshots(f"{path.name}: {error}") from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadSnapshots(f"{path.name} cannot be read: {error}") from None
    return Record(
        {key: [day[minute].snapshot for minute in sorted(day)] for key, day in rows.items()},
        repeats,
    )


@contextmanager
def _open_text(path: Path) -> Iterator[TextIOWrapper]:
    with path.open("rb") as raw:
        zipped = raw.peek(2)[:2] == b"\x1f\x8b"
        with TextIOWrapper(
            gzip.GzipFile(fileobj=raw) if zipped else raw, encoding="utf-8-sig", newline=""
        ) as text:
            yield text


def _parse(text: TextIOWrapper) -> Iterator[_Row]:
    reader = csv.reader(text)
    header = next(reader, [])
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise BadSnapshots(
            f"the first line must name the columns {', '.join(COLUMNS)}; missing: "
            f"{', '.join(missing)}"
        )
    places = [header.index(name) for name in COLUMNS]
    dates: dict[str, str] = {}
    for row in reader:
        if not row:
            continue
        try:
            office, queue, day, time, counters, vendor, waiting, ticket = (
                row[index] for index in places
            )
            if day not in dates:
                dates[day] = date.fromisoformat(day).isoformat()
            snapshot = Snapshot(
                _minute(time), _count(counters), _count(vendor), _count(waiting), _number(ticket)
            )
        except (IndexError, ValueError) as error:
            raise BadSnapshots(f"line {reader.line_num}: {error}") from None
        yield _Row(reader.line_num, (f"{office}/{queue}", dates[day]), snapshot, ticket.strip())


def _minute(time: str) -> int:
    clock = _TIME.fullmatch(time)
    if clock is None:
        raise ValueError(f"{time!r} is not a time HH:MM")
    return int(clock[1]) * 60 + int(clock[2])


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError(f"{text!r} is not a count")
    return int(text)


def _number(ticket: str) -> int | None:
    digits = _NUMBER.search(ticket.strip())
    return int(digits[0]) if digits else None
