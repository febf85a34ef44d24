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
