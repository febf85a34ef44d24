"""Rows of the demonstration's start, from the command to the moment it says that it is ready."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import stage
from benchmarks.report import Row

READY = "Press Ctrl-C to stop."
AGAIN = 3
"""Later starts; the median counts."""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        data = Path(name)
        first = _start_seconds(data, "--now", stage.NOW.isoformat())
        later = sorted(_start_seconds(data) for _ in range(AGAIN))[AGAIN // 2]
    yield Row(
        "demo ready, first start, filling the data",
        f"{first:.1f} s",
        "",
        first,
        60,
        at_most=True,
        unit=" s",
    )
    yield Row("demo ready, later start", f"{later:.2f} s", "", later, 5, at_most=True, unit=" s")


def _start_seconds(data: Path, *options: str) -> float:
    """Start server, kiosk and display, wait until all answer, and stop them."""
    command = [
        sys.executable,
        "-m",
        "queue_server",
        "demo",
        "--data",
        str(data),
        "--port",
        str(_free_base_port()),
        *options,
    ]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")
    } | {"PYTHONUNBUFFERED": "1"}
    told: list[str] = []
    started = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(line)
            if READY in line:
                break
        took = time.perf_counter() - started
        process.send_signal(signal.SIGTERM)
        told += process.stdout
    if not any(READY in line for line in told):
        raise RuntimeError("".join(told))
    return took


def _free_base_port() -> int:
    """A port so that nobody listens on it, nor on those of the kiosk and the display."""
    while True:
        base = random.randrange(20_000, 32_000)
        if all(_is_free(base + step) for step in (0, 10, 20)):
            return base


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
