"""The live channel over real websockets: who is let in, what may be said, and what is heard."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import struct
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
import websocket

from tests.fixtures.application import ELSEWHERE, EMAIL, HOME, NAME, NIK, PHONE, write_access
from tests.fixtures.live_server import WAIT_SECONDS, LiveServer, serving
from tests.fixtures.parts import NODE_MODULES, need

SCRIPT = Path(__file__).with_name("watch_board.mjs")


def raw(server: LiveServer, **headers: str) -> websocket.WebSocket:
    """A bare websocket to the live channel's address, with the headers of some browser."""
    address = server.url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
    options: dict[str, Any] = (
        {"suppress_origin": True} if "Origin" not in headers else {"origin": headers.pop("Origin")}
    )
    host = headers.pop("Host", None)
    if host:
        options["host"] = host
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return websocket.create_connection(address, timeout=WAIT_SECONDS, header=lines, **options)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"},
        {
            "Origin": "http://evil.example",
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Host": "evil.example, 127.0.0.1",
        },
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "evil.example"},
    ],
)
def test_pages_of_others_are_refused_at_the_handshake(
    live_server: LiveServer, headers: dict[str, str]
) -> None:
    port = live_server.url.rpartition(":")[2]
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        raw(live_server, **{name: value.replace("{port}", port) for name, value in headers.items()})
    assert refused.value.status_code in (400, 403, 421)


def test_our_own_pages_are_let_in(live_server: LiveServer) -> None:
    for origin in (live_server.url, live_server.url.replace("127.0.0.1", "localhost")):
        socket = raw(live_server, Origin=origin)
        assert socket.recv().startswith("0{")
        socket.close()


def test_long_polling_is_not_offered(live_server: LiveServer) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(
            live_server.url, namespaces=["/live"], transports=["polling"], wait_timeout=5
        )


@pytest.mark.parametrize("token", ["nonsense", "revoked", "\ud800", "x" * 5000, 5, ["a"]])
def test_a_token_that_is_no_good_is_refused_at_connect(live_server: LiveServer, token: Any) -> None:
    secret = live_server.people.tokens["revoked"] if token == "revoked" else token
    socket = raw(live_server)
    socket.recv()
    socket.send("40/live," + json.dumps({"token": secret}))
    answer = socket.recv()
    assert answer.startswith("44/live,") and "unauthorized" in answer, answer
    socket.close()


def test_a_token_may_come_in_the_header_as_for_the_api(live_server: LiveServer) -> None:
    with live_server.screen(
        headers={"Authorization": f"Bearer {live_server.people.tokens['clerk']}"}
    ) as screen:
        assert screen.watch("desk", HOME)["office"] == HOME and screen.watch("desk", ELSEWHERE) == {
            "error": "forbidden"
        }
    with live_server.screen(headers={"Authorization": "Basic eDp5"}) as screen:
        assert (
            screen.watch("desk", HOME) == {"error": "unauthorized"}
            and screen.watch("board", HOME)["office"] == HOME
        )


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "bearer "])
def test_a_header_with_a_token_that_is_no_good_is_refused_at_connect(
    live_server: LiveServer, header: str
) -> None:
    socket = raw(live_server, Authorization=header)
    socket.recv()
    socket.send("40/live,")
    answer = socket.recv()
    assert answer.startswith("44/live,") and "unauthorized" in answer, answer
    socket.close()


