"""Connections that are silent or slow, and more of them than there is room for."""

from __future__ import annotations

import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from queue_server.serving.connections import CONNECTIONS_MAX, FILES_RESERVED, count_allowed
from tests.fixtures.nursery import cradle, is_there
from tests.fixtures.services import free_port, wait_for_port

WAIT_SECONDS = 60
LONG, SHORT = 300.0, 2.0
_SERVER = """
import resource
from queue_server.serving import connections, handler
from queue_server.serving.server import open_listener

def run(wish):
    for name, seconds in wish["times"].items():
        setattr(handler, name, seconds)
    listener = open_listener("127.0.0.1", wish["port"])
    server = connections.BoundedServer(
        listener, answer, most=wish["most"], log=None, handler_class=handler.Handler
    )
    server.start()
    answer.server = server
    if wish["files"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wish["files"], wish["files"]))
    server.serve_forever()

def answer(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/much":
        start_response("200 OK", [("Content-Length", "80000000")])
        return [b"x" * 80_000_000]
    text = f"{len(body)} open={answer.server._open}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]
"""
Open = Callable[[], socket.socket]


@contextmanager
def serving(*, most: int = 100, files: int = 0, **times: float) -> Iterator[Open]:
    """A server with a small application. Gives a way to open connections to it, all closed in the
    end.
    """
    port = free_port()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        log = Path(folder) / "log"
        process = cradle(_SERVER).split(log, port=port, most=most, files=files, times=times)
        try:
            wait_for_port(port)
            yield lambda: stack.enter_context(
                socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
            )
            assert is_there(process), "it still serves"
        finally:
            os.kill(process, signal.SIGKILL)
            assert "Traceback" not in log.read_text()


def send(connection: socket.socket, text: str) -> None:
    connection.sendall(text.replace("\n", "\r\n").encode())


def ask(connection: socket.socket, body: str = "") -> str:
    """One whole request. Returns the answer's body."""
    send(connection, f"POST /x HTTP/1.1\nHost: h\nContent-Length: {len(body)}\n\n{body}")
    got = ""
    while "open=" not in got:
        part = read(connection)
        if not part:
            return ""
        got += part
    return got.partition("\r\n\r\n")[2]


def read(connection: socket.socket) -> str:
    """What came, once there is anything; "" from a connection that has ended."""
    try:
        return connection.recv(65_536).decode()
    except ConnectionError:
        return ""


def ask_until_alone(connect: Open) -> str:
    """What is answered once no connection is open but the one that asks."""
    while "open=1" not in (told := ask(asking := connect())):
        asking.close()
    return told


@pytest.mark.parametrize(
    ("name", "said", "answer"),
    [
        ("FIRST_SECONDS", "", ""),
        ("FIRST_SECONDS", "GET /x HT", ""),
        ("HEADER_SECONDS", "GET /x HTTP/1.1\nHost: h\nX-", "408"),
        ("BODY_SECONDS", "POST /x HTTP/1.1\nHost: h\nContent-Length: 9\n\n123", "408"),
        ("BODY_SECONDS", "POST /x HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n3\nab", "408"),
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_ended(
    name: str, said: str, answer: str
) -> None:
    times = {"FIRST_SECONDS": LONG, "HEADER_SECONDS": LONG, "BODY_SECONDS": LONG, name: SHORT}
    with serving(**times) as connect:
        slow, other = connect(), connect()
        send(slow, said)
        assert ask(other).startswith("0 "), "others are answered meanwhile"
        got = read(slow)
        assert answer in got and (not got or read(slow) == "")


def test_an_answered_connection_may_wait_for_its_next_request_and_ends_after_that_time() -> None:
    with serving(FIRST_SECONDS=LONG, KEPT_SECONDS=SHORT) as connect:
        kept = connect()
        assert ask(kept, "abc").startswith("3 ")
        assert read(kept) == ""


def test_who_does_not_read_the_answer_is_ended() -> None:
    with serving(ANSWER_SECONDS=SHORT) as connect:
        deaf = connect()
        send(deaf, "GET /much HTTP/1.1\nHost: h\n\n")
        assert "open=1" in ask_until_alone(connect)


@pytest.mark.parametrize(
    "said",
    [
        "POST /x HTTP/1.1\nHost: h\nContent-Length: 9\n\n123",
        "POST /x HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n5\nab",
        "POST /x HTTP/1.1\nHost: h\nX-",
        "POST /x",
    ],
)
def test_who_hangs_up_in_the_middle_leaves_no_traceback(said: str) -> None:
    with serving() as connect:
        for _ in range(3):
            gone = connect()
            send(gone, said)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            gone.close()
            half = connect()
            send(half, said)
            half.shutdown(socket.SHUT_WR)
            read(half)
        assert "open=1" in ask_until_alone(connect)


def test_a_body_that_makes_no_sense_is_refused() -> None:
    with serving() as connect:
        odd = connect()
        send(odd, "POST /x HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\nab")
        assert "400" in read(odd)


@pytest.mark.parametrize("body", ["", "x", "x" * 65_536])
def test_a_whole_body_reaches_the_application(body: str) -> None:
    with serving() as connect:
        connection = connect()
        assert [ask(connection, body).split()[0] for _ in range(2)] == [str(len(body))] * 2


def test_a_body_that_is_too_large_is_read_to_its_end_within_reason() -> None:
    with serving() as connect:
        large = connect()
        assert ask(large, "x" * 500_000).split()[0] == "0", (
            "the application refuses it by its length"
        )
        assert ask(large, "next").split()[0] == "4"
        huge = connect()
        send(huge, "POST /x HTTP/1.1\nHost: h\nContent-Length: 9000000000\n\nx")
        got = ""
        while part := read(huge):
            got += part
        assert "200 OK" in got, "and then it ends: nobody reads nine gigabytes"


def test_silent_connections_make_room_for_those_who_ask_the_oldest_first() -> None:
    with serving(most=20) as connect:
        answered = connect()
        assert ask(answered).startswith("0 ")
        silent = [connect() for _ in range(60)]
        for _ in range(10):
            assert ask(connect()).startswith("0 ")
        assert read(silent[0]) == ""
        assert ask(answered).startswith("0 "), (
            "who was answered goes after those who never said anything"
        )


def test_without_room_and_without_silent_ones_a_new_connection_is_closed_and_the_others_go_on() -> (
    None
):
    with serving(most=2) as connect:
        while "open=1" not in ask(connection := connect()):
            connection.close()  # the one that found out whether the server stands is still counted
        busy = [connection, connect()]
        for each in busy:
            send(each, "GET /much HTTP/1.1\nHost: h\n\n")
            assert "200 OK" in read(each), "its answer is under way"
        assert read(connect()) == ""
        busy[0].close()
        answer = ""
        while not answer:
            answer = ask(connect())


def test_when_files_run_out_it_goes_on_answering() -> None:
    """The bound keeps a reserve; if something else takes it all the same, silent connections give
    their files back.
    """
    with serving(most=1_000, files=40) as connect:
        for _ in range(100):
            connect()
        for _ in range(10):
            assert ask(connect()).startswith("0 ")


def test_the_bound_leaves_files_for_everything_else() -> None:
    assert [count_allowed(files) for files in (64, 256, 1024, 10**6)] == [
        16,
        256 - FILES_RESERVED,
        1024 - FILES_RESERVED,
        CONNECTIONS_MAX,
    ]
