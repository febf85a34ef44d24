"""The printer's agent: its local API, its reports to the server, and the whole process."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from flask.testing import FlaskClient

from printer.agent import _create_status
from printer.device.addresses import find_device
from printer.device.profile import find_profile
from printer.local_api import create_app
from printer.orders import Orders
from printer.printing import Printer, utc_now
from printer.reporter import REPORT_SECONDS, Reporter, heartbeat_of
from printer.spool.job import JobState, job_id_of
from printer.spool.store import Spool
from printer.station import Station
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.enrolment import TokenFile
from queue_server.protocol.messages import (
    DeviceOrder,
    Heartbeat,
    HeartbeatAnswer,
    Pairing,
    Slip,
    SlipReport,
    to_wire,
)
from queue_server.protocol.watchdog import Pulse

MakeSlip = Callable[..., Slip]
TOKEN = {"Authorization": "Bearer local-token"}


@pytest.fixture
def printer(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Printer]:
    """A virtual printer without its thread: `worker.step()` moves it."""
    spool = Spool(tmp_path / "spool.sqlite3", clock)
    device = find_device(f"virtual://{tmp_path}/slips", find_profile("tm-t20iii-80"))
    yield Printer(spool, [Station("1", device)], clock)
    spool.close()


@pytest.fixture
def client(printer: Printer) -> FlaskClient:
    return create_app(printer, "local-token").test_client()


def test_a_slip_is_taken_once_and_its_job_can_be_followed(
    client: FlaskClient, printer: Printer, make_slip: MakeSlip
) -> None:
    first = client.post("/jobs", json=to_wire(make_slip()), headers=TOKEN)
    again = client.post("/jobs", json=to_wire(make_slip()), headers=TOKEN)
    assert (first.status_code, first.get_json()["state"]) == (202, "queued")
    assert again.get_json()["id"] == first.get_json()["id"]
    printer.worker.step()
    job = client.get(f"/jobs/{first.get_json()['id']}", headers=TOKEN).get_json()
    assert (job["number"], job["state"], job["copy"]) == ("A012", "printed", 0)
    assert len(client.get("/jobs", headers=TOKEN).get_json()["jobs"]) == 1


def test_the_list_of_jobs_holds_no_secret_code(client: FlaskClient, make_slip: MakeSlip) -> None:
    client.post("/jobs", json=to_wire(make_slip()), headers=TOKEN)
    assert "7F3K9Q2M" not in client.get("/jobs", headers=TOKEN).get_data(as_text=True)


def test_the_status_is_told(client: FlaskClient) -> None:
    status = client.get("/status", headers=TOKEN).get_json()
    assert (status["state"], status["queued"], status["unconfirmed"]) == ("ready", 0, 0)


def test_the_staff_say_what_became_of_a_slip_and_get_a_marked_copy(
    client: FlaskClient, printer: Printer, make_slip: MakeSlip
) -> None:
    job_id = printer.submit(make_slip())
    assert client.post(
        f"/jobs/{job_id}/resolve", json={"came_out": True}, headers=TOKEN
    ).get_json()["code"] == ("wrong_state")
    printer._spool.send(job_id, "1", 100.0)
    printer._spool.act(job_id, "lose")
    status = client.get("/status", headers=TOKEN).get_json()
    assert (status["unconfirmed"], status["printers"][0]["unconfirmed"]) == (1, [job_id])
    for body in ({}, {"came_out": "no"}, []):
        assert client.post(f"/jobs/{job_id}/resolve", json=body, headers=TOKEN).status_code == 422
    said = client.post(f"/jobs/{job_id}/resolve", json={"came_out": False}, headers=TOKEN)
    assert said.get_json()["state"] == "cancelled"
    copy = client.post(f"/jobs/{job_id}/copy", headers=TOKEN)
    assert (copy.status_code, copy.get_json()["copy"]) == (202, 1)


def test_a_slip_whose_visitor_left_is_not_printed_and_may_be_asked_for_unmarked(
    client: FlaskClient, printer: Printer, make_slip: MakeSlip
) -> None:
    job_id = printer.submit(make_slip())
    assert client.post(f"/jobs/{job_id}/expire", headers=TOKEN).get_json()["state"] == "expired"
    printer.worker.step()
    assert printer.job(job_id).state == "expired"
    copy = client.post(f"/jobs/{job_id}/copy", headers=TOKEN).get_json()
    assert (copy["id"], copy["copy"]) == (job_id, 0)


def test_a_new_roll_is_told_and_counted(
    client: FlaskClient, printer: Printer, make_slip: MakeSlip
) -> None:
    assert client.get("/status", headers=TOKEN).get_json()["roll_left"] == -1
    told = client.post("/roll", json={}, headers=TOKEN).get_json()
    assert told["roll_left"] == 666
    printer.submit(make_slip())
    printer.worker.step()
    left = client.get("/status", headers=TOKEN).get_json()["roll_left"]
    assert 0 < left < 2000 and left != 666
    assert client.post("/roll", json={"printer": "Nobody"}, headers=TOKEN).status_code == 404
    assert client.post("/roll", json={"printer": 5}, headers=TOKEN).status_code == 422


def test_the_log_holds_what_was_printed_without_the_secret_code(
    client: FlaskClient, make_slip: MakeSlip
) -> None:
    job_id = client.post("/jobs", json=to_wire(make_slip()), headers=TOKEN).get_json()["id"]
    text = client.get(f"/jobs/{job_id}/text", headers=TOKEN).get_data(as_text=True)
    assert "A012" in text and "Perekaman KTP-el" in text
    for secret in ("7F3K9Q2M", "7F3K-9Q2M", "antrean.lan"):
        assert secret not in text and secret.upper() not in text.upper()
    assert client.get("/jobs/nobody.0/text", headers=TOKEN).status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/jobs"), ("GET", "/jobs"), ("GET", "/status"), ("GET", "/nowhere")],
)
def test_without_the_token_nothing_is_told_or_taken(
    client: FlaskClient, headers: dict[str, str], method: str, path: str
) -> None:
    answer = client.open(path, method=method, headers=headers, json={})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


@pytest.mark.parametrize("body", [None, [], {}, {"id": 1}])
def test_what_is_no_slip_is_refused(client: FlaskClient, body: Any) -> None:
    answer = client.post("/jobs", json=body, headers=TOKEN)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_input")


def test_a_slip_that_cannot_be_printed_is_refused(client: FlaskClient, make_slip: MakeSlip) -> None:
    assert (
        client.post("/jobs", json=to_wire(make_slip(number="")), headers=TOKEN).status_code == 422
    )


def test_unknown_paths_and_large_bodies_are_refused(client: FlaskClient) -> None:
    assert client.get("/jobs/nobody.0", headers=TOKEN).status_code == 404
    assert client.get("/nowhere", headers=TOKEN).get_json()["code"] == "not_found"
    assert client.post(
        "/jobs", data=b"x" * 20_000, content_type="application/json", headers=TOKEN
    ).status_code in (413, 422)


class PlayedServer:
    """The server's side of `QueueClient`, as far as a printer speaks to it."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.heard: list[Heartbeat] = []
        self.answer: Exception | None = None
        self.ordered: tuple[Slip, ...] = ()
        self.staff_orders: tuple[DeviceOrder, ...] = ()
        self.reports: list[SlipReport] = []

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        if self.answer is not None:
            raise self.answer
        self.heard.append(heartbeat)
        return HeartbeatAnswer(self.staff_orders)

    def ordered_slips(self) -> tuple[Slip, ...]:
        if self.answer is not None:
            raise self.answer
        return self.ordered

    def report_slip(self, report: SlipReport) -> None:
        if self.answer is not None:
            raise self.answer
        self.reports.append(report)

    def request_pairing(self, kind: str) -> Pairing:
        assert kind == "printer"
        return Pairing("p1", "482-913", "secret", "2026-11-23T10:30:00+07:00")

    def collect_token(self, pairing_id: str, secret: str) -> str | None:
        assert (pairing_id, secret) == ("p1", "secret")
        return "server-token"


