"""Bytes to and from a printer: TCP, a device file or USB, opened for one job and always with a time
limit.
"""

from __future__ import annotations

import importlib
import os
import select
import socket
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol


class DeviceUnreachable(Exception):
    """The printer could not be opened: nothing was sent."""


class DeviceFailed(Exception):
    """The connection broke: what was sent may or may not be on paper."""


@dataclass(frozen=True)
class TimeLimits:
    """How long each step may take, in seconds."""

    connect_s: float = 5.0
    status_s: float = 1.0
    send_s: float = 15.0
    ack_s: float = 10.0


class Transport(Protocol):
    """An open connection to a printer. `can_read` is false if it never answers (a plain file)."""

    can_read: bool

    def write(self, data: bytes, limit_s: float) -> None:
        """Send all of `data`. Raises `DeviceFailed`."""

    def read(self, limit_s: float) -> bytes:
        """The bytes that arrive first within the limit, or none. Raises `DeviceFailed`."""

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
            raise DeviceUnreachable(_name(problem)) from problem

    def write(self, data: bytes, limit_s: float) -> None:
        try:
            self._socket.settimeout(limit_s)
            self._socket.sendall(data)
        except OSError as problem:
            raise DeviceFailed(_name(problem)) from problem

    def read(self, limit_s: float) -> bytes:
        try:
            self._socket.settimeout(max(limit_s, 0.001))
            data = self._socket.recv(256)
        except TimeoutError:
            return b""
        except OSError as problem:
            raise DeviceFailed(_name(problem)) from problem
        if not data:
            raise DeviceFailed("closed_by_printer")
        return data

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class FileTransport:
    """A device file such as `/dev/usb/lp0`, opened in both directions without blocking; a plain
    file is appended to.

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
            raise DeviceUnreachable(_name(problem)) from problem

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
            raise DeviceFailed(_name(problem)) from problem

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
            raise DeviceFailed(_name(problem)) from problem
        if not data:  # usblp reports "nothing yet" this way; a short pause avoids a busy loop
            time.sleep(min(limit_s, 0.05))
        return data

    def close(self) -> None:
        os.close(self._file)


class UsbTransport:
    """A USB printer by vendor and product number, through libusb: for machines without the usblp
    driver.
    """

    can_read = True

    def __init__(self, vendor: int, product: int) -> None:
        core: Any = importlib.import_module("usb.core")
        self._util: Any = importlib.import_module("usb.util")
        self._error: type[Exception] = core.USBError
        self._timeout: type[Exception] = core.USBTimeoutError
        try:
            self._device = core.find(idVendor=vendor, idProduct=product)
            if self._device is None:
                raise DeviceUnreachable("not_plugged_in")
            self._out, self._in = self._claim()
        except core.NoBackendError as problem:
            raise DeviceUnreachable("no_libusb") from problem
        except core.USBError as problem:
            raise DeviceUnreachable(_name(problem)) from problem
        self.can_read = self._in is not None

    def _claim(self) -> tuple[Any, Any]:
        """The bulk endpoints of the printer interface (class 7), detached from the kernel's driver
        if necessary.
        """
        interface = self._util.find_descriptor(
            self._device.get_active_configuration(), bInterfaceClass=7
        )
        if interface is None:
            raise DeviceUnreachable("not_a_printer")
        if self._device.is_kernel_driver_active(interface.bInterfaceNumber):
            self._device.detach_kernel_driver(interface.bInterfaceNumber)
        self._util.claim_interface(self._device, interface.bInterfaceNumber)
        ends = {
            self._util.endpoint_direction(each.bEndpointAddress): each
            for each in interface
            if each.bmAttributes & 3 == 2
        }
        if self._util.ENDPOINT_OUT not in ends:
            raise DeviceUnreachable("not_a_printer")
        return ends[self._util.ENDPOINT_OUT], ends.get(self._util.ENDPOINT_IN)

    def write(self, data: bytes, limit_s: float) -> None:
        try:
            written = _apart(lambda: self._out.write(data, timeout=round(limit_s * 1000)))
        except self._error as problem:
            raise DeviceFailed(_name(problem)) from problem
        if written != len(data):
            raise DeviceFailed("send_timeout")

    def read(self, limit_s: float) -> bytes:
        if self._in is None:
            return b""
        try:
            return bytes(_apart(lambda: self._in.read(256, timeout=max(1, round(limit_s * 1000)))))
        except self._timeout:
            return b""
        except self._error as problem:
            raise DeviceFailed(_name(problem)) from problem

    def close(self) -> None:
        self._util.dispose_resources(self._device)


def _apart(call: Callable[[], Any]) -> Any:
    """Run a call that blocks its thread in libusb in a thread of its own: under gevent the page
    would otherwise stand still until the printer answers.
    """
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return call()
    hub: Any = importlib.import_module("gevent").get_hub()
    return hub.threadpool.apply(call)


def _name(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "timeout"
    number = getattr(problem, "errno", None)
    return (
        os.strerror(number).lower().replace(" ", "_")
        if isinstance(number, int)
        else type(problem).__name__
    )
