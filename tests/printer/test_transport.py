"""Bytes to a printer over TCP, a device file, a plain file and USB, with printers that answer,
stall, break and vanish.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from printer.device.addresses import UnknownAddress, find_device
from printer.device.device import Outcome, Session
from printer.device.profile import UnknownProfile, find_profile
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceGone, DeviceUnreachable, TimeLimits
from printer.slip.thermal import ACK_REQUEST
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]
Start = Callable[..., "ScriptedPrinter"]
HASTY = TimeLimits(connect_s=1.0, status_s=0.15, send_s=0.5, ack_s=0.3)
PROFILE = find_profile("tm-t20iii-80")


class ScriptedPrinter:
    """A TCP printer that answers each kind of request with given bytes and keeps what it was
    sent.
    """

    def __init__(
        self, status: str = "12 12 12 12", ack: bytes = b"\x00", hang_up_after: int | None = None
    ) -> None:
        self.answers = {
            bytes((0x10, 0x04, number)): bytes((byte,))
            for number, byte in enumerate(bytes.fromhex(status), start=1)
        }
        self.answers[ACK_REQUEST] = ack
        self.hang_up_after = hang_up_after
        self.received = b""
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with line:
                self._converse(line)

    def _converse(self, line: socket.socket) -> None:
        pending = b""
        try:
            while data := line.recv(65536):
                self.received += data
                pending += data
                if self.hang_up_after is not None and len(pending) > self.hang_up_after:
                    line.setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    )  # a reset, as on power loss
                    return
                for request, answer in self.answers.items():
                    if pending.endswith(request):
                        line.sendall(answer)
        except OSError:
            return

    def jobs(self) -> bytes:
        """What was sent besides questions."""
        rest = self.received
        for number in (1, 2, 3, 4):
            rest = rest.replace(bytes((0x10, 0x04, number)), b"")
        return rest

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def start_printer() -> Iterator[Callable[..., ScriptedPrinter]]:
    started: list[ScriptedPrinter] = []

    def start(**behaviour: Any) -> ScriptedPrinter:
        started.append(ScriptedPrinter(**behaviour))
        return started[-1]

    yield start
    for each in started:
        each.close()


def visit(address: str, profile: str = "tm-t20iii-80") -> Session:
    return find_device(address, find_profile(profile), HASTY).open()


def test_a_job_goes_out_whole_and_is_confirmed_by_its_own_last_bytes(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    printer = start_printer()
    device = find_device(printer.address, PROFILE, HASTY)
    session = device.open()
    assert session.read_state() == Reading(PrinterState.READY)
    assert session.send(device.render(make_slip()), make_slip()) is Outcome.PRINTED
    session.close()
    assert printer.jobs() == device.render(make_slip()) + ACK_REQUEST


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("12 12 12 1e", "paper_low"),
        ("1a 32 12 7e", "paper_out"),
        ("1a 16 12 12", "cover_open"),
        ("1a 12 12 12", "offline"),
        ("12", "ready"),
    ],
)
def test_a_state_is_read_over_the_line(start_printer: Start, status: str, state: str) -> None:
    session = visit(start_printer(status=status).address)
    assert session.read_state().state == state
    session.close()


def test_a_silent_printer_is_unknown(start_printer: Start) -> None:
    session = visit(start_printer(status="").address)
    assert session.read_state() == Reading(PrinterState.UNKNOWN, "no_answer")
    session.close()


@pytest.mark.parametrize(
    "ack", [b"", b"\x0c", b"\x12", b"\xff\x12\x1a", b"\x38\x00\x00\x0f"]
)  # the last: cover opened, told unasked
def test_without_a_confirming_answer_a_job_is_not_confirmed(
    start_printer: Start, make_slip: MakeSlip, ack: bytes
) -> None:
    session = visit(start_printer(ack=ack).address)
    assert session.send(b"slip", make_slip()) is Outcome.UNKNOWN
    session.close()


def test_unasked_status_bytes_before_the_answer_do_no_harm(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    session = visit(start_printer(ack=b"\x12\x14\x00\x0c\x00\x16\x03").address)
    assert session.send(b"slip", make_slip()) is Outcome.PRINTED
    session.close()


def test_a_printer_that_breaks_off_leaves_the_job_in_doubt(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    session = visit(start_printer(hang_up_after=50_000).address)
    with pytest.raises(DeviceFailed):
        session.send(b"x" * 4_000_000, make_slip())
    session.close()


def test_a_printer_that_is_off_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeviceUnreachable, match="connection_refused"):
        visit(f"tcp://127.0.0.1:{port}")


def test_a_printer_that_tells_nothing_is_taken_at_its_word(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    printer = start_printer(status="", ack=b"")
    session = visit(printer.address, "star-80")
    assert session.read_state() == Reading(PrinterState.READY, "not_asked")
    assert session.send(b"slip", make_slip()) is Outcome.PRINTED
    session.close()


def test_a_device_file_is_read_and_written(make_slip: MakeSlip) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    device = find_device(f"file://{os.ttyname(theirs)}", PROFILE, HASTY)
    received = b""

    def answer() -> None:
        nonlocal received
        while not received.endswith(ACK_REQUEST):
            data = os.read(ours, 4096)
            received += data
            if received[-3:-1] == b"\x10\x04":
                os.write(ours, b"\x12")
        os.write(ours, b"\x00")

    printer = threading.Thread(target=answer, daemon=True)
    printer.start()
    session = device.open()
    assert session.read_state().state == PrinterState.READY
    document = device.render(make_slip())
    assert session.send(document, make_slip()) is Outcome.PRINTED
    session.close()
    printer.join(5)
    os.close(ours)
    os.close(theirs)
    assert received == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04" + document + ACK_REQUEST


def test_a_device_file_that_takes_no_more_fails_in_time(make_slip: MakeSlip) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    session = visit(f"file://{os.ttyname(theirs)}")
    with pytest.raises(DeviceFailed, match="send_timeout"):
        session.send(b"x" * 1_000_000, make_slip())
    session.close()
    os.close(ours)
    os.close(theirs)


def test_an_unplugged_device_file_is_unreachable_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnreachable, match="no_such_file"):
        visit(f"file://{tmp_path}/lp0")
    assert list(tmp_path.iterdir()) == []


def test_a_plain_file_is_appended_to(tmp_path: Path, make_slip: MakeSlip) -> None:
    file = tmp_path / "out.bin"
    file.write_bytes(b"before")
    session = visit(f"file://{file}")
    assert session.read_state().reason == "not_asked"
    assert session.send(b"slip", make_slip()) is Outcome.PRINTED
    session.close()
    assert file.read_bytes() == b"beforeslip"


class FakeUsb:
    """A USB printer as pyusb shows it: one printer interface with a bulk endpoint each way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, present: bool = True) -> None:
        self.sent = b""
        self.acknowledges = True
        self.replies: list[bytes] = []
        self.calls: list[str] = []
        self.error = type("USBError", (OSError,), {})
        self.timeout = type("USBTimeoutError", (self.error,), {})
        out = SimpleNamespace(bEndpointAddress=0x01, bmAttributes=2, write=self._write)
        into = SimpleNamespace(bEndpointAddress=0x81, bmAttributes=2, read=self._read)
        interface = type(
            "Interface", (), {"bInterfaceNumber": 0, "__iter__": lambda _: iter((out, into))}
        )()
        device = SimpleNamespace(
            get_active_configuration=lambda: "configuration",
            is_kernel_driver_active=lambda _: True,
            detach_kernel_driver=lambda _: self.calls.append("detach"),
        )
        core, util = ModuleType("usb.core"), ModuleType("usb.util")
        core.__dict__.update(
            USBError=self.error,
            USBTimeoutError=self.timeout,
            NoBackendError=type("NoBackendError", (ValueError,), {}),
            find=lambda idVendor, idProduct: (
                device if present and (idVendor, idProduct) == (0x04B8, 0x0E15) else None
            ),
        )
        util.__dict__.update(
            ENDPOINT_OUT=0x00,
            ENDPOINT_IN=0x80,
            endpoint_direction=lambda address: address & 0x80,
            find_descriptor=lambda _, bInterfaceClass: interface if bInterfaceClass == 7 else None,
            claim_interface=lambda *_: self.calls.append("claim"),
            dispose_resources=lambda _: self.calls.append("dispose"),
        )
        monkeypatch.setitem(sys.modules, "usb.core", core)
        monkeypatch.setitem(sys.modules, "usb.util", util)

    def _write(self, data: bytes, timeout: int) -> int:
        self.sent += data
        if data[:2] == b"\x10\x04":
            self.replies.append(b"\x12")
        elif data.endswith(ACK_REQUEST) and self.acknowledges:
            self.replies += [b"", b"\x00"]  # an empty read first: USB answers may need several
        return len(data)

    def _read(self, size: int, timeout: int) -> bytes:
        if not self.replies:
            raise self.timeout(110, "timed out")
        return self.replies.pop(0)


