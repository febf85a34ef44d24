"""What is wrong with a device, read from the facts of its heartbeats. Devices page, dashboard,
alerts, mails, doctor and API ask here alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .behind import BEHIND_SINCE
from .health import PrinterCode, read_printer

ROLL_LOW_SLIPS = 50
"""So few slips left on the roll that somebody should fetch the next one."""

NUMBERS_LOW = 8
"""So few numbers left for the time without a server that a kiosk should have been given more."""

PAGE_SILENT_SECONDS = 60
"""How long the page of a kiosk or a TV may say nothing to the agent before its browser counts as
dead.
"""

BEHIND_FOR = timedelta(seconds=10)
"""How long a screen may show an older board than it should: more than two of its heartbeats."""

DAY_SECONDS = 86_400
"""Since when more than a day ago, nobody needs to know to the minute."""

TWO_INSTALLATIONS_FOR = timedelta(minutes=2)
"""How long it is told that two machines spoke under one identity: both go on speaking."""


class TroubleCode(StrEnum):
    """What is wrong with a device. Those of its printer are named as `PrinterCode` names them."""

    SILENT = "silent"
    TWO_INSTALLATIONS = "two_installations"
    DISK_FULL = "disk_full"
    LINK_LOST = "link_lost"
    CLOCK_UNSURE = "clock_unsure"
    PAGE_DEAD = "page_dead"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_OFF = "offline"
    PRINTER_MUTE = "unknown"
    SPOOL_STOPPED = "spool_stopped"
    UNCONFIRMED = "unconfirmed"
    STOPPED = "stopped"
    HELP_MISSED = "help_missed"
    NUMBERS_LOW = "numbers_low"
    PAPER_LOW = "paper_low"
    BOARD_BEHIND = "board_behind"
    SOUND_BLOCKED = "sound_blocked"
    SOUND_MISSING = "sound_missing"
    VOICE_INCOMPLETE = "voice_incomplete"
    CLOCK_WRONG = "clock_wrong"

    @property
    def is_urgent(self) -> bool:
        """Whether visitors get less than they should already; else somebody should lend a hand
        before they do. Staff who have stopped a kiosk wanted that.
        """
        return self not in _NOT_URGENT

    @property
    def is_of_printer(self) -> bool:
        """Whether somebody has to go to the printer, not to the machine."""
        return self in _OF_PRINTER


_NOT_URGENT = frozenset(
    {
        TroubleCode.STOPPED,
        TroubleCode.HELP_MISSED,
        TroubleCode.NUMBERS_LOW,
        TroubleCode.PAPER_LOW,
        TroubleCode.VOICE_INCOMPLETE,
        TroubleCode.CLOCK_WRONG,
    }
)

_OF_PRINTER = frozenset(
    {
        TroubleCode.PAPER_OUT,
        TroubleCode.COVER_OPEN,
        TroubleCode.PRINTER_OFF,
        TroubleCode.PRINTER_MUTE,
        TroubleCode.SPOOL_STOPPED,
        TroubleCode.UNCONFIRMED,
        TroubleCode.PAPER_LOW,
    }
)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong. `since`: from when on, where the device says so. `left`: slips or
    numbers left, slips that nobody knows of, calls that did not arrive, or words that cannot be
    spoken; 0 where nothing is counted.
    """

    code: TroubleCode
    since: datetime | None = field(default=None, compare=False)
    left: int = 0


