"""Which calls this screen has announced: kept on disk, so that neither a new page nor a restart
announces one again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path

from queue_server.protocol.enrolment import write_whole

REMEMBERED = 1000
"""More than the calls of the last minute that a board can hold; older ones are not announced."""


class AnnouncedCalls:
    """The ids of the calls that were announced, in that order. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._ids = self._load()
        self._is_saved = True

    @property
    def ids(self) -> tuple[str, ...]:
        return self._ids

    def note(self, ids: Iterable[str]) -> bool:
        """Remember calls as announced, on disk when this returns. False if all were known. Raises
        `OSError` if they cannot be written; they are remembered in memory then, and written with
        the next ones.
        """
        with self._lock:
            known = set(self._ids)
            new = [each for each in dict.fromkeys(ids) if each not in known]
            if new:
                self._ids = (*self._ids, *new)[-REMEMBERED:]
                self._is_saved = False
            if not self._is_saved:
                write_whole(self._path, json.dumps(self._ids).encode())
                self._is_saved = True
            return bool(new)

    def forget(self) -> None:
        """Drop everything: this screen belongs to no office any more."""
        with self._lock:
            self._ids = ()
            self._path.unlink(missing_ok=True)

    def _load(self) -> tuple[str, ...]:
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return ()  # without the file at most the calls of the last minute are repeated
        if not isinstance(content, list):
            return ()
        return tuple(each for each in content if isinstance(each, str))[-REMEMBERED:]
