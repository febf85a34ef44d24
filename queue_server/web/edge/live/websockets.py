"""A websocket that reads only when it is asked for the next message, and in the caller's own
greenlet.

The library reads on in a greenlet of its own and gathers what comes, however little of it anybody
has dealt with. Here what is not wanted yet stays in the network, where it slows the sender down and
costs no memory.
"""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Callable
from typing import Any

import simple_websocket
from gevent.monkey import get_original
from wsproto.utilities import ProtocolError

READ_BYTES = 1024
UNHEARD_MILLISECONDS = 20_000
"""How long the other side may leave what was sent to it unacknowledged, or its window shut, before
the connection is given up.
"""

_poll: Callable[[], Any] = get_original("select", "poll")
_GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR


class BadHandshake(ValueError):
    """What was asked for is no websocket."""


class _NoThread:
    """Stands in for the library's reader."""

    name = ""

    def __init__(self, target: Callable[[], None]) -> None:
        pass

    def start(self) -> None:
        pass


class _NoEvent:
    """Stands in for what the library's reader would wake others with."""

    def set(self) -> None:
        pass


class _Kept:
    """Stands in for the socket during the handshake."""

    kept = b""

    def send(self, data: bytes) -> None:
        self.kept += data


class PulledWebSocket(simple_websocket.Server):  # type: ignore[misc]  # the library has no types
    """One connection's websocket. Raises `BadHandshake`."""

    sock: Any
    connected: bool
    greeting = b""
    """The answer to the handshake, for whoever sends the first message: that follows at once, and
    the two go out together.
    """

    environ: dict[str, Any]
    input_buffer: list[str | bytes]

    def __init__(self, environ: dict[str, Any], max_message_size: int) -> None:
        try:
            super().__init__(
                environ,
                receive_bytes=READ_BYTES,
                max_message_size=max_message_size,
                thread_class=_NoThread,
                event_class=_NoEvent,
            )
        except (ProtocolError, simple_websocket.ConnectionError, ValueError) as error:
            raise BadHandshake() from error
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MILLISECONDS)

    def handshake(self) -> None:
        """Answer the request for a websocket, but keep the answer as `greeting`."""
        sock, self.sock = self.sock, _Kept()
        try:
            super().handshake()
        finally:
            self.greeting, self.sock = self.sock.kept, sock

    def receive(self, timeout: float | None = None) -> str | bytes:
        """The next message. What was sent by one who has left since is not looked at. Raises
        `ConnectionClosed`.
        """
        while self.connected and not self.input_buffer:
            try:
                received = self.sock.recv(self.receive_bytes)
                if not received:
                    break
                self.ws.receive_data(received)
                self.connected = self._handle_events()
            except (OSError, ProtocolError):
                break
        if not self.connected or not self.input_buffer or self._has_left():
            self.connected = False
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        return self.input_buffer.pop(0)

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say goodbye, and let the reader stop waiting for an answer that may never come."""
        try:
            with contextlib.suppress(OSError, ProtocolError):
                super().close(reason, message)
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Read no more."""
        self.connected = False
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)

    def end(self) -> None:
        """Let go of everything: nobody reads or writes any more."""
        self.hang_up()
        self.sock.close()
        self.environ.clear()
        self.input_buffer.clear()
        del self.ws, self.thread

    def _has_left(self) -> bool:
        poll = _poll()
        try:
            poll.register(self.sock.fileno(), select.POLLRDHUP)
            return any(event & _GONE for _file, event in poll.poll(0))
        except (OSError, ValueError):
            return True
