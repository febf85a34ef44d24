"""How the worker drains a spool: look first, send once, back off, and never stop for one bad
job.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from printer.device.device import Outcome
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable
from printer.spool.job import Job, JobState
from printer.spool.store import Spool
from printer.station import Station
from printer.worker import LISTEN_EVERY_S, LOOK_EVERY_S, Worker
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]


class TurnableClock(Protocol):
    def __call__(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


class PlayedDevice:
    """A printer that does as told and remembers each visit. Its own session."""

    def __init__(self) -> None:
        self.state = PrinterState.READY
        self.reachable = True
        self.outcome: Outcome | Exception = Outcome.PRINTED
        self.late: Outcome | Exception = Outcome.UNKNOWN
        self.remembers = False
        self.sent: list[tuple[str, JobState]] = []
        self.open_visits = 0
        self.seen: Callable[[str], JobState] = lambda _: JobState.QUEUED

    def render(self, slip: Slip) -> bytes:
        return slip.id.encode()

    def open(self) -> PlayedDevice:
        if not self.reachable:
            raise DeviceUnreachable("connection_refused")
        self.open_visits += 1
        return self

    def read_state(self) -> Reading:
        return Reading(self.state)

    def send(self, document: bytes, slip: Slip) -> Outcome:
        self.sent.append((document.decode(), self.seen(f"{slip.id}.{slip.copy}")))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def settle(self, slip: Slip) -> Outcome:
        if isinstance(self.late, Exception):
            raise self.late
        return self.late

    def measure_mm(self, document: bytes) -> float:
        return 100.0

    def close(self) -> None:
        self.open_visits -= 1


@pytest.fixture
def device() -> PlayedDevice:
    return PlayedDevice()


@pytest.fixture
def spool(tmp_path: Path, clock: TurnableClock, device: PlayedDevice) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.sqlite3", clock)
    device.seen = lambda job_id: spool.job(job_id).state
    yield spool
    spool.close()


@pytest.fixture
def worker(spool: Spool, device: PlayedDevice, clock: TurnableClock) -> Iterator[Worker]:
    worker = Worker(spool, [Station("1", device)], clock)
    yield worker
    worker.stop()
    assert device.open_visits == 0, "every visit must end"


@pytest.fixture
def submit(spool: Spool, make_slip: MakeSlip) -> Callable[[str], str]:
    return lambda name: spool.add(make_slip(id=name), name.encode(), 180).id


Submit = Callable[[str], str]


def test_a_confirmed_job_is_printed_and_was_marked_before_its_first_byte(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    assert worker.step() == 0
    assert spool.job(job_id).state == JobState.PRINTED
    assert device.sent == [("a", JobState.SENDING)]


def test_with_nothing_to_do_it_only_looks(worker: Worker, device: PlayedDevice) -> None:
    device.state = PrinterState.PAPER_LOW
    assert worker.step() == LOOK_EVERY_S
    assert worker.look()[0].reading.state == PrinterState.PAPER_LOW
    assert device.sent == []


def test_while_the_spool_cannot_be_used_that_is_how_the_printer_is(
    worker: Worker, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.step()
    with monkeypatch.context() as broken:
        broken.setattr(spool, "expire_due", _fail)
        worker.step_safely()
        assert worker.look()[0].reading.state is PrinterState.SPOOL_STOPPED
        assert not worker.look()[0].reading.state.can_print
    worker.step_safely()
    assert worker.look()[0].reading.state is PrinterState.READY


def _fail() -> None:
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    "state",
    [PrinterState.PAPER_OUT, PrinterState.COVER_OPEN, PrinterState.OFFLINE, PrinterState.UNKNOWN],
)
def test_a_printer_that_is_not_ready_gets_no_byte_and_is_asked_again_ever_later(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit, state: PrinterState
) -> None:
    job_id = submit("a")
    device.state = state
    assert [worker.step() for _ in range(6)] == [1, 2, 5, 10, 10, 10]
    assert device.sent == []
    assert (spool.job(job_id).state, spool.job(job_id).reason) == (JobState.QUEUED, state)
    device.state = PrinterState.READY
    assert worker.step() == 0
    assert spool.job(job_id).state == JobState.PRINTED


def test_an_unreachable_printer_is_offline_and_keeps_the_job(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    device.reachable = False
    assert [worker.step(), worker.step()] == [1, 2]
    assert worker.look()[0].reading == Reading(PrinterState.OFFLINE, "connection_refused")
    assert (spool.job(job_id).state, spool.job(job_id).attempts) == (JobState.QUEUED, 2)


@pytest.mark.parametrize(
    "outcome", [Outcome.UNKNOWN, DeviceFailed("broken_pipe"), RuntimeError("a fault of ours")]
)
def test_a_job_without_confirmation_is_never_sent_again(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit, outcome: Outcome | Exception
) -> None:
    job_id = submit("a")
    device.outcome = outcome
    assert worker.step() == 0
    assert spool.job(job_id).state == JobState.UNCONFIRMED
    assert spool.job(job_id).reason in ("no_confirmation", "broken_pipe", "RuntimeError")
    device.outcome = Outcome.PRINTED
    assert worker.step() == LISTEN_EVERY_S
    assert len(device.sent) == 1


def test_the_state_is_known_again_right_after_a_failure(
    worker: Worker, device: PlayedDevice, submit: Submit
) -> None:
    submit("a")

    def run_out(document: bytes, slip: Slip) -> Outcome:
        device.state = PrinterState.PAPER_OUT
        return Outcome.UNKNOWN

    device.send = run_out  # type: ignore[method-assign]
    worker.step()
    assert worker.look()[0].reading.state == PrinterState.PAPER_OUT


def test_jobs_are_printed_in_order_and_none_overtakes_a_waiting_one(
    worker: Worker, device: PlayedDevice, submit: Submit
) -> None:
    submit("a")
    device.state = PrinterState.PAPER_OUT
    worker.step()
    submit("b")
    device.state = PrinterState.READY
    worker.step()
    worker.step()
    assert [name for name, _ in device.sent] == ["a", "b"]


def test_a_job_past_its_time_expires_unprinted(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit, clock: TurnableClock
) -> None:
    late = submit("late")
    device.state = PrinterState.PAPER_OUT
    worker.step()
    clock.advance(180)
    fresh = submit("fresh")
    device.state = PrinterState.READY
    worker.step()
    assert (spool.job(late).state, spool.job(fresh).state) == (JobState.EXPIRED, JobState.PRINTED)
    assert [name for name, _ in device.sent] == ["fresh"]


def test_a_job_that_cannot_even_be_tried_fails_and_lets_the_next_pass(
    worker: Worker,
    spool: Spool,
    device: PlayedDevice,
    submit: Submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = submit("bad"), submit("good")

    def explode() -> PlayedDevice:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(device, "open", explode)
    assert worker.step() == 0
    monkeypatch.undo()
    worker.step()
    assert (spool.job(bad).state, spool.job(good).state) == (JobState.FAILED, JobState.PRINTED)
    assert spool.job(bad).reason == "RuntimeError"


def test_a_job_whose_end_could_not_be_written_down_is_unconfirmed_and_not_sent_again(
    worker: Worker,
    spool: Spool,
    device: PlayedDevice,
    submit: Submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job_id, act = submit("a"), spool.act

    def act_on_a_full_disk(job_id: str, action: str, reason: str = "") -> Job:
        if action == "confirm":
            raise sqlite3.OperationalError("database or disk is full")
        return act(job_id, action, reason)

    monkeypatch.setattr(spool, "act", act_on_a_full_disk)
    with pytest.raises(sqlite3.OperationalError):
        worker.step()
    monkeypatch.undo()
    worker.step()
    assert spool.job(job_id).state == JobState.UNCONFIRMED and len(device.sent) == 1


def test_a_state_is_dated_from_its_beginning(
    worker: Worker, device: PlayedDevice, clock: TurnableClock
) -> None:
    worker.step()
    began = clock()
    clock.advance(60)
    worker.step()
    assert worker.look()[0].since == began
    device.state = PrinterState.PAPER_OUT
    worker.step()
    assert worker.look()[0].since == clock()


def test_a_printer_that_owes_an_answer_stands_still_until_the_staff_say_what_happened(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    first, second = submit("a"), submit("b")
    device.outcome = Outcome.UNKNOWN
    worker.step()
    device.outcome = Outcome.PRINTED
    assert [worker.step(), worker.step()] == [1, 2]
    assert worker.look()[0].reading == Reading(PrinterState.UNCONFIRMED, "no_confirmation")
    assert spool.job(second).state == JobState.QUEUED and len(device.sent) == 1
    spool.resolve(first, came_out=False)
    assert worker.step() == 0
    assert [spool.job(each).state for each in (first, second)] == [
        JobState.CANCELLED,
        JobState.PRINTED,
    ]
    assert worker.look()[0].reading.state == PrinterState.READY


def test_slips_that_wait_behind_a_stopped_printer_expire(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit, clock: TurnableClock
) -> None:
    submit("a")
    device.outcome = Outcome.UNKNOWN
    worker.step()
    late = submit("b")
    clock.advance(180)
    worker.step()
    assert spool.job(late).state == JobState.EXPIRED


def test_a_late_acknowledgement_makes_a_job_printed_and_the_printer_goes_on(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    first, second = submit("a"), submit("b")
    device.outcome = Outcome.UNKNOWN
    worker.step()
    assert device.open_visits == 1, "the answer can come on this connection only"
    device.outcome, device.late = Outcome.PRINTED, Outcome.PRINTED
    assert worker.step() == 0
    assert [spool.job(each).state for each in (first, second)] == [JobState.PRINTED] * 2
    assert device.open_visits == 0


def test_a_broken_connection_is_not_listened_to_and_the_printer_stays_stopped(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    device.outcome, device.late = Outcome.UNKNOWN, DeviceFailed("closed_by_printer")
    worker.step()
    worker.step()
    assert device.open_visits == 0
    assert spool.job(job_id).state == JobState.UNCONFIRMED
    assert worker.look()[0].reading.state == PrinterState.UNCONFIRMED


def test_a_printer_that_remembers_is_asked_again_on_a_new_connection(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    spool.send(job_id, "1", 100.0)  # and then the power went
    device.remembers, device.late = True, Outcome.PRINTED
    worker.step()
    assert (spool.job(job_id).state, device.sent) == (JobState.PRINTED, [])


def test_what_certainly_came_to_nothing_is_tried_again_without_a_mark(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    device.outcome = Outcome.NOTHING
    assert worker.step() > 0
    assert spool.job(job_id).state == JobState.QUEUED
    assert spool.roll("1").used_mm == 0
    device.outcome = Outcome.PRINTED
    assert worker.step() == 0
    assert (spool.job(job_id).state, spool.roll("1").used_mm) == (JobState.PRINTED, 100.0)


@pytest.fixture
def second() -> PlayedDevice:
    return PlayedDevice()


@pytest.fixture
def pair(
    spool: Spool, device: PlayedDevice, second: PlayedDevice, clock: TurnableClock
) -> Iterator[Worker]:
    pair = Worker(spool, [Station("Front", device), Station("Back", second)], clock)
    yield pair
    pair.stop()
    assert device.open_visits == second.open_visits == 0


def test_the_first_printer_that_is_well_prints_and_the_job_says_which(
    pair: Worker, spool: Spool, device: PlayedDevice, second: PlayedDevice, submit: Submit
) -> None:
    jobs = [submit(name) for name in "abc"]
    pair.step()
    device.state = PrinterState.COVER_OPEN
    pair.step()
    device.state = PrinterState.READY
    pair.step()
    assert [spool.job(each).printer for each in jobs] == ["Front", "Back", "Back"], (
        "a printer that has just failed rests"
    )
    assert (len(device.sent), len(second.sent)) == (1, 2)


def test_after_its_rest_the_preferred_printer_is_used_again(
    pair: Worker, spool: Spool, device: PlayedDevice, submit: Submit, clock: TurnableClock
) -> None:
    device.reachable = False
    submit("a")
    pair.step()
    device.reachable = True
    clock.advance(1)
    job_id = submit("b")
    pair.step()
    assert spool.job(job_id).printer == "Front"


def test_a_job_that_may_be_on_paper_never_moves_to_the_other_printer(
    pair: Worker, spool: Spool, device: PlayedDevice, second: PlayedDevice, submit: Submit
) -> None:
    owed, next_job = submit("a"), submit("b")
    device.outcome = Outcome.UNKNOWN
    pair.step()
    pair.step()
    pair.step()
    assert (spool.job(owed).state, spool.job(owed).printer) == (JobState.UNCONFIRMED, "Front")
    assert spool.job(next_job).printer == "Back"
    assert [name for name, _ in second.sent] == ["b"]


def test_when_no_printer_is_well_the_job_waits(
    pair: Worker, spool: Spool, device: PlayedDevice, second: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    device.state, second.state = PrinterState.PAPER_OUT, PrinterState.OFFLINE
    assert [pair.step() for _ in range(3)] == [1, 2, 5]
    assert spool.job(job_id).state == JobState.QUEUED
    assert [seen.reading.state for seen in pair.look()] == [device.state, second.state]


def test_a_visitor_who_leaves_while_the_printer_is_asked_gets_no_slip(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")

    def leave() -> Reading:
        spool.expire(job_id)
        return Reading(PrinterState.READY)

    device.read_state = leave  # type: ignore[method-assign]
    assert worker.step() == 0
    assert (spool.job(job_id).state, device.sent) == (JobState.EXPIRED, [])
    assert worker.stumbled_at is None


def test_the_staff_may_be_faster_than_a_late_answer(
    worker: Worker, spool: Spool, device: PlayedDevice, submit: Submit
) -> None:
    job_id = submit("a")
    device.outcome = Outcome.UNKNOWN
    worker.step()

    def answer_late(_: Slip) -> Outcome:
        spool.resolve(job_id, came_out=False)
        return Outcome.PRINTED

    device.settle = answer_late  # type: ignore[method-assign]
    worker.step()
    assert spool.job(job_id).state == JobState.CANCELLED
