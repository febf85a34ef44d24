"""A printer as the kiosk uses it: `open_printer` with the virtual printer, threads and files and
all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

import printer
from printer.device.addresses import UnknownAddress
from printer.device.profile import UnknownProfile
from printer.device.virtual import slip_file_name
from printer.printing import Printer, open_printer, read_address
from printer.slip.blocks import SlipUnprintable
from printer.spool.job import Job, JobState, UnknownJob
from printer.spool.store import SpoolInUse
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]


class TurnableClock(Protocol):
    def __call__(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    return tmp_path / "slips"


@pytest.fixture
def virtual(tmp_path: Path, slips: Path, clock: TurnableClock) -> Iterator[Printer]:
    opened = open_printer(f"virtual://{slips}", tmp_path / "state", clock=clock)
    yield opened
    opened.close()


def settle(opened: Printer, job_id: str) -> Job:
    """The job, once the worker is through with it."""
    until = time.monotonic() + 10
    while (job := opened.job(job_id)).state in (
        JobState.QUEUED,
        JobState.SENDING,
    ) and time.monotonic() < until:
        time.sleep(0.005)
    return job


def test_the_virtual_printer_leaves_a_text_a_picture_and_a_pdf(
    virtual: Printer, slips: Path, make_slip: MakeSlip
) -> None:
    assert settle(virtual, virtual.submit(make_slip())).state == JobState.PRINTED
    assert sorted(path.name for path in slips.iterdir()) == [
        "A012-0193a1b2.pdf",
        "A012-0193a1b2.png",
        "A012-0193a1b2.txt",
    ]
    assert "Layanan ini GRATIS" in (slips / "A012-0193a1b2.txt").read_text()
    assert (slips / "A012-0193a1b2.pdf").read_bytes().startswith(b"%PDF-")
    assert (slips / "A012-0193a1b2.png").read_bytes().startswith(b"\x89PNG")
    assert virtual.status() == "ready"


def test_submitting_twice_is_one_job(virtual: Printer, make_slip: MakeSlip) -> None:
    first = virtual.submit(make_slip())
    settle(virtual, first)
    assert virtual.submit(make_slip()) == first
    assert len(virtual.recent()) == 1


def test_a_copy_is_numbered_and_says_so(virtual: Printer, slips: Path, make_slip: MakeSlip) -> None:
    settle(virtual, virtual.submit(make_slip()))
    for number in (1, 2):
        assert settle(virtual, virtual.copy(make_slip())).copy == number
        assert f"SALINAN / COPY {number}" in (slips / f"A012-0193a1b2-copy{number}.txt").read_text()
    assert "SALINAN" not in (slips / "A012-0193a1b2.txt").read_text()


def test_a_copy_of_a_ticket_this_printer_never_saw_is_still_marked(
    virtual: Printer, make_slip: MakeSlip
) -> None:
    assert settle(virtual, virtual.copy(make_slip())).copy == 1


def test_files_keep_to_their_directory_whatever_the_slip_is_called(make_slip: MakeSlip) -> None:
    assert slip_file_name(make_slip(number="../../A1", id="/etc/passwd\x00")) == "A1-etcpassw"
    assert slip_file_name(make_slip(number="/", id="..")) == "slip-0"


def test_a_slip_that_cannot_be_printed_is_refused_at_once(
    virtual: Printer, make_slip: MakeSlip
) -> None:
    with pytest.raises(SlipUnprintable):
        virtual.submit(make_slip(number=""))
    assert virtual.recent() == []
    with pytest.raises(UnknownJob):
        virtual.job("nobody.0")


def test_a_job_waits_for_a_printer_that_is_off_then_expires_and_comes_unmarked_when_asked_again(
    tmp_path: Path, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    target = tmp_path / "lp0"
    opened = open_printer(f"file://{target}", tmp_path / "state", clock=clock)
    job_id = opened.submit(make_slip())
    assert opened.copy(make_slip()) == job_id, "a job still on its way is not copied"
    assert opened.status() == "offline"
    assert opened.job(job_id).state == JobState.QUEUED
    clock.advance(180)
    opened.worker.wake()
    assert settle(opened, job_id).state == JobState.EXPIRED
    target.touch()
    assert opened.copy(make_slip()) == job_id, "nothing was printed, so nothing is a copy"
    assert settle(opened, job_id).state == JobState.PRINTED
    assert b"SALINAN" not in target.read_bytes() and b"A012" in target.read_bytes()
    opened.close()


def test_a_job_submitted_before_a_restart_is_printed_after_it(
    tmp_path: Path, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    target = tmp_path / "lp0"
    opened = open_printer(f"file://{target}", tmp_path / "state", clock=clock)
    job_id = opened.submit(make_slip())
    opened.close()
    target.touch()
    opened = open_printer(f"file://{target}", tmp_path / "state", clock=clock)
    assert settle(opened, job_id).state == JobState.PRINTED
    opened.close()
    assert target.read_bytes().count(b"A012") == 1


def test_the_report_counts_what_happened(virtual: Printer, make_slip: MakeSlip) -> None:
    settle(virtual, virtual.submit(make_slip()))
    report = virtual.report()
    assert (
        report.state,
        report.queued,
        report.oldest_s,
        report.printed,
        report.unconfirmed,
        report.expired,
    ) == ("ready", 0, 0, 1, 0, 0)


def test_one_spool_has_one_owner(virtual: Printer, tmp_path: Path, slips: Path) -> None:
    with pytest.raises(SpoolInUse):
        open_printer(f"virtual://{slips}", tmp_path / "state")


def test_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownProfile, match="tm-t20iii-80"):
        open_printer(f"virtual://{tmp_path}", tmp_path, "laser")


@pytest.mark.parametrize(
    ("addresses", "labels"),
    [
        (["virtual:///a"], ["1"]),
        (["virtual:///a", "virtual:///b"], ["1", "2"]),
        (["Front door=virtual:///a", "Back=virtual:///b=c"], ["Front door", "Back"]),
        (["virtual:///a=b"], ["1"]),
    ],
)
def test_each_printer_has_a_label(addresses: list[str], labels: list[str]) -> None:
    read = [read_address(address, number) for number, address in enumerate(addresses, 1)]
    assert [label for label, _ in read] == labels
    assert all(address.startswith("virtual:///") for _, address in read)


def test_several_printers_need_their_own_labels_and_one_profile_or_as_many(tmp_path: Path) -> None:
    pair = [f"A=virtual://{tmp_path}/a", f"A=virtual://{tmp_path}/b"]
    with pytest.raises(UnknownAddress, match="label"):
        open_printer(pair, tmp_path / "state")
    with pytest.raises(UnknownAddress, match="profile"):
        open_printer(pair[0], tmp_path / "state", ["generic-80", "generic-58"])


def test_a_second_printer_has_its_own_paper(
    tmp_path: Path, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    (tmp_path / "a").touch()  # where a folder should be: this printer cannot be used
    opened = open_printer(
        [f"virtual://{tmp_path}/a", f"Back=virtual://{tmp_path}/b"],
        tmp_path / "state",
        ["generic-80", "generic-58"],
        clock,
    )
    job = settle(opened, opened.submit(make_slip()))
    opened.close()
    assert (job.state, job.printer) == (JobState.PRINTED, "Back")
    text = next((tmp_path / "b").glob("*.txt")).read_text()
    assert max(len(line) for line in text.splitlines()) <= 32


def test_importing_and_opening_load_no_printing_library(tmp_path: Path) -> None:
    code = (
        "import sys, printer\nfrom pathlib import Path\n"
        f"opened = printer.open_printer('virtual://{tmp_path}/slips', "
        f"Path('{tmp_path}/state'))\nopened.close()\n"
        "print([name for name in ('escpos', 'reportlab', 'PIL', 'flask', 'gevent', 'segno') if "
        "name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_public_name_is_there() -> None:
    assert {name for name in printer.__all__ if getattr(printer, name) is None} == set()
    with pytest.raises(AttributeError):
        _ = printer.nothing


def test_it_runs_as_greenlets_where_gevent_has_patched_the_machine(tmp_path: Path) -> None:
    code = (
        "from gevent import monkey; monkey.patch_all()\n"
        "import sys, time, printer\nfrom pathlib import Path\nfrom queue_server.protocol.messages "
        "import Slip\n"
        f"opened = printer.open_printer('virtual://{tmp_path}/slips', Path('{tmp_path}/state'))\n"
        "job = opened.submit(Slip(id='t1', code='', number='A001', stream='A', stream_name='', "
        "office='', office_name='', service='',"
        " service_name='', issued_at='2026-11-23T10:15:00+07:00', place='', url=''))\n"
        "while opened.job(job).state in ('queued', 'sending'): time.sleep(0.005)\n"
        "print(opened.job(job).state, opened.status()); opened.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env=os.environ,
    )
    assert done.stdout == "printed ready\n"


def test_a_slip_stuck_at_a_faulty_printer_expires_when_the_visitor_leaves(
    tmp_path: Path, clock: TurnableClock, make_slip: MakeSlip
) -> None:
    folder = tmp_path / "slips"
    folder.touch()  # a file where the folder should be: the printer is out of order
    opened = open_printer(f"virtual://{folder}", tmp_path / "state", clock=clock)
    job_id = opened.submit(make_slip())
    opened.expire_if_stuck(job_id)
    assert opened.job(job_id).state == JobState.EXPIRED
    opened.expire_if_stuck("nobody.0")
    opened.close()


def test_a_slip_on_its_way_to_a_printer_that_is_well_comes_out_for_a_visitor_who_turns_away(
    virtual: Printer, make_slip: MakeSlip
) -> None:
    job_id = virtual.submit(make_slip())
    virtual.expire_if_stuck(job_id)
    assert settle(virtual, job_id).state == JobState.PRINTED


def test_the_slip_of_a_repeated_check_in_is_a_copy_where_no_first_is_known(
    virtual: Printer, make_slip: MakeSlip
) -> None:
    repeated = make_slip(repeated=True)
    first = virtual.submit(repeated)
    assert settle(virtual, first).copy == 1
    assert virtual.submit(repeated) == first
