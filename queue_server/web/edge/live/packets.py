"""What is said on the live channel as text: a snapshot is written once for all who get it.

Five hundred screens that come back after a restart ask for one and the same board.
"""

from __future__ import annotations

import json
from typing import Any

from socketio.packet import Packet

TEXTS_KEPT = 16


class SnapshotTexts:
    """JSON as the library asks for it; the last snapshots keep their text.

    A snapshot is recognised by being the very same object: `Pictures` gives the same one to
    everybody and never changes it.
    """

    def __init__(self) -> None:
        self._texts: dict[int, tuple[dict[str, Any], str]] = {}

    def dumps(self, data: Any, **_options: Any) -> str:
        """The text of what a packet carries, without spaces."""
        if isinstance(data, list):
            return "[" + ",".join(map(self._write, data)) + "]"
        return self._write(data)

    loads = staticmethod(json.loads)

    def _write(self, value: Any) -> str:
        if not isinstance(value, dict) or "sent_at" not in value:
            return json.dumps(value, separators=(",", ":"))
        known = self._texts.get(id(value))
        if known is None:
            while len(self._texts) >= TEXTS_KEPT:
                self._texts.pop(next(iter(self._texts)))
            # The snapshot is kept with its text: its id is nobody else's as long as it lives.
            known = value, json.dumps(value, separators=(",", ":"))
            self._texts[id(value)] = known
        return known[1]


class LivePacket(Packet):  # type: ignore[misc]  # the library has no types
    """A packet of text. Nothing binary is ever said, so nothing is searched for it."""

    uses_binary_events = False
    json = SnapshotTexts()