def find_troubles(
    facts: Mapping[str, Any] | None, now: datetime, *, silent: bool = False
) -> tuple[Trouble, ...]:
    """All that is wrong by the last heartbeat of a device, what is urgent first. `silent`: it is
    not heard any more, so all else is as it was then. Nothing that a device says can fail here.
    """
    said = facts or {}
    troubles = [Trouble(TroubleCode.SILENT)] if silent else []
    conflict = _moment(said, "conflict_at")
    is_recent = conflict is not None and timedelta(0) <= now - conflict < TWO_INSTALLATIONS_FOR
    if is_recent or said.get("lease_trouble") == "lease_elsewhere":
        troubles.append(Trouble(TroubleCode.TWO_INSTALLATIONS, conflict))
    if said.get("journal") == "full":
        troubles.append(Trouble(TroubleCode.DISK_FULL))
    if said.get("link") in ("doubt", "offline", "syncing"):
        troubles.append(Trouble(TroubleCode.LINK_LOST, _moment(said, "offline_since")))
    if said.get("clock_sure") is False:
        troubles.append(Trouble(TroubleCode.CLOCK_UNSURE))
    page_silent = _count(said, "page_seen_s")
    if page_silent is not None and page_silent >= PAGE_SILENT_SECONDS:
        silent_for = timedelta(seconds=min(page_silent, DAY_SECONDS))
        troubles.append(Trouble(TroubleCode.PAGE_DEAD, now - silent_for))
    troubles += _printer_troubles(said)
    troubles += _screen_troubles(said, now)
    if said.get("stopped") is True:
        troubles.append(Trouble(TroubleCode.STOPPED))
    if missed := _count(said, "help_missed"):
        troubles.append(Trouble(TroubleCode.HELP_MISSED, left=missed))
    numbers = _count(said, "lease_left")
    if numbers is not None and numbers < NUMBERS_LOW:
        troubles.append(Trouble(TroubleCode.NUMBERS_LOW, left=numbers))
    return tuple(sorted(troubles, key=lambda each: not each.code.is_urgent))


def _printer_troubles(said: Mapping[str, Any]) -> list[Trouble]:
    code = read_printer(said)
    if code is None or code is PrinterCode.NONE:
        return []
    troubles = []
    left = _count(said, "roll_left")
    if code.is_in_trouble and code is not PrinterCode.UNCONFIRMED:
        troubles.append(Trouble(TroubleCode(code.value), _moment(said, "since")))
    elif code is PrinterCode.PAPER_LOW or (left is not None and left < ROLL_LOW_SLIPS):
        troubles.append(Trouble(TroubleCode.PAPER_LOW, left=left or 0))
    unconfirmed = _count(said, "print_unconfirmed") or _count(said, "unconfirmed") or 0
    if unconfirmed or code is PrinterCode.UNCONFIRMED:
        troubles.append(Trouble(TroubleCode.UNCONFIRMED, left=unconfirmed))
    return troubles


def _screen_troubles(said: Mapping[str, Any], now: datetime) -> list[Trouble]:
    """What is wrong with a TV. One that is to be silent, by its settings or in its quiet hours,
    says so in `sound`; it lacks no voice then.
    """
    troubles = []
    behind = _moment(said, BEHIND_SINCE)
    if behind is not None and now - behind >= BEHIND_FOR:
        troubles.append(Trouble(TroubleCode.BOARD_BEHIND, behind))
    sound = said.get("sound")
    if sound == "blocked":
        troubles.append(Trouble(TroubleCode.SOUND_BLOCKED))
    elif sound == "missing":
        troubles.append(Trouble(TroubleCode.SOUND_MISSING))
    elif sound == "ok" and (words := _count(said, "voice_missing")):
        troubles.append(Trouble(TroubleCode.VOICE_INCOMPLETE, left=words))
    if said.get("clock_right") is False:
        troubles.append(Trouble(TroubleCode.CLOCK_WRONG))
    return troubles


def read_installation(
    before: Mapping[str, Any] | None, facts: Mapping[str, Any], now: datetime, heard_at: datetime
) -> dict[str, Any]:
    """The facts of a heartbeat with `conflict_at`, if another installation spoke under the same
    identity a moment ago: the disk of a device was copied. One that replaces a device which has
    been silent since is none.
    """
    known = before or {}
    is_other = (
        bool(facts.get("installation"))
        and bool(known.get("installation"))
        and facts["installation"] != known["installation"]
        and now - heard_at < TWO_INSTALLATIONS_FOR
    )
    conflict = now.isoformat() if is_other else known.get("conflict_at")
    said = {name: value for name, value in facts.items() if name != "conflict_at"}
    return {**said, **({"conflict_at": conflict} if conflict else {})}


def _count(said: Mapping[str, Any], name: str) -> int | None:
    """A fact that counts; None where nothing is said, or -1: not known."""
    value = said.get(name)
    return value if type(value) is int and value >= 0 else None


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
