"""How the TV stays current: one monitored connection, checked against the board over HTTP.

After an interruption the connection alone must stand before the screen counts as current; reports
and comparisons follow when the other screens of a large office are back, too.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import socketio

from display.board_keeper import BoardKeeper
from display.channel import PROBE_SECONDS, Channel, NotLetIn
from display.health import BEAT_SECONDS
from display.pauses import calm_seconds, pause_seconds
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import BadMessage, Board, Heartbeat, HeartbeatAnswer, from_wire

FETCH_SECONDS = 30.0
HEARTBEAT_SECONDS = float(BEAT_SECONDS)
AGAIN_SECONDS = 1.0

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
        self._office: str | None = None
        self._gap = threading.Event()
        self._etag: str | None = None
        self._fetched: Board | None = None
        self._reporting = threading.Lock()
        self.connected = False
        self.came_round_at = time.monotonic()

    def follow(self) -> None:
        """Watch, fetch, report and reconnect for ever. Raises `TokenRevoked`."""
        self._office = None
        while True:
            self.came_round_at = time.monotonic()
            try:
                self._watch()
            except NotLetIn as refusal:
                log.info("not let in: %s", refusal)
                self._office = None  # the next attempt asks first what this TV is to the server
            except (ServerUnreachable, socketio.exceptions.SocketIOError) as problem:
                log.info("not connected: %s", problem)
            finally:
                self._set_connected(False)
            time.sleep(pause_seconds(random.random()))

    def _ask_office(self) -> str:
        """This TV's office. Raises `TokenRevoked`, `ServerUnreachable`."""
        try:
            device = self._client.device_self()
        except Refused as refusal:
            if refusal.status == 401 or refusal.code == "unknown_device":
                raise TokenRevoked from refusal
            raise ServerUnreachable(str(refusal)) from refusal
        if device.state.lower() == "revoked":
            raise TokenRevoked
        self._answered(HeartbeatAnswer(display=device.display))
        return device.office

    def _watch(self) -> None:
        """One connection's life: returns when it has ended. Raises `TokenRevoked`,
        `ServerUnreachable` and Socket.IO's errors.
        """
        returns = self._office is not None
        office = self._office = self._office or self._ask_office()
        channel = Channel(self._client, office, self._take)
        try:
            self._gap.clear()
            if not self._take_answer(channel.open()) or not returns:
                self._compare(office)
            self._set_connected(True)
            threading.Thread(target=self._probe, args=(channel,), daemon=True).start()
            if returns:
                if channel.ended.wait(calm_seconds(random.random())):
                    return
                self._office = self._ask_office()
            if self._office == office:
                self._keep(office, channel.ended, FETCH_SECONDS if returns else 0.0)
        finally:
            self._set_connected(False)  # before closing, which waits on a silent network
            channel.close()

    def _take(self, snapshot: Any) -> None:
        """Show a board that was sent; note if the one before it is missing."""
        known = self._keeper.board
        if not self._take_answer(snapshot):
            self._gap.set()  # late, or the server went back: fetch its board
            return
        board = self._keeper.board
        if (
            known is not None
            and board is not None
            and (known.date != board.date or board.version[1] > known.version[1] + 1)
        ):
            self._gap.set()

    def _take_answer(self, snapshot: Any) -> bool:
        """Show a board that was asked for; it is whole, whatever was missed before. Returns False
        if it cannot be, as it is older than what is shown.
        """
        try:
            return self._keeper.take_live(from_wire(Board, snapshot))
        except BadMessage as problem:
            log.warning("a board that cannot be read: %s", problem)
            return False

    def _probe(self, channel: Channel) -> None:
        """Ask every few seconds whether the server is there and the board the newest, until the
        connection has ended. End it when there is no answer: a network that swallows everything
        closes no connection.
        """
        while not channel.ended.wait(PROBE_SECONDS):
            shown = self._keeper.board
            if shown is None:
                continue
            try:
                answer = channel.ask(shown.version)
            except socketio.exceptions.SocketIOError:
                if not channel.ended.is_set():
                    log.info("the server is silent")
                    self._set_connected(False)
                    channel.ended.set()
                return
            if answer == {"version": list(shown.version)}:
                if self._keeper.board is shown:
                    self._keeper.confirm()
            elif isinstance(answer, dict) and "office" in answer:
                self._take(answer)

    def _keep(self, office: str, ended: threading.Event, since_fetch: float) -> None:
        """Report every 5 s and compare every 30 s, sooner after a gap, until the socket closes."""
        while True:
            self.came_round_at = time.monotonic()
            self.report()
            if since_fetch >= FETCH_SECONDS or self._gap.is_set():
                self._compare(office)
                since_fetch = 0.0
            else:
                self._keeper.confirm()
            if ended.wait(HEARTBEAT_SECONDS):
                return
            since_fetch += HEARTBEAT_SECONDS

    def _compare(self, office: str) -> None:
        """Make the board equal to the server's. A lower version is fetched again, and believed the
        second time.
        """
        self._gap.clear()
        if not self._fetch(office):
            time.sleep(AGAIN_SECONDS)  # one of several servers may lag behind by a moment
            if not self._fetch(office):
                self._gap.set()

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
