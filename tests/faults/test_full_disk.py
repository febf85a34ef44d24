"""A disk that is really full: what is acknowledged is kept, what cannot be kept is refused, and
`/readyz` says which it is.
"""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.faults.serving import office_served
from tests.services import stage

DISK_BYTES = 24_000_000
WAIT_SECONDS = 30


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full; needs root and leave to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def until(fits: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not fits():
        assert time.monotonic() < deadline, f"not within {WAIT_SECONDS} s: {what}"
        time.sleep(0.05)


def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(small_disk: Path) -> None:
    with (
        office_served(f"sqlite:///{small_disk / 'antrean.db'}", small_disk) as (server, token),
        requests.Session() as session,
    ):
        server.start()

        def readiness() -> tuple[int, dict[str, str]]:
            answer = session.get(f"{server.address}/readyz", timeout=WAIT_SECONDS)
            return answer.status_code, answer.json().get("checks", {})

        def walk_in() -> requests.Response:
            return session.post(
                f"{server.address}/api/v1/offices/o1/tickets",
                json={"service": "REK"},
                timeout=WAIT_SECONDS,
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())},
            )

        until(lambda: readiness()[0] == 200, "it can work, though the disk is small")
        assert "MB free" in readiness()[1]["disk"], "and that is told before the disk is full"
        given = [walk_in().json()["id"]]
        filling = small_disk / "filling"
        with filling.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                pass  # full
        answers: list[int] = []
        while 503 not in answers:
            answer = walk_in()
            answers.append(answer.status_code)
            if answer.status_code == 201:
                given.append(answer.json()["id"])
            assert len(answers) < 5_000, "the disk never became full"
        status, checks = readiness()
        assert (status, checks["write"]) == (
            503,
            "failed: OperationalError: database or disk is full",
        ), "at once"
        filling.unlink()
        until(lambda: readiness()[0] == 200, "it can work again by itself")
        given.append(walk_in().json()["id"])
        server.stop()
        assert "database or disk is full" in (small_disk / "server.log").read_text(), (
            "the log names the cause"
        )
        database = Database(server.url)
        stored = {row.id for row in stage.rows_of(database, tables.tickets, "o1")}
        database.close()
    assert stored == set(given)
