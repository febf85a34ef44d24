"""A gateway for SMS on loopback that takes, refuses, delays or breaks off as a test wants, knows a
repetition by its Idempotency-Key, and keeps what it was given.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEEP_ALIVE_SECONDS = 5
"""How often somebody who is kept waiting hears so: no client gives up by itself."""


@dataclass(frozen=True)
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FakeGateway:
    """What the gateway has seen and how it behaves: `answers` are the statuses of the next
    requests, then 200; `broken` takes a message and hangs up without an answer; `hangs` answers
    once its event is set. `away` keeps everybody waiting and hangs up once its event is set; `mute`
    takes a message and hangs up then. `taken` are the requests that were granted, and `texts` the
    messages that people got: a repetition is none.
    """

    port: int = 0
    requests: list[Taken] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    broken: bool = False
    hangs: threading.Event | None = None
    away: threading.Event | None = None
    mute: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send?account=7"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway: FakeGateway = self.server.gateway  # type: ignore[attr-defined]  # set below
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = Taken(self.path, dict(self.headers), body)
        gateway.requests.append(request)
        if gateway.away is not None:
            while not gateway.away.wait(KEEP_ALIVE_SECONDS):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return
        if gateway.hangs is not None:
            gateway.hangs.wait(60)
        status = gateway.answers.pop(0) if gateway.answers else 200
        if status == 200:
            gateway.taken.append(request)
            gateway.texts.setdefault(self.headers["Idempotency-Key"], body)
        if gateway.mute is not None:
            gateway.mute.wait(60)
            return
        if gateway.broken:
            return
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{gateway.port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def open_gateway(context: ssl.SSLContext | None = None) -> Iterator[FakeGateway]:
    """A gateway for the length of a test; with a `context` it speaks TLS."""
    gateway = FakeGateway()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.gateway = gateway  # type: ignore[attr-defined]  # for the handlers
        gateway.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield gateway
        finally:
            server.shutdown()
            thread.join()