def test_a_usb_printer_is_claimed_asked_printed_on_and_let_go(
    monkeypatch: pytest.MonkeyPatch, make_slip: MakeSlip
) -> None:
    usb = FakeUsb(monkeypatch)
    session = visit("usb://04b8:0e15")
    assert session.read_state().state == PrinterState.READY
    assert session.send(b"slip", make_slip()) is Outcome.PRINTED
    session.close()
    assert usb.calls == ["detach", "claim", "dispose"]
    assert usb.sent.endswith(b"slip" + ACK_REQUEST)


def test_a_late_answer_to_an_earlier_job_does_not_confirm_this_one(
    monkeypatch: pytest.MonkeyPatch, make_slip: MakeSlip
) -> None:
    usb = FakeUsb(monkeypatch)
    usb.acknowledges = False
    usb.replies = [b"\x00", b"\x03"]
    session = visit("usb://04b8:0e15")
    assert session.send(b"slip", make_slip()) is Outcome.UNKNOWN
    session.close()


def test_a_usb_printer_that_never_stops_talking_does_not_stop_us(
    monkeypatch: pytest.MonkeyPatch, make_slip: MakeSlip
) -> None:
    usb = FakeUsb(monkeypatch)
    monkeypatch.setattr(usb, "replies", SimpleNamespace(pop=lambda _: b"\x55"))
    session = visit("usb://04b8:0e15")
    with pytest.raises(DeviceFailed, match="talks_without_end"):
        session.send(b"slip", make_slip())
    session.close()
    assert usb.sent == b""


