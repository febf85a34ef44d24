"""Rows of two processes on PostgreSQL with Redis between them, against one process on
PostgreSQL.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import server, stage
from benchmarks.postgresql import postgresql
from benchmarks.report import Row, milliseconds
from benchmarks.screens import Screens

from .live import BOARDS, Calls, measure_calls


def rows(times: int) -> Iterator[Row]:
    if shutil.which("redis-server") is None:
        print("no rows for two processes: redis-server is not there", file=sys.stderr)
        return
    with (
        postgresql(2) as urls,
        redis() as redis_url,
        tempfile.TemporaryDirectory(prefix="antrean-bench-") as name,
    ):
        one = _calls(urls[0], Path(name), times, workers=1, redis_url="")
        two = _calls(urls[1], Path(name), times, workers=2, redis_url=redis_url)
    what = f"2 processes + Redis ÷ 1, call-next → {BOARDS} boards"
    yield Row(
        f"{what}, median",
        milliseconds(two.median),
        milliseconds(one.median),
        two.median / one.median,
        1.5,
        True,
    )
    yield Row(
        f"{what}, screens that missed it", str(two.lost), str(one.lost), two.lost, 0, True, ""
    )


def _calls(url: str, folder: Path, times: int, *, workers: int, redis_url: str) -> Calls:
    stage.prepare(url, days_of_slots=1)
    people = server.add_people(url)
    with server.serve(url, folder, people, workers=workers, redis_url=redis_url) as served:
        for _ in range(times + 5):
            served.post(f"/offices/{stage.OFFICE}/tickets", served.kiosk, {"service": "REK"})
        screens = Screens()
        screens.watch(served.port, stage.OFFICE, BOARDS)
        calls = measure_calls(served, screens, times)
        screens.close()
    return calls


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server in memory only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)
