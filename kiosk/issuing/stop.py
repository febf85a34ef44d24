"""What stops this kiosk: staff by their PIN, also without the server, or a standstill of the office
that the server announced before it fell silent.

A stop by PIN holds until staff lift it, a standstill until the server ends it; both for that day at
most. Both are on disk: a restart lifts nothing.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.records.database import Records
from queue_server.protocol.leases import Lease, digest_code

FREE_TRIES = 3
"""So many wrong PINs cost nothing: fingers slip."""
PAUSE_SECONDS_MAX = 300.0
_STOP, _TRIES, _PAUSE = "stopped_on", "wrong_pins", "paused_on"


@dataclass(frozen=True)
class StopAnswer:
    """What became of a PIN: `code` is `stopped`, `lifted`, `wrong_pin`, `too_many_tries` or
    `no_lease`; `wait_seconds` until the next try is looked at.
    """

    code: str
    wait_seconds: int = 0


def pause_after(wrong: int) -> float:
    """How long the next try has to wait after so many wrong ones, in seconds: it doubles, so that
    a million PINs take years.
    """
    if wrong < FREE_TRIES:
        return 0.0
    return float(min(PAUSE_SECONDS_MAX, 2.0 ** min(wrong, 20)))


class Stop:
    """The stop of this kiosk. `now` gives seconds of a clock that goes on across restarts."""

    def __init__(self, records: Records, now: Callable[[], float]) -> None:
        self._records, self._now = records, now

    def is_on(self, date: str) -> bool:
        """Whether staff have stopped the kiosk on this date."""
        return self._records.kept(_STOP) == date

    def is_paused(self, date: str) -> bool:
        """Whether the office stood still on this date when the server last told."""
        return self._records.kept(_PAUSE) == date

    def note_pause(self, date: str, *, paused: bool) -> None:
        """The server has told whether the office stands still. Raises `JournalUnwritable`."""
        if paused and not self.is_paused(date):
            self._records.keep(_PAUSE, date)
        elif not paused and self._records.kept(_PAUSE) is not None:
            self._records.drop(_PAUSE)

    def set(self, lease: Lease | None, pin: str, *, on: bool) -> StopAnswer:
        """Stop the kiosk for the lease's day, or lift the stop. A wrong PIN is counted before it is
        answered. Raises `JournalUnwritable`.
        """
        if lease is None:
            return StopAnswer("no_lease")
        with self._records.transaction():
            wrong, last = json.loads(self._records.kept(_TRIES) or "[0, 0]")
            left = last + pause_after(wrong) - self._now()
            if 0 < left <= PAUSE_SECONDS_MAX:
                return StopAnswer("too_many_tries", int(left) + 1)
            if not hmac.compare_digest(digest_code(lease.key, pin), lease.pin_digest):
                self._records.keep(_TRIES, json.dumps([wrong + 1, self._now()]))
                return StopAnswer("wrong_pin", int(pause_after(wrong + 1)))
            self._records.drop(_TRIES)
            if on:
                self._records.keep(_STOP, lease.date)
            else:
                self._records.drop(_STOP)
        return StopAnswer("stopped" if on else "lifted")
