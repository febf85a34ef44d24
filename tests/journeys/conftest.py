"""One demonstration for the journeys of each file, and the people who use it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.fixtures.parts import find_program, need
from tests.journeys.stage import NINE, Demo, free_base_port, lay_out
from tests.printer.conftest import Emulator, emulator

__all__ = ["Emulator", "emulator"]

RECALL_SECONDS = (0, 2, 4)
"""Calls may be repeated sooner than in an office, so that nobody has to wait a minute for a
test.
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The running demonstration, at nine on a working day; it must stop cleanly when it is told to.

    Each file has its own: a day that one journey has emptied of visitors, or filled, would fail
    another. They are copies of one that was filled; that the first start fills its own is for
    `test_demo.py`.
    """
    stage = Demo(tmp_path_factory.mktemp("journeys") / "data")
    lay_out(stage.data)
    try:
        stage.start("--now", NINE)
        stage.set_rules(calling={"recall_seconds": RECALL_SECONDS})
        yield stage
        assert stage.stop() == 0, stage.told
    finally:
        stage.kill()


@pytest.fixture
def make_demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Further demonstrations on data of their own, not started yet."""
    made: list[Demo] = []

    def make(port: int | None = None) -> Demo:
        made.append(Demo(tmp_path / "data", port or free_base_port()))
        return made[-1]

    yield make
    for stage in made:
        stage.kill()


@pytest.fixture
def use_counter(demo: Demo) -> Iterator[Callable[[str], str]]:
    """`use_counter(id)` is a counter for the demo's clerk; it is left empty and closed, however the
    test ends.
    """
    used: list[str] = []

    def use(counter: str) -> str:
        used.append(counter)
        return counter

    yield use
    for counter in used:
        _, queue = demo.api("GET", f"/offices/{demo.office}/queue", role="clerk")
        for ticket in [*queue["called"], *queue["serving"]]:
            if ticket["counter"] == counter:
                action = "finish" if ticket["status"] == "SERVING" else "no-show"
                demo.api("POST", f"/tickets/{ticket['id']}/{action}", {}, role="clerk")
        demo.api("POST", f"/counters/{counter}/close", {}, role="clerk")


_numbers = count(1)


@pytest.fixture
def new_nik() -> Callable[[], str]:
    """The NIK of a person nobody has met yet. It is invented: the district does not exist."""
    return lambda: f"367499150888{next(_numbers):04d}"


@pytest.fixture
def read_qr() -> Callable[[Path], str]:
    """What a scanner reads in a picture."""

    def read(picture: Path) -> str:
        program = find_program("zbarimg")
        need("zbarimg", program, "install zbar-tools")
        return subprocess.run(
            [str(program), "-q", "--raw", str(picture)], capture_output=True, text=True, check=True
        ).stdout.strip()

    return read
