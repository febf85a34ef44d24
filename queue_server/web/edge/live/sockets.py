"""The live channel's gate: who may connect, who may watch what, and how much they may say.

Flask's guards, headers and limits never see /socket.io, so every rule is here: origins are listed,
a token is checked at connect, rights again at each watch, and only the server puts anybody into a
room. `frames` counts and measures what is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, Request
from flask_socketio import ConnectionRefusedError, Namespace, SocketIO

from queue_server.domain.errors import DomainError
from queue_server.domain.visit.numbering import parse_code
from queue_server.effects.live import LiveHub, room_of
from queue_server.services.access.sessions import Role
from queue_server.services.shown import Version
from queue_server.store.access import tokens as token_store
from queue_server.web.edge.access.principals import (
    SESSION_COOKIE,
    Principal,
    principal_of_session,
    principal_of_token,
)
from queue_server.web.edge.access.routes import AT_DOOR, AT_RECEPTION, STAFF, WATCHERS
from queue_server.web.edge.context import context
from queue_server.web.edge.metrics import SCREENS

from . import frames
from .callers import Callers
from .frames import PATH
from .message_queue import PromptRedis
from .packets import LivePacket
from .quiet_log import QuietLog

log = structlog.get_logger()

LARGEST_MESSAGE_BYTES = 16_384
WATCHES_MAX = 8
MISSES_MAX = 20
"""How many codes that nobody has a connection may ask for."""

AUDIENCES: dict[str, frozenset[Role] | None] = {
    "board": None,
    "ticket": None,
    "desk": STAFF,
    "door": AT_DOOR,
    "dashboard": WATCHERS,
    "reception": AT_RECEPTION,
    "help": AT_DOOR,
    "device": AT_DOOR | {Role.KIOSK, Role.DISPLAY, Role.PRINTER},
}
"""Who may watch what; None means anybody."""


@dataclass
class OpenConnection:
    """One open connection: who it is, its log-in's secret if it came with one, and what it watches.

    `transport` is the library's id of the websocket below; `misses` counts codes that nobody has.
    """

    who: Principal | None
    transport: str | None
    secret: str | None = None
    watched: set[tuple[str, str]] = field(default_factory=set)
    misses: int = 0


class LiveNamespace(Namespace):  # type: ignore[misc]  # Flask-SocketIO carries no types
    """`watch {audience, key}` is all a client may say; the acknowledgement is the snapshot. Who
    watches already may add the version that is `known`: while it is the newest, the acknowledgement
    is `{version}` alone.

    What a connection says is dealt with in its own greenlet, one message after the other. So a
    connection that has gone is seen at the latest when its last question is answered, and
    everything of it is released then, whichever side ended it.
    """

    def __init__(self, app: Flask, live: LiveHub, callers: Callers) -> None:
        super().__init__(PATH)
        self._app = app
        self._live = live
        self._callers = callers
        self.connections: dict[str, OpenConnection] = {}

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Note who connects. Raises `ConnectionRefusedError` for a token that is no good, and for
        one too many of an address.
        """
        handshake = Request(environ)
        with self._app.app_context():
            who = self._identify(handshake, auth)
        transport = self.socketio.server.manager.eio_sid_from_sid(sid, PATH)
        if not self._callers.admit(transport, is_known=who is not None):
            raise ConnectionRefusedError("too_many_connections")
        plain = getattr(self.socketio.server.eio.sockets.get(transport), "plain", None)
        if plain is not None:
            plain.is_trusted = who is not None
        self.connections[sid] = OpenConnection(
            who, transport, handshake.cookies.get(SESSION_COOKIE)
        )
        SCREENS.set(len(self.connections))

    def release_transport(self, transport: str) -> None:
        """A websocket is over: release what the library has not told the end of."""
        for sid in [sid for sid, each in self.connections.items() if each.transport == transport]:
            self._release(sid)
            self.socketio.server.manager.disconnect(sid, PATH, ignore_queue=True)

    def _release(self, sid: str) -> None:
        connection = self.connections.pop(sid, None)
        if connection is None:
            return
        SCREENS.set(len(self.connections))
        for audience, key in connection.watched:
            self._live.leave(audience, key)
        connection.watched.clear()
        if connection.transport is not None:
            self._callers.forget(connection.transport)

    def _watch(self, sid: str, connection: OpenConnection, message: Any) -> dict[str, Any]:
        audience, key, known = _read_watch(message)
        if audience is None or key is None:
            return {"error": "bad_input"}
        refusal = self._refuse(connection, audience, key)
        if refusal is not None:
            return {"error": refusal}
        is_new = (audience, key) not in connection.watched
        if is_new and (len(connection.watched) >= WATCHES_MAX or connection.misses >= MISSES_MAX):
            return {"error": "too_many_watches"}
        if not is_new and known is not None and self._live.is_newest(audience, key, known):
            return {"version": list(known)}
        try:
            snapshot = self._live.snapshot(audience, key)
            if is_new and self.connections.get(sid) is connection:
                self._live.join(audience, key, snapshot)
                connection.watched.add((audience, key))
                self.socketio.server.enter_room(sid, room_of(audience, key), namespace=PATH)
                if self._live.has_newer(audience, key, snapshot):
                    snapshot = self._live.snapshot(audience, key)
        except DomainError as error:
            connection.misses += 1
            return {"error": error.code}
        return snapshot

    def trigger_event(self, event: str, *arguments: Any) -> Any:
        """Answer only what is named above; anything else is refused.

        The library announces connecting and disconnecting by events that a client can send as well.
        A second connect is such a one. After a disconnect the connection is closed whoever said it,
        or its owner would go on listening unwatched.
        """
        sid = arguments[0]
        connection = self.connections.get(sid)
        is_known = (
            event in ("disconnect", "watch")
            if connection is not None
            else event in ("connect", "disconnect")
        )
        if not is_known or (event == "watch" and len(arguments) != 2):
            if connection is None:
                self.socketio.server.disconnect(sid, namespace=PATH)
            return {"error": "unknown_message"}
        try:
            if event == "connect":
                return self._connect(sid, *arguments[1:])
            if event == "watch" and connection is not None:
                return self._watch(sid, connection, arguments[1])
            self._release(sid)
            self.socketio.start_background_task(self._close, sid)
        except ConnectionRefusedError:
            raise
        except Exception as error:
            log.error("live_channel_failed", kind=type(error).__name__)
            if event == "connect":
                raise ConnectionRefusedError("unavailable") from None
            return {"error": "unavailable"}
        return None

    def _close(self, sid: str) -> None:
        if self.socketio.server.manager.is_connected(sid, PATH):
            self.socketio.server.disconnect(sid, namespace=PATH)

    @staticmethod
    def _identify(handshake: Request, auth: Any) -> Principal | None:
        """Who connects: a token, a session, or nobody. A token that is no good is refused, not
        taken for nobody.

        A token comes in the packet that connects, as browsers can send no header with a websocket,
        or as for the API in the header.
        """
        given = auth.get("token") if isinstance(auth, dict) else None
        scheme, _, value = handshake.headers.get("Authorization", "").partition(" ")
        token = given or (value.strip() if scheme.lower() == "bearer" else None)
        if token is not None:
            who = principal_of_token(token) if isinstance(token, str) and token.isascii() else None
            if who is None:
                raise ConnectionRefusedError("unauthorized")
            return who
        secret = handshake.cookies.get(SESSION_COOKIE)
        who = principal_of_session(secret) if secret else None
        return None if who is None or who.is_held_up else who

    def _refuse(self, connection: OpenConnection, audience: str, key: str) -> str | None:
        if audience not in AUDIENCES:
            return "unknown_audience"
        roles = AUDIENCES[audience]
        who = connection.who
        if roles is not None:
            if who is None or not self._is_still_good(who, connection.secret):
                return "unauthorized"
            if who.role not in roles or not who.may_work_in(key):
                return "forbidden"
        return None

    def _is_still_good(self, who: Principal, secret: str | None) -> bool:
        with self._app.app_context():
            if who.token is None:
                return bool(secret) and principal_of_session(secret or "") is not None
            with context().database.read() as connection:
                return not token_store.list_revoked(connection, [who.token], context().clock())


