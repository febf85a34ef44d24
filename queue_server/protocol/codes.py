"""The codes and limits of a visitor's request: one list for the kiosk, the server's pages and its
API.
"""

from __future__ import annotations

from typing import Literal, get_args

Urgency = Literal[
    "hospital",
    "death",
    "departure",
    "deadline",
    "child",
    "disaster",
    "court",
    "cannot_use_online",
    "other",
]
"""Why a case is urgent."""

CancelReason = Literal["not_needed", "done_online", "no_time", "other_office", "mistake"]
"""Why a visitor cancels."""

Priority = Literal["elderly", "pregnant", "disabled", "child"]
"""Why a visitor is called before others. A kiosk asks for the reason; only the fact that there is
one is kept.
"""

URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
CANCEL_REASONS: tuple[CancelReason, ...] = get_args(CancelReason)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""The lists are in the order in which they are shown."""

PARTY_SIZE_MAX = 50
"""No office may accept a larger party; the largest party of an office is one of its rules."""
