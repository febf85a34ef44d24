"""The life of a print job: durable, one way, and honest after a crash."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from printer.spool.job import TRANSITIONS, JobState, UnknownJob, WrongJobState, job_id_of, next_copy
from printer.spool.schema import SPOOL_STEPS
from printer.spool.store import Spool, SpoolInUse
from queue_server.protocol.messages import Slip, to_wire

LIFETIME_S = 180.0

MakeSlip = Callable[..., Slip]


class TurnableClock(Protocol):
    def __call__(self) -> datetime: ...

    def advance(self, seconds: float) -> None: ...


# The ways to each state from `queued`.
PATHS: dict[JobState, list[str]] = {
    JobState.QUEUED: [],
    JobState.SENDING: ["send"],
    JobState.PRINTED: ["send", "confirm"],
    JobState.UNCONFIRMED: ["send", "lose"],
    JobState.FAILED: ["fail"],
    JobState.EXPIRED: ["expire"],
    JobState.CANCELLED: ["send", "lose", "deny"],
}
ACTIONS = sorted({action for _, action in TRANSITIONS})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite3"


@pytest.fixture
def spool(path: Path, clock: Callable[[], datetime]) -> Iterator[Spool]:
    spool = Spool(path, clock)
    yield spool
    spool.close()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", list(JobState))
def test_a_job_moves_only_as_the_table_says(
    spool: Spool, make_slip: MakeSlip, state: JobState, action: str
) -> None:
    job = spool.add(make_slip(), b"slip", LIFETIME_S)
    for step in PATHS[state]:
        spool.act(job.id, step)
    assert spool.job(job.id).state == state
    if (state, action) in TRANSITIONS:
        assert spool.act(job.id, action).state == TRANSITIONS[state, action]
    else:
        with pytest.raises(WrongJobState):
            spool.act(job.id, action)
        assert spool.job(job.id).state == state


def test_nothing_that_may_be_on_paper_ever_leads_back_to_sending() -> None:
    reached, open_states = set[JobState](), [JobState.SENDING]
    while open_states:
        state = open_states.pop()
        following = {
            after
            for (before, action), after in TRANSITIONS.items()
            if before == state and action != "take_back"  # nothing was put on paper
        } - reached
        reached |= following
        open_states += following
    assert reached == {JobState.PRINTED, JobState.UNCONFIRMED, JobState.CANCELLED}


def test_a_job_keeps_its_slip_bytes_and_times(
    spool: Spool, make_slip: MakeSlip, clock: Callable[[], datetime]
) -> None:
    job = spool.add(make_slip(), b"\x1b@\x00bytes", LIFETIME_S)
    assert (job.slip, job.state, job.attempts) == (make_slip(), JobState.QUEUED, 0)
    assert (job.created_at, job.expires_at) == (clock(), clock() + timedelta(seconds=LIFETIME_S))
    assert spool.document(job.id) == b"\x1b@\x00bytes"


def test_the_same_slip_twice_is_one_job_with_the_first_content(
    spool: Spool, make_slip: MakeSlip
) -> None:
    first = spool.add(make_slip(), b"first", LIFETIME_S)
    assert spool.add(make_slip(ahead=99), b"second", LIFETIME_S) == first
    assert spool.document(first.id) == b"first"
    assert len(spool.recent()) == 1


def test_copies_are_jobs_of_their_own_numbered_on(spool: Spool, make_slip: MakeSlip) -> None:
    slip = make_slip()
    for expected in (1, 2, 3):
        copy = next_copy(slip, spool.latest_of(slip.id))
        assert copy.copy == expected
        spool.add(copy, b"", LIFETIME_S)
    assert [job.copy for job in spool.recent()] == [3, 2, 1]


def test_jobs_come_in_the_order_they_were_submitted(spool: Spool, make_slip: MakeSlip) -> None:
    for index in range(3):
        spool.add(make_slip(id=f"t{index}"), b"", LIFETIME_S)
    order = []
    while (job := spool.next_queued()) is not None:
        order.append(job.slip.id)
        spool.act(job.id, "send")
    assert order == ["t0", "t1", "t2"]


def test_only_a_waiting_job_expires_and_only_when_its_time_is_over(
    spool: Spool, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    waiting, sent = (spool.add(make_slip(id=name), b"", LIFETIME_S) for name in ("waiting", "sent"))
    spool.act(sent.id, "send")
    clock.advance(LIFETIME_S - 1)
    assert spool.expire_due() == []
    clock.advance(1)
    assert [job.id for job in spool.expire_due()] == [waiting.id]
    assert spool.job(waiting.id).done_at == clock()
    assert spool.job(sent.id).state == JobState.SENDING


def test_a_clock_set_back_makes_no_job_live_longer(
    spool: Spool, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    job = spool.add(make_slip(id="before"), b"", LIFETIME_S)
    clock.advance(-3600)
    assert spool.expire_due() == []
    spool.add(make_slip(id="after"), b"", LIFETIME_S)
    first = spool.next_queued()
    assert first is not None and first.id == job.id, "who came first is printed first"
    clock.advance(LIFETIME_S)
    assert job.id in [each.id for each in spool.expire_due()]


def test_an_expired_job_can_be_renewed_with_a_new_time(
    spool: Spool, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    job = spool.add(make_slip(), b"slip", LIFETIME_S)
    clock.advance(LIFETIME_S)
    spool.expire_due()
    renewed = spool.renew(job.id, LIFETIME_S)
    assert (renewed.state, renewed.expires_at) == (
        JobState.QUEUED,
        clock() + timedelta(seconds=LIFETIME_S),
    )
    assert spool.expire_due() == []


@pytest.mark.parametrize(
    "state", [JobState.PRINTED, JobState.UNCONFIRMED, JobState.SENDING, JobState.QUEUED]
)
def test_what_may_be_on_paper_is_not_renewed(
    spool: Spool, make_slip: MakeSlip, state: JobState
) -> None:
    job = spool.add(make_slip(), b"slip", LIFETIME_S)
    for step in PATHS[state]:
        spool.act(job.id, step)
    with pytest.raises(WrongJobState):
        spool.renew(job.id, LIFETIME_S)


def test_an_unknown_job_is_said_so(spool: Spool) -> None:
    for ask in (spool.job, spool.document, lambda name: spool.act(name, "send")):
        with pytest.raises(UnknownJob):
            ask("nobody.0")


@pytest.mark.parametrize("state", list(JobState))
def test_after_a_restart_a_job_being_sent_is_unconfirmed_and_all_else_as_it_was(
    path: Path, make_slip: MakeSlip, clock: Callable[[], datetime], state: JobState
) -> None:
    before = Spool(path, clock)
    job = before.add(make_slip(), b"slip", LIFETIME_S)
    for step in PATHS[state]:
        before.act(job.id, step)
    before.close()
    after = Spool(path, clock)
    expected = JobState.UNCONFIRMED if state == JobState.SENDING else state
    assert after.job(job.id).state == expected
    assert (after.next_queued() is not None) == (state == JobState.QUEUED)
    after.close()


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from printer.spool.store import Spool
from queue_server.protocol.messages import Slip
spool = Spool(Path(sys.argv[1]), lambda: datetime(2026, 11, 23, 3, 15, tzinfo=UTC))
for name in ("kept", "sent"):
    slip = Slip(
        id=name, code="", number="A001", stream="A", stream_name="", office="", office_name="",
        service="", service_name="", issued_at="2026-11-23T10:15:00+07:00", place="", url="",
    )
    spool.add(slip, name.encode(), 180)
spool.act("sent.0", "send")
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_no_job_and_leaves_the_spool_free(
    path: Path, clock: Callable[[], datetime]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    with pytest.raises(SpoolInUse):
        Spool(path, clock)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    spool = Spool(path, clock)
    assert spool.job("sent.0").state == JobState.UNCONFIRMED
    assert spool.job("sent.0").reason == "stopped_while_sending"
    waiting = spool.next_queued()
    assert waiting is not None and spool.document(waiting.id) == b"kept"
    spool.close()


def test_old_jobs_are_forgotten_in_a_box_that_is_never_switched_off(
    spool: Spool, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    spool.act(spool.add(make_slip(), b"", LIFETIME_S).id, "fail")
    clock.advance(3 * 86400)
    spool.expire_due()
    assert spool.recent() == []


def test_old_jobs_are_forgotten_at_the_next_start(
    path: Path, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    spool = Spool(path, clock)
    spool.act(spool.add(make_slip(id="old"), b"", LIFETIME_S).id, "fail")
    clock.advance(3 * 86400)
    spool.add(make_slip(id="new"), b"", LIFETIME_S)
    spool.close()
    spool = Spool(path, clock)
    assert [job.slip.id for job in spool.recent()] == ["new"]
    spool.close()


def test_commits_are_durable(path: Path, spool: Spool) -> None:
    assert spool._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert spool._db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_the_database_itself_refuses_a_second_job_for_the_same_copy(
    spool: Spool, make_slip: MakeSlip
) -> None:
    slip = make_slip()
    spool.add(slip, b"", LIFETIME_S)
    with pytest.raises(sqlite3.IntegrityError):
        spool._db.execute(
            "INSERT INTO jobs (job_id, slip_id, copy_no, slip, document, state, created_at, "
            "expires_at)"
            " VALUES ('x', ?, 0, '', '', 'queued', 0, 0)",
            (slip.id,),
        )
    assert job_id_of(slip) == f"{slip.id}.0"


def test_a_spool_of_an_earlier_release_keeps_its_jobs_and_asks_nobody_about_them(
    path: Path, make_slip: MakeSlip, clock: Callable[[], datetime]
) -> None:
    old = sqlite3.connect(path)
    for statement in SPOOL_STEPS[0]:
        old.execute(statement)
    for state in ("queued", "printed", "unconfirmed"):
        slip = make_slip(id=state)
        old.execute(
            "INSERT INTO jobs (job_id, slip_id, copy_no, slip, document, state, created_at,"
            " expires_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?)",
            (
                job_id_of(slip),
                slip.id,
                json.dumps(to_wire(slip)),
                b"bytes",
                state,
                clock().timestamp(),
                clock().timestamp() + 180,
            ),
        )
    old.commit()
    old.close()
    spool = Spool(path, clock)
    assert {job.slip.id: job.state for job in spool.recent()} == {
        "queued": JobState.QUEUED,
        "printed": JobState.PRINTED,
        "unconfirmed": JobState.CANCELLED,
    }
    assert spool.unconfirmed() == []
    assert spool.document("queued.0") == b"bytes"
    assert [job.id for job in (spool.next_queued(),) if job] == ["queued.0"]
    spool.close()


def test_the_word_of_the_staff_counts_once_and_only_where_it_is_asked_for(
    spool: Spool, make_slip: MakeSlip
) -> None:
    job = spool.add(make_slip(), b"", LIFETIME_S)
    with pytest.raises(WrongJobState):
        spool.resolve(job.id, came_out=True)
    spool.send(job.id, "1", 0)
    spool.act(job.id, "lose")
    assert [spool.resolve(job.id, came_out=True).state for _ in range(2)] == [JobState.PRINTED] * 2
    with pytest.raises(WrongJobState):
        spool.resolve(job.id, came_out=False)


@pytest.mark.parametrize("state", list(JobState))
def test_when_the_visitor_left_only_a_waiting_job_expires(
    spool: Spool, make_slip: MakeSlip, state: JobState
) -> None:
    job = spool.add(make_slip(), b"", LIFETIME_S)
    for step in PATHS[state]:
        spool.act(job.id, step)
    expected = JobState.EXPIRED if state == JobState.QUEUED else state
    assert spool.expire(job.id).state == expected


def test_a_question_to_the_staff_is_not_forgotten(
    spool: Spool, make_slip: MakeSlip, clock: TurnableClock
) -> None:
    job = spool.add(make_slip(), b"", LIFETIME_S)
    spool.send(job.id, "1", 0)
    spool.act(job.id, "lose")
    clock.advance(9 * 86400)
    spool.expire_due()
    assert [each.id for each in spool.unconfirmed("1")] == [job.id]