def _read_watch(message: Any) -> tuple[str | None, str | None, Version | None]:
    """The audience and key of a watch, codes in their one spelling, and the version that is known
    already.
    """
    nothing = None, None, None
    if not isinstance(message, dict) or set(message) - {"audience", "key", "known"}:
        return nothing
    audience, key = message.get("audience"), message.get("key")
    if (
        not isinstance(audience, str)
        or not isinstance(key, str)
        or not 0 < len(key) <= 60
        or not key.isprintable()
    ):
        return nothing
    known = None
    if "known" in message:
        known = _read_version(message["known"])
        if known is None:
            return nothing
    if audience == "ticket":
        try:
            key = parse_code(key)
        except DomainError:
            return nothing
    return audience, key, known


def _read_version(value: Any) -> Version | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    day, seq = value
    return (day, seq) if isinstance(day, str) and type(seq) is int else None


def install(
    app: Flask, live: LiveHub, origins: list[str], redis_url: str | None, callers: Callers
) -> tuple[SocketIO, LiveNamespace]:
    """Open the live channel on an app. `async_mode` is named: left to itself the library takes
    eventlet if it finds it.

    Handlers are not run on the side: a connection's own greenlet reads the next message when it has
    answered the last.
    """
    quiet = QuietLog()
    options: dict[str, Any] = (
        {} if redis_url is None else {"client_manager": PromptRedis(redis_url, live.note_delivered)}
    )
    socketio = SocketIO(
        app,
        async_mode="gevent",
        async_handlers=False,
        cors_allowed_origins=origins,
        max_http_buffer_size=LARGEST_MESSAGE_BYTES,
        manage_session=False,
        transports=["websocket"],
        ping_interval=20,
        ping_timeout=20,
        cookie=None,
        serializer=LivePacket,
        logger=quiet,
        engineio_logger=quiet,
        **options,
    )
    namespace = LiveNamespace(app, live, callers)
    frames.install(socketio, callers, namespace.release_transport)
    socketio.on_namespace(namespace)

    def emit(event: str, snapshot: dict[str, Any], *, room: str) -> None:
        socketio.emit(event, snapshot, to=room, namespace=PATH)

    live.emit = emit
    return socketio, namespace
