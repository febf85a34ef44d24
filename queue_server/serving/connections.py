"""Connections: how many are open at once, which is closed for another, and what happens when files
run out.

Every complete request is answered. A connection without one costs others nothing: it is closed
after a while, or at once, the oldest first, when its slot is needed. Websockets stay open; the live
channel limits what they may send.
"""

from __future__ import annotations

import errno
import resource
import socket
import time
from contextlib import suppress
from typing import Any, Protocol

import gevent
from gevent.pywsgi import WSGIServer

CONNECTIONS_MAX = 5_000
FILES_MAX = 65_536
FILES_RESERVED = 128
"""File descriptors reserved for the database, the log and everything else."""

ENDED_AT_ONCE = 16
ACCEPTED_AT_ONCE = 16
"""How many connections are accepted before those who have one already are looked at again."""

RETRY_SECONDS = 0.1
SWEEP_SECONDS = 0.25
"""How often connections are checked for a time-out."""

NO_FILES = frozenset({errno.EMFILE, errno.ENFILE})


def raise_file_limit() -> int:
    """Raise the soft limit of open files to the hard one. Returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return FILES_MAX if soft == resource.RLIM_INFINITY else soft


def count_allowed(files: int) -> int:
    """How many connections may be open at once in a process that may open `files` files."""
    return max(16, min(CONNECTIONS_MAX, files - FILES_RESERVED))


class Reading(Protocol):
    """A request that is being read; `deadline` in monotonic seconds."""

    deadline: float

    def end_late(self) -> None: ...


class BoundedServer(WSGIServer):  # type: ignore[misc]  # gevent carries no types
    """pywsgi's server with at most `most` open connections. It never stops accepting."""

    max_accept = ACCEPTED_AT_ONCE

    def __init__(
        self, listener: socket.socket, application: Any, *, most: int, **options: Any
    ) -> None:
        super().__init__(listener, application, **options)
        self._most = most
        self._open = 0
        # The sockets of silent connections, in the order in which they became silent.
        self._fresh: dict[Any, None] = {}
        self._kept: dict[Any, None] = {}
        self.reading: dict[Reading, None] = {}
        """Handlers whose request is not complete yet. One pass over all of them costs less than
        three timers for each request.
        """

    def start(self) -> None:
        """Accept connections, and close those that have timed out."""
        super().start()
        gevent.spawn(self._sweep)

    def _sweep(self) -> None:
        while self.started:
            gevent.sleep(SWEEP_SECONDS)
            now = time.monotonic()
            for each in [each for each in self.reading if each.deadline < now]:
                each.end_late()

    def do_read(self) -> Any:
        """Accept a connection. If there is no room for it, close the one that has been silent
        longest, or else the new one.
        """
        try:
            accepted = super().do_read()
        except OSError as error:
            if error.errno not in NO_FILES:
                raise
            if not self._end_silent(ENDED_AT_ONCE):
                self.stop_accepting()
                gevent.spawn_later(RETRY_SECONDS, self._start_accepting_if_started)
            return None
        if accepted is None:
            return None
        if self._open >= self._most and not self._end_silent(1):
            accepted[0].close()
            return None
        self._open += 1
        self.note_silent(accepted[0], is_fresh=True)
        return accepted

    def handle(self, sock: Any, address: Any) -> None:
        """Answer one connection's requests until it ends."""
        try:
            with suppress(OSError):  # a client that hangs up in the middle is not worth logging
                super().handle(sock, address)
        finally:
            self._open -= 1
            self.note_heard(sock)

    def note_silent(self, sock: Any, *, is_fresh: bool) -> None:
        """Note that a connection waits for its client; `is_fresh` if no request of it has been
        answered yet.
        """
        (self._fresh if is_fresh else self._kept)[sock] = None

    def note_heard(self, sock: Any) -> None:
        """Note that a connection's request has come, or that it has ended."""
        self._fresh.pop(sock, None)
        self._kept.pop(sock, None)

    def _end_silent(self, count: int) -> int:
        """Close silent connections, the oldest first. Those that never sent a complete request come
        before those that were answered.
        """
        chosen = [*self._fresh, *self._kept][:count]
        for each in chosen:
            self.note_heard(each)
            with suppress(OSError):  # the client was quicker
                each.shutdown(socket.SHUT_RDWR)
        return len(chosen)
