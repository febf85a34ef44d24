"""Screens that come back as the agents do after a restart of the server: in a process of its own,
by hand in one epoll loop, so that 500 cost little.

`python -m benchmarks.returning --port 8000 --office 3674` reads a line with the JSON list of their
tokens, prints `ready` when all watch, and after they have been cut off and have come back one line
of JSON: when each was right again, on the clock of `time.perf_counter`. Then it reports and
compares as the agents do, until its input ends.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import os
import random
import selectors
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum

from display.pauses import calm_seconds, pause_seconds

GREETING = b"40/live,"


class Stage(Enum):
    """How far a screen has come."""

    AWAY = 0
    CONNECTING = 1
    UPGRADING = 2
    GREETING = 3
    WATCHING = 4


class Returning:
    """One screen: its connection, its stage and its timers."""

    def __init__(self, crowd: Crowd, token: str) -> None:
        self.crowd = crowd
        self.token = token
        self.stage = Stage.AWAY
        self.socket: socket.socket | None = None
        self.received = bytearray()
        self.right_at: float | None = None

    def connect(self) -> None:
        """Begin a new connection."""
        self.received.clear()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(("127.0.0.1", self.crowd.port))
        self.stage = Stage.CONNECTING
        self.crowd.selector.register(self.socket, selectors.EVENT_WRITE, self.go_on)

    def go_on(self) -> None:
        """Take what has come, and say what is next to be said; come back later if it was lost."""
        try:
            if self.stage is Stage.CONNECTING:
                self._ask_upgrade()
            else:
                self._read()
        except OSError:
            self._lose()

    def _lose(self) -> None:
        assert self.socket is not None
        self.crowd.selector.unregister(self.socket)
        self.socket.close()
        self.right_at = None
        self.stage = Stage.AWAY
        self.crowd.later(pause_seconds(random.random()), self.connect)

    def _ask_upgrade(self) -> None:
        assert self.socket is not None
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        self.crowd.selector.modify(self.socket, selectors.EVENT_READ, self.go_on)
        self.stage = Stage.UPGRADING
        self.socket.sendall(
            b"GET /socket.io/?transport=websocket&EIO=4 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            b"AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n" % self.crowd.port
        )

    def _read(self) -> None:
        assert self.socket is not None
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionResetError
        self.received += chunk
        if self.stage is Stage.UPGRADING and b"\r\n\r\n" in self.received:
            head, _, rest = bytes(self.received).partition(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                raise ConnectionResetError
            self.received[:] = rest
            self.stage = Stage.GREETING
            self._say(GREETING + json.dumps({"token": self.token}).encode())
        elif self.stage is Stage.GREETING and GREETING in self.received:
            self.received.clear()
            self.stage = Stage.WATCHING
            watch = json.dumps(["watch", {"audience": "board", "key": self.crowd.office}])
            self._say(b"42/live,1" + watch.encode())
        elif self.stage is Stage.WATCHING:
            self._look()

    def _look(self) -> None:
        """The answer to the watch ends with its closing brackets; later boards are only read."""
        is_answer = b"43/live,1[" in self.received and self.received.endswith(b"}]")
        if self.right_at is None and is_answer:
            self.right_at = time.perf_counter()
            self.crowd.note_right(self)
        if self.right_at is not None:
            if self.received.endswith(b"\x81\x012"):
                self._say(b"3")
            self.received.clear()

    def report(self) -> None:
        """What an agent asks over HTTP once it has settled, on a connection of its own."""
        if self.stage is Stage.WATCHING:
            with suppress(OSError):  # the server has just gone
                Report(self.crowd, self.token)

    def _say(self, text: bytes) -> None:
        assert self.socket is not None
        size = (
            bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        )
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + text)


class Report:
    """The three requests of an agent, one after the other."""

    def __init__(self, crowd: Crowd, token: str) -> None:
        self._crowd = crowd
        beat = b'{"build":"bench","facts":{"pages":1,"settings":""}}'
        self._asks = [
            self._head("GET", f"/offices/{crowd.office}/board", token),
            self._head("GET", "/devices/self", token),
            self._head("POST", "/devices/self/heartbeat", token, len(beat)) + beat,
        ]
        self._received = b""
        self._socket = socket.create_connection(("127.0.0.1", crowd.port))
        crowd.selector.register(self._socket, selectors.EVENT_READ, self._read)
        self._socket.sendall(self._asks.pop())

    def _head(self, method: str, path: str, token: str, size: int = 0) -> bytes:
        return (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self._crowd.port}\r\n"
            f"Authorization: Bearer {token}\r\n"
            + (f"Content-Type: application/json\r\nContent-Length: {size}\r\n" if size else "")
            + "\r\n"
        ).encode()

    def _read(self) -> None:
        try:
            chunk = self._socket.recv(262_144)
            self._received += chunk
            if chunk and not self._is_whole():
                return
            if chunk and self._asks:
                self._received = b""
                self._socket.sendall(self._asks.pop())
                return
        except OSError:
            pass
        self._crowd.selector.unregister(self._socket)
        self._socket.close()

    def _is_whole(self) -> bool:
        head, end, body = self._received.partition(b"\r\n\r\n")
        _, has_length, rest = head.lower().partition(b"content-length:")
        return bool(end) and len(body) >= (int(rest.split(b"\r\n", 1)[0]) if has_length else 0)


class Crowd:
    """All the screens, one selector and one list of timers."""

    def __init__(self, port: int, office: str, tokens: list[str]) -> None:
        self.port = port
        self.office = office
        self.selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._rounds = 0
        self._input = sys.stdin
        self._goes_on = True
        self.screens = [Returning(self, token) for token in tokens]

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.perf_counter() + seconds, next(self._order), act))

    def note_right(self, screen: Returning) -> None:
        self.later(calm_seconds(random.random()), screen.report)
        if all(each.right_at is not None for each in self.screens):
            when = sorted(each.right_at or 0.0 for each in self.screens)
            print(json.dumps(when) if self._rounds else "ready", flush=True)
            self._rounds += 1

    def run(self) -> None:
        for number, screen in enumerate(self.screens):
            self.later(number * 0.004, screen.connect)
        self.selector.register(self._input, selectors.EVENT_READ, self._end)
        while self._goes_on:
            while self._timers and self._timers[0][0] <= time.perf_counter():
                heapq.heappop(self._timers)[2]()
            wait = self._timers[0][0] - time.perf_counter() if self._timers else 1
            for ready, _ in self.selector.select(max(0, wait)):
                ready.data()

    def _end(self) -> None:
        self._goes_on = False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--office", required=True)
    arguments = parser.parse_args()
    tokens = json.loads(sys.stdin.readline())
    Crowd(arguments.port, arguments.office, tokens).run()


if __name__ == "__main__":
    main()
