"""How the devices of an office are: whether one is heard, and how its printer is. Asked by every
page, the API and the alerts alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from queue_server.domain.office.rules import Rules

PRINTER_FACT = "printer"
"""The fact of a heartbeat that tells how the printer is."""

BEAT_FACT = "beat_s"
"""The fact that tells after how many seconds the next heartbeat comes at the latest."""

BEAT_LATE = timedelta(seconds=3)
"""So much later than announced a heartbeat may come: the network lost one, and it was repeated."""

COARSE_FACTS = ("page_seen_s", "oldest_s")
"""Facts that grow by themselves, kept in whole minutes: else each heartbeat would be news."""


class Hearing(StrEnum):
    """Whether a paired device is heard. NEVER: it was set up and has not spoken yet, so nothing
    that worked has failed.
    """

    NEVER = "NEVER"
    HEARD = "HEARD"
    SILENT = "SILENT"


class PrinterCode(StrEnum):
    """How a device's printer is. NONE: the device has none. UNKNOWN: it does not answer, or says
    what nobody here knows.
    """

    NONE = "none"
    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"
    SPOOL_STOPPED = "spool_stopped"

    @property
    def is_in_trouble(self) -> bool:
        """Whether no slip comes out until somebody lends a hand."""
        return self not in (PrinterCode.NONE, PrinterCode.READY, PrinterCode.PAPER_LOW)


def is_overdue(facts: Mapping[str, Any] | None, heard_at: datetime, now: datetime) -> bool:
    """Whether the heartbeat is late that a device had announced. One that announces nothing, as an
    older agent, is never.
    """
    beat_s = (facts or {}).get(BEAT_FACT)
    if type(beat_s) is not int or not 1 <= beat_s <= 3600:
        return False
    return now - heard_at > timedelta(seconds=beat_s) + BEAT_LATE


def judge_hearing(heard_at: datetime | None, now: datetime, rules: Rules) -> Hearing:
    """Whether a device that was heard last at a moment counts as heard: no longer ago than the
    office's `silent_device_minutes`.
    """
    if heard_at is None:
        return Hearing.NEVER
    return (
        Hearing.SILENT
        if now - heard_at > timedelta(minutes=rules.alerts.silent_device_minutes)
        else Hearing.HEARD
    )


def read_printer(facts: Mapping[str, Any] | None) -> PrinterCode | None:
    """How the printer is by the facts of a heartbeat; None where nothing is said of one, as by a TV
    or an older agent.
    """
    said = (facts or {}).get(PRINTER_FACT)
    if said is None:
        return None
    return PrinterCode(said) if said in set(PrinterCode) else PrinterCode.UNKNOWN


def can_print(
    heard_at: datetime | None, facts: Mapping[str, Any] | None, now: datetime, rules: Rules
) -> bool:
    """Whether a slip comes out of a printer that was heard last at a moment and said this."""
    code = read_printer(facts)
    return judge_hearing(heard_at, now, rules) is Hearing.HEARD and not (
        code is None or code is PrinterCode.NONE or code.is_in_trouble
    )


def choose_printer(
    printers: Iterable[tuple[str, datetime | None, Mapping[str, Any] | None]],
    now: datetime,
    rules: Rules,
    wanted: str | None = None,
) -> str | None:
    """Of some printers, each with its id, when it was heard last and its facts, the first that is
    heard and ready, or just the one that is `wanted`; None if there is none.
    """
    return next(
        (
            id
            for id, heard_at, facts in printers
            if wanted in (None, id) and can_print(heard_at, facts, now, rules)
        ),
        None,
    )


def admit_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a heartbeat as they are kept: of a printer only a code that is known, and
    nothing that changes with each second.
    """
    code = read_printer(facts)
    kept = {
        name: value - value % 60
        if name in COARSE_FACTS and type(value) is int and value >= 0
        else value
        for name, value in facts.items()
        if name != PRINTER_FACT
    }
    return kept if code is None else {**kept, PRINTER_FACT: code.value}
