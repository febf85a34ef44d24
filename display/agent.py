"""The TV's agent: pairs, follows its office's board, and serves the page to the browser beside
it.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

from gevent import monkey
from gevent.pywsgi import WSGIServer

from display.announced import AnnouncedCalls
from display.board_keeper import BoardKeeper
from display.health import ScreenHealth
from display.live import LiveBoard, TokenRevoked
from display.media import MediaFolder
from display.orders import OrderedCall
from display.page import build_of_page, create_page
from display.settings import KeptSettings
from display.stream import Stream
from display.voice.packs import PACKS
from display.voice.serving import make_voice
from queue_server.protocol.client import QueueClient, ServerUnreachable
from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.enrolment import TokenFile, enrol, make_private
from queue_server.protocol.local_edge import LocalEdge, open_listener, read_listen
from queue_server.protocol.messages import Heartbeat, HeartbeatAnswer, Pairing, to_wire
from queue_server.protocol.watchdog import LOOP_LATE_SECONDS, Pulse, start_watching

SAVE_SECONDS = 2.0
RESTART_SECONDS = 5.0
LIVE, SAVE = "live", "save"
"""The loops that the watchdog looks after."""

log = logging.getLogger("antrean.display")


class DisplayAgent:
    """One TV: its connection to the server, its board and its open pages."""

    def __init__(self, client: QueueClient, state_dir: Path) -> None:
        self.build = build_of_page()
        self.client = client
        self.token_file = TokenFile(state_dir / "token")
        self.stream = Stream(self.state)
        self.keeper = BoardKeeper(state_dir / "board.json", time.time, self.stream.changed)
        self.announced = AnnouncedCalls(state_dir / "announced.json")
        self.settings = KeptSettings(state_dir / "settings.json")
        self.test_call = OrderedCall(state_dir / "test-call")
        self.health = ScreenHealth(
            self.build, self.keeper, state_dir / "page-seen", same_machine=client.is_local
        )
        self.media = MediaFolder(state_dir / "media")
        self.live = LiveBoard(
            self.client, self.keeper, self._heartbeat, self._answered, self.stream.changed
        )
        self.pulse = Pulse()
        self._news = threading.Event()
        self._pairing: Pairing | None = None
        self._paired = self.token_file.read() is not None

    def run(self) -> None:
        """Pair, follow, and pair again whenever the token is revoked. Never returns."""
        while True:
            try:
                self._pair()
                self._follow()
            except Exception:  # a lobby's TV keeps running after unforeseen errors
                log.exception("starting over")
                time.sleep(RESTART_SECONDS)

    def _follow(self) -> None:
        """Show the board until the token is revoked, then drop board and token."""
        try:
            self.live.follow()
        except TokenRevoked:
            log.warning("the token was revoked: pairing again")
            self.keeper.forget()
            self.settings.forget()
            self.announced.forget()
            self.test_call.forget()
            self.token_file.forget()

    def save_without_end(self) -> None:
        """Save the last board to disk, at most once every few seconds, because memory cards wear
        out.
        """
        rest = self.pulse.sleeping(SAVE)
        while True:
            try:
                self.keeper.save()
            except OSError as problem:
                log.warning("the board cannot be saved: %s", problem)
            rest(SAVE_SECONDS)

    def report_without_end(self) -> None:
        """Tell the server at once what a page reports that managers shall know; while the
        connection stands, all else comes with the next heartbeat.
        """
        while True:
            self._news.wait()
            self._news.clear()
            if not self.live.connected:
                continue  # the connection's first heartbeat tells it
            try:
                self.live.report()
            except (TokenRevoked, ServerUnreachable) as problem:
                log.info("not reported yet: %s", problem)  # the next heartbeat finds out

    def late_loops(self) -> list[str]:
        """The loops that hang."""
        hangs = time.monotonic() - self.live.came_round_at > LOOP_LATE_SECONDS
        return [*self.pulse.late(), *([LIVE] if hangs else [])]

    def state(self) -> dict[str, Any]:
        """All a page needs to draw itself."""
        board = self.keeper.board
        age = self.keeper.age_seconds()
        return {
            "build": self.build,
            "server": self.client.server_url,
            "paired": self._paired,
            "pairing_code": self._pairing.pairing_code if self._pairing else None,
            "connected": self.live.connected,
            "age_seconds": age,
            "office_time": self.keeper.office_now(),
            "board": None if board is None else to_wire(board),
            "settings": to_wire(self.settings.current),
            "announced": list(self.announced.ids),
            "test_call": self.test_call.due,
            "media": self.media.listed(),
        }

    def note_announced(self, ids: list[str]) -> None:
        """Remember what a page has announced, and tell the others. Raises `OSError` if it cannot be
        saved.
        """
        if self.test_call.note_made(ids):
            self.stream.changed()
        try:
            if self.announced.note(ids):
                self.stream.changed()
        except OSError as problem:
            log.warning("what was announced cannot be saved: %s", problem)
            raise

    def take_report(self, facts: dict[str, Any]) -> None:
        """Remember what a page says about itself, for the next heartbeat."""
        if self.health.take_report(facts):
            self._news.set()

    def _pair(self) -> None:
        self.client.token = self.token_file.read()
        self._set_paired(self.client.token is not None)
        if self.client.token is None:
            token = enrol(self.client, "display", self._show_pairing, self._rest)
            self.token_file.write(token)
            self.client.token = token
            self._set_paired(True)

    def _heartbeat(self) -> Heartbeat:
        return self.health.heartbeat(self.stream.pages, self.settings.current.version)

    def _rest(self, seconds: float) -> None:
        self.live.came_round_at = time.monotonic()
        time.sleep(seconds)

    def _answered(self, answer: HeartbeatAnswer) -> None:
        """Do what staff want of this screen."""
        changed = answer.display is not None and self._take_settings(answer.display)
        try:
            changed = self.test_call.take(answer.orders) or changed
        except OSError as problem:
            log.warning("the test call cannot be saved: %s", problem)
            changed = True
        if changed:
            self.stream.changed()

    def _take_settings(self, settings: DisplaySettings) -> bool:
        try:
            return self.settings.take(settings)
        except OSError as problem:
            log.warning("the settings cannot be saved: %s", problem)
            return True

    def _show_pairing(self, pairing: Pairing | None) -> None:
        self._pairing = pairing
        self.stream.changed()

    def _set_paired(self, paired: bool) -> None:
        self._paired = paired
        self._pairing = None
        self.stream.changed()


def run_agent(
    server: str,
    state_dir: Path | str,
    listen: str = "127.0.0.1:8020",
    *,
    ca_file: str | None = None,
    allow_plain_http: bool = False,
) -> None:
    """Run the TV's agent until interrupted: `server` is the queue server's URL, `listen` a loopback
    ADDR:PORT; `ca_file` and `allow_plain_http` are as for `QueueClient`.

    gevent must have patched the standard library already. Raises `ValueError` for a bad `server`,
    and for a `listen` that is bad or taken.
    """
    if not monkey.is_module_patched("socket"):
        raise RuntimeError(
            "gevent.monkey.patch_all() must come first in the process that runs the agent"
        )
    address, port = read_listen(listen)
    client = QueueClient(server, ca_file=ca_file, allow_plain_http=allow_plain_http)
    folder = Path(state_dir)
    make_private(folder)
    agent = DisplayAgent(client, folder)
    listener = open_listener(address, port)
    threading.Thread(target=agent.run, name="display-live", daemon=True).start()
    threading.Thread(target=agent.save_without_end, name="display-save", daemon=True).start()
    threading.Thread(target=agent.report_without_end, name="display-report", daemon=True).start()
    page = create_page(
        agent.stream,
        agent.build,
        agent.take_report,
        agent.note_announced,
        lambda: agent.settings.current.layout,
        agent.media,
    )
    page.register_blueprint(make_voice([PACKS, folder / "voice"]))
    page.add_url_rule("/page-seen", view_func=agent.health.page_facts)
    start_watching(agent.late_loops)
    log.info("the TV page is at http://%s:%d/", address, port)
    WSGIServer(listener, LocalEdge(page, port), log=None, error_log=log).serve_forever()
