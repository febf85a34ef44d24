"""Serving the application: gevent's pywsgi on a socket that sends at once."""
from __future__ import annotations

import gc
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import gevent
import structlog
from gevent.pywsgi import WSGIHandler, WSGIServer

from .app import create_app
from .logs import configure_logs
from .settings import Settings

log = structlog.get_logger()

BACKLOG = 1024
STOP_SECONDS = 3.0
STEP_SECONDS = 0.01
REQUEST_BUFFER_BYTES = 2048
CRASH_FRAMES = 5
SETTLE_SECONDS = 2
"""How long after the start memory is tidied up: the first visitor is answered before."""


class Handler(WSGIHandler):  # type: ignore[misc]  # gevent carries no types
    """pywsgi's handler without its access log: addresses hold secret codes, and so does the raw text of a request it cannot read.

    `answering` is how many requests are being answered now; open websockets and idle connections do not count.
    """

    rfile: Any
    answering = 0

    def __init__(self, sock: Any, address: Any, server: WSGIServer) -> None:
        super().__init__(sock, address, server)
        # Every screen keeps its buffer for as long as it watches; requests are short.
        self.rfile.close()
        self.rfile = sock.makefile("rb", REQUEST_BUFFER_BYTES)

    def log_request(self) -> None:
        """Write nothing."""

    def log_error(self, msg: str, *args: object) -> None:
        """Tell that a request could not be read, not what was in it."""
        log.warning("unreadable_request")

    def run_application(self) -> None:
        """Answer. What became a websocket speaks no more HTTP: it is closed, or its last words would be read as a request."""
        is_websocket = self.environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        Handler.answering += not is_websocket
        try:
            super().run_application()
        finally:
            Handler.answering -= not is_websocket
            if is_websocket:
                self.close_connection = True


def open_listener(host: str, port: int, *, share_port: bool = False) -> socket.socket:
    """A listening socket whose connections send small answers at once.

    With `share_port` several processes may listen on the same port and the kernel spreads connections over them.
    Without TCP_NODELAY, which accepted sockets inherit, each keep-alive answer waits 44 ms for the peer's acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if share_port:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def gather_writes() -> None:
    """Let requests that have arrived meanwhile join the group of commands that is about to be written."""
    gevent.sleep(0)


def log_crash(_context: object, kind: type[BaseException] | None, _error: object, trace: TracebackType | None) -> None:
    """Name the error that ended a greenlet, and where it came from. gevent would print the greenlet with what it was given."""
    frames = traceback.extract_tb(trace)[-CRASH_FRAMES:]
    where = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    log.error("greenlet_failed", kind=kind.__name__ if isinstance(kind, type) else str(kind), where=where)


def serve(settings: Settings, host: str, port: int, *, share_port: bool = False) -> None:
    """Serve until SIGTERM or SIGINT. gevent must have patched the standard library before this module's imports."""
    configure_logs(settings.log_level)
    gevent.get_hub().print_exception = log_crash
    gevent.config.track_greenlet_tree = False  # each screen has several greenlets, and each would remember who began it
    application = create_app(settings, gather=gather_writes)
    listener = open_listener(host, port, share_port=share_port)
    server = WSGIServer(listener, application.wsgi, log=None, error_log=sys.stderr, handler_class=Handler)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.close)
    application.background.start()
    gevent.spawn_later(SETTLE_SECONDS, _settle_memory)
    log.info("serving", host=host, port=port)
    server.serve_forever()
    application.background.stop()
    _finish_answers()
    application.database.close()


def _settle_memory() -> None:
    """What is loaded now stays for good: the collector need not look at it again and again."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _finish_answers() -> None:
    """Let requests that have come be answered, within reason: whoever asked should learn what became of it."""
    deadline = time.monotonic() + STOP_SECONDS
    while Handler.answering and time.monotonic() < deadline:
        gevent.sleep(STEP_SECONDS)
