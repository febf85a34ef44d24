"""Two processes behind one Redis that goes away, hangs and comes back: each tells its screens what
the other has changed, all the time.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.cuttable import cable_to
from tests.fixtures.application import HOME, People
from tests.fixtures.live_server import LiveServer, Screen, serving
from tests.fixtures.parts import PARTS, find_redis, need
from tests.fixtures.services import free_port, wait_for_port
from tests.protocol.agents import until

CHANGES = 6
MANY_CHANGES = 300
FAILURES = ("Traceback", "snapshot_failed", "live_channel_failed", "greenlet_failed")


class Redis:
    """A Redis server of this test's own."""

    def __init__(self, folder: Path) -> None:
        part, find, why = PARTS["requires_redis"]
        need(part, find(), why)
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        server = find_redis()
        assert server
        command = [
            server,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = subprocess.Popen(
            [*command, "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        wait_for_port(self.port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


@contextmanager
def redis_running(folder: Path) -> Iterator[Redis]:
    redis = Redis(folder)
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()


def change_and_hear(server: LiveServer, screens: list[Screen], waiting: int) -> list[float]:
    """Give a number in one process. Returns how many seconds later each screen knew; raises
    `queue.Empty` for one that never did.
    """
    begun = time.monotonic()
    server.walk_in()
    taken = []
    for screen in screens:
        screen.next("board", lambda board: board["waiting"] >= waiting)
        taken.append(time.monotonic() - begun)
    return taken


@contextmanager
def two_servers(
    filled: tuple[str, People], folder: Path
) -> Iterator[tuple[list[LiveServer], dict[str, Callable[[], object]]]]:
    """Two processes, and what can happen to the Redis between them: it goes away, comes back, and
    hangs (whatever is sent to it is swallowed, and nothing is answered).
    """
    url, people = filled
    folders = [folder / name for name in ("redis", "one", "two")]
    for each in folders:
        each.mkdir()
    keys = {
        f"ANTREAN_{name}_KEY_FILE": str(folders[1] / f"{name.lower()}.key")
        for name in ("NIK", "SECRET")
    }
    with redis_running(folders[0]) as redis, cable_to(redis.port) as cable:
        keys["ANTREAN_REDIS_URL"] = f"redis://127.0.0.1:{cable.port}/0"
        with (
            serving(folders[1], url, people, **keys) as one,
            serving(folders[2], url, people, **keys) as two,
        ):
            yield (
                [one, two],
                {
                    "there": lambda: None,
                    "away": cable.cut,
                    "back": cable.mend,
                    "hanging": lambda: cable.cut(silent=True),
                    "back again": cable.mend,
                },
            )
            for server in (one, two):
                assert not any(word in server.log for word in FAILURES), server.log[-2_000:]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.requires_postgresql
@pytest.mark.requires_redis
def test_screens_of_the_other_process_stay_right_whatever_redis_does(
    filled_postgresql_copy: tuple[str, People], tmp_path: Path
) -> None:
    """Each change must be heard before the next is made, so none is made good by a later one."""
    with (
        two_servers(filled_postgresql_copy, tmp_path) as ([one, two], happens),
        one.screen() as near,
        two.screen() as far,
    ):
        screens, waiting = [near, far], 0
        for screen in screens:
            assert screen.watch("board", HOME)["waiting"] == 0
        slowest = {}
        for state, happen in happens.items():
            happen()
            heard = []
            for _ in range(CHANGES):
                waiting += 1
                heard.append(max(change_and_hear(one, screens, waiting)))
            slowest[state] = round(max(heard), 3)
        print(f"seconds until the slower of two screens knew: {slowest}")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.requires_postgresql
@pytest.mark.requires_redis
def test_two_boards_never_tell_different_truths_for_long(
    filled_postgresql_copy: tuple[str, People], tmp_path: Path
) -> None:
    """Hundreds of changes in both processes in turn, without a pause, whatever Redis does. Both
    screens end at the same board; how long one was behind the other is printed.
    """
    with (
        two_servers(filled_postgresql_copy, tmp_path) as (servers, happens),
        servers[0].screen() as near,
        servers[1].screen() as far,
    ):
        screens = [near, far]
        known: list[list[tuple[float, int]]] = [[], []]
        for screen, heard in zip(screens, known, strict=True):
            show(heard, screen.watch("board", HOME))
            screen.client.on("board", partial(show, heard), namespace="/live")
        made = 0
        for happen in happens.values():
            happen()
            for _ in range(MANY_CHANGES // len(happens)):
                servers[made % 2].walk_in()
                made += 1
        for heard in known:
            until(lambda heard=heard: heard[-1][1] == made, "the last change is heard")
        print(
            f"seconds for which one screen knew more than the other: {behind(*known):.3f} at most"
        )


def show(heard: list[tuple[float, int]], board: dict[str, Any]) -> None:
    """Show a board as every client does: one that is older than what is shown is dropped. Two
    processes may send to one screen, and one overtakes the other.
    """
    if not heard or board["waiting"] > heard[-1][1]:
        heard.append((time.monotonic(), board["waiting"]))


def behind(one: list[tuple[float, int]], other: list[tuple[float, int]]) -> float:
    """The longest time that one of two screens had shown a number which the other had not reached
    yet. Each is a list of moments and numbers, both growing.
    """

    def wait(ahead: list[tuple[float, int]], late: list[tuple[float, int]]) -> float:
        return max(
            min(at for at, number in late if number >= shown) - since for since, shown in ahead
        )

    return max(wait(one, other), wait(other, one))
