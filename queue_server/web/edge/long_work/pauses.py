"""A pause between two pieces of work that are too short to be done elsewhere, and together too long
for those who wait.
"""

from __future__ import annotations

import time

PAUSE_SECONDS = 0.0005
"""A pause of no time lets only those go on who are awake already, and not those whose request has
just arrived.
"""


def pause() -> None:
    """Let whoever waits be answered."""
    time.sleep(PAUSE_SECONDS)
