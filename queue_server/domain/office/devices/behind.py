"""Whether a screen shows an older board than it should by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Version = tuple[str, int]

BOARD_DATE, BOARD_SEQ = "board_date", "board_seq"
"""The facts in which a screen says which board it shows."""

DUE_DATE, DUE_SEQ, BEHIND_SINCE = "due_date", "due_seq", "behind_since"
"""What the server adds to the facts: the board that it had when it last heard the screen, and from
when on the screen has shown an older one. A device that says so itself is not believed.
"""

PASSING_FACTS = frozenset(
    {BOARD_DATE, BOARD_SEQ, DUE_DATE, DUE_SEQ, "last_call", "showing", "queued", "pages"}
)
"""Facts that change with each call: no news, and not written for themselves."""


def read_behind(
    before: Mapping[str, Any] | None, facts: Mapping[str, Any], version: Version, now: datetime
) -> dict[str, Any]:
    """The facts of a screen's heartbeat, with what the server adds. `version` is that of the board
    now, `before` what is kept of the heartbeat before.

    A call takes a moment to reach the screen, so it has to show what the server had at the
    heartbeat before.
    """
    own = {DUE_DATE, DUE_SEQ, BEHIND_SINCE}
    said = {name: value for name, value in facts.items() if name not in own}
    known = before or {}
    due, shown = _read(known, DUE_DATE, DUE_SEQ), _read(said, BOARD_DATE, BOARD_SEQ)
    tells = BOARD_DATE in said  # an older agent does not
    if tells and due is not None and (shown is None or shown < due):
        said[BEHIND_SINCE] = known.get(BEHIND_SINCE) or now.isoformat()
    return {**said, DUE_DATE: version[0], DUE_SEQ: version[1]}


def count_behind(facts: Mapping[str, Any] | None, version: Version) -> int | None:
    """How many changes a screen that is behind has not shown yet; 0 for one that is not, None if
    it shows another day's board or none.
    """
    said = facts or {}
    if not said.get(BEHIND_SINCE):
        return 0
    shown = _read(said, BOARD_DATE, BOARD_SEQ)
    if shown is None or shown[0] != version[0]:
        return None
    return max(1, version[1] - shown[1])


def without_passing(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """The facts whose change is news."""
    return {name: value for name, value in (facts or {}).items() if name not in PASSING_FACTS}


def _read(said: Mapping[str, Any], date_name: str, seq_name: str) -> Version | None:
    day, seq = said.get(date_name), said.get(seq_name)
    return (day, seq) if isinstance(day, str) and day and type(seq) is int else None
