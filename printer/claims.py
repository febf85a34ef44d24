"""One owner at a time: a file that is locked for as long as its owner lives."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class AlreadyClaimed(Exception):
    """Another process or another owner in this one holds the lock."""


class Claim:
    """A held lock. The kernel ends it with the process, however that dies; nothing is left over."""

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        """Claim `path`, which is made if missing; its folder must exist. Raises `AlreadyClaimed`,
        and `OSError` if the file cannot be used.
        """
        self._file = _open(path, mode)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise AlreadyClaimed(str(path)) from None

    def release(self) -> None:
        """Let the next owner in."""
        os.close(self._file)


def _open(path: Path, mode: int) -> int:
    # In a folder that all may write to, the kernel refuses O_CREAT for a file of another user, so
    # a file that exists is opened without it. Locking needs no right to write.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        return os.open(path, flags | os.O_CREAT, mode)
