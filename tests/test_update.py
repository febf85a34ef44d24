"""`deploy/bin/antrean-update`: a newer version is used only if its agent comes up, and the version
before comes back if not.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tests.fixtures.parts import ROOT


def load() -> ModuleType:
    """The script as a module. Nothing compiled is left beside it: what lies there is installed."""
    path = ROOT / "deploy/bin/antrean-update"
    module = ModuleType("antrean_update")
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    return module


update = load()


class Box:
    """A box with version 0.1.0 in place a, and a folder of wheels. `installs` is the version that a
    wheel really holds, `works` whether its agent answers.
    """

    def __init__(self, folder: Path) -> None:
        self.link, self.wheels = folder / "antrean", folder / "wheels"
        self.wheels.mkdir()
        (folder / "antrean-a").mkdir()
        self.link.symlink_to(folder / "antrean-a")
        self.versions = {"antrean-a": "0.1.0"}
        self.works: set[str] = {"0.1.0"}
        self.installs: dict[str, str] = {}
        self.restarts: list[str] = []

    def offer(self, version: str, *, works: bool = True, holds: str | None = None) -> None:
        name = f"antrean-{version}-py3-none-any.whl"
        (self.wheels / name).write_bytes(b"")
        self.installs[name] = holds or version
        if works:
            self.works.add(version)

    def run(self, command: Sequence[str]) -> str:
        program, place = command[0], Path(command[0]).parent.parent
        if program.endswith("systemctl"):
            self.restarts.append(self.version)
        elif "venv" in command:
            Path(command[-1]).mkdir(exist_ok=True)
        elif program.endswith("pip"):
            assert "--no-index" in command
            wheel = Path(command[-1].removesuffix("[kiosk]")).name
            if self.installs[wheel] == "broken":
                raise subprocess.CalledProcessError(1, command)
            self.versions[place.name] = self.installs[wheel]
        else:
            return self.versions[place.resolve().name]
        return ""

    @property
    def version(self) -> str:
        return self.versions[self.link.resolve().name]

    def update(self) -> int:
        updater = update.Updater(
            self.link,
            "antrean-kiosk",
            "kiosk",
            lambda: self.version in self.works,
            self.run,
            lambda _seconds: None,
        )
        code: int = updater.update(self.wheels)
        return code


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_the_newest_is_used_and_the_next_one_takes_the_other_place(box: Box) -> None:
    assert box.update() == 0 and box.restarts == []
    box.offer("0.2.0")
    box.offer("0.10.0")
    assert (box.update(), box.version, box.link.resolve().name) == (0, "0.10.0", "antrean-b")
    assert (box.update(), box.restarts) == (0, ["0.10.0"]), "once"
    box.offer("0.11.0")
    assert (box.update(), box.version, box.link.resolve().name) == (0, "0.11.0", "antrean-a")


def test_one_that_does_not_come_up_is_taken_back_and_not_tried_every_night(box: Box) -> None:
    box.offer("0.2.0", works=False)
    assert (box.update(), box.version, box.restarts) == (1, "0.1.0", ["0.2.0", "0.1.0"])
    assert (box.update(), box.restarts) == (0, ["0.2.0", "0.1.0"])
    box.offer("0.3.0")
    assert (box.update(), box.version) == (0, "0.3.0")


@pytest.mark.parametrize("holds", ["broken", "0.1.5"])
def test_one_that_cannot_be_installed_changes_nothing(box: Box, holds: str) -> None:
    box.offer("0.2.0", holds=holds)
    assert (box.update(), box.version, box.restarts) == (1, "0.1.0", [])


def test_an_older_one_is_left_alone(box: Box) -> None:
    box.offer("0.0.9")
    assert (box.update(), box.restarts) == (0, [])


def test_without_two_places_it_does_not_begin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "antrean"
    plain.mkdir()
    arguments = [
        "--folder",
        str(tmp_path),
        "--unit",
        "antrean-kiosk",
        "--page",
        "http://127.0.0.1:1/",
    ]
    assert update.main([*arguments, "--link", str(plain), "--at-any-hour"]) == 2
    assert "docs/operations.md" in capsys.readouterr().out