STRANGE: list[tuple[Any, str]] = [
    ({"audience": "nope", "key": HOME}, "unknown_audience"),
    ({"audience": "board", "key": "9999"}, "unknown_office"),
    ({"audience": "ticket", "key": "000000000000"}, "unknown_code"),
    ({"audience": "ticket", "key": "x"}, "bad_input"),
    ({"audience": "board"}, "bad_input"),
    ({}, "bad_input"),
    (5, "bad_input"),
    ("board", "bad_input"),
    ({"audience": "board", "key": HOME, "room": "desk"}, "bad_input"),
    ({"audience": ["board"], "key": HOME}, "bad_input"),
    ({"audience": "board", "key": ""}, "bad_input"),
    ({"audience": "board", "key": HOME, "known": "2026-11-23"}, "bad_input"),
    ({"audience": "board", "key": HOME, "known": ["2026-11-23"]}, "bad_input"),
    ({"audience": "board", "key": HOME, "known": ["2026-11-23", "7"]}, "bad_input"),
    ({"audience": "board", "key": HOME, "known": [7, True]}, "bad_input"),
    ({"audience": "board", "key": HOME, "known": None}, "bad_input"),
    ({"audience": "board", "key": "9" * 61}, "bad_input"),
    ({"audience": "board", "key": "a\u0000b"}, "bad_input"),
    ({"audience": "board", "key": "\ud800"}, "bad_input"),
]


@pytest.mark.parametrize("some", [STRANGE[::2], STRANGE[1::2]])
def test_what_cannot_be_watched_is_refused_and_the_connection_goes_on(
    live_server: LiveServer, some: list[tuple[Any, str]]
) -> None:
    """In two halves: who says more than twenty things a second is cut off."""
    with live_server.screen() as screen:
        assert [screen.say("watch", message) for message, _error in some] == [
            {"error": error} for _message, error in some
        ]
        assert screen.watch("board", HOME)["office"] == HOME


@pytest.mark.parametrize(
    "event", ["join", "board", "message", "snapshot", "trigger_event", "_close"]
)
def test_nothing_but_watch_is_understood(live_server: LiveServer, event: str) -> None:
    with live_server.screen() as screen:
        assert screen.say(event, {"audience": "desk", "key": HOME}) == {"error": "unknown_message"}
        assert screen.say("watch", {"audience": "board", "key": HOME}, "more") == {
            "error": "unknown_message"
        }


def test_a_client_cannot_connect_again_or_slip_out_of_the_watch(live_server: LiveServer) -> None:
    with live_server.screen("clerk") as screen:
        screen.watch("desk", HOME)
        assert screen.say("connect", {"token": live_server.people.tokens["admin"]}) == {
            "error": "unknown_message"
        }
        assert screen.watch("desk", ELSEWHERE) == {"error": "forbidden"}, "it is still who it was"
        screen.client.emit("disconnect", "client disconnect", namespace="/live")
        screen.wait_until_closed()


def test_a_message_over_16_kb_closes_the_connection(live_server: LiveServer) -> None:
    with live_server.screen() as screen:
        screen.client.emit("watch", {"audience": "board", "key": "9" * 17_000}, namespace="/live")
        screen.wait_until_closed()
        assert not screen.client.connected


def test_a_message_without_an_end_closes_the_connection(live_server: LiveServer) -> None:
    """It is refused while it grows, not gathered until somebody says that it is whole."""
    socket = raw(live_server)
    socket.recv()
    socket.send_frame(websocket.ABNF.create_frame("4" * 17_000, websocket.ABNF.OPCODE_TEXT, fin=0))
    assert socket.recv() == "", "closed"


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "9",
        "40/nowhere,",
        "40/live,{",
        "42/live,",
        "42/live,[]",
        "43/live,1[]",
        "44/live,",
        b"4",
    ],
)
def test_what_is_no_packet_of_ours_closes_the_connection_and_fills_no_log(
    live_server: LiveServer, packet: str | bytes
) -> None:
    socket = raw(live_server)
    socket.recv()
    logged = len(live_server.log)
    (socket.send_binary if isinstance(packet, bytes) else socket.send)(packet)
    with contextlib.suppress(OSError, websocket.WebSocketException):
        assert socket.recv() in ("", b""), "closed"
    assert live_server.log[logged:] == ""


