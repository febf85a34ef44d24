"""Rows over HTTP: issuing, reading and starting, with authentication, validation and events as in
an office.
"""

from __future__ import annotations

import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import floors, server, stage
from benchmarks.load import Load, load_command, run_load
from benchmarks.report import Row, milliseconds, per_second

CLIENTS = 16
STARTS = 3
"""How often the server is started; the median counts."""


def issue_command(served: server.Served, seconds: float, clients: int = CLIENTS) -> list[str]:
    """Walk-ins as kiosks ask for them, each with a key of its own."""
    return load_command(
        served.port,
        f"/api/v1/offices/{stage.OFFICE}/tickets",
        clients=clients,
        seconds=seconds,
        method="POST",
        body='{"service":"REK"}',
        headers=(f"Authorization: Bearer {served.kiosk}", "Idempotency-Key: {key}"),
    )


def get(served: server.Served, path: str, clients: int, seconds: float, *headers: str) -> Load:
    """One address, asked for again and again."""
    return run_load(
        load_command(served.port, path, clients=clients, seconds=seconds, headers=headers)
    )


def rows(seconds: float) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'http.db'}"
        stage.prepare(url)
        people = server.add_people(url)
        starts = []
        for _ in range(STARTS - 1):
            with server.serve(url, folder, people) as served:
                starts.append(served.first_answer_seconds)
        with server.serve(url, folder, people) as served:
            first = median([*starts, served.first_answer_seconds])
            get(served, "/livez", CLIENTS, 0.5)
            idle_mb = served.resident_bytes() / 1e6
            yield Row(
                "first answer after start, median of 3",
                f"{first:.2f} s",
                "",
                first,
                1.2,
                at_most=True,
                unit=" s",
            )
            yield Row(
                "memory of the idle server",
                f"{idle_mb:.0f} MB",
                "",
                idle_mb,
                110,
                at_most=True,
                unit=" MB",
            )
            commits = floors.raw_commits_per_second(folder, seconds / 2)
            empty = get(served, "/livez", CLIENTS, seconds).rate
            run_load(issue_command(served, 0.5))
            issue = run_load(issue_command(served, seconds))
            commits = max(commits, floors.raw_commits_per_second(folder, seconds / 2))
            yield Row(
                f"issue over HTTP, durable, {CLIENTS} clients ÷ raw commits",
                f"{per_second(issue.rate)}, p99 {milliseconds(issue.p99)}",
                per_second(commits),
                issue.rate / commits,
                0.2,
            )
            yield Row(
                f"issue ÷ empty request, {CLIENTS} clients",
                per_second(issue.rate),
                per_second(empty),
                issue.rate / empty,
                0.45,
            )
            one = get(served, "/livez", 1, seconds)
            yield Row(
                "one client, keep-alive GET, p50",
                milliseconds(one.p50),
                "",
                one.p50 * 1000,
                2,
                at_most=True,
                unit=" ms",
            )
            board = get(served, f"/api/v1/offices/{stage.OFFICE}/board", 1, seconds)
            yield Row(
                "one client, GET board, p50",
                milliseconds(board.p50),
                "",
                board.p50 * 1000,
                2,
                at_most=True,
                unit=" ms",
            )
            path = f"/api/v1/offices/{stage.OFFICE}/availability?service=REK&days=14"
            read = get(served, path, 1, seconds)
            yield Row(
                "availability of 14 days, p99",
                milliseconds(read.p99),
                "",
                read.p99 * 1000,
                20,
                at_most=True,
                unit=" ms",
            )
            tag = _etag(served.port, path)
            again = get(served, path, 1, seconds, f"If-None-Match: {tag}")
            assert set(again.statuses) == {"304"}, again.statuses
            yield Row(
                "the same, unchanged (ETag), p99",
                milliseconds(again.p99),
                "",
                again.p99 * 1000,
                3,
                at_most=True,
                unit=" ms",
            )


def _etag(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.headers["ETag"])
