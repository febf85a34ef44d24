"""Serving the application: gevent's pywsgi on a socket that sends at once."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

import gevent
import structlog

from queue_server.app import Application, create_app
from queue_server.logs import configure_logs
from queue_server.settings import Settings
from queue_server.store.writer.private_files import folder_of, make_folder_private

from .connections import BoundedServer, count_allowed, raise_file_limit
from .handler import Handler
from .memory import LOOK_SECONDS, MemoryKeeper, settle_memory, tidy_memory
from .rounds import await_arrivals, await_round
from .templates import load_templates

log = structlog.get_logger()

BACKLOG = 1024
STOP_SECONDS = 3.0
STEP_SECONDS = 0.01
CRASH_FRAMES = 5
READY_SECONDS = 2
"""How long after the start what is needed later is compiled, so that the first visitor is answered
before.
"""


def open_listener(host: str, port: int, *, share_port: bool = False) -> socket.socket:
    """A listening socket whose connections send small answers at once.

    With `share_port` several processes may listen on the same port and the kernel spreads
    connections over them. Without TCP_NODELAY, which accepted sockets inherit, each keep-alive
    answer waits 44 ms for the peer's acknowledgement.
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
    """Let requests that have arrived meanwhile join the group of commands that is about to be
    written.
    """
    await_round()


def keep_private(settings: Settings) -> None:
    """Make files private that an earlier release or an administrator has left readable for others.
    New files are private anyway.
    """
    os.umask(0o077)
    for folder in {
        settings.secret_key_file.parent,
        settings.nik_key_file.parent,
        folder_of(settings.database_url),
    }:
        if folder is not None:
            make_folder_private(folder)


def log_crash(
    _context: object, kind: type[BaseException] | None, _error: object, trace: TracebackType | None
) -> None:
    """Log the error that ended a greenlet, and where it came from. gevent would print the greenlet
    with its arguments.
    """
    frames = traceback.extract_tb(trace)[-CRASH_FRAMES:]
    where = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    log.error(
        "greenlet_failed", kind=kind.__name__ if isinstance(kind, type) else str(kind), where=where
    )


def serve(settings: Settings, host: str, port: int, *, share_port: bool = False) -> None:
    """Serve until SIGTERM or SIGINT. gevent must have patched the standard library before this
    module's imports.
    """
    configure_logs(settings.log_level)
    keep_private(settings)
    most = count_allowed(raise_file_limit())
    gevent.get_hub().print_exception = log_crash
    gevent.config.track_greenlet_tree = (
        False  # each screen has several greenlets, and each would keep a reference to its parent
    )
    application = create_app(settings, gather=gather_writes)
    listener = open_listener(host, port, share_port=share_port)
    server = BoundedServer(
        listener, application.wsgi, most=most, log=None, error_log=sys.stderr, handler_class=Handler
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.close)
    application.background.start()
    settle_memory()
    gevent.spawn_later(READY_SECONDS, _make_ready, application)
    gevent.spawn(_keep_memory)
    log.info("serving", host=host, port=port)
    server.serve_forever()
    application.background.stop()
    _finish_answers()
    application.beside.close()
    application.database.close()


def _make_ready(application: Application) -> None:
    """Compile what the public's pages and the commands need, in small pieces: who needs it first
    would wait, and everybody else meanwhile. It stays, as what was loaded at the start.
    """
    load_templates(application.flask)
    application.database.compile_statements(await_arrivals)
    tidy_memory()
    settle_memory()


def _keep_memory() -> None:
    keeper = MemoryKeeper()
    while True:
        gevent.sleep(LOOK_SECONDS)
        keeper.step()


def _finish_answers() -> None:
    """Let requests that have arrived be answered, for a bounded time, so that each client learns
    the result.
    """
    deadline = time.monotonic() + STOP_SECONDS
    while Handler.answering and time.monotonic() < deadline:
        gevent.sleep(STEP_SECONDS)