def test_messages_of_any_kind_count(live_server: LiveServer) -> None:
    socket = raw(live_server)
    socket.recv()
    socket.send("40/live,")
    answers: list[str] = []
    with contextlib.suppress(OSError, websocket.WebSocketException):
        for number in range(60):
            socket.send(f'42/live,{number}["hello"]')
    with contextlib.suppress(OSError, websocket.WebSocketException):
        while answer := socket.recv():
            answers.append(answer)
    assert 1 <= len(answers) <= 25


@pytest.mark.parametrize("event", ["watch", "hello"])
def test_more_than_20_messages_a_second_close_the_connection(
    live_server: LiveServer, event: str
) -> None:
    with live_server.screen() as screen:
        for _ in range(60):
            if screen.client.connected:
                screen.client.emit(event, {"audience": "board", "key": HOME}, namespace="/live")
        screen.wait_until_closed()
        assert not screen.client.connected


def test_few_things_can_be_watched_at_once(live_server: LiveServer) -> None:
    codes = [live_server.walk_in()["code"] for _ in range(9)]
    with live_server.screen() as screen:
        answers = [screen.watch("ticket", code) for code in codes]
    assert "error" not in answers[7] and answers[8] == {"error": "too_many_watches"}


def test_two_calls_in_one_moment_are_both_on_the_board(live_server: LiveServer) -> None:
    slips = [live_server.walk_in("AKT"), live_server.walk_in("REK")]
    with live_server.screen() as screen, live_server.screen("clerk") as other:
        screen.watch("board", HOME)
        other.watch("board", HOME)
        numbers = []
        for slip, counter in zip(slips, (f"{HOME}-2", f"{HOME}-3"), strict=True):
            done = live_server.ask(
                "POST",
                f"/tickets/{slip['id']}/call",
                "clerk",
                json={"counter": counter, "reason": "ill"},
            )
            assert done.status_code == 200, done.text
            numbers.append(done.json()["number"])
        for each in (screen, other):
            board = each.next(
                "board",
                lambda snapshot: numbers[1] in [call["number"] for call in snapshot["calls"]],
            )
            calls = {call["number"]: call["id"] for call in board["calls"]}
            assert set(numbers) <= set(calls) and len(set(calls.values())) == len(calls)
    for slip in slips:
        live_server.ask("POST", f"/tickets/{slip['id']}/no-show", "clerk")


def test_who_knows_the_newest_version_is_told_no_more(live_server: LiveServer) -> None:
    """A screen asks every few seconds whether the server is still there."""
    with live_server.screen() as screen, live_server.screen() as stranger:
        version = screen.watch("board", HOME)["version"]
        ask = {"audience": "board", "key": HOME, "known": version}
        assert screen.say("watch", ask) == {"version": version}
        assert stranger.say("watch", ask)["office"] == HOME, "who watches nothing yet gets it all"
        live_server.walk_in()
        newer = screen.next("board", lambda board: board["version"] > version)
        assert screen.say("watch", ask)["version"] == newer["version"]
        assert screen.say("watch", ask | {"known": newer["version"]}) == {
            "version": newer["version"]
        }


def test_a_snapshot_asked_for_again_is_never_older(live_server: LiveServer) -> None:
    with live_server.screen() as screen:
        versions = []
        for _ in range(5):
            versions.append(screen.watch("board", HOME)["version"])
            live_server.walk_in()
        assert versions == sorted(versions) and len({tuple(each) for each in versions}) == 5


def call_many(live_server: LiveServer, count: int) -> list[str]:
    """So many calls in a few moments, the last of which is taken back. Returns the numbers that
    stand, newest first.
    """
    numbers: list[str] = []
    for made in range(count):
        live_server.walk_in()
        called = live_server.call_next(f"{HOME}-1")
        step = "no-show" if made < count - 1 else "undo"
        done = live_server.ask("POST", f"/tickets/{called['id']}/{step}", "clerk")
        assert done.status_code == 200, done.text
        if step == "no-show":
            numbers.insert(0, called["number"])
    return numbers


