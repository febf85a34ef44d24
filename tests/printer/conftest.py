"""Slips to print, a clock to turn, and the emulated printers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from printer.device import addresses
from queue_server.protocol.messages import Slip, WaitRange
from tests.fixtures import parts
from tests.fixtures.parts import find_program, need

EMUPOS = Path(os.environ.get("ANTREAN_TEST_EMUPOS", parts.EMUPOS))


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 3, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def own_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Printers are claimed for each machine; tests beside this one use the same addresses."""
    monkeypatch.setattr(addresses, "LOCK_FOLDER", tmp_path_factory.mktemp("locks"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make_slip() -> Callable[..., Slip]:
    """A walk-in's slip; any field may be given."""

    def make(**changes: Any) -> Slip:
        fields: dict[str, Any] = {
            "id": "0193a1b2-77aa-7000-8000-000000000001",
            "code": "7F3K9Q2M",
            "number": "A012",
            "stream": "A",
            "stream_name": "KTP-el",
            "office": "3674",
            "office_name": "Disdukcapil Kota Tangerang Selatan",
            "service": "ktp",
            "service_name": "Perekaman KTP-el",
            "issued_at": "2026-11-23T10:15:00+07:00",
            "place": "INSIDE",
            "url": "http://antrean.lan/t/7F3K9Q2M",
            "ahead": 5,
            "wait": WaitRange(15, 30),
        }
        return Slip(**(fields | changes))

    return make


@pytest.fixture
def run_program() -> Callable[..., str]:
    """Run an outside judge and give what it says; it must succeed."""

    def run(name: str, *arguments: str | Path) -> str:
        program = find_program(name)
        need(name, program, "install zbar-tools, qpdf and poppler-utils")
        return subprocess.run(
            [str(program), *arguments], capture_output=True, text=True, check=True
        ).stdout

    return run


@pytest.fixture
def decode_qr(tmp_path: Path, run_program: Callable[..., str]) -> Callable[[bytes], str]:
    """What a scanner reads in a picture."""

    def decode(png: bytes) -> str:
        picture = tmp_path / "scan.png"
        picture.write_bytes(png)
        return run_program("zbarimg", "-q", "--raw", picture).strip()

    return decode


@dataclass(frozen=True)
class Emulator:
    """Two emulated printers: `door` has 80 mm paper and a cutter, `small` 58 mm and none."""

    api: str
    ports: dict[str, int]

    def address(self, device: str) -> str:
        return f"tcp://127.0.0.1:{self.ports[device]}"

    def receipts(self, device: str) -> list[dict[str, Any]]:
        """Newest first."""
        listing = json.loads(self._call(f"/devices/{device}/receipts"))
        return list(listing["receipts"] if isinstance(listing, dict) else listing)

    def wait_for_receipts(self, device: str, count: int) -> list[dict[str, Any]]:
        """The receipts, once there are `count`: the emulator files one just after it has
        acknowledged the job.
        """
        until = time.monotonic() + 10
        while len(found := self.receipts(device)) < count and time.monotonic() < until:
            time.sleep(0.01)
        return found

    def text(self, device: str, receipt: dict[str, Any]) -> str:
        return self._call(f"/devices/{device}/receipts/{receipt['id']}/text").decode()

    def picture(self, device: str, receipt: dict[str, Any]) -> bytes:
        return self._call(f"/devices/{device}/receipts/{receipt['id']}/image")

    def set_fault(self, device: str, fault: str) -> None:
        self._call(f"/devices/{device}/faults/{fault}", "PUT")

    def clear_fault(self, device: str, fault: str) -> None:
        self._call(f"/devices/{device}/faults/{fault}", "DELETE")

    def _call(self, path: str, method: str = "GET") -> bytes:
        with urllib.request.urlopen(
            urllib.request.Request(self.api + path, method=method), timeout=5
        ) as answer:
            return bytes(answer.read())


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """emupos, started once for all tests on free ports."""
    need(
        "emupos",
        EMUPOS.exists(),
        f"{EMUPOS} is missing: python3.13 -m venv .emu && .emu/bin/pip install emupos==0.4.0",
    )
    home = tmp_path_factory.mktemp("emupos")
    api, door, small = (free_port() for _ in range(3))
    process, emulator = start_emulator(home, api, door, small)
    try:
        yield emulator
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def start_emulator(
    home: Path, api: int, door: int, small: int
) -> tuple[subprocess.Popen[bytes], Emulator]:
    """Start emupos on these ports, and wait until it answers."""
    (home / "pos58.yaml").write_text(_POS58)
    (home / "emupos.yaml").write_text(
        f"schema: 1\napi: {{ host: 127.0.0.1, port: {api} }}\ndevices:\n"
        f"  - {{id: door, type: printer, profile: epson-tm-t20iii, receipts_dir: ./r80, "
        f"connections: [{{tcp: {{port: {door}}}}}]}}\n"
        f"  - {{id: small, type: printer, profile: ./pos58.yaml, receipts_dir: ./r58, connections: "
        f"[{{tcp: {{port: {small}}}}}]}}\n"
    )
    with open(home / "log", "wb") as log:
        process = subprocess.Popen(
            [EMUPOS, "run", "--config", "emupos.yaml"], cwd=home, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{api}/api/v1"
    _wait_for_health(address, process, home / "log")
    return process, Emulator(address, {"door": door, "small": small})


def _wait_for_health(api: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"emupos did not start: {log.read_text()}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


_POS58 = """\
type: printer
name: Generic 58 mm
dpi: 203
width_dots: 384
font_a: { width: 12, height: 24 }
font_b: { width: 9, height: 17 }
code_pages: { 0: PC437 }
default_code_page: 0
drawer_sensor_open_level: high
serial: { baud: 9600, data_bits: 8, parity: none, stop_bits: 1 }
"""
