"""An office printer behind CUPS, played by programs in place of `lp` and `lpstat`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from printer.device.addresses import UnknownAddress, find_device
from printer.device.cups import CupsDevice
from printer.device.device import Outcome
from printer.device.profile import find_profile
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable, TimeLimits
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]

LP = """#!/bin/sh
cat > {folder}/printed.pdf
echo "$@" > {folder}/arguments
[ -e {folder}/refuse ] && {{ echo "lp: queue is not accepting jobs"; exit 1; }}
echo "request id is OFFICE-7 (1 file(s))"
"""
LPSTAT = """#!/bin/sh
case "$*" in
  "-p OFFICE") cat {folder}/state ;;
  "-p "*) echo "lpstat: Invalid destination name"; exit 1 ;;
  "-W completed -o OFFICE") [ -e {folder}/done ] && echo "OFFICE-7  antrean  1024  now"; true ;;
esac
"""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which CUPS is played: `state`, `done` and `refuse` say how."""
    for name, script in (("lp", LP), ("lpstat", LPSTAT)):
        (tmp_path / name).write_text(script.format(folder=tmp_path))
        (tmp_path / name).chmod(0o755)
    (tmp_path / "state").write_text("printer OFFICE is idle.  enabled since now\n")
    (tmp_path / "done").touch()
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def device(queue: str = "OFFICE") -> CupsDevice:
    return CupsDevice(
        queue, find_profile("generic-80"), TimeLimits(ack_s=0.5), sleep=lambda _: None
    )


def test_a_slip_goes_there_as_a_pdf_and_is_printed_once_cups_says_so(
    cups: Path, make_slip: MakeSlip
) -> None:
    session = device().open()
    assert session.read_state() == Reading(PrinterState.READY)
    document = device().render(make_slip())
    assert session.send(document, make_slip()) is Outcome.PRINTED
    assert (cups / "printed.pdf").read_bytes() == document
    assert document.startswith(b"%PDF")
    assert (cups / "arguments").read_text().split() == ["-d", "OFFICE", "-t", "A012", "-"]


def test_a_job_that_cups_holds_is_unknown_and_known_once_it_is_done(
    cups: Path, make_slip: MakeSlip
) -> None:
    (cups / "done").unlink()
    session = device().open()
    assert session.send(b"%PDF", make_slip()) is Outcome.UNKNOWN
    assert session.settle(make_slip()) is Outcome.UNKNOWN
    (cups / "done").touch()
    assert session.settle(make_slip()) is Outcome.PRINTED


def test_a_job_that_cups_refuses_came_to_nothing(cups: Path, make_slip: MakeSlip) -> None:
    (cups / "refuse").touch()
    assert device().open().send(b"%PDF", make_slip()) is Outcome.NOTHING


def test_a_queue_that_is_off_is_offline(cups: Path) -> None:
    (cups / "state").write_text("printer OFFICE disabled since now -\n\tPaused\n")
    assert device().open().read_state() == Reading(PrinterState.OFFLINE, "queue_disabled")


def test_a_queue_that_does_not_exist_is_unreachable(cups: Path) -> None:
    with pytest.raises(DeviceUnreachable, match="no_such_queue"):
        device("ELSEWHERE").open()


def test_without_cups_it_is_unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceUnreachable, match="no_cups"):
        device().open()


def test_a_session_that_has_sent_nothing_can_say_nothing(cups: Path, make_slip: MakeSlip) -> None:
    with pytest.raises(DeviceFailed):
        device().open().settle(make_slip())


@pytest.mark.parametrize("queue", ["", "-d", "a b", "a/b", "a;b", "../x"])
def test_a_queue_with_a_name_that_is_none_is_refused(queue: str) -> None:
    with pytest.raises(UnknownAddress):
        find_device(f"cups://{queue}", find_profile("generic-80"))