def test_the_official_javascript_and_python_clients_hear_the_same_boards(
    live_server: LiveServer, tmp_path: Path
) -> None:
    """With more calls than a board had room for once, all of the last minute, but for one that was
    taken back.
    """
    node = shutil.which("node")
    need("node", node, "install the package nodejs")
    need(
        "socket.io-client",
        (NODE_MODULES / "socket.io-client").exists(),
        "script/test installs it with npm into tests/node",
    )
    assert node
    write_access(tmp_path / "access.json", live_server.people, live_server.url)
    command = [node, str(SCRIPT), str(tmp_path / "access.json"), str(NODE_MODULES)]
    with live_server.screen() as screen:
        screen.watch("board", HOME)
        numbers = call_many(live_server, 12)
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(done.stdout)
        version = told["heard"]["version"]
        heard = screen.next("board", lambda board: board["version"] == version)
    assert heard == told["heard"]
    calls = [each["number"] for each in heard["calls"]]
    assert calls[: len(numbers)] == numbers and len(set(calls)) == len(calls)
    assert told["acknowledged"]["version"] < version
    assert told["heard"]["waiting"] == told["acknowledged"]["waiting"] + 1
    assert told["refused"] == {"error": "forbidden"} and told["unknown"] == {
        "error": "unknown_audience"
    }


def test_no_personal_data_on_the_wire_in_answers_events_or_the_log(live_server: LiveServer) -> None:
    planted = [NIK, NAME, PHONE, EMAIL, "81298765432", "Planted"]
    body = {
        "service": "AKT",
        "slot": "20261123T0230Z",
        "nik": NIK,
        "name": NAME,
        "phone": PHONE,
        "email": EMAIL,
    }
    seen: list[str] = []
    with live_server.screen("clerk") as screen:
        for audience in ("board", "desk", "door", "device"):
            seen.append(json.dumps(screen.watch(audience, HOME)))
        booked = live_server.ask("POST", f"/offices/{HOME}/bookings", json=body)
        assert booked.status_code == 201, booked.text
        code = booked.json()["code"]
        seen.append(json.dumps(screen.watch("ticket", code)))
        wrong = live_server.ask(
            "POST",
            f"/offices/{HOME}/bookings",
            json={**body, "slot": "20261124T0300Z", "nik": NIK[:-1]},
        )
        twice = live_server.ask(
            "POST", f"/offices/{HOME}/bookings", json={**body, "slot": "20261124T0300Z"}
        )
        assert (wrong.status_code, twice.status_code) == (422, 409)
        slip = live_server.ask("POST", f"/tickets/{code}/check-in", "kiosk")
        queue = live_server.ask("GET", f"/offices/{HOME}/queue", "clerk")
        seen += [
            each.text
            for each in (
                booked,
                wrong,
                twice,
                slip,
                queue,
                live_server.ask("GET", f"/tickets/{code}"),
            )
        ]
        seen += [
            live_server.ask("GET", path).text
            for path in (f"/offices/{HOME}/board", f"/tickets/{code}/calendar.ics", "/offices")
        ]
        screen.next("ticket", lambda snapshot: snapshot["status"] == "WAITING")
        while not screen.heard.empty():
            seen.append(json.dumps(screen.heard.get_nowait()))
    seen.append(live_server.log)
    for text in seen:
        assert not [each for each in planted if each in text], text[:300]


def connected(server: LiveServer, auth: str = "") -> websocket.WebSocket:
    """A bare websocket that listens on the live channel."""
    line = raw(server)
    line.recv()
    line.send(f"40/live,{auth}")
    assert str(line.recv()).startswith("40/live,")
    return line


def hang_up(line: websocket.WebSocket) -> None:
    """Be gone without a word, as a phone in a lift is: whatever was still to come is refused."""
    line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.sock.close()


def screens_of(server: LiveServer) -> int:
    metrics = requests.get(f"{server.url}/metrics", timeout=WAIT_SECONDS).text
    return int(float(re.findall(r"^antrean_screens ([0-9.e+]+)$", metrics, re.MULTILINE)[0]))


