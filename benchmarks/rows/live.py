"""Rows of the live channel: from the clerk's press of Next to the lobby's screens, beside an echo
and a raw broadcast.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path

from benchmarks import server, stage
from benchmarks.load import Client, request_head
from benchmarks.report import Row, milliseconds
from benchmarks.screens import Screen, Screens, connect, open_socketio

from .http import issue_command

BOARDS, CROWD = 50, 2_000
LONG_SECONDS = 600


@dataclass(frozen=True)
class Calls:
    """Seconds from the press until the median and the last screen had it, over several calls; and
    how many never did.
    """

    median: float
    last: float
    lost: int
    frame_bytes: int


def rows(seconds: float, *, quick: bool) -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="antrean-bench-") as name,
        _floor() as (echo_port, raw_port),
    ):
        folder = Path(name)
        url = f"sqlite:///{folder / 'live.db'}"
        stage.prepare(url, days_of_slots=1)
        people = server.add_people(url)
        with server.serve(url, folder, people) as served:
            idle = served.resident_bytes()
            for _ in range(40):
                served.post(f"/offices/{stage.OFFICE}/tickets", served.kiosk, {"service": "REK"})
            echo = echo_seconds(echo_port, 300)
            screens = Screens()
            screens.watch(served.port, stage.OFFICE, BOARDS)
            calm = measure_calls(served, screens, 20 if quick else 40)
            what, trip = f"call-next → {BOARDS} boards", milliseconds(echo)
            yield Row(
                f"{what}, median ÷ Socket.IO echo",
                milliseconds(calm.median),
                trip,
                calm.median / echo,
                15,
                True,
            )
            yield Row(
                f"{what}, last ÷ Socket.IO echo",
                milliseconds(calm.last),
                trip,
                calm.last / echo,
                20,
                True,
            )
            with under_load(served):
                busy = measure_calls(served, screens, 15 if quick else 30)
            loaded = "the same under 16-client issue load, last"
            yield Row(
                f"{loaded} ÷ idle",
                milliseconds(busy.last),
                milliseconds(calm.last),
                busy.last / calm.last,
                4,
                True,
            )
            yield Row(loaded, milliseconds(busy.last), "", busy.last * 1000, 50, True, " ms")
            screens.close()
        with server.serve(url, folder, people) as served:
            crowd = Screens()
            before = served.resident_bytes()
            crowd.watch(served.port, stage.OFFICE, CROWD)
            per_screen = (served.resident_bytes() - before) / CROWD / 1000
            many = measure_calls(served, crowd, 6 if quick else 12)
            crowd.close()
        raw_median, raw_last = raw_broadcast(raw_port, CROWD, many.frame_bytes, 12)
        what, floor = (
            f"fan-out to {CROWD:,}",
            f"{milliseconds(raw_last)} (median {milliseconds(raw_median)})",
        )
        yield Row(
            f"{what}, last ÷ raw broadcast",
            milliseconds(many.last),
            floor,
            many.last / raw_last,
            2.5,
            True,
        )
        yield Row(f"{what}, screens that missed it", str(many.lost), "", many.lost, 0, True, "")
        yield Row(
            "memory of one screen",
            f"{per_screen:.0f} KB",
            f"idle {idle / 1e6:.0f} MB",
            per_screen,
            75,
            True,
            " KB",
        )


class Press:
    """One press of Next: its answer, and who has seen it when. The screens are read together
    meanwhile.
    """

    def __init__(self, served: server.Served, screens: Screens, counter: str, token: str) -> None:
        self._screens = len(screens.screens)
        self._early: list[tuple[Screen, float, bytes]] = []
        self._seen: dict[int, float] = {}
        self._mark = b""
        self.called: dict[str, str] = {}
        self.frame_bytes = 0
        head = request_head(
            served.port,
            "POST",
            f"/api/v1/counters/{counter}/call-next",
            "{}",
            (f"Authorization: Bearer {token}", "Idempotency-Key: {key}"),
        )
        self.client = Client(served.port, repeat(head), "{}")
        self.client.send()

    def note_answer(self) -> None:
        """Read the answer; from then on it is known which number the screens must show."""
        if self.client.receive() is not None:
            self.called = json.loads(self.client.body)
            self._mark = f'"number":"{self.called["number"]}"'.encode()
            for screen, at, text in self._early:
                self.note_board(screen, at, text)

    def note_board(self, screen: Screen, at: float, text: bytes) -> None:
        """Note that a screen has a board, if it is one with the number called."""
        if not self._mark:
            self._early.append((screen, at, text))
        elif id(screen) not in self._seen and self._mark in text:
            self._seen[id(screen)] = at - self.client.sent_at
            self.frame_bytes = len(text)

    def is_seen_by_all(self) -> bool:
        return len(self._seen) == self._screens

    @property
    def arrivals(self) -> list[float]:
        return sorted(self._seen.values())

    @property
    def lost(self) -> int:
        return self._screens - len(self._seen)


def measure_calls(served: server.Served, screens: Screens, times: int) -> Calls:
    """Press Next so often; each visitor called is noted as absent before the next press, outside
    the measurement.
    """
    medians, lasts, lost, size = [], [], 0, 0
    counter, token = next(iter(served.clerks.items()))
    for _ in range(times):
        screens.forget(patience_seconds=0.3)
        press = Press(served, screens, counter, token)
        screens.wait(
            press.is_seen_by_all, press.note_board, {press.client.socket: press.note_answer}
        )
        if not press.arrivals:
            raise RuntimeError(
                f"no screen showed {press.called or 'the call, which was not answered either'}"
            )
        medians.append(press.arrivals[len(press.arrivals) // 2])
        lasts.append(press.arrivals[-1])
        lost += press.lost
        size = press.frame_bytes
        press.client.socket.close()
        served.post(f"/tickets/{press.called['id']}/no-show", token)
    return Calls(statistics.median(medians), statistics.median(lasts), lost, size)


def echo_seconds(port: int, times: int) -> float:
    """Median round trip of one small Socket.IO message with acknowledgement, by one client, on an
    empty server.
    """
    screen = open_socketio(port)
    trips = []
    for number in range(times):
        started = time.perf_counter()
        screen.send(f'42/live,{number}["echo","x"]'.encode())
        screen.wait_for(f"43/live,{number}".encode())
        trips.append(time.perf_counter() - started)
    screen.socket.close()
    return statistics.median(trips)


def raw_broadcast(port: int, clients: int, size: int, times: int) -> tuple[float, float]:
    """Median and last arrival of one prepared frame at so many plain sockets."""
    screens = Screens()
    for _ in range(clients):
        screens.add(Screen(connect(port))).socket.sendall(b"hello")
    time.sleep(0.5)
    medians, lasts = [], []
    for _ in range(times):
        screens.forget(0.05)
        arrivals: list[float] = []
        started = time.perf_counter()
        screens.screens[0].socket.sendall(f"GO {size}".encode())
        screens.wait(partial(_are_so_many, arrivals, clients), partial(_note_arrival, arrivals))
        medians.append(arrivals[clients // 2] - started)
        lasts.append(arrivals[-1] - started)
    screens.close()
    return statistics.median(medians), statistics.median(lasts)


def _are_so_many(arrivals: list[float], number: int) -> bool:
    return len(arrivals) >= number


def _note_arrival(arrivals: list[float], _screen: Screen, at: float, _text: bytes) -> None:
    arrivals.append(at)


@contextmanager
def under_load(served: server.Served) -> Iterator[None]:
    """Sixteen kiosks issue without pause until the block ends."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(issue_command(served, LONG_SECONDS), stdout=output)
        try:
            time.sleep(1.5)
            yield
            if process.poll() is not None:
                raise RuntimeError("the load ended before the measurement")
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def _floor() -> Iterator[tuple[int, int]]:
    """The empty server, on two free ports."""
    ports = []
    for _ in range(2):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.floor_server", *map(str, ports)])
    try:
        for port in ports:
            while True:
                try:
                    connect(port).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.02)
        yield ports[0], ports[1]
    finally:
        process.terminate()
        process.wait(10)
