"""Rows below the web: the real command through the real store with greenlets as the server has
them, on both databases.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.report import Row, milliseconds, per_second

SQLITE_REQUIRED = {1: 0.55, 16: 2.5, 64: 3.5}
POSTGRESQL_REQUIRED = {16: 1.5, 64: 2.5}


def sqlite_rows(seconds: float) -> Iterator[Row]:
    """Tickets a second against raw durable commits a second."""
    for writers, rate, floor, worst, cpu in _measure(seconds, SQLITE_REQUIRED):
        measured = f"{per_second(rate)}, worst {milliseconds(worst)}, {cpu * 1e6:.0f} µs CPU each"
        yield Row(
            f"store, SQLite, {writers} writers ÷ raw commits",
            measured,
            per_second(floor),
            rate / floor,
            SQLITE_REQUIRED[writers],
        )


def postgresql_rows(url: str, seconds: float) -> Iterator[Row]:
    """Tickets of one office a second against one-row updates a second by one client."""
    for writers, rate, floor, worst, cpu in _measure(seconds, POSTGRESQL_REQUIRED, url):
        measured = f"{per_second(rate)}, worst {milliseconds(worst)}, {cpu * 1e6:.0f} µs CPU each"
        yield Row(
            f"store, PostgreSQL, {writers} writers ÷ one-row update",
            measured,
            per_second(floor),
            rate / floor,
            POSTGRESQL_REQUIRED[writers],
        )


def _measure(
    seconds: float, writers: dict[int, float], url: str = ""
) -> Iterator[tuple[int, float, float, float, float]]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.store_level",
        "--greenlets",
        "--seconds",
        str(seconds),
        "--writers",
        *map(str, writers),
    ]
    done = subprocess.run(
        command + (["--url", url] if url else []),
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    for line in done.stdout.splitlines():
        count, *numbers = line.split()
        rate, floor, worst, cpu = map(float, numbers)
        yield int(count), rate, floor, worst, cpu
