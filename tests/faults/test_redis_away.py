"""Two processes behind one Redis that goes away and comes back: each tells its screens what the
other has changed, all the time.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fixtures.application import HOME, People
from tests.fixtures.live_server import LiveServer, Screen, serving
from tests.fixtures.parts import PARTS, find_redis, need
from tests.fixtures.services import free_port, wait_for_port

CHANGES = 6


class Redis:
    """A Redis server of this test's own."""

    def __init__(self, folder: Path) -> None:
        part, find, why = PARTS["requires_redis"]
        need(part, find(), why)
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        server = find_redis()
        assert server
        command = [
            server,
            "--port",
            str(self._port),
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
        wait_for_port(self._port)

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


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.requires_postgresql
@pytest.mark.requires_redis
def test_screens_of_the_other_process_stay_right_while_redis_is_away_and_when_it_is_back(
    filled_postgresql_copy: tuple[str, People], tmp_path: Path
) -> None:
    """Each change must be heard before the next is made, so none is made good by a later one."""
    url, people = filled_postgresql_copy
    folders = [tmp_path / name for name in ("redis", "one", "two")]
    for each in folders:
        each.mkdir()
    with (
        redis_running(folders[0]) as redis,
        serving(folders[1], url, people, ANTREAN_REDIS_URL=redis.url) as one,
        serving(folders[2], url, people, ANTREAN_REDIS_URL=redis.url) as two,
        one.screen() as near,
        two.screen() as far,
    ):
        screens, waiting = [near, far], 0
        for screen in screens:
            assert screen.watch("board", HOME)["waiting"] == 0
        slowest = {}
        for state, step in (("there", None), ("away", redis.stop), ("back", redis.start)):
            if step is not None:
                step()
            heard = []
            for _ in range(CHANGES):
                waiting += 1
                heard.append(max(change_and_hear(one, screens, waiting)))
            slowest[state] = round(max(heard), 3)
        print(f"seconds until the slower of two screens knew: {slowest}")
        for server in (one, two):
            assert "Traceback" not in server.log and '"level": "error"' not in server.log, (
                server.log[-2_000:]
            )
