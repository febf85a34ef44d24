"""The codes that a visitor's wish is made of, and its bounds: one list for the kiosk, the server's
pages and its API.
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

Priority = Literal["elderly", "pregnant", "disabled", "child"]
"""Why a visitor is called before others. A kiosk asks for it; only whether there is one is kept."""

URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""Both in the order in which they are asked for."""

PARTY_SIZE_MAX = 50
"""No office may let a larger party come at once; how many one takes is a rule of its own."""
