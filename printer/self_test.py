"""A slip that shows what a printer can do, and what the printer says meanwhile: the way to fill in
the table of docs/printers.md for a model that nobody has tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from printer.claims import Claim
from printer.device.addresses import UnknownAddress, find_device
from printer.device.escpos import EscposDevice, EscposSession
from printer.device.paper import measure_escpos_mm
from printer.device.profile import PrinterProfile, find_profile
from printer.device.status import STATUS_QUERIES, is_ack, is_status_reply, status_query
from printer.device.transport import TimeLimits, Transport
from printer.printing import read_address

_RESET = b"\x1b@\x1c.\x1bt\x00"
_CUTS = {"full": b"\x1dVA\x00", "partial": b"\x1dVB\x00", "none": b"\x1bd\x04"}
_ACK_REQUEST = b"\x1dr\x01"
_RULER = "1234567890"
_SAMPLE = bytes((0x80, 0x81, 0x82, 0x87, 0x90, 0x99, 0x9A, 0xA0, 0xE1, 0xF1))
_CODE = "ANTREAN-SELF-TEST"

_LOOK = """
Look at the slip and note for docs/printers.md:
  1. The ruler fits on one line, its last character near the right edge?   columns = {columns}
  2. The black bar reaches from edge to edge without a break?              width_px = {width_px}
  3. Code page 437: Cc-cedilla, u-umlaut, e-acute ... or Chinese signs?
  4. Which of the two codes does a phone read?                             qr = image or native
  5. Is the slip cut, and how?                               cut = full, partial or none
  6. Take the paper roll nearly out and test again: DLE EOT 4 says 1e where it said 12?  near end
"""


def build_test(profile: PrinterProfile, name: str) -> bytes:
    """The test slip's bytes, without a request for an acknowledgement."""
    from printer.slip.qr import qr_modules

    columns = profile.columns
    lines = [f"ANTREAN SELF-TEST {name}", (_RULER * columns)[:columns], "-" * (columns - 1) + "|"]
    out = _RESET + b"".join(line.encode("ascii", "replace") + b"\n" for line in lines)
    out += b"CP437: " + _SAMPLE + b"\n"
    out += b"".join(b"\x1d!" + bytes([times * 17]) + b"A012" + b"\x1d!\x00\n" for times in (1, 3))
    out += b"\x1dB\x01 INVERTED \x1dB\x00\n"
    out += _picture([[True] * profile.width_px] * 16)
    out += b"\nQR as a picture:\n\n" + _picture(_enlarge(qr_modules(_CODE), 6))
    out += b"\nQR by the printer (GS ( k):\n\n"
    out += b"\x1ba\x01" + _native_code(_CODE) + b"\x1ba\x00"
    return out + b"\nCut:\n" + b"\x1bJ\x18" + _CUTS[profile.cut]


def run_self_test(
    address: str,
    profile_name: str,
    limits: TimeLimits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Print the test slip at `address` and give what was measured, with what to look at. Raises
    `UnknownAddress` for one that is no receipt printer, `DeviceUnreachable`, `DeviceFailed`.
    """
    profile = find_profile(profile_name)
    device = find_device(read_address(address, 1)[1], profile, limits)
    if not isinstance(device, EscposDevice):
        raise UnknownAddress("only a receipt printer at tcp://, file:// or usb:// can be tested")
    transport, claim = device.connect()
    try:
        return _measure(transport, profile, profile_name, device.limits, clock)
    finally:
        _close(transport, claim)


def _measure(
    transport: Transport,
    profile: PrinterProfile,
    name: str,
    limits: TimeLimits,
    clock: Callable[[], float],
) -> str:
    document = build_test(profile, name)
    before = _ask_all(transport, limits) if transport.can_read else "not asked: cannot be read"
    began = clock()
    transport.write(document, limits.send_s)
    ack = "none"
    if transport.can_read:
        _drain(transport)
        transport.write(_ACK_REQUEST, limits.status_s)
        reply = _read_one(transport, is_ack, limits.ack_s, clock)
        ack = "none: use status=query" if reply is None else f"{reply:02x}"
    took_ms = round((clock() - began) * 1000)
    after = _ask_all(transport, limits) if transport.can_read else "not asked"
    length_mm = measure_escpos_mm(document)
    rows = (
        ("profile", name),
        ("DLE EOT 1 2 3 4 before", before),
        ("GS r 1 (acknowledgement)", ack),
        ("from the first byte to it", f"{took_ms} ms" if transport.can_read else "-"),
        ("DLE EOT 1 2 3 4 after", after),
        ("status line of usblp", transport.check() or "no fault"),
        ("bytes; length by our count", f"{len(document)}; {length_mm:.0f} mm (measure it)"),
    )
    table = "\n".join(f"  {label:<28}{value}" for label, value in rows)
    looks = _LOOK.format(columns=profile.columns, width_px=profile.width_px)
    return f"Measured:\n{table}\n{looks}"


def _ask_all(transport: Transport, limits: TimeLimits) -> str:
    said: list[str] = []
    for number in STATUS_QUERIES:
        transport.write(status_query(number), limits.status_s)
        reply = _read_one(transport, is_status_reply, limits.status_s, time.monotonic)
        said.append("--" if reply is None else f"{reply:02x}")
    return " ".join(said)


def _read_one(
    transport: Transport, wanted: Callable[[int], bool], limit_s: float, clock: Callable[[], float]
) -> int | None:
    until = clock() + limit_s
    while (left := until - clock()) > 0:
        for byte in transport.read(left):
            if wanted(byte):
                return byte
    return None


def _drain(transport: Transport) -> None:
    for _ in range(100):
        if not transport.read(0.0):
            return


def _close(transport: Transport, claim: Claim | None) -> None:
    EscposSession(transport, TimeLimits(), "none", claim).close()


def _enlarge(rows: tuple[tuple[bool, ...], ...], times: int) -> list[list[bool]]:
    wide = [[False] * 24 + [dark for dark in row for _ in range(times)] for row in rows]
    return [row for row in wide for _ in range(times)]


def _picture(rows: list[list[bool]]) -> bytes:
    """`GS v 0`: one bit a dot, rows padded to whole bytes."""
    width_bytes = (len(rows[0]) + 7) // 8
    packed = b"".join(
        int("".join("01"[dark] for dark in row).ljust(width_bytes * 8, "0"), 2).to_bytes(
            width_bytes, "big"
        )
        for row in rows
    )
    size = width_bytes.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return b"\x1dv0\x00" + size + packed


def _native_code(content: str) -> bytes:
    """`GS ( k`: model 2, 6 dots a module, level M, store, print."""
    data = content.encode()
    steps = (b"1A2\x00", b"1C\x06", b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(b"\x1d(k" + len(step).to_bytes(2, "little") + step for step in steps)