@pytest.fixture
def server() -> PlayedServer:
    return PlayedServer()


@pytest.fixture
def reporter(server: PlayedServer, printer: Printer, tmp_path: Path) -> Reporter:
    return Reporter(
        cast(QueueClient, server), TokenFile(tmp_path / "token"), printer, sleep=lambda _: None
    )


def test_a_heartbeat_names_the_state_and_the_counts(printer: Printer) -> None:
    facts = heartbeat_of(printer.report()).facts
    assert (facts["printer"], facts["queued"], facts["unconfirmed"]) == ("ready", 0, 0)
    json.dumps(facts)


def test_a_report_goes_out_at_once_then_every_five_seconds(reporter: Reporter) -> None:
    assert [reporter.tell() for _ in range(int(2 * REPORT_SECONDS) + 1)].count(True) == 3


def test_a_change_is_told_at_once(
    reporter: Reporter, server: PlayedServer, printer: Printer, tmp_path: Path
) -> None:
    reporter.tell()
    assert reporter.tell() is False
    (tmp_path / "slips").rmdir()
    (tmp_path / "slips").write_text("in the way")
    printer.worker.step()
    assert reporter.tell() is True
    assert [each.facts["printer"] for each in server.heard] == ["ready", "offline"]


def test_a_spool_that_cannot_be_read_is_told_too(
    reporter: Reporter, server: PlayedServer, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence would look like a broken cable."""

    def fail() -> None:
        raise sqlite3.OperationalError("disk I/O error")

    reporter.tell()
    monkeypatch.setattr(printer, "report", fail)
    assert reporter.tell() is True and reporter.tell() is False
    assert [each.facts["printer"] for each in server.heard] == ["ready", "spool_stopped"]


def test_an_unreachable_server_is_tried_again_and_a_revoked_token_forgotten(
    reporter: Reporter, server: PlayedServer, tmp_path: Path
) -> None:
    TokenFile(tmp_path / "token").write("old")
    server.token = "old"
    server.answer = ServerUnreachable("timeout")
    assert reporter.tell() is False
    assert server.token == "old"
    server.answer = Refused(401, "unauthorized")
    assert [reporter.tell() for _ in range(int(REPORT_SECONDS))].count(True) == 0
    assert server.token is None and TokenFile(tmp_path / "token").read() is None


def test_what_was_ordered_is_printed_once_however_often_it_is_listed(
    server: PlayedServer, printer: Printer, make_slip: MakeSlip
) -> None:
    orders = Orders(cast(QueueClient, server), printer, sleep=lambda _: None)
    server.ordered = (make_slip(), make_slip(number=""), make_slip(copy=1))
    assert orders.fetch() == 0, "not before the box is paired"
    server.token = "server-token"
    assert [orders.fetch() for _ in range(3)] == [3, 3, 3]
    assert sorted(each.copy for each in printer.recent()) == [0, 1]


def test_what_became_of_an_order_is_told_once_and_again_while_the_server_does_not_hear(
    server: PlayedServer, printer: Printer, make_slip: MakeSlip
) -> None:
    server.token = "server-token"
    orders = Orders(cast(QueueClient, server), printer, sleep=lambda _: None)
    slip = make_slip(copy=1)
    server.ordered = (slip,)
    orders.fetch()
    printer.worker.step()
    server.answer = ServerUnreachable("timeout")
    assert orders.fetch() == 0
    server.answer = None
    for _ in range(3):
        orders.fetch()
    assert server.reports == [SlipReport(slip.id, 1, "printed")]
    again = Orders(cast(QueueClient, server), printer, sleep=lambda _: None)
    again.fetch()
    assert server.reports[1:] == server.reports[:1], "after a restart it may be told once more"


def test_a_slip_of_which_nobody_knows_is_followed_until_the_staff_have_said(
    server: PlayedServer, printer: Printer, make_slip: MakeSlip, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.token = "server-token"
    orders = Orders(cast(QueueClient, server), printer, sleep=lambda _: None)
    slip = make_slip()
    server.ordered = (slip,)
    orders.fetch()
    states = iter((JobState.SENDING, JobState.UNCONFIRMED, JobState.UNCONFIRMED, JobState.PRINTED))
    job = printer.job(job_id_of(slip))
    monkeypatch.setattr(printer, "job", lambda _id: replace(job, state=next(states)))
    server.ordered = ()
    for _ in range(4):
        orders.fetch()
    assert [each.outcome for each in server.reports[-2:]] == ["unconfirmed", "printed"]


@pytest.mark.parametrize("answer", [ServerUnreachable("timeout"), Refused(404, "not_found")])
def test_a_server_that_lists_no_orders_stops_nothing(
    server: PlayedServer, printer: Printer, answer: Exception
) -> None:
    server.token, server.answer = "server-token", answer
    assert Orders(cast(QueueClient, server), printer, sleep=lambda _: None).fetch() == 0


def test_an_order_of_the_staff_is_carried_out_once_though_it_is_listed_until_it_lapses(
    reporter: Reporter, server: PlayedServer, printer: Printer
) -> None:
    server.staff_orders = (
        DeviceOrder("2026-11-23-4", "test_print"),
        DeviceOrder("2026-11-23-5", "came_out", "nobody.0"),
        DeviceOrder("2026-11-23-6", "of a later version"),
    )
    for _ in range(int(3 * REPORT_SECONDS)):
        reporter.tell()
    assert len(server.heard) == 3
    assert [(each.slip.number, each.slip.code) for each in printer.recent()] == [("TES", "")]


def test_the_page_for_the_technician_shows_no_code(
    printer: Printer, make_slip: MakeSlip, tmp_path: Path
) -> None:
    slip = make_slip()
    printer.submit(slip)
    app = _create_status("https://antrean.test", printer, Pulse(), tmp_path, utc_now)
    for language, words in (("id", "50 karcis terakhir"), ("en", "The last 50 slips")):
        shown = app.test_client().get(f"/status?lang={language}").text
        assert words in shown and slip.number in shown
        assert slip.code not in shown and slip.url not in shown
    assert app.test_client().post("/status").status_code == 405


def test_a_spool_that_cannot_be_read_is_said_on_the_page(
    printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(printer, "report", fail)
    monkeypatch.setattr(printer, "recent", fail)
    app = _create_status("https://antrean.test", printer, Pulse(), tmp_path, utc_now)
    answer = app.test_client().get("/status?lang=en")
    assert answer.status_code == 200 and "disk I/O error" in answer.text


def test_a_fresh_box_pairs_and_keeps_its_token(
    reporter: Reporter, server: PlayedServer, tmp_path: Path
) -> None:
    reporter._pair()
    assert server.token == "server-token"
    assert TokenFile(tmp_path / "token").read() == "server-token"


def test_the_whole_agent_takes_a_slip_and_leaves_it_in_its_state_directory(
    tmp_path: Path, make_slip: MakeSlip
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code = (
        "from gevent import monkey; monkey.patch_all()\n"
        "import sys\nfrom printer.agent import run_agent\nrun_agent('http://127.0.0.1:9', "
        "sys.argv[1], '127.0.0.1:' + sys.argv[2])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), str(port)], stderr=subprocess.PIPE
    )
    try:
        answer = call_when_up(f"http://127.0.0.1:{port}/status", tmp_path / "agent-token", process)
        assert answer["state"] == "ready"
        job = call(f"http://127.0.0.1:{port}/jobs", tmp_path / "agent-token", to_wire(make_slip()))
        until = time.monotonic() + 10
        while job["state"] != "printed" and time.monotonic() < until:
            job = call(f"http://127.0.0.1:{port}/jobs/{job['id']}", tmp_path / "agent-token")
        assert job["state"] == "printed"
        assert (tmp_path / "slips/A012-0193a1b2.txt").exists()
        assert os.stat(tmp_path / "agent-token").st_mode & 0o077 == 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)


def call(url: str, token_file: Path, body: Any = None) -> dict[str, Any]:
    headers = {
        "Authorization": f"Bearer {token_file.read_text().strip()}",
        "Content-Type": "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=5) as answer:
        return dict(json.load(answer))


def call_when_up(url: str, token_file: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            return call(url, token_file)
        except (urllib.error.URLError, FileNotFoundError):
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"the agent did not start: {process.communicate()[1].decode()}")


def test_an_agent_that_would_listen_beyond_this_machine_is_refused(tmp_path: Path) -> None:
    code = (
        "from gevent import monkey; monkey.patch_all()\n"
        "import sys\nfrom printer.agent import run_agent\nrun_agent('http://127.0.0.1:9', "
        "sys.argv[1], '0.0.0.0:8030')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1 and "loopback" in done.stderr
