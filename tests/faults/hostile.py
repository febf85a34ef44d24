"""Sixty strangers on the live channel who talk as fast as they are let: a process of its own, to be
run beside a server.

`python -m tests.faults.hostile URL OFFICE CODE SECONDS` prints what became of it as JSON: how much
was said, answered and closed. Every connection speaks just below the rate at which it would be
closed; a few at a time hang up in the middle, or do not listen.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import websocket

from queue_server.web.edge.long_work.worker_process import make_patient

CONNECTIONS = 60
PER_SECOND = 19
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HANG_UP_SHARE = 0.01
SEND_SECONDS = 2
"""How long one waits for a server that does not read."""


@dataclass
class Said:
    """What became of it."""

    said: int = 0
    answered: int = 0
    closed: int = 0
    refused: int = 0


class Talker:
    """One connection that asks for the same, for what nobody has, and for what makes no sense."""

    def __init__(self, url: str, office: str, code: str, tally: Said) -> None:
        self._address = f"{url.replace('http://', 'ws://')}/socket.io/?EIO=4&transport=websocket"
        self._office, self._code, self._tally = office, code, tally
        self._connection: websocket.WebSocket | None = None

    def say(self) -> None:
        if self._connection is None and not self._connect():
            return
        assert self._connection is not None
        try:
            self._connection.send(
                f'42/live,{random.randrange(1000)}["watch",{json.dumps(self._wish())}]'
            )
            self._tally.said += 1
            if random.random() < HANG_UP_SHARE:
                self._hang_up()
        except OSError:
            self._hang_up()

    def listen(self) -> None:
        """Take what has come, without waiting; the answers are of no interest."""
        if self._connection is None:
            return
        connection = self._connection.sock
        connection.setblocking(False)
        try:
            while part := connection.recv(65_536):
                self._tally.answered += part.count(b"43/live,")
            self._hang_up()
        except BlockingIOError:
            connection.settimeout(SEND_SECONDS)
        except OSError:
            self._hang_up()

    def _connect(self) -> bool:
        try:
            self._connection = websocket.create_connection(
                self._address, timeout=SEND_SECONDS, suppress_origin=True
            )
            self._connection.send("40/live,")
            return True
        except (OSError, websocket.WebSocketException):
            self._tally.refused += 1
            return False

    def _wish(self) -> dict[str, str]:
        unknown = "".join(random.choices(ALPHABET, k=12))
        return random.choice(
            [
                {"audience": "board", "key": self._office},
                {"audience": "ticket", "key": self._code},
                {"audience": "ticket", "key": unknown},
                {"audience": "desk", "key": self._office},
                {"audience": "board", "key": unknown},
                {"audience": "ticket", "key": unknown[:5], "more": unknown},
            ]
        )

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._tally.closed += 1
            with contextlib.suppress(OSError, AttributeError):
                self._connection.sock.close()
            self._connection = None


def talk(url: str, office: str, code: str, seconds: float) -> Said:
    """Talk for a while."""
    tally = Said()
    talkers = [Talker(url, office, code, tally) for _ in range(CONNECTIONS)]
    deaf = talkers[:5]
    until, step = time.monotonic() + seconds, 1 / PER_SECOND
    while (begun := time.monotonic()) < until:
        for each in talkers:
            each.say()
            if each not in deaf:
                each.listen()
        time.sleep(max(0.0, step - (time.monotonic() - begun)))
    return tally


@contextmanager
def talking(url: str, office: str, code: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Strangers who talk while the block runs, for `seconds` at most. What they print can be read
    after `communicate`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.hostile", url, office, code, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


if __name__ == "__main__":
    # the others come from machines of their own: they must not take this one's processor from the
    # server
    make_patient()
    print(json.dumps(asdict(talk(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))))
