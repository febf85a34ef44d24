"""Messages on the websocket: framed once for all who get the same one, never compressed, always sent whole."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engineio.async_drivers.gevent import WebSocketWSGI  # type: ignore[import-untyped]  # the library has no types
from flask_socketio import SocketIO

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


class PlainWebSocket(WebSocketWSGI):  # type: ignore[misc]  # as above
    """The library's websocket with a cheaper way out.

    A snapshot goes to all its screens as the very same string, so its frame is made once. Browsers offer compression, which
    would cost about 300 KB and a deflate of every snapshot for each of them, so the offer is not heard. The library's own
    `send` may leave out the end of a frame when a slow screen's buffer is nearly full.
    """

    _last: tuple[str, bytes] = ("", frame_text(""))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop(_OFFER, None)
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer

    def send(self, message: str | bytes) -> None:
        """Raises `OSError` when the other side is gone."""
        if isinstance(message, bytes):
            super().send(message)
            return
        if not self.ws.connected:
            raise OSError("the connection is closed")
        text, frame = PlainWebSocket._last
        if message is not text:
            frame = frame_text(message)
            PlainWebSocket._last = (message, frame)
        self.ws.sock.sendall(frame)


def install(socketio: SocketIO) -> None:
    """Use these frames for all connections of a server."""
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": PlainWebSocket}
