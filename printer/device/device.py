"""A printer at an address: opened for each job, asked for its state, sent a slip, and asked for a
confirmation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from printer.device.profile import PrinterProfile
from printer.device.status import (
    STATUS_QUERIES,
    UNASKED_STATUS_BYTES,
    PrinterState,
    Reading,
    ack_confirms,
    is_ack,
    is_status_reply,
    is_unasked_status,
    read_status,
    status_query,
)
from printer.device.transport import (
    DeviceFailed,
    FileTransport,
    TcpTransport,
    TimeLimits,
    Transport,
    UsbTransport,
)
from queue_server.protocol.messages import Slip


class UnknownAddress(ValueError):
    """A printer address of no known form."""


class Session(Protocol):
    """One connection to a printer."""

    def read_state(self) -> Reading:
        """The printer's state now. Silence is a state, not an error. Raises `DeviceFailed` if the
        connection breaks.
        """

    def send(self, document: bytes, slip: Slip) -> bool:
        """Print. Returns True if the printer confirmed it. Raises `DeviceFailed`. Without a
        confirmation the slip may be on paper or not.
        """

    def close(self) -> None:
        """Close the connection."""


class Device(Protocol):
    """A printer that can be connected to, once at a time."""

    def render(self, slip: Slip) -> bytes:
        """What will be sent for `slip`. Raises `SlipUnprintable`."""

    def open(self) -> Session:
        """Open a connection. Raises `DeviceUnreachable`: nothing was sent."""


def find_device(url: str, profile: PrinterProfile, limits: TimeLimits | None = None) -> Device:
    """The device at `tcp://host:port`, `file:///dev/usb/lp0`, `usb://04b8:0e15` or
    `virtual:///directory`.

    Opens nothing yet. Raises `UnknownAddress`.
    """
    times = limits or TimeLimits()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        if not url.startswith("usb://"):
            raise UnknownAddress(url) from None
        parts, host, port = urlsplit("usb://"), None, None
    path = unquote(parts.path)
    if parts.scheme == "tcp" and host:
        name, number = host, port or 9100
        return EscposDevice(lambda: TcpTransport(name, number, times), profile, times)
    if parts.scheme == "file" and path.startswith("/"):
        return EscposDevice(lambda: FileTransport(path), profile, times)
    if parts.scheme == "usb":
        vendor, product = _read_usb_ids(url)
        return EscposDevice(lambda: UsbTransport(vendor, product), profile, times)
    if parts.scheme == "virtual" and path.startswith("/"):
        from printer.device.virtual import VirtualDevice

        return VirtualDevice(Path(path), profile)
    raise UnknownAddress(url)


def _read_usb_ids(url: str) -> tuple[int, int]:
    vendor, _, product = url.removeprefix("usb://").strip("/").partition(":")
    try:
        return int(vendor, 16), int(product, 16)
    except ValueError:
        raise UnknownAddress(url) from None


class EscposDevice:
    """A thermal printer that speaks ESC/POS over any transport."""

    def __init__(
        self, connect: Callable[[], Transport], profile: PrinterProfile, limits: TimeLimits
    ) -> None:
        self._connect, self._profile, self._limits = connect, profile, limits

    def render(self, slip: Slip) -> bytes:
        from printer.slip.thermal import render_thermal

        return render_thermal(slip, self._profile)

    def open(self) -> EscposSession:
        transport = self._connect()
        return EscposSession(
            transport, self._limits, answers=self._profile.status == "full" and transport.can_read
        )


class EscposSession:
    """`answers` is false for a printer that reports nothing: it counts as ready, and a sent slip as
    printed.
    """

    def __init__(self, transport: Transport, limits: TimeLimits, answers: bool) -> None:
        self._transport, self._limits, self._answers = transport, limits, answers

    def read_state(self) -> Reading:
        if not self._answers:
            return Reading(PrinterState.READY, "not_asked")
        replies: dict[int, int] = {}
        for number in STATUS_QUERIES:
            self._transport.write(status_query(number), self._limits.status_s)
            reply = self._await(is_status_reply, self._limits.status_s)
            if reply is not None:
                replies[number] = reply
            elif number == 1:
                break  # a silent printer would stay silent three more times
        return read_status(replies)

    def send(self, document: bytes, slip: Slip) -> bool:
        if not self._answers:
            self._transport.write(document, self._limits.send_s)
            return True
        from printer.slip.thermal import ACK_REQUEST

        until = time.monotonic() + self._limits.status_s
        while self._transport.read(0.0):  # an earlier job's answer must not count for this one
            if time.monotonic() > until:
                raise DeviceFailed("talks_without_end")
        # The request is sent last, in one piece with the slip, so that its answer comes after the
        # slip is printed.
        self._transport.write(document + ACK_REQUEST, self._limits.send_s)
        reply = self._await(is_ack, self._limits.ack_s)
        return reply is not None and ack_confirms(reply)

    def _await(self, wanted: Callable[[int], bool], limit_s: float) -> int | None:
        """The first byte of the wanted kind within the limit; others (late or unrequested answers)
        are skipped.
        """
        until = time.monotonic() + limit_s
        passed_over = 0
        while (left := until - time.monotonic()) > 0:
            for byte in self._transport.read(left):
                if passed_over:
                    passed_over -= 1
                elif is_unasked_status(byte):
                    passed_over = UNASKED_STATUS_BYTES - 1
                elif wanted(byte):
                    return byte
        return None

    def close(self) -> None:
        self._transport.close()


__all__ = [
    "Device",
    "DeviceFailed",
    "EscposDevice",
    "EscposSession",
    "Session",
    "UnknownAddress",
    "find_device",
]
