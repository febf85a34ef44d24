"""Which of the bookings without a time are looked at: read from the address, or from the form that
carries it along.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from queue_server.services.booking.stranded import Move
from queue_server.store.booking.stranded import SoughtBookings

PAGE = 25
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Wish:
    """What is looked for. `told`: whose visitors know, `free`: for which a time is free; None: all.
    `page` is 1, 2, 3 …; `tick_all`: all boxes of the page are ticked at first.
    """

    sought: SoughtBookings
    told: bool | None = None
    free: bool | None = None
    page: int = 1
    tick_all: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether some bookings are left out."""
        return self != Wish(SoughtBookings(), page=self.page, tick_all=self.tick_all)

    @property
    def typed(self) -> dict[str, str]:
        """The fields as the form shows them."""
        said = {None: "", True: "yes", False: "no"}
        return {
            "service": self.sought.service or "",
            "day": "" if self.sought.day is None else self.sought.day.isoformat(),
            "told": said[self.told],
            "urgent": said[self.sought.urgent],
            "free": said[self.free],
        }

    def address(self, **other: str | int) -> dict[str, Any]:
        """The parameters that ask for the same, but for `other`; empty ones are left out."""
        wish: dict[str, str | int] = {**self.typed, "page": self.page, **other}
        if wish["page"] in (1, "1"):
            wish["page"] = ""
        return {name: str(value) for name, value in wish.items() if value != ""}

    def keeps(self, move: Move, known: Collection[str]) -> bool:
        """Whether a booking is looked for; `known` are those whose visitors know already."""
        if self.told is not None and (move.ticket.id in known) is not self.told:
            return False
        return self.free is None or (move.slot is not None) is self.free


def read_wish(given: Mapping[str, str]) -> Wish:
    """What an address asks for; what cannot be is left out."""
    try:
        day = date.fromisoformat(given.get("day", ""))
    except ValueError:
        day = None
    page = given.get("page", "")
    return Wish(
        SoughtBookings(
            given.get("service", "")[:40] or None, day, _YES_NO.get(given.get("urgent", ""))
        ),
        _YES_NO.get(given.get("told", "")),
        _YES_NO.get(given.get("free", "")),
        max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        given.get("tick") == "all",
    )
