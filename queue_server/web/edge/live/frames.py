"""Messages on the websocket: framed once for all who get the same one, never compressed, sent at
once and always whole.

And heard within bounds: whatever a client sends counts, and what the protocol does not know goes no
further. The libraries above answer it with a traceback in the log, and leave a connection half
open.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import simple_websocket

# the library has no types
from engineio.packet import MESSAGE, Packet  # type: ignore[import-untyped]
from flask_socketio import SocketIO

from .callers import Callers, network_of
from .talk import Talk
from .websockets import BadHandshake, PulledWebSocket

PATH = "/live"
"""The namespace of the live channel."""

MESSAGES_PER_SECOND = 20
_HEARD = re.compile(
    rf"[123]|40{PATH},?(?P<auth>.*)|41{PATH},?|42{PATH},[0-9]{{0,15}}(?P<event>\[.*)", re.DOTALL
)
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
    """The end of a frame whose beginning is on its way already: what a screen's writer sends before
    anything else.
    """

    packet_type = MESSAGE

    def __init__(self, rest: bytes) -> None:
        self.data = self._rest = rest

    def encode(self) -> _Rest:
        return self


def is_known(message: str | bytes) -> bool:
    """Whether a client's message is one of the protocol: nothing but these comes from a Socket.IO
    client that watches.
    """
    heard = _HEARD.fullmatch(message) if isinstance(message, str) else None
    if heard is None:
        return False
    try:
        auth, event = (json.loads(text) if text else None for text in heard.group("auth", "event"))
    except (ValueError, RecursionError):
        return False
    return (auth is None or isinstance(auth, dict)) and (
        event is None or bool(event) and isinstance(event[0], str)
    )


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


class PlainWebSocket:
    """What the library asks of a websocket, with a cheaper way out and a narrower way in.

    A snapshot goes to all its screens as the very same string, so its frame is made once. Browsers
    offer compression, which would cost about 300 KB and a deflate of every snapshot for each of
    them, so the offer is not heard.

    One message is dealt with at a time: the next is read when the last is answered, by the one
    greenlet that a connection has for it. `is_trusted` is set for who has said who they are: staff
    and devices need not take turns with everybody else.
    """

    _last: tuple[str, bytes] = ("", frame_text(""))
    _writing = False
    _has_permit = False
    _greeting = b""
    is_trusted = False

    def __init__(
        self,
        handler: Any,
        server: Any,
        callers: Callers,
        talk: Talk,
        released: Callable[[str], None],
    ) -> None:
        self._handler: Any = handler
        self._largest = server.max_http_buffer_size
        self._callers = callers
        self._talk = talk
        self._released = released
        self._allowance = Allowance(MESSAGES_PER_SECOND)
        self.connection: Any = handler.__self__
        """The library's connection whose handler this is, so that it can be written to without its
        queue.
        """

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Talk until one of the two has enough. Whatever happens, nothing of the connection is left
        when it is over.
        """
        environ.pop(_OFFER, None)
        connection = self.connection
        try:
            self.ws = PulledWebSocket(environ, self._largest)
        except BadHandshake:
            connection.close(wait=False, abort=True)
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return []
        self._greeting = self.ws.greeting
        connection.plain = self
        self._callers.arrive(
            network_of(environ.get("REMOTE_ADDR", "")),
            connection,
            is_free=self._callers.is_free(environ),
        )
        try:
            self._handler(self)
        finally:
            self._pass_on()
            self._callers.leave(connection)
            self._released(connection.sid)
            self.ws.end()
            # Each of the three knows the others: untied, they are gone at once, and not when the
            # collector comes by at last.
            connection.plain = self.connection = self._handler = None
        return []

    def wait(self) -> str | bytes | None:
        """The next message, or None when there will be no more: the client has gone, says too much,
        or speaks another language.

        Whoever asks for the next has answered the last, so the turn passes on to somebody else.
        """
        self._pass_on()
        try:
            message: str | bytes = self.ws.receive()
        except simple_websocket.ConnectionClosed:
            return None
        if not self._allowance.spend() or not is_known(message):
            return None
        if not self.is_trusted:
            self._talk.enter()
            self._has_permit = True
        return message

    def _pass_on(self) -> None:
        if self._has_permit:
            self._has_permit = False
            self._talk.leave()

    def close(self) -> None:
        """Close, from the connection's writer, after what was still to be sent."""
        if self.ws.connected:
            self.ws.close()

    def send(self, message: str | bytes | _Rest) -> None:
        """Send from the connection's own writer, waiting for a slow screen. Raises `OSError` when
        the other side is gone.
        """
        if isinstance(message, bytes):
            raise OSError("nothing binary is ever sent")
        if not self.ws.connected:
            raise OSError("the connection is closed")
        self._writing = True
        try:
            frame = message.data if isinstance(message, _Rest) else self._frame(message)
            greeting, self._greeting = self._greeting, b""
            self.ws.sock.sendall(greeting + frame if greeting else frame)
        finally:
            self._writing = False

    def send_now(self, message: str) -> bytes | None:
        """Send as much as goes without waiting. Returns what is left, None if nothing could be sent
        because it is not our turn.
        """
        if self._writing or not self.ws.connected or self._greeting:
            return None
        frame = self._frame(message)
        try:
            return frame[self.ws.sock._sock.send(frame) :]
        except OSError:
            return None

    @staticmethod
    def _frame(message: str) -> bytes:
        text, frame = PlainWebSocket._last
        if message is not text:
            frame = frame_text(message)
            PlainWebSocket._last = (message, frame)
        return frame


def install(socketio: SocketIO, callers: Callers, released: Callable[[str], None]) -> None:
    """Use these frames for all connections of a server, and send past a connection's queue while
    that is empty.

    `released` is told the library's id of each connection when it is over.
    """
    engine, talk = socketio.server.eio, Talk()

    def accept(handler: Any, server: Any) -> PlainWebSocket:
        return PlainWebSocket(handler, server, callers, talk, released)

    engine._async = {**engine._async, "websocket": accept}
    socketio.server._send_eio_packet = send_at_once(
        engine.sockets, socketio.server._send_eio_packet
    )


def send_at_once(
    connections: Mapping[str, Any], queue_packet: Callable[[str, Packet], None]
) -> Callable[[str, Packet], None]:
    """A way to send a packet that wakes no writer where none is needed.

    Waking the writers of 2,000 screens costs three times what the sending itself does. A screen
    that cannot take a whole frame at once gets the rest, and what follows, through its queue; so
    nothing overtakes anything.
    """

    def send(connection_id: str, packet: Packet) -> None:
        connection = connections.get(connection_id)
        plain: PlainWebSocket | None = getattr(connection, "plain", None)
        rest = None
        if (
            connection is not None
            and plain is not None
            and packet.packet_type == MESSAGE
            and connection.queue.empty()
        ):
            rest = plain.send_now(packet.encode())
        if rest is None:
            queue_packet(connection_id, packet)
        elif rest and connection is not None:
            connection.queue.put(_Rest(rest))

    return send
