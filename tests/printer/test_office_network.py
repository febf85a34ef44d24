"""A kiosk that prints through the agent of another machine: who may, and what becomes of a slip."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from printer.agent import read_lan_listen
from printer.device.addresses import UnknownAddress, find_device
from printer.device.device import Outcome
from printer.device.profile import find_profile
from printer.device.remote import RemoteDevice
from printer.device.status import PrinterState, Reading
from printer.device.transport import DeviceFailed, DeviceUnreachable, TimeLimits
from printer.local_api import create_lan_app
from printer.printing import Printer
from printer.signing import BadSignature, ClockAway, Gate, UnsafeSecret, read_secret, sign_request
from printer.spool.job import JobState, job_id_of
from printer.spool.store import Spool
from printer.station import Station
from queue_server.protocol.messages import Slip

MakeSlip = Callable[..., Slip]
SECRET = b"sixteen characters and more"
NOW = 1_795_000_000.0
LIMITS = TimeLimits(connect_s=3, ack_s=2)


@pytest.fixture
def printer(tmp_path: Path, clock: Callable[[], datetime]) -> Iterator[Printer]:
    """The agent's printer, without its thread: `worker.step()` moves it."""
    spool = Spool(tmp_path / "agent" / "spool.sqlite3", clock)
    device = find_device(f"virtual://{tmp_path}/slips", find_profile("tm-t20iii-80"))
    yield Printer(spool, [Station("1", device)], clock)
    spool.close()


@pytest.fixture
def agent(printer: Printer) -> Iterator[BaseWSGIServer]:
    server = make_server("127.0.0.1", 0, create_lan_app(printer, SECRET, lambda: NOW))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def remote(agent: BaseWSGIServer, printer: Printer) -> RemoteDevice:
    """The kiosk's side. While it waits, the agent's worker makes a step."""
    return RemoteDevice(
        "127.0.0.1",
        agent.server_port,
        SECRET,
        LIMITS,
        lambda: NOW,
        lambda _: printer.worker.step() and None,
    )


def test_a_slip_is_printed_there_once_however_often_it_is_sent(
    remote: RemoteDevice, printer: Printer, make_slip: MakeSlip, tmp_path: Path
) -> None:
    slip = make_slip()
    session = remote.open()
    assert session.read_state() == Reading(PrinterState.READY)
    for _ in range(2):
        assert session.send(remote.render(slip), slip) is Outcome.PRINTED
    assert [job.state for job in printer.recent()] == [JobState.PRINTED]
    assert len(list((tmp_path / "slips").glob("*.txt"))) == 1


def test_a_slip_that_does_not_come_in_time_is_withdrawn_there_and_may_be_sent_again(
    agent: BaseWSGIServer, remote: RemoteDevice, printer: Printer, make_slip: MakeSlip
) -> None:
    slip = make_slip()
    idle = RemoteDevice("127.0.0.1", agent.server_port, SECRET, LIMITS, lambda: NOW, lambda _: None)
    assert idle.open().send(idle.render(slip), slip) is Outcome.NOTHING
    assert printer.job(job_id_of(slip)).state == JobState.EXPIRED
    assert remote.open().send(remote.render(slip), slip) is Outcome.PRINTED


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ([], Outcome.UNKNOWN),
        (["send", "lose"], Outcome.UNKNOWN),
        (["send", "confirm"], Outcome.PRINTED),
        (["send", "lose", "confirm"], Outcome.PRINTED),
        (["send", "lose", "deny"], Outcome.NOTHING),
        (["expire"], Outcome.NOTHING),
    ],
)
def test_what_became_of_a_slip_can_be_asked_later(
    remote: RemoteDevice, printer: Printer, make_slip: MakeSlip, steps: list[str], outcome: Outcome
) -> None:
    slip = make_slip()
    printer.submit(slip)
    for step in steps:
        printer._spool.act(job_id_of(slip), step)
    assert remote.open().settle(slip) is outcome


def test_a_slip_that_the_agent_cannot_print_is_not_sent_for_ever(
    remote: RemoteDevice, make_slip: MakeSlip
) -> None:
    bad = b'{"id": 1}'
    assert remote.open().send(bad, make_slip()) is Outcome.NOTHING


def test_an_agent_that_is_away_is_unreachable(agent: BaseWSGIServer) -> None:
    device = RemoteDevice("127.0.0.1", 9, SECRET, LIMITS)
    with pytest.raises(DeviceUnreachable, match="agent_away"):
        device.open()


def test_another_secret_opens_nothing(agent: BaseWSGIServer, printer: Printer) -> None:
    device = RemoteDevice("127.0.0.1", agent.server_port, b"x" * 16, LIMITS, lambda: NOW)
    with pytest.raises(DeviceUnreachable, match="token_refused"):
        device.open()
    assert printer.recent() == []


