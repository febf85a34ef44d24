"""Bytes to and from a printer: TCP, a device file or USB, opened for one job and always with a time
limit.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol


class DeviceUnreachable(Exception):
    """The printer could not be opened: nothing was sent."""


class DeviceFailed(Exception):
    """The connection broke: what was sent may or may not be on paper."""


class DeviceGone(DeviceFailed):
    """The printer was unplugged."""


@dataclass(frozen=True)
class TimeLimits:
    """How long each step may take, in seconds. `settle_s`: how long a printer that acknowledges
    nothing is given to print a slip.
    """

    connect_s: float = 5.0
    status_s: float = 1.0
    send_s: float = 15.0
    ack_s: float = 10.0
    settle_s: float = 1.0


class Transport(Protocol):
    """An open connection to a printer. `can_read` is false if it never answers (a plain file)."""

    can_read: bool

    def write(self, data: bytes, limit_s: float) -> None:
        """Send all of `data`. Raises `DeviceFailed`."""

    def read(self, limit_s: float) -> bytes:
        """The bytes that arrive first within the limit, or none. Raises `DeviceFailed`."""

    def check(self) -> str:
        """A fault that the operating system knows of (`paper_out`, `printer_error`), or nothing.
        Raises `DeviceGone`.
        """

    def close(self) -> None:
        """Close the connection, so that the printer accepts the next one."""


class TcpTransport:
    """A network printer, usually on port 9100. It serves one connection at a time, so each job
    opens its own.
    """

    can_read = True

    def __init__(self, host: str, port: int, limits: TimeLimits) -> None:
        try:
            self._socket = socket.create_connection((host, port), limits.connect_s)
        except OSError as problem:
            raise DeviceUnreachable(name_problem(problem)) from problem

    def write(self, data: bytes, limit_s: float) -> None:
        try:
            self._socket.settimeout(limit_s)
            self._socket.sendall(data)
        except OSError as problem:
            raise DeviceFailed(name_problem(problem)) from problem

    def read(self, limit_s: float) -> bytes:
        try:
            self._socket.settimeout(max(limit_s, 0.001))
            data = self._socket.recv(256)
        except TimeoutError:
            return b""
        except OSError as problem:
            raise DeviceFailed(name_problem(problem)) from problem
        if not data:
            raise DeviceFailed("closed_by_printer")
        return data

    def check(self) -> str:
        return ""

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def name_problem(problem: Exception) -> str:
    """A short code for a failure, for logs and staff."""
    if isinstance(problem, TimeoutError):
        return "timeout"
    number = getattr(problem, "errno", None)
    return (
        os.strerror(number).lower().replace(" ", "_")
        if isinstance(number, int)
        else type(problem).__name__
    )
