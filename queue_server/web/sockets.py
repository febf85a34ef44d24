"""The live channel's gate: who may connect, who may watch what, and how much they may say.

Flask's guards, headers and limits never see /socket.io, so every rule is here: origins are listed, a token is checked at
connect, rights again at each watch, and only the server puts anybody into a room. `frames` counts and measures what is said.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, Namespace, SocketIO, join_room

from ..domain.errors import DomainError
from ..domain.numbering import parse_code
from ..effects.live import LiveHub, room_of
from ..services import staff
from ..services.staff import Role
from ..store import staff as staff_store
from ..store.database import Database
from . import frames
from .auth import AT_DOOR, SESSION_COOKIE, STAFF, SUPERVISORS, Principal, principal_of_session, principal_of_token
from .context import context
from .frames import PATH
from .metrics import SCREENS

LARGEST_MESSAGE_BYTES = 16_384
WATCHES_MAX = 8
REVOKED_CHECK_SECONDS = 1.0

AUDIENCES: dict[str, frozenset[Role] | None] = {
    "board": None,
    "ticket": None,
    "desk": STAFF,
    "door": AT_DOOR,
    "wall": SUPERVISORS,
    "device": AT_DOOR | {Role.KIOSK, Role.DISPLAY, Role.PRINTER},
}
"""Who may watch what; None means anybody."""


@dataclass
class OpenConnection:
    """One open connection: who it is, and what it watches."""

    who: Principal | None
    watched: set[tuple[str, str]] = field(default_factory=set)


class LiveNamespace(Namespace):  # type: ignore[misc]  # Flask-SocketIO carries no types
    """`watch {audience, key}` is all a client may say; the acknowledgement is the snapshot."""

    def __init__(self, live: LiveHub) -> None:
        super().__init__(PATH)
        self._live = live
        self.connections: dict[str, OpenConnection] = {}

    def on_connect(self, auth: Any = None) -> None:
        self.connections[request.sid] = OpenConnection(self._identify(auth))  # type: ignore[attr-defined]  # Flask-SocketIO adds sid
        SCREENS.set(len(self.connections))

    def on_disconnect(self, _reason: Any = None) -> None:
        connection = self.connections.pop(request.sid, None)  # type: ignore[attr-defined]  # as above
        SCREENS.set(len(self.connections))
        for audience, key in connection.watched if connection else ():
            self._live.watchers.leave(audience, key)

    def on_watch(self, message: Any = None) -> dict[str, Any]:
        connection = self.connections[request.sid]  # type: ignore[attr-defined]  # as above
        audience, key = _read_watch(message)
        if audience is None or key is None:
            return {"error": "bad_input"}
        refusal = self._refuse(connection.who, audience, key)
        if refusal is not None:
            return {"error": refusal}
        if (audience, key) not in connection.watched:
            if len(connection.watched) >= WATCHES_MAX:
                return {"error": "too_many_watches"}
            connection.watched.add((audience, key))
            self._live.watchers.join(audience, key)
            join_room(room_of(audience, key))
        try:
            return self._live.snapshot(audience, key)
        except DomainError as error:
            return {"error": error.code}

    def trigger_event(self, event: str, *arguments: Any) -> Any:
        """Answer only what is named above; anything else is refused.

        The library announces connecting and disconnecting by events that a client can send as well. A second connect is such a
        one. After a disconnect the connection is closed whoever said it, or its owner would go on listening unwatched.
        """
        sid = arguments[0]
        connection = self.connections.get(sid)
        is_known = event in ("disconnect", "watch") if connection is not None else event in ("connect", "disconnect")
        if not is_known or (event == "watch" and len(arguments) != 2):
            if connection is None:
                self.socketio.server.disconnect(sid, namespace=PATH)
            return {"error": "unknown_message"}
        answer = super().trigger_event(event, *arguments)
        if event == "disconnect":
            self.socketio.start_background_task(self._close, sid)
        return answer

    def _close(self, sid: str) -> None:
        if self.socketio.server.manager.is_connected(sid, PATH):
            self.socketio.server.disconnect(sid, namespace=PATH)

    @staticmethod
    def _identify(auth: Any) -> Principal | None:
        """Who connects: a token, a session, or nobody. A token that is no good is refused, not taken for nobody.

        A token comes in the packet that connects, as browsers can send no header with a websocket, or as for the API in the header.
        """
        given = auth.get("token") if isinstance(auth, dict) else None
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        token = given or (value.strip() if scheme.lower() == "bearer" else None)
        if token is not None:
            who = principal_of_token(token) if isinstance(token, str) and token.isascii() else None
            if who is None:
                raise ConnectionRefusedError("unauthorized")
            return who
        secret = request.cookies.get(SESSION_COOKIE)
        who = principal_of_session(secret) if secret else None
        return None if who is None or who.must_change else who

    def _refuse(self, who: Principal | None, audience: str, key: str) -> str | None:
        if audience not in AUDIENCES:
            return "unknown_audience"
        roles = AUDIENCES[audience]
        if roles is not None:
            if who is None or not self._is_still_good(who):
                return "unauthorized"
            if who.role not in roles or not who.may_work_in(key):
                return "forbidden"
        try:
            self._live.snapshot(audience, key)
        except DomainError as error:
            return error.code
        return None

    @staticmethod
    def _is_still_good(who: Principal) -> bool:
        if who.token is None:
            secret = request.cookies.get(SESSION_COOKIE)
            return bool(secret) and principal_of_session(secret or "") is not None
        with context().database.read() as connection:
            return not staff_store.list_revoked(connection, [who.token])


def _read_watch(message: Any) -> tuple[str | None, str | None]:
    """The audience and key of a watch; codes in their one spelling."""
    if not isinstance(message, dict) or set(message) - {"audience", "key"}:
        return None, None
    audience, key = message.get("audience"), message.get("key")
    if not isinstance(audience, str) or not isinstance(key, str) or not 0 < len(key) <= 60 or not key.isprintable():
        return None, None
    if audience == "ticket":
        try:
            key = parse_code(key)
        except DomainError:
            return None, None
    return audience, key


class RevocationWatch:
    """Cuts off whose token was revoked or whose log-in has ended: once a second all open connections are looked up together."""

    def __init__(self, database: Database, namespace: LiveNamespace, socketio: SocketIO, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._namespace = namespace
        self._socketio = socketio
        self._clock = clock

    def step(self) -> int:
        """Close the connections of those who may no longer listen. Returns how many."""
        known = {sid: each.who for sid, each in list(self._namespace.connections.items()) if each.who is not None}
        tokens = {who.token for who in known.values() if who.token is not None}
        log_ins = {who.session for who in known.values() if who.session is not None}
        if not tokens and not log_ins:
            return 0
        with self._database.read() as connection:
            over = staff_store.list_revoked(connection, sorted(tokens)) if tokens else set()
            over |= staff.list_ended_sessions(connection, sorted(log_ins), self._clock()) if log_ins else set()
        closed = [sid for sid, who in known.items() if (who.token or who.session) in over]
        for sid in closed:
            self._socketio.server.disconnect(sid, namespace=PATH)
        return len(closed)


def install(app: Flask, live: LiveHub, origins: list[str], redis_url: str | None) -> tuple[SocketIO, LiveNamespace]:
    """Open the live channel on an app. `async_mode` is named: left to itself the library takes eventlet if it finds it."""
    socketio = SocketIO(
        app, async_mode="gevent", cors_allowed_origins=origins, message_queue=redis_url, max_http_buffer_size=LARGEST_MESSAGE_BYTES,
        manage_session=False, transports=["websocket"], ping_interval=20, ping_timeout=20, cookie=None,
    )
    frames.install(socketio)
    namespace = LiveNamespace(live)
    socketio.on_namespace(namespace)

    def emit(event: str, snapshot: dict[str, Any], *, room: str) -> None:
        socketio.emit(event, snapshot, to=room, namespace=PATH)

    live.emit = emit
    return socketio, namespace