@pytest.mark.parametrize("away_s", [-86_400.0, -3_600.0, 3_600.0])
def test_a_kiosk_whose_clock_is_wrong_prints_by_the_clock_of_the_agent(
    agent: BaseWSGIServer, away_s: float
) -> None:
    device = RemoteDevice(
        "127.0.0.1", agent.server_port, SECRET, LIMITS, lambda: NOW + away_s, lambda _: None
    )
    assert device.open().read_state().state is PrinterState.READY


def test_an_answer_that_the_agent_did_not_sign_is_not_believed(printer: Printer) -> None:
    def forge(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [b'{"best": "ready", "state": "printed"}']

    server = make_server("127.0.0.1", 0, forge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    device = RemoteDevice("127.0.0.1", server.server_port, SECRET, LIMITS, lambda: NOW)
    with pytest.raises(DeviceFailed, match="answer_not_signed"):
        device.call("GET", "/status")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/status"),
        ("POST", "/jobs"),
        ("GET", "/jobs"),
        ("GET", "/jobs/a.0/text"),
        ("POST", "/jobs/a.0/resolve"),
        ("POST", "/roll"),
    ],
)
def test_a_stranger_on_the_network_learns_and_changes_nothing(
    agent: BaseWSGIServer, method: str, path: str
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", agent.server_port, timeout=5)
    line.request(method, path, b"{}", {"Content-Type": "application/json"})
    answer = line.getresponse()
    said = answer.read()
    assert answer.status == 401 and b"queued" not in said
    line.close()


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/jobs"), ("POST", "/jobs/a.0/resolve"), ("POST", "/roll")]
)
def test_a_kiosk_may_not_do_what_the_staff_do(remote: RemoteDevice, method: str, path: str) -> None:
    assert remote.call(method, path, b"{}")[0] in (404, 405)


def signed(body: bytes = b"x", sent_at: str = f"{NOW:.3f}", nonce: str = "n") -> tuple[Any, ...]:
    signature = sign_request(SECRET, "POST", "/jobs", body, float(sent_at), nonce)
    return "POST", "/jobs", body, sent_at, nonce, signature


def test_a_recorded_request_is_admitted_once_only() -> None:
    gate = Gate(SECRET)
    gate.admit(*signed(), NOW)
    with pytest.raises(BadSignature):
        gate.admit(*signed(), NOW)
    gate.admit(*signed(nonce="m"), NOW)


@pytest.mark.parametrize("part", range(6))
def test_no_part_of_a_signed_request_can_be_changed(part: int) -> None:
    request = list(signed())
    other = ["GET", "/roll", b"y", f"{NOW + 1:.3f}", "other", "0" * 64][part]
    request[part] = other
    with pytest.raises(BadSignature):
        Gate(SECRET).admit(*request, NOW)


@pytest.mark.parametrize("sent_at", ["nan", "inf", "-inf", "", "soon", "1e999"])
def test_a_time_that_is_none_is_refused(sent_at: str) -> None:
    with pytest.raises(BadSignature):
        Gate(SECRET).admit("POST", "/jobs", b"", sent_at, "n", "", NOW)


@pytest.mark.parametrize("away_s", [-301, 301])
def test_an_old_or_early_request_is_refused(away_s: int) -> None:
    with pytest.raises(ClockAway):
        Gate(SECRET).admit(*signed(sent_at=f"{NOW + away_s:.3f}"), NOW)


def test_a_request_older_than_what_is_remembered_is_too_old_to_be_used_again() -> None:
    gate = Gate(SECRET)
    gate.admit(*signed(), NOW)
    gate.admit(*signed(sent_at=f"{NOW + 700:.3f}", nonce="later"), NOW + 700)
    with pytest.raises(ClockAway):
        gate.admit(*signed(), NOW + 700)


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [(b"short", 0o600, "16"), (SECRET, 0o644, "chmod"), (None, 0o600, "cannot be read")],
)
def test_a_secret_that_is_weak_or_open_is_not_used(
    tmp_path: Path, content: bytes | None, mode: int, why: str
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(UnsafeSecret, match=why) as refused:
        read_secret(path)
    assert SECRET.decode() not in str(refused.value)


def test_a_secret_is_read_without_the_line_end(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(SECRET + b"\n")
    path.chmod(0o640)
    assert read_secret(path) == SECRET


def test_a_printer_of_the_network_needs_a_token() -> None:
    with pytest.raises(UnknownAddress, match="ANTREAN_PRINTER_TOKEN_FILE"):
        find_device("antrean://10.0.0.9:8031", find_profile("generic-80"))


@pytest.mark.parametrize("listen", ["8031", "host:8031", "10.0.0.9:", "10.0.0.9:x"])
def test_an_address_of_the_network_is_an_ip_address_and_a_port(listen: str) -> None:
    with pytest.raises(ValueError):
        read_lan_listen(listen)
    assert read_lan_listen("10.0.0.9:8031") == ("10.0.0.9", 8031)
    assert read_lan_listen("[::]:8031") == ("::", 8031)
