"""The settings of this screen, as the managers have made them: kept on disk for a start without the
server.
"""

from __future__ import annotations

import json
from pathlib import Path

from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.enrolment import write_whole
from queue_server.protocol.messages import BadMessage, from_wire, to_wire


class KeptSettings:
    """The last settings that the server has sent; until then those that nobody has set."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.current = self._load()

    def take(self, settings: DisplaySettings) -> bool:
        """Keep new settings. False if they are the same. Raises `OSError` if they cannot be
        written; they hold until the next start then.
        """
        if settings == self.current:
            return False
        self.current = settings
        write_whole(self._path, json.dumps(to_wire(settings), ensure_ascii=False).encode())
        return True

    def forget(self) -> None:
        """This screen no longer belongs to the office."""
        self.current = DisplaySettings()
        self._path.unlink(missing_ok=True)

    def _load(self) -> DisplaySettings:
        try:
            return from_wire(DisplaySettings, json.loads(self._path.read_bytes()))
        except (OSError, ValueError, BadMessage):
            return DisplaySettings()
