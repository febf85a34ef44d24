"""Cutting off at once whoever may no longer listen to the live channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_socketio import SocketIO

from queue_server.services.access import sessions
from queue_server.store.access import tokens as token_store
from queue_server.store.writer.database import Database

from .frames import PATH
from .sockets import LiveNamespace


class RevocationWatch:
    """Cuts off whose token was revoked or whose log-in has ended: once a second all open
    connections are looked up together.
    """

    def __init__(
        self,
        database: Database,
        namespace: LiveNamespace,
        socketio: SocketIO,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._namespace = namespace
        self._socketio = socketio
        self._clock = clock

    def step(self) -> int:
        """Close the connections of those who may no longer listen. Returns how many."""
        known = {
            sid: each.who
            for sid, each in list(self._namespace.connections.items())
            if each.who is not None
        }
        tokens = {who.token for who in known.values() if who.token is not None}
        log_ins = {who.session for who in known.values() if who.session is not None}
        if not tokens and not log_ins:
            return 0
        with self._database.read() as connection:
            now = self._clock()
            over = token_store.list_revoked(connection, sorted(tokens), now) if tokens else set()
            over |= (
                sessions.list_ended_sessions(connection, sorted(log_ins), now) if log_ins else set()
            )
        closed = [sid for sid, who in known.items() if (who.token or who.session) in over]
        for sid in closed:
            self._socketio.server.disconnect(sid, namespace=PATH)
        return len(closed)
