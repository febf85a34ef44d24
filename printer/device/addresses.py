"""Which printer an address means."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from printer.claims import AlreadyClaimed, Claim
from printer.device.cups import QUEUE_NAME, CupsDevice
from printer.device.device import Device
from printer.device.escpos import EscposDevice
from printer.device.files import FileTransport
from printer.device.profile import PrinterProfile
from printer.device.remote import RemoteDevice
from printer.device.transport import DeviceUnreachable, TcpTransport, TimeLimits
from printer.device.usb import UsbTransport

LOCK_FOLDER = Path("/run/lock")


class UnknownAddress(ValueError):
    """A printer address of no known form."""


def find_device(
    url: str, profile: PrinterProfile, limits: TimeLimits | None = None, token: bytes = b""
) -> Device:
    """The device at `tcp://host:port`, `file:///dev/usb/lp0`, `usb://04b8:0e15`, `cups://QUEUE`,
    `virtual:///directory` or, with the `token` of its agent, `antrean://host:port`.

    Opens nothing yet. Raises `UnknownAddress`.
    """
    times = limits or TimeLimits()
    scheme, _, rest = url.partition("://")
    if scheme == "usb":
        vendor, product = _read_usb_ids(rest)
        return EscposDevice(lambda: UsbTransport(vendor, product), profile, times, _lock_of(url))
    if scheme == "cups" and QUEUE_NAME.fullmatch(rest):
        return CupsDevice(rest, profile, times)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UnknownAddress(url) from None
    path = unquote(parts.path)
    if scheme == "tcp" and host:
        number = port or 9100
        lock = _lock_of(f"tcp://{host}:{number}")
        return EscposDevice(lambda: TcpTransport(host, number, times), profile, times, lock)
    if scheme == "antrean" and host and port:
        if not token:
            raise UnknownAddress(f"{url} needs the token of its agent (ANTREAN_PRINTER_TOKEN_FILE)")
        return RemoteDevice(host, port, token, times)
    if scheme == "file" and path.startswith("/"):
        lock = _lock_of(os.path.realpath(path))
        return EscposDevice(lambda: FileTransport(path), profile, times, lock)
    if scheme == "virtual" and path.startswith("/"):
        from printer.device.virtual import VirtualDevice

        return VirtualDevice(Path(path), profile)
    raise UnknownAddress(url)


def _read_usb_ids(ids: str) -> tuple[int, int]:
    vendor, _, product = ids.strip("/").partition(":")
    try:
        return int(vendor, 16), int(product, 16)
    except ValueError:
        raise UnknownAddress(f"usb://{ids}") from None


def _lock_of(address: str) -> Callable[[], Claim | None]:
    """What claims the printer at `address` among the processes of this machine: two that print at
    once would mix their slips, and take each other's acknowledgement.
    """
    name = f"antrean-printer-{hashlib.sha256(address.encode()).hexdigest()[:16]}.lock"

    def claim() -> Claim | None:
        try:
            return Claim(LOCK_FOLDER / name, 0o644)
        except AlreadyClaimed:
            raise DeviceUnreachable("in_use") from None
        except OSError:  # no such folder, or not for us: the spool's own claim has to do
            return None

    return claim
