"""In which offices somebody works: in one, in several, or in all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol


class Worker(Protocol):
    """Whoever works in offices: `office` is the one whose log tells of them, None for all offices;
    `also` are the others, none of them with all.
    """

    @property
    def office(self) -> str | None: ...
    @property
    def also(self) -> Collection[str]: ...


def works_in(who: Worker, office: str | None) -> bool:
    """Whether somebody works in an office; None asks for all of them."""
    return who.office is None or office == who.office or office in who.also


def covers(who: Worker, other: Worker) -> bool:
    """Whether somebody works wherever somebody else does."""
    return who.office is None or (
        other.office is not None
        and all(works_in(who, each) for each in (other.office, *other.also))
    )


def place_in(codes: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The `office` and `also` of somebody who works in these offices; of none, in all of them."""
    if not codes:
        return None, ()
    return codes[0], tuple(sorted(set(codes) - {codes[0]}))
