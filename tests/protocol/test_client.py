"""QueueClient against a real HTTP server on loopback that answers from a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import Heartbeat, WaitRange

SLIP = {
    "id": "t1",
    "code": "7F3K9Q2M4N5P",
    "number": "A012",
    "stream": "A",
    "stream_name": "KTP-el",
    "office": "3674",
    "office_name": "Dukcapil Kota Tangerang Selatan",
    "service": "ktp",
    "service_name": "KTP-el",
    "issued_at": "2026-11-23T09:00:00+07:00",
    "place": "INSIDE",
    "url": "https://antrean.example/t/7F3K9Q2M4N5P",
    "ahead": 3,
    "wait": {"low": 10, "high": 25},
    "new_field": 1,
}
BOARD = {
    "office": "3674",
    "office_name": "Dukcapil",
    "date": "2026-11-23",
    "version": ["2026-11-23", 7],
    "sent_at": "2026-11-23T09:00:00+07:00",
    "build": "b1",
    "zone": "Asia/Jakarta",
    "mode": "NORMAL",
    "open": True,
    "inside": 3,
    "limit": 20,
    "waiting": 4,
}


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class ScriptedServer:
    """Gives the queued answers in order and keeps what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    url: str = ""


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            raw = self.rfile.read(length)
            script.connections.add(self.client_address)
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.seen.append(
                Seen(self.command, self.path, headers, json.loads(raw) if raw else None)
            )
            answer = script.answers.pop(0)
            if answer.hang_up:
                self.close_connection = True
                return
            body = (
                answer.body
                if isinstance(answer.body, bytes)
                else b""
                if answer.body is None
                else json.dumps(answer.body).encode()
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Type" not in answer.headers:
                self.send_header(
                    "Content-Type",
                    "application/problem+json" if answer.status >= 400 else "application/json",
                )
            if answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if answer.status not in (204, 304):
                self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    script.url = f"http://127.0.0.1:{http.server_address[1]}"
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    yield script
    http.shutdown()
    http.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(server: ScriptedServer, pauses: list[float]) -> Iterator[QueueClient]:
    made = QueueClient(server.url + "/", token="secret-token", pause=pauses.append)
    yield made
    made.close()


def test_walk_in_sends_key_token_and_body_and_reads_the_slip(
    server: ScriptedServer, client: QueueClient
) -> None:
    server.answers = [Answer(201, SLIP)]
    slip = client.issue_walk_in(
        "3674", "ktp", "key-1", party_size=2, priority="elderly", language="en"
    )
    assert (slip.number, slip.wait, slip.ahead) == ("A012", WaitRange(10, 25), 3)
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/offices/3674/tickets")
    assert seen.headers["authorization"] == "Bearer secret-token"
    assert seen.headers["idempotency-key"] == "key-1"
    assert seen.body == {"service": "ktp", "party_size": 2, "language": "en", "priority": "elderly"}


def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    server: ScriptedServer, client: QueueClient, pauses: list[float]
) -> None:
    server.answers = [Answer(hang_up=True), Answer(503, {"code": "busy"}), Answer(201, SLIP)]
    assert client.issue_walk_in("3674", "ktp", "key-1").number == "A012"
    assert [seen.headers["idempotency-key"] for seen in server.seen] == ["key-1"] * 3
    assert pauses == [0.2, 0.6]


def test_attempts_are_bounded(server: ScriptedServer, client: QueueClient) -> None:
    server.answers = [Answer(500, {})] * 9
    with pytest.raises(ServerUnreachable):
        client.check_in("7F3K9Q2M4N5P", "key-2")
    assert len(server.seen) == 3


def test_a_caller_that_repeats_by_itself_asks_for_one_attempt(server: ScriptedServer) -> None:
    server.answers = [Answer(500, {})] * 9
    with pytest.raises(ServerUnreachable):
        QueueClient(server.url, attempts=1).check_in("7F3K9Q2M4N5P", "key-2")
    assert len(server.seen) == 1


def test_no_attempt_starts_when_the_visitor_has_waited_too_long(server: ScriptedServer) -> None:
    clock = iter([0.0, 6.9])
    client = QueueClient(server.url, pause=lambda _: None, monotonic=lambda: next(clock))
    server.answers = [Answer(500, {})] * 9
    with pytest.raises(ServerUnreachable):
        client.check_in("7F3K9Q2M4N5P", "key-2")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.heartbeat(Heartbeat("b1", {"printer": "ready"})),
        lambda client: client.request_pairing("kiosk"),
        lambda client: client.collect_token("p1", "s"),
    ],
)
def test_a_request_without_a_key_is_sent_once(
    server: ScriptedServer, client: QueueClient, call: Any
) -> None:
    server.answers = [Answer(502, {})] * 9
    with pytest.raises(ServerUnreachable):
        call(client)
    assert len(server.seen) == 1


