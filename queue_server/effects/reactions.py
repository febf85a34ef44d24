"""Event type -> what follows from it. Read this table to know every consequence of a change.

A reaction may run more than once for the same event (the relay promises at least once), so each
must bear repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from queue_server.domain.events import EventType, RecordedEvent

from .live import LiveHub

Reaction = Callable[[RecordedEvent], None]


def make_reactions(live: LiveHub) -> Mapping[EventType, Sequence[Reaction]]:
    """The table, bound to the parts that carry it out."""

    def refresh_live(recorded: RecordedEvent) -> None:
        """Send snapshots for changes this process has not sent yet: another process died after its
        commit.
        """
        if not live.has_sent(recorded.event.office, recorded.event.date, recorded.seq):
            live.note([recorded])

    return dict.fromkeys(EventType, (refresh_live,))