def test_waiting_for_a_usb_printer_does_not_hold_up_what_gevent_runs_beside_it(
    monkeypatch: pytest.MonkeyPatch, make_slip: MakeSlip
) -> None:
    from gevent import monkey

    monkeypatch.setattr(monkey, "is_module_patched", lambda _: True)
    held: list[int] = []
    monkeypatch.setattr(
        FakeUsb, "_read", lambda *_, **__: held.append(threading.get_ident()) or b"\x12"
    )
    FakeUsb(monkeypatch)
    visit("usb://04b8:0e15").read_state()
    assert held and threading.get_ident() not in held


def test_a_usb_printer_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeUsb(monkeypatch, present=False)
    with pytest.raises(DeviceUnreachable, match="not_plugged_in"):
        visit("usb://04b8:0e15")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lp0",
        "tcp://",
        "tcp://h:port",
        "file://lp0",
        "usb://04b8",
        "usb://x:y",
        "http://h",
        "virtual://slips",
    ],
)
def test_an_address_of_no_known_form_is_refused(address: str) -> None:
    with pytest.raises(UnknownAddress):
        find_device(address, PROFILE)


QUERY = "tm-t20iii-80,status=query"


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ("12 12 12 12", Outcome.PRINTED),
        ("12 12 12 1e", Outcome.PRINTED),
        ("1a 32 12 7e", Outcome.UNKNOWN),
        ("1a 16 12 12", Outcome.UNKNOWN),
        ("1a 52 32 12", Outcome.UNKNOWN),
    ],
)
def test_a_printer_that_acknowledges_nothing_is_believed_by_its_state_after_the_slip(
    start_printer: Start, make_slip: MakeSlip, after: str, outcome: Outcome
) -> None:
    printer = start_printer(ack=b"")
    session = visit(printer.address, QUERY)
    assert session.read_state() == Reading(PrinterState.READY)
    for number, byte in enumerate(bytes.fromhex(after), start=1):
        printer.answers[bytes((0x10, 0x04, number))] = bytes((byte,))
    assert session.send(b"slip", make_slip()) is outcome
    session.close()
    assert printer.jobs() == b"slip", "no request that it would print as text"


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n", b"\xff", b"\x80\x12", b"\xfe\xdc\xba\x98"]
)
def test_what_talks_garbage_gets_no_slip(start_printer: Start, answer: bytes) -> None:
    printer = start_printer()
    printer.answers[b"\x10\x04\x01"] = answer
    session = visit(printer.address)
    assert not session.read_state().state.can_print
    session.close()


