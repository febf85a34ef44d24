"""Requests to a machine that may be slow on purpose: all that one question takes ends within one
time limit.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class TimeLimit:
    """Hangs up what was opened within it when its time is over: each read has a time-out of its
    own, and whoever sends a byte now and then would never be done.
    """

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> TimeLimit:
        self._timer.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._open:
                each.close()
            self._open.clear()

    def left(self) -> float:
        """How many seconds are left. Raises `requests.Timeout` when none are."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise requests.Timeout("the time for this question is over")
        return seconds

    def watch(self, opened: socket.socket) -> socket.socket:
        """Hang this up as well. What is kept is a copy of the descriptor: TLS takes the socket."""
        with self._lock:
            self._open.append(opened.dup())
        return opened

    def _hang_up(self) -> None:
        with self._lock:
            for each in self._open:
                with suppress(OSError):  # it has hung up by itself
                    each.shutdown(socket.SHUT_RDWR)

    def put_on(self, session: requests.Session) -> None:
        """Let all requests of a session end in time; nothing but the limit is asked for proxies and
        passwords.
        """
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, _LimitedAdapter(self))


class _LimitedAdapter(HTTPAdapter):
    def __init__(self, limit: TimeLimit) -> None:
        self._limit = limit
        super().__init__()

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        super().init_poolmanager(*args, **settings)
        limit = self._limit

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return limit.watch(super()._new_conn())

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return limit.watch(super()._new_conn())

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # fewer names, all passed on
        return super().send(request, **{**options, "timeout": self._limit.left()})
