"""How the TV stays current: one monitored socket, checked against the board over HTTP."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import socketio

from display.board_keeper import BoardKeeper
from display.health import BEAT_SECONDS
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import BadMessage, Board, Heartbeat, HeartbeatAnswer, from_wire

NAMESPACE = "/live"
ANSWER_SECONDS = 5
FETCH_SECONDS = 30.0
HEARTBEAT_SECONDS = float(BEAT_SECONDS)
AGAIN_SECONDS = 1.0
BACK_OFF_SECONDS = (0.5, 1.0, 2.0)

log = logging.getLogger("antrean.display")


class TokenRevoked(Exception):
    """The server no longer knows this TV's token."""


class LiveBoard:
    """Keeps `keeper` equal to the server's board while the token is valid.

    `heartbeat` gives the facts to report, `answered` takes what the server answers to them;
    `changed` is called when `connected` has changed.
    """

    def __init__(
        self,
        client: QueueClient,
        keeper: BoardKeeper,
        heartbeat: Callable[[], Heartbeat],
        answered: Callable[[HeartbeatAnswer], None],
        changed: Callable[[], None],
    ) -> None:
        self._client = client
        self._keeper = keeper
        self._heartbeat = heartbeat
        self._answered = answered
        self._changed = changed
        self._etag: str | None = None
        self._fetched: Board | None = None
        self._reporting = threading.Lock()
        self.connected = False
        self.came_round_at = time.monotonic()

    def follow(self) -> None:
        """Watch, fetch, report and reconnect for ever. Raises `TokenRevoked`."""
        failures = 0
        while True:
            self.came_round_at = time.monotonic()
            try:
                self._watch(self._office())
            except (ServerUnreachable, socketio.exceptions.SocketIOError) as problem:
                log.info("not connected: %s", problem)
            finally:
                failures = 0 if self.connected else failures + 1
                self._set_connected(False)
            pause = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
            time.sleep(
                pause * random.uniform(0.8, 1.2)
            )  # a hundred TVs must not come back in the same moment

    def _office(self) -> str:
        """This TV's office. Raises `TokenRevoked`, `ServerUnreachable`."""
        try:
            device = self._client.device_self()
        except Refused as refusal:
            if refusal.status == 401 or refusal.code == "unknown_device":
                raise TokenRevoked from refusal
            raise ServerUnreachable(str(refusal)) from refusal
        if device.state.lower() == "revoked":
            raise TokenRevoked
        return device.office

    def _watch(self, office: str) -> None:
        """One connection's life: returns when it has ended. Raises `TokenRevoked`,
        `ServerUnreachable` and Socket.IO's errors.
        """
        # A browser sends its page's origin, and the server checks it. This is not a page, so it
        # sends none.
        options: dict[str, Any] = {"suppress_origin": True}
        if self._client.ca_file is not None:
            options["sslopt"] = {"ca_certs": self._client.ca_file}
        socket = socketio.Client(
            reconnection=False, handle_sigint=False, websocket_extra_options=options
        )
        ended = threading.Event()
        gap = threading.Event()

        def take(snapshot: Any) -> None:
            try:
                board = from_wire(Board, snapshot)
            except BadMessage as problem:
                log.warning("a board that cannot be read: %s", problem)
                return
            known = self._keeper.board
            if known is not None and (
                known.date != board.date or board.version[1] > known.version[1] + 1
            ):
                gap.set()
            if not self._keeper.take_live(board):
                gap.set()  # late, or the server went back: fetch its board

        socket.on("board", take, namespace=NAMESPACE)
        socket.on("disconnect", lambda *_: ended.set(), namespace=NAMESPACE)
        try:
            socket.connect(
                self._client.server_url,
                namespaces=[NAMESPACE],
                transports=["websocket"],
                auth={"token": self._client.token},
                wait_timeout=ANSWER_SECONDS,
            )
            snapshot = socket.call(
                "watch",
                {"audience": "board", "key": office},
                namespace=NAMESPACE,
                timeout=ANSWER_SECONDS,
            )
            if not isinstance(snapshot, dict) or "error" in snapshot:
                raise ServerUnreachable(
                    f"the server does not let this TV watch the board: {snapshot}"
                )
            take(snapshot)
            gap.set()
            self._compare(office, gap)
            self._set_connected(True)
            self._keep(office, ended, gap)
        finally:
            socket.disconnect()

    def _keep(self, office: str, ended: threading.Event, gap: threading.Event) -> None:
        """Report every 5 s and compare every 30 s, sooner after a gap, until the socket closes."""
        since_fetch = 0.0
        while True:
            self.came_round_at = time.monotonic()
            self.report()
            if since_fetch >= FETCH_SECONDS or gap.is_set():
                self._compare(office, gap)
                since_fetch = 0.0
            else:
                self._keeper.confirm()
            if ended.wait(HEARTBEAT_SECONDS):
                return
            since_fetch += HEARTBEAT_SECONDS

    def _compare(self, office: str, gap: threading.Event) -> None:
        """Make the board equal to the server's. A lower version is fetched again, and believed the
        second time.
        """
        gap.clear()
        if not self._fetch(office):
            time.sleep(AGAIN_SECONDS)  # one of several servers may lag behind by a moment
            if not self._fetch(office):
                gap.set()

    def _fetch(self, office: str) -> bool:
        """Fetch the board. Returns False if the answer was dropped, so that it is unknown whether
        the shown board is the current one.
        """
        shown = self._keeper.board
        try:
            # A board that came by the socket since has no entity tag: "not modified" would then
            # confirm the wrong board.
            board = self._client.board(office, self._etag if shown is self._fetched else None)
        except Refused as refusal:
            raise ServerUnreachable(str(refusal)) from refusal
        if board is None:
            self._keeper.confirm()
            return True
        taken = self._keeper.take_fetched(board, shown)
        self._etag, self._fetched = (self._client.etag_of(office), board) if taken else (None, None)
        return taken

    def report(self) -> None:
        """Tell the server how this screen is, one report after another. Raises `TokenRevoked`,
        `ServerUnreachable`.
        """
        with self._reporting:
            try:
                answer = self._client.heartbeat(self._heartbeat())
            except Refused as refusal:
                if refusal.status == 401:
                    raise TokenRevoked from refusal
                log.warning("heartbeat refused: %s", refusal)
            else:
                self._answered(answer)

    def _set_connected(self, connected: bool) -> None:
        if connected != self.connected:
            self.connected = connected
            self._changed()
