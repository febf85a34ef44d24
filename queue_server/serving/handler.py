"""One connection's requests: how long each may take to come, how large it may be, and which is
answered first.
"""

from __future__ import annotations

import errno
import socket
import time
from contextlib import suppress
from io import BytesIO
from typing import Any

import structlog
from gevent.lock import BoundedSemaphore
from gevent.pywsgi import Input, WSGIHandler

from queue_server.web.edge.access.principals import SESSION_COOKIE

from .connections import BoundedServer
from .rounds import Newcomers, await_arrivals

log = structlog.get_logger()

FIRST_SECONDS = 15.0
"""How long a new connection may be silent."""

KEPT_SECONDS = 75.0
"""How long an answered connection may wait for its next request: longer than the proxy in front
keeps it.
"""

HEADER_SECONDS = 10.0
BODY_SECONDS = 20.0
ANSWER_SECONDS = 30.0
"""How long a client may take for a piece of its answer."""

BODY_BYTES = 65_536
DRAINED_BYTES = 1_048_576
"""A body that is too large is read to its end up to this size, so that its sender reads the
refusal.
"""

PROBES = frozenset({"/livez", "/readyz"})
TAKING_PLACES = ("/holds", "/bookings", "/waitlist", "/line")
"""The ends of the addresses at which anybody may ask for places. A session cookie gives no
precedence there, because it may be forged.
"""

REQUEST_BUFFER_BYTES = 2048
SLOW = ("408", b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
UNREADABLE = ("400", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")


def _is_served_first(environ: dict[str, Any]) -> bool:
    """Whether a request is answered before those of strangers: requests of counters and kiosks, and
    liveness checks.
    """
    path: str = environ["PATH_INFO"]
    if not path.startswith("/api/"):
        return path in PROBES
    if "HTTP_AUTHORIZATION" in environ:
        return True
    return SESSION_COOKIE in environ.get("HTTP_COOKIE", "") and not path.endswith(TAKING_PLACES)


class TooSlow(Exception):
    """The request was not complete within its time limit."""


class Handler(WSGIHandler):  # type: ignore[misc]  # as above
    """pywsgi's handler without its access log, because addresses contain secret codes, and so does
    the raw text of a malformed request.

    The whole request is read, within its time limits, before the application is called. `answering`
    counts requests that have begun and are not answered yet, without open websockets and idle
    connections.
    """

    rfile: Any
    wsgi_input: Any
    answering = 0
    # Of the strangers' requests at one moment, one begins at a time, after whoever has just come:
    # other requests come in between instead of after twenty of them.
    _begin = BoundedSemaphore(1)
    _newcomers = Newcomers()

    def __init__(self, sock: Any, address: Any, server: BoundedServer) -> None:
        super().__init__(sock, address, server)
        # Every screen keeps its buffer for as long as it is connected; requests are short.
        self.rfile.close()
        self.rfile = sock.makefile("rb", REQUEST_BUFFER_BYTES)
        self._is_fresh = True
        self._is_counted = False
        self._is_late = False
        self.deadline = 0.0
        """The deadline for what is awaited, in monotonic seconds."""

    def handle_one_request(self) -> Any:
        """Read a request and answer it; None ends the connection."""
        self._wait_at_most(FIRST_SECONDS if self._is_fresh else KEPT_SECONDS)
        if not self._is_fresh:
            self.server.note_silent(self.socket, is_fresh=False)
        self.requestline, sock = "", self.socket
        self.server.reading[self] = None
        try:
            return super().handle_one_request()
        except TooSlow:
            return SLOW
        except OSError:  # the body was cut off or is malformed
            return SLOW if self._is_late else UNREADABLE
        finally:
            self.server.reading.pop(self, None)
            self._count(False)
            self.server.note_heard(sock)
            self._is_fresh = False

    def end_late(self) -> None:
        """Stop reading from a client that has timed out: readers of the connection then see its
        end.
        """
        self._is_late = True
        self.server.reading.pop(self, None)
        with suppress(OSError):  # the client was quicker
            self.socket.shutdown(socket.SHUT_RD)

    def read_requestline(self) -> str:
        """The first line. The time limit for the headers begins after it."""
        line: str = super().read_requestline()
        if self._is_late:
            return ""
        self._wait_at_most(HEADER_SECONDS)
        self._count(bool(line))
        return line

    def get_environ(self) -> dict[str, Any]:
        """The request, with all of its body. Raises `TooSlow`."""
        environ: dict[str, Any] = super().get_environ()
        self._wait_at_most(BODY_SECONDS)
        if not self._opens_channel(environ):
            environ["wsgi.input"] = BytesIO(self._read_body())
            environ["wsgi.input_terminated"] = True
        if self._is_late:
            raise TooSlow()
        self.server.reading.pop(self, None)
        self.server.note_heard(self.socket)
        return environ

    def run_application(self) -> None:
        """Answer. A connection that became a websocket is closed afterwards, or its last bytes
        would be read as an HTTP request.
        """
        is_websocket = self._opens_channel(self.environ)
        if is_websocket:
            self._count(False)
            self._newcomers.wait()
        else:
            self.socket.settimeout(ANSWER_SECONDS)
            if not _is_served_first(self.environ):
                with self._begin:
                    await_arrivals()
        try:
            super().run_application()
        finally:
            if is_websocket:
                self.close_connection = True
            else:
                self.socket.settimeout(None)

    def _count(self, begun: bool) -> None:
        """Count this connection's request as being answered, or no longer. A server that is told to
        stop finishes those first.
        """
        if begun != self._is_counted:
            Handler.answering += 1 if begun else -1
            self._is_counted = begun

    def log_request(self) -> None:
        """Log nothing."""

    def log_error(self, msg: str, *args: object) -> None:
        """Log that a request could not be read, but not its content."""
        log.warning("unreadable_request")

    def _handle_client_error(self, ex: Exception) -> Any:
        if self._is_late:
            return SLOW
        if isinstance(
            ex, OSError
        ):  # the client hung up in the middle of its headers; pywsgi would print where
            return UNREADABLE
        return super()._handle_client_error(ex)

    def _sendall(self, data: Any) -> None:
        try:
            super()._sendall(data)
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the client reads too slowly") from None

    def _wait_at_most(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    @staticmethod
    def _opens_channel(environ: dict[str, Any]) -> bool:
        """Whether a request opens a websocket: it has no body, and the live channel reads from the
        connection itself.
        """
        has_body = "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ
        return (
            environ.get("HTTP_UPGRADE", "").lower() == "websocket"
            and environ["REQUEST_METHOD"] == "GET"
            and not has_body
        )

    def _read_body(self) -> bytes:
        """The body; of a body that is too large, just enough to show that it is."""
        if self.wsgi_input.chunked_input or (self.content_length or 0) <= BODY_BYTES:
            body: bytes = self.wsgi_input.read(BODY_BYTES + 1)
            if len(body) <= BODY_BYTES:
                return body
        else:
            body = b""
        if (self.content_length or 0) > DRAINED_BYTES or not self._drain():
            self.wsgi_input = Input(self.rfile, 0)
            self.close_connection = True
        return body

    def _drain(self) -> bool:
        """Read on to the end of a body, at most `DRAINED_BYTES`. Returns whether the end was
        reached.
        """
        left = DRAINED_BYTES
        while left > 0:
            part = self.wsgi_input.read(min(left, 16_384))
            if not part:
                return True
            left -= len(part)
        return False
