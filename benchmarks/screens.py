"""Many screens in one cheap client: websockets by hand in one epoll loop, so that the client is not
what is measured.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Screen:
    """One websocket, and what has arrived of a message that is not whole yet."""

    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)

    def take(self) -> list[bytes]:
        """Read what is there; the whole text messages among it."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("a screen was cut off")
        self.received += chunk
        whole = []
        while (payload := self._next_frame()) is not None:
            if payload == b"2":
                self.send(b"3")  # Engine.IO's ping wants a pong
            else:
                whole.append(payload)
        return whole

    def wait_for(self, beginning: bytes) -> None:
        """Read until a message begins so; those before it are dropped."""
        while not any(text.startswith(beginning) for text in self.take()):
            pass

    def _next_frame(self) -> bytes | None:
        if len(self.received) < 2:
            return None
        length, start = self.received[1] & 127, 2
        if length == 126:
            length, start = int.from_bytes(self.received[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(self.received[2:10], "big"), 10
        if len(self.received) < start + length or (length >= 126 and start == 2):
            return None
        payload = bytes(self.received[start : start + length])
        del self.received[: start + length]
        return payload

    def send(self, text: bytes) -> None:
        """A masked text frame; the mask of zeros is allowed and leaves the text as it is."""
        size = (
            bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        )
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + text)


Arrival = Callable[[Screen, float, bytes], None]
"""What to do with a message: the screen, the moment it was read, the text."""


class Screens:
    """All the screens of one client process. While waiting it does nothing for each message but
    what `arrival` does.
    """

    def __init__(self) -> None:
        self.screens: list[Screen] = []
        self._selector = selectors.DefaultSelector()

    def add(self, screen: Screen) -> Screen:
        self.screens.append(screen)
        self._selector.register(screen.socket, selectors.EVENT_READ, screen)
        return screen

    def watch(self, port: int, office: str, count: int) -> None:
        """Open boards of an office, each with its first snapshot."""
        for _ in range(count):
            screen = self.add(open_socketio(port))
            screen.send(
                b'42/live,1["watch",'
                + json.dumps({"audience": "board", "key": office}).encode()
                + b"]"
            )
            screen.wait_for(b"43/live,1[")

    def wait(
        self,
        done: Callable[[], bool],
        arrival: Arrival,
        extra: dict[socket.socket, Callable[[], None]] | None = None,
        seconds: float = 20,
    ) -> bool:
        """Read until `done` says so or the time is over; `done` is asked after every round of
        reading.
        """
        deadline = time.perf_counter() + seconds
        for each, act in (extra or {}).items():
            self._selector.register(each, selectors.EVENT_READ, act)
        try:
            while not done():
                left = deadline - time.perf_counter()
                if left <= 0:
                    return False
                for ready, _ in self._selector.select(left):
                    if isinstance(ready.data, Screen):
                        for text in ready.data.take():
                            arrival(ready.data, time.perf_counter(), text)
                    else:
                        ready.data()
            return True
        finally:
            for each in extra or {}:
                self._selector.unregister(each)

    def forget(self, quiet_seconds: float = 0.1, patience_seconds: float = 2) -> None:
        """Read until nothing has come for a while, or the patience is over because there is always
        something; keep nothing.
        """
        deadline = time.perf_counter() + patience_seconds
        while time.perf_counter() < deadline and self._selector.select(quiet_seconds):
            for ready, _ in self._selector.select(0):
                ready.data.take()

    def close(self) -> None:
        for screen in self.screens:
            screen.socket.close()
        self._selector.close()


def connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def open_socketio(port: int, auth: bytes = b"") -> Screen:
    """A Socket.IO connection to the namespace /live over a websocket."""
    screen = Screen(connect(port))
    key = base64.b64encode(os.urandom(16)).decode()
    screen.socket.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: "
        f"http://127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
        f"{key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += screen.socket.recv(4096)
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n", 1)[0]:
        raise ConnectionError(head.decode())
    screen.received += rest
    screen.send(b"40/live," + auth)
    screen.wait_for(b"40/live,")
    return screen