@pytest.mark.parametrize("ack", [b"\xff\x00", b"ACK", b"\x41", b"\x0c", b"\x02", b"\x12"])
def test_garbage_is_no_acknowledgement(
    start_printer: Start, make_slip: MakeSlip, ack: bytes
) -> None:
    session = visit(start_printer(ack=ack).address)
    assert session.send(b"slip", make_slip()) is Outcome.UNKNOWN
    session.close()


def test_an_acknowledgement_that_comes_among_other_answers_is_heard_late(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    printer = start_printer(ack=b"")
    session = visit(printer.address)
    assert session.send(b"slip", make_slip()) is Outcome.UNKNOWN
    assert session.settle(make_slip()) is Outcome.UNKNOWN
    printer.answers[b"\x10\x04\x01"] = b"\x00\x12"
    assert session.read_state() == Reading(PrinterState.READY)
    assert session.settle(make_slip()) is Outcome.PRINTED
    session.close()


def test_a_new_connection_knows_nothing_of_an_earlier_slip(
    start_printer: Start, make_slip: MakeSlip
) -> None:
    session = visit(start_printer().address)
    with pytest.raises(DeviceFailed, match="not_asked"):
        session.settle(make_slip())
    session.close()


def test_two_never_print_at_one_printer_at_the_same_time(start_printer: Start) -> None:
    address = start_printer().address
    session = visit(address)
    with pytest.raises(DeviceUnreachable, match="in_use"):
        visit(address)
    session.close()
    visit(address).close()


def test_a_printer_that_cannot_be_reached_stays_free_for_others(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(DeviceUnreachable, match="no_such_file"):
            visit(f"file://{tmp_path}/lp0")


@pytest.mark.parametrize(
    ("lines", "state"),
    [(0x18, "ready"), (0x38, "paper_out"), (0x30, "paper_out"), (0x10, "offline")],
)
def test_of_a_printer_that_never_answers_the_driver_knows_the_status_lines(
    monkeypatch: pytest.MonkeyPatch, lines: int, state: str
) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)

    def answer(file: int, request: int, into: Any) -> int:
        assert request == 0x060B
        into[0] = lines
        return 0

    monkeypatch.setattr("printer.device.files.fcntl.ioctl", answer)
    session = visit(f"file://{os.ttyname(theirs)}", "star-80")
    assert session.read_state().state == state
    session.close()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("number", [errno.ENODEV, errno.EIO])
def test_a_printer_that_was_unplugged_is_gone(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    session = visit(f"file://{os.ttyname(theirs)}")

    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("printer.device.files.os.write", fail)
    with pytest.raises(DeviceGone):
        session.read_state()
    session.close()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(
    "name",
    ["laser", "generic-80,status=maybe", "generic-80,width_px=9", "generic-80,paper", "x,qr=image"],
)
def test_a_profile_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownProfile):
        find_profile(name)


def test_a_profile_may_differ_from_its_preset() -> None:
    profile = find_profile("generic-80,status=query,qr=native,width_px=512,columns=42")
    assert (profile.status, profile.qr, profile.width_px, profile.columns, profile.cut) == (
        "query",
        "native",
        512,
        42,
        "partial",
    )
