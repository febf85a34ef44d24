"""One demonstration for all journeys of a worker, and the people who use it."""
from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.fixtures.parts import find_program, need
from tests.journeys.stage import NINE, Demo
from tests.printer.conftest import Emulator, emulator

__all__ = ["Emulator", "emulator"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The running demonstration, at nine on a working day; it must stop cleanly when it is told to."""
    stage = Demo(tmp_path_factory.mktemp("journeys") / "data")
    try:
        yield stage.start("--now", NINE)
        assert stage.stop() == 0, stage.told
    finally:
        stage.kill()


@pytest.fixture
def make_demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Further demonstrations on data of their own, not started yet."""
    made: list[Demo] = []

    def make(name: str = "data", **options: int) -> Demo:
        made.append(Demo(tmp_path / name, **options))
        return made[-1]

    yield make
    for stage in made:
        stage.kill()


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
        return subprocess.run([str(program), "-q", "--raw", str(picture)], capture_output=True, text=True, check=True).stdout.strip()

    return read
