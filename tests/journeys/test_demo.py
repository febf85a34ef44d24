"""`antrean demo` as a command: what it leaves, how it stops, what it
refuses.
"""

from __future__ import annotations

import signal
import socket
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.journeys.stage import NINE, READY, Demo, descendants, free_base_port, is_alive, until

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration at its very first start; it must stop cleanly when it is told to."""
    stage = Demo(tmp_path_factory.mktemp("journeys") / "data")
    try:
        yield stage.start("--now", NINE)
        assert stage.stop() == 0, stage.told
    finally:
        stage.kill()


def clock_of(demo: Demo) -> datetime:
    """What the demo's office believes to be the time."""
    return datetime.fromisoformat(demo.api("GET", f"/offices/{demo.office}/board")[1]["sent_at"])


def book(
    demo: Demo, service: str, nik: str, *, urgent_times: bool = False
) -> tuple[int, dict[str, str]]:
    """Book the first free time of a service over the API, or the first that urgent cases are
    offered: the status and the answer.
    """
    _, found = demo.api(
        "GET",
        f"/offices/{demo.office}/availability?service={service}&urgent={str(urgent_times).lower()}",
    )
    slot = next(each["slot"] for day in found["days"] for each in day["slots"] if each["free"])
    status, ticket = demo.api(
        "POST",
        f"/offices/{demo.office}/bookings",
        {"service": service, "slot": slot, "nik": nik, "name": "Rina"},
    )
    return status, ticket


def test_the_first_start_leaves_the_key_to_everything(demo: Demo) -> None:
    assert stat.S_IMODE((demo.data / "access.json").stat().st_mode) == 0o600
    access = demo.access
    assert set(access) == {"server", "kiosk", "display", "logins", "tokens", "office", "counters"}
    assert set(access["tokens"]) == {
        "admin",
        "manager",
        "clerk",
        "kiosk",
        "display",
        "printer",
        "sensor",
    }
    assert {"admin", "manager", "clerk"} <= set(access["logins"])
    assert all(set(each) == {"username", "password"} for each in access["logins"].values())
    assert (
        access["office"] == "3674" and len(access["counters"]) == len(set(access["counters"])) > 0
    )
    ports = [demo.port, demo.port + 10, demo.port + 20]
    assert [access[each] for each in ("server", "kiosk", "display")] == [
        f"http://127.0.0.1:{port}" for port in ports
    ]
    for words in (
        access["server"],
        access["kiosk"],
        access["display"],
        access["logins"]["clerk"]["password"],
        str(demo.slips),
    ):
        assert words in demo.told
    assert abs((clock_of(demo) - datetime.fromisoformat(NINE)).total_seconds()) < 1200, (
        "the clock starts where --now put it"
    )
    for role in ("admin", "manager", "clerk"):
        assert demo.api("GET", f"/offices/{demo.office}/queue", role=role)[0] == 200, role


def test_a_second_start_knows_everything(
    make_demo: Callable[..., Demo], new_nik: Callable[[], str]
) -> None:
    demo = make_demo().start("--scenario", "urgent-only", "--now", "2020-03-23T09:00+07:00")
    assert clock_of(demo).date().isoformat() == "2020-03-23", "the demo can be set in the past"
    assert demo.api("GET", f"/offices/{demo.office}")[1]["mode"] == "URGENT_ONLY"
    assert demo.api("GET", f"/offices/{demo.office}/board")[1]["notices"], "the public is told"
    status, refused = book(demo, "KK", new_nik(), urgent_times=True)
    assert (status, refused["code"]) == (409, "not_in_service"), (
        "a time for urgent cases is not given to others"
    )
    assert book(demo, "KK", new_nik())[0] == 201, (
        "after the order's last day everybody can book again"
    )
    status, stranded = demo.api("GET", f"/offices/{demo.office}/stranded", role="manager")
    assert status == 200 and any(each["slot"] for each in stranded["stranded"]), (
        "the manager sees who needs a new time, and which"
    )
    wish = {"service": "KK", "urgency": "hospital"}
    status, slip = demo.api("POST", f"/offices/{demo.office}/tickets", wish, role="kiosk")
    assert (status, slip["stream"]) == (201, "U"), "an urgent case is served"
    access, last_moment = demo.access, clock_of(demo)
    assert demo.stop(signal.SIGTERM) == 0

    demo.start()
    assert demo.access == access, "the same addresses, passwords and tokens"
    assert clock_of(demo) > last_moment, "the clock never goes back"
    found = demo.api("GET", f"/tickets/{slip['code']}")
    assert (found[0], found[1]["number"]) == (200, slip["number"])
    assert demo.stop(signal.SIGINT) == 0, "Ctrl-C ends it as well"

    process = demo.launch("--now", "2020-03-23T08:00+07:00")
    assert process.wait(60) != 0
    assert "cannot go back" in demo.told

    process = demo.launch("--scenario", "full")
    assert process.wait(60) == 2, (
        "it does not show another scenario's data as if they were the one asked for"
    )
    assert '"urgent-only"' in demo.told and "--data" in demo.told


def test_full_leaves_no_place_today(
    make_demo: Callable[..., Demo], new_nik: Callable[[], str]
) -> None:
    demo = make_demo().start("--scenario", "full", "--now", NINE)
    for service in demo.api("GET", f"/offices/{demo.office}/services")[1]["services"]:
        days = demo.api(
            "GET", f"/offices/{demo.office}/availability?service={service['service']}&days=7"
        )[1]["days"]
        assert all(each["free"] == 0 for day in days for each in day["slots"]), service["service"]
    board = demo.api("GET", f"/offices/{demo.office}/board")[1]
    assert board["inside"] == board["limit"] and board["waiting"] > 0
    status, slip = demo.api(
        "POST", f"/offices/{demo.office}/tickets", {"service": "KK"}, role="kiosk"
    )
    assert (status, slip["place"]) == (201, "OUTSIDE"), "a full room is never made fuller"
    assert demo.stop() == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])
def test_it_refuses_to_listen_beyond_this_machine(
    make_demo: Callable[..., Demo], host: str
) -> None:
    demo = make_demo()
    assert demo.launch("--host", host).wait(60) != 0
    assert "loopback" in demo.told
    assert not demo.data.exists(), "nothing was made"


@pytest.mark.parametrize("step", [0, 10, 20])
def test_a_busy_port_is_named_before_anything_is_made(
    make_demo: Callable[..., Demo], step: int
) -> None:
    base = free_base_port()
    with socket.create_server(("127.0.0.1", base + step)):
        demo = make_demo(port=base)
        assert demo.launch().wait(60) != 0
    assert f"Port {base + step} " in demo.told and "--port" in demo.told
    assert "Traceback" not in demo.told
    assert not demo.data.exists(), "nothing was made"


def test_stopped_in_the_middle_of_a_start_it_leaves_no_process_and_no_ruin(
    make_demo: Callable[..., Demo],
) -> None:
    demo = make_demo()
    process = demo.launch("--now", NINE)
    until((demo.data / ".filling").exists, "the data are being filled", 60)
    process.kill()
    process.wait()
    assert not (demo.data / "access.json").exists()

    process = demo.launch("--now", "2026-11-24T10:00+07:00")
    family = until(lambda: descendants(process.pid), "the first part of the demo is started", 90)
    assert READY not in demo.told
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    until(lambda: not [pid for pid in family if is_alive(pid)], f"no process is left of {family}")
    assert Path(demo.data / "access.json").exists()
