"""This kiosk's call for help: sent at once, followed until somebody comes, told as it is."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable

GIVE_UP_SECONDS = 60.0
"""A call that has not reached the server by then is not sent any more: its visitor has gone to the
staff.
"""
LOOK_SECONDS = 1.0
MISSED_SECONDS = 3600.0

log = logging.getLogger("antrean.kiosk")


class Stage(StrEnum):
    """Where the call stands. The server's stages, and our own: CALLING, it is on its way;
    UNREACHABLE, it has not arrived; RESTING, too many came from here; NONE.
    """

    NONE = "none"
    CALLING = "calling"
    UNREACHABLE = "unreachable"
    RESTING = "resting"
    ASKED = "asked"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"


ARRIVED = frozenset({Stage.ASKED, Stage.UNANSWERED, Stage.ANSWERED})
UNSENT = frozenset({Stage.CALLING, Stage.UNREACHABLE})


@dataclass(frozen=True)
class _Press:
    key: str
    language: str
    screen: str
    reason: str
    at: float


class HelpLine:
    """One call at a time. `ask` and `take_back` only note what the visitor wants; `run` sends it.

    `monotonic` counts seconds.
    """

    def __init__(
        self, client: QueueClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._press: _Press | None = None
        self._stage = Stage.NONE
        self._taking_back: str | None = None
        self._is_new = True
        self._missed: deque[float] = deque(maxlen=99)

    @property
    def stage(self) -> Stage:
        """Where the call stands now."""
        return self._stage

    def count_missed(self) -> int:
        """How many calls of the last hour never reached the server."""
        since = self._monotonic() - MISSED_SECONDS
        return sum(at > since for at in self._missed)

    def ask(self, language: str, screen: str, reason: str) -> Stage:
        """Call the staff. While a call goes on, another press is the same call."""
        with self._lock:
            if self._stage not in ARRIVED and self._press is None:
                self._taking_back = None
                self._press = _Press(str(uuid.uuid4()), language, screen, reason, self._monotonic())
                self._stage = Stage.CALLING
        self._wake.set()
        return self._stage

    def take_back(self) -> Stage:
        """The visitor needs no help any more."""
        with self._lock:
            if self._stage is not Stage.NONE:
                self._taking_back = str(uuid.uuid4())
            self._press, self._stage = None, Stage.NONE
        self._wake.set()
        return self._stage

    def run(self) -> None:
        """Send what is wanted and follow the call, for ever."""
        while True:
            try:
                self.step()
            except Exception:  # a call that fails must not silence the next one
                log.exception("the call for help could not be followed")
            is_wanted = self._press is not None or self._taking_back is not None
            is_busy = is_wanted or self._stage in ARRIVED or self._is_new
            self._wake.wait(LOOK_SECONDS if is_busy else None)
            self._wake.clear()

    def step(self) -> None:
        """One look: at most one request to the server."""
        if self._client.token is None:
            self._note(self._press, Stage.UNREACHABLE)
            return
        press, taking_back = self._press, self._taking_back
        if taking_back is not None:
            self._send_back(taking_back)
        elif press is not None and self._stage in UNSENT:
            self._send(press)
        elif self._stage in ARRIVED or self._is_new:
            self._follow(press)

    def _send(self, press: _Press) -> None:
        try:
            call = self._client.ask_help(press.language, press.screen, press.reason, press.key)
        except Refused as refusal:
            log.info("the call for help is refused: %s", refusal)
            is_resting = refusal.code == "help_resting"
            self._drop(press, Stage.RESTING if is_resting else Stage.UNREACHABLE)
        except ServerUnreachable as problem:
            log.info("the call for help has not arrived: %s", problem)
            if self._monotonic() - press.at < GIVE_UP_SECONDS:
                self._note(press, Stage.UNREACHABLE)
            else:
                self._drop(press, Stage.UNREACHABLE)
        else:
            self._note(press, _stage_of(call.stage))

    def _send_back(self, key: str) -> None:
        try:
            self._client.take_help_back(key)
        except ServerUnreachable as problem:
            log.info("a call for help is still open: %s", problem)
            return
        except Refused as refusal:
            log.info("a call for help cannot be taken back: %s", refusal)
        with self._lock:
            if self._taking_back == key:
                self._taking_back = None

    def _follow(self, press: _Press | None) -> None:
        """Also after a start of this agent, which has forgotten the call it made before."""
        try:
            call = self._client.device_self().help
        except ServerUnreachable:
            if not self._is_new:
                self._note(press, Stage.UNREACHABLE)  # nobody could tell the visitor who comes
            return
        except Refused as refusal:
            log.info("the call for help cannot be followed: %s", refusal)
            self._drop(press, Stage.NONE)
            return
        finally:
            self._is_new = False
        if call is None:
            self._drop(press, Stage.NONE, is_missed=False)
        else:
            self._note(press, _stage_of(call.stage))

    def _note(self, press: _Press | None, stage: Stage) -> None:
        """Unless the visitor has done something else meanwhile."""
        with self._lock:
            is_told = press is not None or stage is not Stage.UNREACHABLE
            if is_told and self._press is press and self._taking_back is None:
                self._stage = stage

    def _drop(self, press: _Press | None, stage: Stage, *, is_missed: bool = True) -> None:
        with self._lock:
            if self._press is not press or self._taking_back is not None:
                return
            if stage is Stage.UNREACHABLE and is_missed:
                self._missed.append(self._monotonic())
            self._press, self._stage = None, stage


def _stage_of(said: str) -> Stage:
    """A stage that a newer server may know and we do not is one of a call that goes on."""
    return Stage(said) if said in set(Stage) else Stage.ASKED
