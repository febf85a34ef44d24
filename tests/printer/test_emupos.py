"""Against emulated printers that know ESC/POS better than we do: what comes out on paper, and what
does not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from printer.device.addresses import find_device
from printer.device.profile import find_profile
from printer.device.status import PrinterState
from printer.device.transport import TimeLimits
from printer.printing import Printer
from printer.spool.job import JobState
from printer.spool.store import Spool
from printer.station import Station
from queue_server.protocol.messages import Slip

if TYPE_CHECKING:
    from tests.printer.conftest import Emulator, FakeClock

pytestmark = pytest.mark.requires_emupos

MakeSlip = Callable[..., Slip]
PRINTERS = {
    "tm-t20iii-80": "door",
    "generic-80-raster": "door",
    "generic-58": "small",
    "generic-58-raster": "small",
}
FAULTS = {
    "paper-out": PrinterState.PAPER_OUT,
    "cover-open": PrinterState.COVER_OPEN,
    "offline": PrinterState.OFFLINE,
}


@pytest.fixture
def open_on(
    emulator: Emulator, tmp_path: Path, clock: FakeClock
) -> Iterator[Callable[[str], Printer]]:
    """A printer of the named profile on the emulator, without its thread: `worker.step()` moves
    it.
    """
    opened: list[Spool] = []

    def open_as(profile: str) -> Printer:
        spool = Spool(tmp_path / f"{profile}.sqlite3", clock)
        opened.append(spool)
        limits = TimeLimits(connect_s=3, status_s=1, send_s=5, ack_s=1)
        device = find_device(emulator.address(PRINTERS[profile]), find_profile(profile), limits)
        return Printer(spool, [Station("1", device)], clock)

    yield open_as
    for spool in opened:
        spool.close()


@pytest.fixture
def break_printer(emulator: Emulator) -> Iterator[Callable[[str], None]]:
    yield lambda fault: emulator.set_fault("door", fault)
    for fault in (*FAULTS, "paper-near-end"):
        emulator.clear_fault("door", fault)


@pytest.mark.parametrize("profile", ["tm-t20iii-80", "generic-58"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("copy", [0, 1])
def test_a_slip_comes_out_readable_in_text_and_picture(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    profile: str,
    language: str,
    copy: int,
) -> None:
    printer, device = open_on(profile), PRINTERS[profile]
    before = len(emulator.receipts(device))
    slip = make_slip(
        id=f"{profile}{language}{copy}",
        language=language,
        copy=copy,
        place="OUTSIDE",
        url="http://antrean.lan/t/7f3k9q2m",
    )
    job_id = printer.submit(slip)
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED
    receipts = emulator.wait_for_receipts(device, before + 1)
    assert len(receipts) == before + 1
    text = emulator.text(device, receipts[0])
    said = " ".join(text.split())
    words = {
        "id": (
            "Nomor antrean Anda A012",
            "Silakan tunggu di luar sampai dipanggil masuk",
            "Di depan Anda 5 orang",
            "15-30 menit",
            "Senin, 23 November 2026 10.15 WIB",
            "Kode tiket 7F3K-9Q2M",
            "Layanan ini GRATIS",
            "Waspada calo",
        ),
        "en": (
            "Your queue number A012",
            "Please wait outside until called in",
            "Ahead of you 5 people",
            "15-30 minutes",
            "Monday, 23 November 2026 10:15 WIB",
            "Ticket code 7F3K-9Q2M",
            "This service is FREE",
            "Beware of touts",
        ),
    }
    assert [each for each in words[language] if each not in said] == []
    assert ("SALINAN / COPY 1" in said) == bool(copy)
    assert all(len(line) <= find_profile(profile).columns * 4 // 3 for line in text.splitlines())
    picture = emulator.picture(device, receipts[0])
    assert Image.open(io.BytesIO(picture)).width == find_profile(profile).width_px
    assert decode_qr(picture) == "HTTP://ANTREAN.LAN/T/7F3K9Q2M"


@pytest.mark.parametrize(
    ("profile", "language", "said"),
    [
        (
            "tm-t20iii-80",
            "id",
            (
                "Janji datang Anda Senin, 30 November 2026 09.15 Perekaman KTP-el",
                "Bawa: Kartu Keluarga",
                "Kode tiket 7F3K-9Q2M",
                "Layanan ini GRATIS",
            ),
        ),
        (
            "generic-58",
            "en",
            (
                "Your appointment Monday, 30 November 2026 09:15 Perekaman KTP-el",
                "Bring: Kartu Keluarga",
                "Ticket code 7F3K-9Q2M",
                "This service is FREE",
            ),
        ),
    ],
)
def test_a_confirmation_says_when_to_come_and_what_to_bring(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    profile: str,
    language: str,
    said: tuple[str, ...],
) -> None:
    printer, device = open_on(profile), PRINTERS[profile]
    before = len(emulator.receipts(device))
    slip = make_slip(
        id=f"confirmation-{language}",
        number="",
        place="",
        language=language,
        starts_at="2026-11-30T09:15:00+07:00",
        bring="Kartu Keluarga",
        ahead=None,
        wait=None,
    )
    job_id = printer.submit(slip)
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED
    receipt = emulator.wait_for_receipts(device, before + 1)[0]
    text = " ".join(emulator.text(device, receipt).split())
    assert [each for each in said if each not in text] == []
    assert "Nomor antrean" not in text and "queue number" not in text
    assert text.count("2026") == 1, "the only date is the day to come on"
    assert decode_qr(emulator.picture(device, receipt)) == slip.url.upper()


@pytest.mark.parametrize("profile", ["generic-80-raster", "generic-58-raster"])
def test_a_raster_slip_is_a_picture_with_a_readable_code(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    profile: str,
) -> None:
    printer, device = open_on(profile), PRINTERS[profile]
    before = len(emulator.receipts(device))
    job_id = printer.submit(make_slip(id=profile, office_name="Kantor Café"))
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED
    receipt = emulator.wait_for_receipts(device, before + 1)[0]
    assert re.sub(r"\[image \d+x\d+\]", "", emulator.text(device, receipt)).split() == []
    assert decode_qr(emulator.picture(device, receipt)) == make_slip().url.upper()


def test_a_native_code_is_read_where_the_printer_has_the_command(
    emulator: Emulator,
    tmp_path: Path,
    clock: FakeClock,
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
) -> None:
    before = len(emulator.receipts("door"))
    device = find_device(
        emulator.address("door"), replace(find_profile("tm-t20iii-80"), qr="native")
    )
    spool = Spool(tmp_path / "native.sqlite3", clock)
    printer = Printer(spool, [Station("1", device)], clock)
    printer.submit(make_slip(id="native"))
    printer.worker.step()
    spool.close()
    assert (
        decode_qr(emulator.picture("door", emulator.wait_for_receipts("door", before + 1)[0]))
        == make_slip().url.upper()
    )


@pytest.mark.parametrize(("fault", "state"), sorted(FAULTS.items()))
def test_a_printer_with_a_fault_says_which_and_gets_no_slip_until_it_is_mended(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    break_printer: Callable[[str], None],
    fault: str,
    state: PrinterState,
) -> None:
    printer = open_on("tm-t20iii-80")
    before = len(emulator.receipts("door"))
    break_printer(fault)
    job_id = printer.submit(make_slip(id=fault, number="F001"))
    assert [printer.worker.step() for _ in range(2)] == [1, 2]
    assert printer.status() == state
    assert printer.job(job_id).state == JobState.QUEUED
    emulator.clear_fault("door", fault)
    assert len(emulator.receipts("door")) == before, "a byte sent too early would come out now"
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED
    printed = emulator.wait_for_receipts("door", before + 1)
    assert len(printed) == before + 1
    assert emulator.text("door", printed[0]).count("F001") == 1


def test_low_paper_is_told_and_still_prints(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    break_printer: Callable[[str], None],
) -> None:
    printer = open_on("tm-t20iii-80")
    before = len(emulator.receipts("door"))
    break_printer("paper-near-end")
    job_id = printer.submit(make_slip(id="low"))
    printer.worker.step()
    assert (printer.job(job_id).state, printer.status()) == (
        JobState.PRINTED,
        PrinterState.PAPER_LOW,
    )
    assert len(emulator.wait_for_receipts("door", before + 1)) == before + 1


def test_paper_that_ends_in_mid_job_leaves_it_unconfirmed_and_the_copy_is_marked(
    emulator: Emulator,
    open_on: Callable[[str], Printer],
    make_slip: MakeSlip,
    break_printer: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printer = open_on("tm-t20iii-80")
    before = len(emulator.receipts("door"))
    slip = make_slip(id="midjob", number="M007")
    job_id = printer.submit(slip)
    send = Spool.send

    def run_out_of_paper_once_sending(
        spool: Spool, job: str, label: str, length_mm: float
    ) -> object:
        moved = send(spool, job, label, length_mm)
        break_printer("paper-out")
        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Spool, "send", run_out_of_paper_once_sending)
        printer.worker.step()
    assert printer.job(job_id).state == JobState.UNCONFIRMED
    assert printer.status() == PrinterState.PAPER_OUT
    emulator.clear_fault("door", "paper-out")
    printer.worker.step()
    # The printer kept the bytes and prints them with the new roll: sending again would have made
    # two alike.
    assert len(emulator.wait_for_receipts("door", before + 1)) == before + 1
    copy_id = printer.copy(slip)
    printer.worker.step()
    assert printer.job(copy_id).state == JobState.PRINTED
    newest, older = emulator.wait_for_receipts("door", before + 2)[:2]
    assert "SALINAN / COPY 1" in emulator.text("door", newest)
    assert "SALINAN" not in emulator.text("door", older) and "M007" in emulator.text("door", older)


def test_thirty_jobs_are_thirty_slips_each_once(
    emulator: Emulator, open_on: Callable[[str], Printer], make_slip: MakeSlip
) -> None:
    printer = open_on("tm-t20iii-80")
    before = len(emulator.receipts("door"))
    numbers = [f"T{index:03}" for index in range(1, 31)]
    jobs = [printer.submit(make_slip(id=f"many-{number}", number=number)) for number in numbers]
    for _ in jobs:
        printer.worker.step()
    assert {printer.job(job_id).state for job_id in jobs} == {JobState.PRINTED}
    receipts = emulator.wait_for_receipts("door", before + 30)
    assert len(receipts) == before + 30
    printed = [
        re.findall(r"T\d{3}", emulator.text("door", receipt)) for receipt in reversed(receipts[:30])
    ]
    assert printed == [[number] for number in numbers]