def wait_for_screens(server: LiveServer, wanted: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := screens_of(server)) != wanted:
        assert time.monotonic() < deadline, f"{found} connections are counted, not {wanted}"


def test_who_hangs_up_in_the_middle_leaves_nothing_behind_and_nothing_in_the_log(
    live_server: LiveServer,
) -> None:
    """Thirty connections ask for a visit by its secret code, again and again, and are gone before
    they are answered.
    """
    code = live_server.walk_in()["code"]
    wait_for_screens(live_server, 0)
    logged = len(live_server.log)
    for _ in range(30):
        line = connected(live_server)
        for number in range(15):
            line.send(f'42/live,{number}["watch",{{"audience":"ticket","key":"{code}"}}]')
        hang_up(line)
    wait_for_screens(live_server, 0)
    assert live_server.log[logged:] == "", "no traceback, and no part of what was said"


@pytest.mark.parametrize(
    "path",
    [
        "?EIO=4&transport=websocket&sid=SECRETCODE12",
        "?EIO=4&transport=SECRETCODE12",
        "?EIO=SECRETCODE12&transport=websocket",
    ],
)
def test_a_handshake_that_is_no_good_fills_no_log(live_server: LiveServer, path: str) -> None:
    logged = len(live_server.log)
    headers = [
        {},
        {"Connection": "Upgrade", "Upgrade": "websocket"},
        {"Origin": "http://SECRETCODE12.example"},
    ]
    for each in headers:
        assert (
            requests.get(
                f"{live_server.url}/socket.io/{path}", headers=each, timeout=WAIT_SECONDS
            ).status_code
            == 400
        )
    bad = {"Connection": "Upgrade", "Upgrade": "websocket"}
    answer = requests.get(
        f"{live_server.url}/socket.io/?EIO=4&transport=websocket", headers=bad, timeout=WAIT_SECONDS
    )
    assert answer.status_code == 400, "an upgrade without a key"
    assert live_server.log[logged:] == ""


def test_questions_are_answered_one_after_the_other(live_server: LiveServer) -> None:
    line = connected(live_server)
    for number in range(10):
        line.send(f'42/live,{number}["watch",{{"audience":"board","key":"{HOME}"}}]')
    assert [
        int(str(line.recv()).removeprefix("43/live,").partition("[")[0]) for _ in range(10)
    ] == list(range(10))
    line.close()


def test_who_guesses_codes_is_answered_no_more(live_server: LiveServer) -> None:
    known = live_server.walk_in()["code"]
    with live_server.screen() as screen:
        for number in range(21):
            answer = screen.watch("ticket", f"{number:012d}")
            time.sleep(0.06)
        assert answer == {"error": "too_many_watches"} == screen.watch("ticket", known)


def test_an_address_has_so_many_connections_and_no_more(
    tmp_path: Path, live_server: LiveServer
) -> None:
    """Devices and staff are let in though strangers have filled the address; whoever leaves makes
    room.
    """
    url = live_server.environ["ANTREAN_DATABASE_URL"]
    limits = {
        "ANTREAN_RATE_LIMITS": "true",
        "ANTREAN_SCREENS_PER_ADDRESS": "3",
        "ANTREAN_NIK_KEY_FILE": live_server.environ["ANTREAN_NIK_KEY_FILE"],
    }
    with serving(tmp_path, url, live_server.people, **limits) as server:
        lines = [connected(server) for _ in range(3)]
        refused = raw(server)
        refused.recv()
        refused.send("40/live,")
        assert "too_many_connections" in str(refused.recv())
        refused.close()
        for who in ("display", "clerk"):
            with server.screen(who) as screen:
                assert screen.watch("device", HOME)["office"] == HOME
        hang_up(lines.pop())
        wait_for_screens(server, 2)
        connected(server).close()
        for each in lines:
            each.close()
