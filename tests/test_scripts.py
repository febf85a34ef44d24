"""script/server and its environment: made once, renewed when the project's own description changes, from any folder."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment is there but empty: its Python notes what it is asked, its `antrean` tells how it was called."""
    root = tmp_path / "a checkout"  # people do have spaces in their folders
    shutil.copytree(ROOT / "script", root / "script")
    (root / "queue_server").mkdir()
    (root / "queue_server" / "__init__.py").touch()
    (root / "setup.cfg").write_text("[metadata]\nname = antrean\n")
    (root / "pyproject.toml").touch()
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, script in {"python": f'echo "$*" >>"{tmp_path}/asked"', "antrean": 'echo "in $PWD: $*"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return root


def start(root: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run([root / "script" / "server", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def installs(root: Path) -> list[str]:
    return [line for line in (root.parent / "asked").read_text().splitlines() if " install " in line]


def test_the_project_is_installed_once(checkout: Path, tmp_path: Path) -> None:
    start(checkout, cwd=tmp_path)
    start(checkout, cwd=tmp_path)
    assert len(installs(checkout)) == 1
    assert installs(checkout)[0].endswith(f"--editable {checkout}[server,kiosk,display,printer]")


def test_a_changed_description_is_installed_again(checkout: Path, tmp_path: Path) -> None:
    start(checkout, cwd=tmp_path)
    (checkout / "setup.cfg").write_text("[metadata]\nname = antrean\nversion = 2\n")
    start(checkout, cwd=tmp_path)
    assert len(installs(checkout)) == 2


def test_the_demo_gets_the_arguments_and_the_checkout_as_its_folder(checkout: Path, tmp_path: Path) -> None:
    assert start(checkout, "--port", "9000", cwd=tmp_path) == f"in {checkout}: demo --port 9000"


def test_a_data_folder_named_by_the_caller_stays_where_the_caller_is(checkout: Path, tmp_path: Path) -> None:
    assert start(checkout, "--data", "mine", cwd=tmp_path) == f"in {tmp_path}: demo --data mine"


def test_without_a_fit_python_it_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "cat", "cksum", "dirname", "env", "ls", "mkdir"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    done = subprocess.run([checkout / "script" / "server"], env={"PATH": str(programs)}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


@pytest.mark.parametrize("script", ["script/server", "script/test", "script/translate", "script/diagram", ".ci/run"])
def test_a_script_can_be_started_and_read(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script], timeout=10).returncode == 0