def test_a_refusal_carries_code_words_and_facts_and_is_not_repeated(
    server: ScriptedServer, client: QueueClient
) -> None:
    problem = {
        "type": "about:blank",
        "title": "Limit",
        "status": 409,
        "code": "limit_reached",
        "detail": "Full",
        "limit": 2,
    }
    server.answers = [Answer(409, problem)]
    with pytest.raises(Refused) as caught:
        client.issue_walk_in("3674", "ktp", "key-1")
    assert (caught.value.status, caught.value.code, caught.value.detail, caught.value.facts) == (
        409,
        "limit_reached",
        "Full",
        {"limit": 2},
    )
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b"<html>Hotspot login</html>", {"Content-Type": "text/html"}),
        Answer(200, b"<html>Hotspot login</html>", {"Content-Type": "text/html"}),
        Answer(302, None, {"Location": "https://elsewhere.example/"}),
        Answer(200, {"office": "3674"}),
        Answer(200, []),
    ],
)
def test_an_answer_that_is_not_from_our_server_is_never_believed(
    server: ScriptedServer, client: QueueClient, answer: Answer
) -> None:
    server.answers = [answer] * 3
    with pytest.raises(ServerUnreachable):
        client.device_self()


def test_nobody_listening(pauses: list[float]) -> None:
    client = QueueClient("http://127.0.0.1:9", pause=pauses.append)
    with pytest.raises(ServerUnreachable):
        client.offer("3674")
    assert len(pauses) == 2


def test_board_is_asked_for_by_etag(server: ScriptedServer, client: QueueClient) -> None:
    server.answers = [Answer(200, BOARD, {"ETag": '"v7"'}), Answer(304)]
    board = client.board("3674")
    assert board is not None and board.version == ("2026-11-23", 7)
    assert client.board("3674", client.etag_of("3674")) is None
    assert "if-none-match" not in server.seen[0].headers
    assert server.seen[1].headers["if-none-match"] == '"v7"'


def test_pairing_until_approved(server: ScriptedServer, client: QueueClient) -> None:
    pairing_body = {
        "id": "p1",
        "pairing_code": "KD7-4M2",
        "secret": "s",
        "expires_at": "2026-11-23T09:10:00+07:00",
    }
    server.answers = [
        Answer(201, pairing_body),
        Answer(202, {"state": "pending"}),
        Answer(200, {"token": "t", "office": "3674"}),
    ]
    pairing = client.request_pairing("display")
    assert client.collect_token(pairing.id, pairing.secret) is None
    assert client.collect_token(pairing.id, pairing.secret) == "t"
    assert [seen.body for seen in server.seen] == [
        {"kind": "display"},
        {"secret": "s"},
        {"secret": "s"},
    ]


def test_an_expired_pairing_is_refused(server: ScriptedServer, client: QueueClient) -> None:
    server.answers = [Answer(410, {"code": "pairing_expired", "status": 410})]
    with pytest.raises(Refused) as caught:
        client.collect_token("p1", "s")
    assert caught.value.status == 410


def test_heartbeat_is_accepted_without_content_on_one_kept_alive_connection(
    server: ScriptedServer, client: QueueClient
) -> None:
    server.answers = [Answer(204), Answer(204)]
    client.heartbeat(Heartbeat("b1", {"printer": "ready", "unresolved": 0}))
    client.heartbeat(Heartbeat("b1"))
    assert server.seen[0].body == {"build": "b1", "facts": {"printer": "ready", "unresolved": 0}}
    assert len(server.connections) == 1


@pytest.mark.parametrize("code", ["", ".", ".."])
def test_a_code_cannot_climb_to_another_address(client: QueueClient, code: str) -> None:
    with pytest.raises(ValueError):
        client.check_in(code, "key")


def test_a_code_is_one_path_segment(server: ScriptedServer, client: QueueClient) -> None:
    server.answers = [Answer(404, {"code": "unknown_code", "status": 404})]
    with pytest.raises(Refused):
        client.check_in("a/b?c#d", "key")
    assert server.seen[0].path == "/api/v1/tickets/a%2Fb%3Fc%23d/check-in"


@pytest.mark.parametrize(
    "server_url",
    [
        "",
        "antrean.example",
        "10.0.0.5:8000",
        "ftp://antrean.example",
        "http://",
        "http:///x",
        "http://[::1",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_at_once(server_url: str) -> None:
    with pytest.raises(ValueError):
        QueueClient(server_url)
