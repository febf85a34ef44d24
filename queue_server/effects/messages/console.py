"""The adapter that shows messages on the standard output instead of sending them: for a
demonstration, in which nobody real is told.
"""

from __future__ import annotations

import sys
from datetime import datetime

from .port import Draft


class ConsoleSender:
    """Prints each message."""

    def send(self, draft: Draft, now: datetime) -> None:
        lines = [f"[{now:%H:%M:%S}Z] {draft.address}: {draft.letter.text}"]
        print(*lines, sep="\n", file=sys.stdout, flush=True)

    def close(self) -> None:
        """Nothing was opened."""
