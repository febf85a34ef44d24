"""Messages on the websocket: framed once for all who get the same one, never compressed, sent at once and always whole.

And heard within bounds: whatever a client sends counts, and what the protocol does not know goes no further. The libraries above
answer it with a traceback in the log, and leave a connection half open.
"""
from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engineio.async_drivers.gevent import WebSocketWSGI  # type: ignore[import-untyped]  # the library has no types
from engineio.packet import MESSAGE, Packet  # type: ignore[import-untyped]  # as above
from flask_socketio import SocketIO

PATH = "/live"
"""The namespace of the live channel."""

MESSAGES_PER_SECOND = 20
_HEARD = re.compile(rf"[123]|40{PATH},?(?P<auth>.*)|41{PATH},?|42{PATH},[0-9]{{0,15}}(?P<event>\[.*)", re.DOTALL)
"""Close, ping and pong of Engine.IO; connect, disconnect and event of Socket.IO."""

_TEXT_MESSAGE = 0x81
_OFFER = "HTTP_SEC_WEBSOCKET_EXTENSIONS"


def frame_text(text: str) -> bytes:
    """One unmasked text frame (RFC 6455 §5.2), as a server sends it."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = bytes((_TEXT_MESSAGE, size))
    elif size < 65_536:
        head = bytes((_TEXT_MESSAGE, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_TEXT_MESSAGE, 127)) + size.to_bytes(8, "big")
    return head + payload


class _Rest:
    """The end of a frame whose beginning is on its way already: what a screen's writer sends before anything else."""

    packet_type = MESSAGE

    def __init__(self, rest: bytes) -> None:
        self.data = self._rest = rest

    def encode(self) -> _Rest:
        return self


def is_known(message: str | bytes) -> bool:
    """Whether a client's message is one of the protocol: nothing but these comes from a Socket.IO client that watches."""
    found = _HEARD.fullmatch(message) if isinstance(message, str) else None
    if found is None:
        return False
    try:
        auth, event = (json.loads(text) if text else None for text in found.group("auth", "event"))
    except (ValueError, RecursionError):
        return False
    return (auth is None or isinstance(auth, dict)) and (event is None or bool(event) and isinstance(event[0], str))


class Allowance:
    """Token bucket: how much a client may still say."""

    def __init__(self, per_second: float) -> None:
        self._most = self._left = self._per_second = per_second
        self._asked_at = time.monotonic()

    def spend(self) -> bool:
        """Whether one more message is within the rate."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._asked_at) * self._per_second)
        self._asked_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class PlainWebSocket(WebSocketWSGI):  # type: ignore[misc]  # as above
    """The library's websocket with a cheaper way out and a narrower way in.

    A snapshot goes to all its screens as the very same string, so its frame is made once. Browsers offer compression, which
    would cost about 300 KB and a deflate of every snapshot for each of them, so the offer is not heard. The library's own
    `send` may leave out the end of a frame when a slow screen's buffer is nearly full, and it gathers a message of any length before
    the server above can refuse it.
    """

    _last: tuple[str, bytes] = ("", frame_text(""))
    _writing = False

    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self.server_args["max_message_size"] = server.max_http_buffer_size
        self._allowance = Allowance(MESSAGES_PER_SECOND)

    def wait(self) -> str | bytes | None:
        """The next message, or None when there will be no more: the client has gone, says too much, or speaks another language."""
        message: str | bytes | None = super().wait()
        return message if message is not None and self._allowance.spend() and is_known(message) else None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop(_OFFER, None)
        self.app.__self__.plain = self  # the connection, whose handler this is, so that it can be written to without its queue
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer

    def send(self, message: str | bytes | _Rest) -> None:
        """Send from the connection's own writer, waiting for a slow screen. Raises `OSError` when the other side is gone."""
        if isinstance(message, bytes):
            super().send(message)
            return
        if not self.ws.connected:
            raise OSError("the connection is closed")
        self._writing = True
        try:
            self.ws.sock.sendall(message.data if isinstance(message, _Rest) else self._frame(message))
        finally:
            self._writing = False

    def send_now(self, message: str) -> bytes | None:
        """Send as much as goes without waiting. Returns what is left, None if nothing could be sent because it is not our turn."""
        if self._writing or not self.ws.connected:
            return None
        frame = self._frame(message)
        try:
            return frame[self.ws.sock._sock.send(frame):]
        except OSError:
            return None

    @staticmethod
    def _frame(message: str) -> bytes:
        text, frame = PlainWebSocket._last
        if message is not text:
            frame = frame_text(message)
            PlainWebSocket._last = (message, frame)
        return frame


def install(socketio: SocketIO) -> None:
    """Use these frames for all connections of a server, and send past a connection's queue while that is empty."""
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": PlainWebSocket}
    socketio.server._send_eio_packet = send_at_once(engine.sockets, socketio.server._send_eio_packet)


def send_at_once(connections: Mapping[str, Any], queue_packet: Callable[[str, Packet], None]) -> Callable[[str, Packet], None]:
    """A way to send a packet that wakes no writer where none is needed.

    Waking the writers of 2,000 screens costs three times what the sending itself does. A screen that cannot take a whole frame at
    once gets the rest, and what follows, through its queue; so nothing overtakes anything.
    """

    def send(connection_id: str, packet: Packet) -> None:
        connection = connections.get(connection_id)
        plain: PlainWebSocket | None = getattr(connection, "plain", None)
        rest = None
        if connection is not None and plain is not None and packet.packet_type == MESSAGE and connection.queue.empty():
            rest = plain.send_now(packet.encode())
        if rest is None:
            queue_packet(connection_id, packet)
        elif rest and connection is not None:
            connection.queue.put(_Rest(rest))

    return send
