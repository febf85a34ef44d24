"""Tells systemd that an agent is alive, as long as all its loops are: a loop that hangs gets the
whole agent started anew.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence

TELL_SECONDS = 10.0
LOOP_LATE_SECONDS = 60.0
"""Longer than any loop of an agent waits for a server that does not answer."""


class Notifier:
    """Sends to the socket that systemd names in NOTIFY_SOCKET; without one it does nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(self, state: str) -> bool:
        """Send a state such as `READY=1`. Returns False if there is nobody to tell, or it fails:
        an agent works without systemd too.
        """
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
                link.settimeout(1.0)
                link.connect(self._address)
                link.sendall(state.encode())
        except OSError:
            return False
        return True


class Pulse:
    """When each loop of an agent last came round. `steady` is a clock that nobody sets."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._beats: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """A loop has come round, or begins to."""
        self._beats[loop] = self._steady()

    def sleeping(
        self, loop: str, sleep: Callable[[float], None] = time.sleep
    ) -> Callable[[float], None]:
        """A `sleep` for a loop that beats each time the loop lies down."""

        def rest(seconds: float) -> None:
            self.beat(loop)
            sleep(seconds)

        self.beat(loop)
        return rest

    def late(self) -> list[str]:
        """The loops that have not come round for LOOP_LATE_SECONDS."""
        now = self._steady()
        return sorted(loop for loop, beat in self._beats.items() if now - beat > LOOP_LATE_SECONDS)


def watch_over(
    find_late: Callable[[], Sequence[str]],
    notifier: Notifier | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Tell systemd every TELL_SECONDS that all loops are alive, and while `find_late` names one
    that hangs only which. Never returns.
    """
    teller = notifier or Notifier()
    teller.tell("READY=1")
    while True:
        late = find_late()
        teller.tell(f"STATUS=stuck: {', '.join(late)}" if late else "WATCHDOG=1")
        sleep(TELL_SECONDS)


def start_watching(find_late: Callable[[], Sequence[str]]) -> None:
    """Run `watch_over` beside the loops."""
    threading.Thread(target=watch_over, args=(find_late,), name="watchdog", daemon=True).start()
