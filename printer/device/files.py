"""A printer behind a device file, or a plain file."""

from __future__ import annotations

import array
import errno
import fcntl
import os
import select
import stat
import time
from contextlib import suppress

from printer.device.transport import DeviceFailed, DeviceGone, DeviceUnreachable, name_problem

# linux/lp.h
_LPGETSTATUS = 0x060B
_PAPER_EMPTY, _NO_ERROR = 0x20, 0x08
_GONE = (errno.ENODEV, errno.EIO, errno.ENXIO)


class FileTransport:
    """A device file such as `/dev/usb/lp0`, opened in both directions without blocking; a plain
    file is appended to. For a printer of the usblp driver, what its status lines say.

    Never creates the file: an unplugged printer must not turn into a file full of tickets.
    """

    def __init__(self, path: str) -> None:
        try:
            mode = os.stat(path).st_mode
            self.can_read = not stat.S_ISREG(mode)
            flags = (
                os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY
                if self.can_read
                else os.O_WRONLY | os.O_APPEND
            )
            self._file = os.open(path, flags | os.O_CLOEXEC)
        except OSError as problem:
            raise DeviceUnreachable(name_problem(problem)) from problem

    def write(self, data: bytes, limit_s: float) -> None:
        until = time.monotonic() + limit_s
        rest = memoryview(data)
        try:
            while rest:
                left = until - time.monotonic()
                if left <= 0 or (
                    self.can_read and not select.select([], [self._file], [], left)[1]
                ):
                    raise DeviceFailed("send_timeout")
                with suppress(BlockingIOError):
                    rest = rest[os.write(self._file, rest[:4096]) :]
        except OSError as problem:
            raise _fail(problem) from problem

    def read(self, limit_s: float) -> bytes:
        if not self.can_read:
            return b""
        try:
            if not select.select([self._file], [], [], limit_s)[0]:
                return b""
            data = os.read(self._file, 256)
        except BlockingIOError:
            return b""
        except OSError as problem:
            raise _fail(problem) from problem
        if not data:  # usblp reports "nothing yet" this way; a short pause avoids a busy loop
            time.sleep(min(limit_s, 0.05))
        return data

    def check(self) -> str:
        """By the parallel port's status lines, which usblp knows of printers that never answer."""
        if not self.can_read:
            return ""
        answer = array.array("i", [0])
        try:
            fcntl.ioctl(self._file, _LPGETSTATUS, answer)
        except OSError as problem:
            if problem.errno in _GONE:
                raise DeviceGone(name_problem(problem)) from problem
            return ""  # no usblp behind this file
        if answer[0] & _PAPER_EMPTY:
            return "paper_out"
        return "" if answer[0] & _NO_ERROR else "printer_error"

    def close(self) -> None:
        os.close(self._file)


def _fail(problem: OSError) -> DeviceFailed:
    # What usblp answers after the cable was pulled.
    return (DeviceGone if problem.errno in _GONE else DeviceFailed)(name_problem(problem))
