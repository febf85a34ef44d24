"""Long work runs in a process beside the server, once for each version of its input, and within a
bound.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from queue_server.web.edge.access.password_check import HASH, VERIFY
from queue_server.web.edge.long_work import worker_process
from queue_server.web.edge.long_work.beside import Beside, Overloaded
from queue_server.web.edge.long_work.worker_process import WorkerFailed, WorkerProcess
from tests.fixtures.application import HOME, HOST, House

BUSY_SECONDS = 30


def process_id(_version: int) -> int:
    return os.getpid()


def count_calls(path: str) -> int:
    """How often this was called with that path, itself included."""
    with open(path, "ab") as file:
        file.write(b".")
    return os.path.getsize(path)


def fail(_text: str) -> None:
    print("a print must not be taken for an answer")
    raise ValueError("secret text")


def die() -> None:
    os._exit(9)


def stay(path: str) -> None:
    """Be busy until a file appears, or for good measure half a minute."""
    until = time.monotonic() + BUSY_SECONDS
    while not os.path.exists(path) and time.monotonic() < until:
        time.sleep(0.01)


def wait_for_policy(policy: int) -> int:
    """Wait until this process has a policy of scheduling, or for half a minute. Returns the one it
    has then.
    """
    until = time.monotonic() + BUSY_SECONDS
    while os.sched_getscheduler(0) != policy and time.monotonic() < until:
        time.sleep(0.01)
    return os.sched_getscheduler(0)


def job(function: object) -> str:
    return f"{__name__}:{function.__name__}"  # type: ignore[attr-defined]  # of a function


@pytest.fixture(autouse=True)
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Long work goes to processes here, as in an office."""
    made = {name: WorkerProcess() for name in ("WORKER", "HASHER", "HASHER_OF_STRANGERS")}
    for name, process in made.items():
        monkeypatch.setattr(f"queue_server.web.edge.long_work.beside.{name}", process)
    yield
    for process in made.values():
        process.stop()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    """A worker of the test's own, which finds this module."""
    made = WorkerProcess()
    monkeypatch.setattr("queue_server.web.edge.long_work.beside.WORKER", made)
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    yield Beside()
    made.stop()


def test_it_is_another_process_and_the_same_one_for_the_next_job(worker: Beside) -> None:
    first, second = worker.compute(job(process_id), 1), worker.compute(job(process_id), 2)
    assert first == second != os.getpid()


def test_the_same_input_is_computed_once_however_many_ask_at_once(
    worker: Beside, tmp_path: object
) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(worker.compute(job(count_calls), f"{tmp_path}/calls"))
        )
        for _ in range(10)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [1] * 10 and worker.compute(job(count_calls), f"{tmp_path}/calls") == 1


def test_what_fails_says_its_kind_alone_and_a_process_that_dies_is_replaced(worker: Beside) -> None:
    with pytest.raises(WorkerFailed, match="fail: ValueError") as failed:
        worker.compute(job(fail), "x")
    assert "secret" not in str(failed.value)
    with pytest.raises(Overloaded):
        worker.compute(job(die))
    assert worker.compute(job(process_id), 1) != os.getpid()


def test_work_that_takes_too_long_is_given_up(
    worker: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "JOB_SECONDS", 0.2)
    with pytest.raises(Overloaded):
        worker.compute(job(stay), "/no/such/file")


@pytest.mark.skipif(
    not hasattr(os, "SCHED_IDLE"), reason="the machine's scheduler knows no such policy"
)
def test_it_computes_when_nobody_else_does_but_not_never(
    worker: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_process, "PATIENT_SECONDS", 3_600)
    assert worker.compute(job(wait_for_policy), os.SCHED_IDLE) == os.SCHED_IDLE
    monkeypatch.setattr(worker_process, "PATIENT_SECONDS", 0.01)
    assert worker.compute(job(wait_for_policy), os.SCHED_OTHER) == os.SCHED_OTHER


def test_beyond_its_bound_it_refuses_at_once(
    worker: Beside, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_server.web.edge.long_work.beside.JOBS_WAITING", 0)
    narrow = Beside()
    busy = threading.Thread(target=lambda: narrow.compute(job(stay), f"{tmp_path}/end"))
    busy.start()
    while narrow._jobs._room._value:  # until the job has begun
        time.sleep(0.001)
    with pytest.raises(Overloaded):
        narrow.compute(job(process_id), 1)
    open(f"{tmp_path}/end", "w").close()
    busy.join()
    assert narrow.compute(job(process_id), 1)


def test_a_hall_and_a_slip_are_computed_once_for_all_looks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = WorkerProcess.ask

    def count(self: WorkerProcess, call: bytes) -> bytes:
        if b"passwords" not in call:
            asked.append("plan" if b"plan_zone" in call else "drawing")
        return ask(self, call)

    monkeypatch.setattr(WorkerProcess, "ask", count)
    seats = [
        {"x_m": 0.5 + 0.6 * (each % 10), "y_m": 0.5 + 0.9 * (each // 10)} for each in range(40)
    ]
    zone = {
        "name": "hall",
        "kind": "WAITING_ROOM",
        "methods": ["SEATS"],
        "length_m": 8,
        "width_m": 6,
        "spacing_m": 1.0,
        "seats": seats,
    }
    body = {"zones": [zone], "building_limit": None}
    put = house.ask("PUT", f"/offices/{HOME}/zones", "manager", json=body)
    assert put.status_code == 200, put.text
    browser, _token = house.sign_in("manager")
    for path in (
        "/manage/room",
        "/manage",
        "/manage/limit",
        "/manage/room/zones/hall",
        "/manage/room",
    ):
        assert browser.get(path, headers={"Host": HOST}).status_code == 200
    assert house.get(f"/offices/{HOME}/zones", "manager").get_json() == put.get_json()
    assert asked == ["plan"]
    pdf = [
        browser.get("/manage/room/zones/hall/plan.pdf?lang=en", headers={"Host": HOST}).data
        for _ in range(2)
    ]
    assert pdf[0] == pdf[1] and pdf[0].startswith(b"%PDF") and asked == ["plan", "drawing"]
    code = house.book()["code"]
    slips = [house.get(f"/tickets/{code}/slip.pdf").data for _ in range(3)]
    assert (
        len(set(slips)) == 1
        and slips[0].startswith(b"%PDF")
        and asked == ["plan", "drawing", "drawing"]
    )
    other = house.get(f"/tickets/{code}/slip.pdf?lang=en").data
    assert other != slips[0] and len(asked) == 4


def test_when_too_much_waits_the_answer_says_when_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: WorkerProcess, _call: bytes) -> bytes:
        raise Overloaded()

    monkeypatch.setattr(WorkerProcess, "ask", full)
    refused = house.get(f"/tickets/{house.book()['code']}/slip.pdf?lang=en")
    assert (refused.status_code, refused.headers["Retry-After"], refused.get_json()["code"]) == (
        503,
        "5",
        "overloaded",
    )


def test_a_password_is_hashed_in_another_process_and_nothing_of_it_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a thread it would hold the loop up: the loop waits for the interpreter until the machine
    has time for that thread.
    """
    monkeypatch.setattr("queue_server.services.access.passwords.PasswordHasher.hash", None)
    hashed = house.application.beside.hash(HASH, "kuda-baterai-staples", is_known=True)
    assert house.application.beside.hash(VERIFY, hashed, "kuda-baterai-staples", is_known=False)
    assert not house.application.beside.hash(VERIFY, hashed, "kuda", is_known=False)
    assert not house.application.beside.hash(VERIFY, None, "kuda", is_known=False)
    assert not house.application.beside._answers._kept
