"""The pictures and films of this screen: files that somebody has put into a folder of its own."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

PICTURE_SECONDS = 12
PICTURE_BYTES_MAX = 20_000_000
FILM_BYTES_MAX = 2_000_000_000
FILES_MAX = 100
LOOK_SECONDS = 5.0
KINDS = {
    ".jpg": ("picture", "image/jpeg"),
    ".jpeg": ("picture", "image/jpeg"),
    ".png": ("picture", "image/png"),
    ".webp": ("picture", "image/webp"),
    ".mp4": ("film", "video/mp4"),
    ".webm": ("film", "video/webm"),
}
"""By suffix: what a file is to the page, and its type."""

_BEGINS: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "image/png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/webp": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
    "video/mp4": lambda head: head[4:8] == b"ftyp",
    "video/webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
}


class MediaFolder:
    """What of a folder may be shown, in the order of the names. It is looked at every few seconds;
    a folder that is not there is empty.

    A file counts by what it is: no link, no folder, not hidden, not too large, and its first bytes
    must be of the kind that its name says.
    """

    def __init__(self, folder: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._looked_at: float | None = None
        self._listed: list[dict[str, Any]] = []

    def listed(self) -> list[dict[str, Any]]:
        """Each file's address, kind, and for how many seconds it is shown; 0 for a film, which
        runs to its end. The address changes with the file.
        """
        now = self._monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOK_SECONDS:
            self._looked_at, self._listed = now, self._look()
        return self._listed

    def find(self, name: str) -> tuple[Path, str] | None:
        """A file that may be shown, and its type; None for any other name."""
        path = self._folder / name
        if path.parent != self._folder or self._judge(path) is None:
            return None
        return path, KINDS[path.suffix.lower()][1]

    def _look(self) -> list[dict[str, Any]]:
        try:
            paths = sorted(self._folder.iterdir(), key=lambda each: each.name.casefold())
        except OSError:
            return []
        listed = []
        for path in paths:
            mark = self._judge(path)
            if mark is not None:
                kind = KINDS[path.suffix.lower()][0]
                seconds = PICTURE_SECONDS if kind == "picture" else 0
                listed.append({"url": f"/media/{mark}", "kind": kind, "seconds": seconds})
            if len(listed) == FILES_MAX:
                break
        return listed

    def _judge(self, path: Path) -> str | None:
        """The name of a file that may be shown, with a mark of its content; None for any other."""
        if path.name.startswith(".") or path.suffix.lower() not in KINDS:
            return None
        kind, mimetype = KINDS[path.suffix.lower()]
        most = PICTURE_BYTES_MAX if kind == "picture" else FILM_BYTES_MAX
        try:
            about = path.lstat()
            if not stat.S_ISREG(about.st_mode) or not 0 < about.st_size <= most:
                return None
            with path.open("rb") as file:
                head = file.read(12)
        except OSError:
            return None
        if not _BEGINS[mimetype](head):
            return None
        return f"{quote(path.name)}?v={about.st_mtime_ns:x}-{about.st_size:x}"
