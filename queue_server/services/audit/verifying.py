"""Checking the log of offices against its chain, in one consistent view of the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.engine import Connection

from queue_server.domain.audit.verification import Anchor, DayLog, Fault, check_day, check_links
from queue_server.store.audit import log_rows


@dataclass(frozen=True)
class OfficeReport:
    """What was looked at in an office: days and events, how many of these have no hash yet, the
    last link to note elsewhere, and the first bad row of each bad day.
    """

    office: str
    days: int = 0
    events: int = 0
    unchained: int = 0
    number: int = 0
    hash: str = ""
    faults: Sequence[Fault] = field(default_factory=tuple)


def verify_office(
    connection: Connection,
    office: str,
    first: date | None,
    last: date | None,
    anchors: Sequence[Anchor],
    tell: Callable[[float], object],
) -> OfficeReport:
    """Check the days of an office between two dates, both included, and all of its links. `tell`
    hears the share that is done.
    """
    head = log_rows.find_head(connection, office)
    broken = check_links(office, log_rows.list_links(connection, office), head, anchors)
    faults = [] if broken is None else [broken]
    linked = log_rows.map_linked(connection, office)
    days = [
        each
        for each in log_rows.list_days(connection, office)
        if (first is None or each >= first.isoformat())
        and (last is None or each <= last.isoformat())
    ]
    events = unchained = 0
    for done, day in enumerate(days, 1):
        last_seq, hashed_to = log_rows.find_ends(connection, office, day)
        rows = log_rows.list_rows(connection, office, day, after=-(2**31))
        fault = check_day(DayLog(office, day, rows, last_seq, hashed_to, linked.get(day, {})))
        faults += [] if fault is None else [fault]
        events += len(rows)
        unchained += sum(each.hash is None for each in rows)
        tell(done / len(days))
    number, value = head or (0, b"")
    return OfficeReport(office, len(days), events, unchained, number, value.hex(), tuple(faults))
