"""Against emulated printers that know ESC/POS better than we do: what comes out on paper, and what
does not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from printer.self_test import run_self_test
from printer.slip.brevity import HEIGHT_MAX_MM
from printer.slip.thermal import measure_thermal
from printer.spool.job import JobState
from printer.spool.store import Spool
from printer.station import Station
from queue_server.protocol.messages import Slip
from tests.fixtures.parts import need
from tests.printer.conftest import EMUPOS, free_port, start_emulator
from tests.printer.test_height import WORST

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


@contextmanager
def open_spool(tmp_path: Path, clock: FakeClock) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.sqlite3", clock)
    try:
        yield spool
    finally:
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


@pytest.mark.parametrize("profile", ["tm-t20iii-80", "generic-80-raster", "generic-58"])
def test_the_longest_slip_takes_as_much_paper_as_was_measured(
    emulator: Emulator, open_on: Callable[[str], Printer], profile: str
) -> None:
    printer, device = open_on(profile), PRINTERS[profile]
    before = len(emulator.receipts(device))
    job_id = printer.submit(replace(WORST, id=f"worst-{profile}"))
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED
    receipt = emulator.wait_for_receipts(device, before + 1)[0]
    paper = Image.open(io.BytesIO(emulator.picture(device, receipt))).convert("L")
    ink = paper.point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert ink is not None
    height_mm = (ink[3] - ink[1]) / 8
    assert height_mm <= HEIGHT_MAX_MM
    assert height_mm <= measure_thermal(WORST, find_profile(profile)) + 1


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
    # The printer kept the bytes and prints them with the new roll: sending again would have made
    # two alike.
    assert len(emulator.wait_for_receipts("door", before + 1)) == before + 1
    printer.worker.step()
    assert printer.job(job_id).state == JobState.PRINTED, "its acknowledgement came late"
    copy_id = printer.copy(slip)
    printer.worker.step()
    assert printer.job(copy_id).state == JobState.PRINTED
    newest, older = emulator.wait_for_receipts("door", before + 2)[:2]
    assert "SALINAN / COPY 1" in emulator.text("door", newest)
    assert "SALINAN" not in emulator.text("door", older) and "M007" in emulator.text("door", older)


@pytest.mark.parametrize("count", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_so_many_jobs_are_so_many_slips_each_once(
    emulator: Emulator, open_on: Callable[[str], Printer], make_slip: MakeSlip, count: int
) -> None:
    printer = open_on("tm-t20iii-80")
    before = len(emulator.receipts("door"))
    numbers = [f"T{index:03}" for index in range(1, count + 1)]
    jobs = [printer.submit(make_slip(id=f"{count}-{number}", number=number)) for number in numbers]
    for _ in jobs:
        printer.worker.step()
    assert {printer.job(job_id).state for job_id in jobs} == {JobState.PRINTED}
    receipts = emulator.wait_for_receipts("door", before + count)
    assert len(receipts) == before + count
    texts = [emulator.text("door", receipt) for receipt in reversed(receipts[:count])]
    assert [re.findall(r"T\d{3}", text) for text in texts] == [[number] for number in numbers]


@pytest.mark.parametrize("profile", sorted(PRINTERS))
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("qr", ["image", "native"])
def test_a_slip_is_as_long_on_paper_as_it_is_counted(
    emulator: Emulator,
    tmp_path: Path,
    clock: FakeClock,
    make_slip: MakeSlip,
    decode_qr: Callable[[bytes], str],
    profile: str,
    language: str,
    qr: str,
) -> None:
    name = PRINTERS[profile]
    before = len(emulator.receipts(name))
    device = find_device(emulator.address(name), find_profile(f"{profile},qr={qr}"))
    with open_spool(tmp_path, clock) as spool:
        printer = Printer(spool, [Station("1", device)], clock)
        job_id = printer.submit(make_slip(language=language))
        printer.worker.step()
        assert printer.job(job_id).state == JobState.PRINTED
        counted_mm = spool.roll("1").used_mm
    receipt = emulator.wait_for_receipts(name, before + 1)[0]
    picture = emulator.picture(name, receipt)
    # The emulator's picture ends with the last line, before the feed to the cutter or tear bar.
    unseen_mm = 18 if find_profile(profile).cut == "none" else 15
    seen_mm = Image.open(io.BytesIO(picture)).height / 8
    assert counted_mm - unseen_mm == pytest.approx(seen_mm, rel=0.02)
    assert decode_qr(picture) == make_slip().url.upper()


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_slip_goes_to_the_second_printer_while_the_first_is_out_of_order(
    emulator: Emulator,
    tmp_path: Path,
    clock: FakeClock,
    make_slip: MakeSlip,
    break_printer: Callable[[str], None],
    fault: str,
) -> None:
    before = {name: len(emulator.receipts(name)) for name in ("door", "small")}
    limits = TimeLimits(connect_s=3, status_s=1, send_s=5, ack_s=1)
    stations = [
        Station(label, find_device(emulator.address(name), find_profile(profile), limits))
        for label, name, profile in (
            ("Front", "door", "tm-t20iii-80"),
            ("Back", "small", "generic-58"),
        )
    ]
    with open_spool(tmp_path, clock) as spool:
        printer = Printer(spool, stations, clock)
        break_printer(fault)
        job_id = printer.submit(make_slip(number="S042"))
        assert printer.worker.step() == 0
        job = printer.job(job_id)
        assert (job.state, job.printer) == (JobState.PRINTED, "Back")
        report = printer.report()
        assert (report.label, report.state) == ("Front", FAULTS[fault])
        assert printer.status() is PrinterState.READY
    printed = emulator.wait_for_receipts("small", before["small"] + 1)
    assert len(printed) == before["small"] + 1
    assert "S042" in emulator.text("small", printed[0])
    emulator.clear_fault("door", fault)
    assert len(emulator.receipts("door")) == before["door"]


@pytest.mark.parametrize("profile", ["tm-t20iii-80", "generic-58"])
def test_a_printer_that_acknowledges_nothing_is_asked_how_it_is_after_the_slip(
    emulator: Emulator, tmp_path: Path, clock: FakeClock, make_slip: MakeSlip, profile: str
) -> None:
    name = PRINTERS[profile]
    before = len(emulator.receipts(name))
    device = find_device(
        emulator.address(name), find_profile(f"{profile},status=query"), TimeLimits(settle_s=0.01)
    )
    with open_spool(tmp_path, clock) as spool:
        printer = Printer(spool, [Station("1", device)], clock)
        job_id = printer.submit(make_slip())
        printer.worker.step()
        assert printer.job(job_id).state == JobState.PRINTED
    assert len(emulator.wait_for_receipts(name, before + 1)) == before + 1


def test_a_printer_killed_in_mid_job_leaves_it_to_the_staff_and_prints_no_second_one(
    tmp_path: Path, clock: FakeClock, make_slip: MakeSlip, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("emupos", EMUPOS.exists(), "install it in .emu")
    ports = free_port(), free_port(), free_port()
    process, emulator = start_emulator(tmp_path, *ports)
    limits = TimeLimits(connect_s=3, status_s=1, send_s=5, ack_s=1)
    device = find_device(emulator.address("door"), find_profile("tm-t20iii-80"), limits)
    send = Spool.send

    def die_once_sending(spool: Spool, job: str, label: str, length_mm: float) -> object:
        moved = send(spool, job, label, length_mm)
        process.kill()
        process.wait()
        return moved

    with open_spool(tmp_path, clock) as spool:
        printer = Printer(spool, [Station("1", device)], clock)
        first, second = (printer.submit(make_slip(id=name)) for name in ("first", "second"))
        with monkeypatch.context() as patched:
            patched.setattr(Spool, "send", die_once_sending)
            printer.worker.step()
        assert printer.job(first).state == JobState.UNCONFIRMED
        printer.worker.step()
        assert printer.status() is PrinterState.OFFLINE
        process, emulator = start_emulator(tmp_path, *ports)
        try:
            receipts = len(emulator.receipts("door"))
            printer.worker.step()
            assert printer.job(second).state == JobState.QUEUED, "nobody has said what came out"
            assert printer.status() is PrinterState.UNCONFIRMED
            printer.resolve_unconfirmed(first, came_out=False)
            printer.worker.step()
            assert printer.job(second).state == JobState.PRINTED
            assert len(emulator.wait_for_receipts("door", receipts + 1)) == receipts + 1
            copy = printer.job(printer.copy(printer.job(first).slip))
            assert copy.copy == 1, "what may come out after all is followed by marked copies only"
        finally:
            process.terminate()
            process.wait(10)


def test_the_self_test_says_what_the_printer_answers_and_prints_both_codes(
    emulator: Emulator, decode_qr: Callable[[bytes], str]
) -> None:
    before = len(emulator.receipts("door"))
    said = run_self_test(f"Front={emulator.address('door')}", "tm-t20iii-80")
    assert re.search(r"DLE EOT 1 2 3 4 before +12 12 12 12\n", said)
    assert re.search(r"GS r 1 \(acknowledgement\) +00\n", said)
    receipt = emulator.wait_for_receipts("door", before + 1)[0]
    assert "1234567890" * 4 + "12345678" in emulator.text("door", receipt)
    read = decode_qr(emulator.picture("door", receipt)).split()
    assert read == ["ANTREAN-SELF-TEST"] * 2
