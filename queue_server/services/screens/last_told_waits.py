"""What was last told of a wait by this process, so that a range changes only when an end has moved
by a step.

One memory for all: board, ticket, console, dashboard, kiosk and slip say the same of a stream at
one moment.
"""

from __future__ import annotations

from threading import Lock

from queue_server.domain.waits.range import WaitRange

MOST_REMEMBERED = 5_000
"""How many streams and tickets are remembered; those told longest ago go first."""

StreamKey = tuple[str, str, str]
"""Office, date, and a stream's letter or a ticket's id."""


class ShownWaits:
    """A memory that may be lost at any time: what is forgotten is rounded anew."""

    def __init__(self) -> None:
        self._ranges: dict[StreamKey, WaitRange] = {}
        self._lock = Lock()

    def recall(self, stream: StreamKey) -> WaitRange | None:
        return self._ranges.get(stream)

    def keep(self, stream: StreamKey, shown: WaitRange | None) -> None:
        """Remember what is shown now; None forgets it."""
        with self._lock:
            self._ranges.pop(stream, None)
            if shown is not None:
                self._ranges[stream] = shown
                if len(self._ranges) > MOST_REMEMBERED:
                    del self._ranges[next(iter(self._ranges))]
