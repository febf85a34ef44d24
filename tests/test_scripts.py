"""script/server and its environment: made once, renewed when the project's own description changes,
from any folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment is there but empty: its Python notes what it is asked, its
    `antrean` tells how it was called.
    """
    root = tmp_path / "a checkout"  # people do have spaces in their folders
    shutil.copytree(ROOT / "script", root / "script")
    (root / "queue_server").mkdir()
    (root / "queue_server" / "__init__.py").touch()
    (root / "setup.cfg").write_text("[metadata]\nname = antrean\n")
    (root / "pyproject.toml").touch()
    programs = root / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, script in {
        "python": f'echo "$*" >>"{tmp_path}/asked"',
        "antrean": 'echo "in $PWD: $*"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return root


def start(root: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [root / "script" / "server", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def installs(root: Path) -> list[str]:
    return [
        line for line in (root.parent / "asked").read_text().splitlines() if " install " in line
    ]


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


def test_the_demo_gets_the_arguments_and_the_checkout_as_its_folder(
    checkout: Path, tmp_path: Path
) -> None:
    assert start(checkout, "--port", "9000", cwd=tmp_path) == f"in {checkout}: demo --port 9000"


def test_a_data_folder_named_by_the_caller_stays_where_the_caller_is(
    checkout: Path, tmp_path: Path
) -> None:
    assert start(checkout, "--data", "mine", cwd=tmp_path) == f"in {tmp_path}: demo --data mine"


def run_tests(
    checkout: Path, folder: Path, *arguments: str, **programs: str
) -> subprocess.CompletedProcess[str]:
    """Run script/test as root of a system that has only what the script itself needs, and
    `programs`: name -> shell script.
    """
    has = folder / "programs"
    has.mkdir()
    for name in ("bash", "cat", "cksum", "cmp", "cp", "dirname", "env", "ls", "mkdir", "sh"):
        found = shutil.which(name)
        assert found
        (has / name).symlink_to(found)
    (checkout / ".emu" / "bin").mkdir(parents=True)
    stubs = {has / "id": "echo 0", checkout / ".emu" / "bin" / "python": "exit 0"}
    for path, script in (
        stubs | {has / name.replace("_", "-"): script for name, script in programs.items()}
    ).items():
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    return subprocess.run(
        [checkout / "script" / "test", *arguments],
        env={"PATH": str(has)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_package_that_cannot_be_had_is_named_and_keeps_no_other_away(
    checkout: Path, tmp_path: Path
) -> None:
    note = f'case "$*" in *" install "*) echo "${{*##*recommends }}" >>"{tmp_path}/wanted";; esac'
    refuse = (
        'case "$*" in *chromium*) echo "E: Package chromium has no installation candidate" '
        ">&2; exit 100;; esac"
    )
    done = run_tests(checkout, tmp_path, apt_get=f"{note}\n{refuse}")
    assert done.returncode == 0, done.stderr
    together, *alone = (tmp_path / "wanted").read_text().splitlines()
    assert together.split() == alone and {"chromium", "zbar-tools", "redis-server"} <= set(alone)
    assert "apt-get could not install: chromium (tests" in done.stderr
    assert (tmp_path / "asked").read_text().splitlines()[-1].startswith("-m pytest"), (
        "the tests are run all the same"
    )


def test_what_can_be_had_is_installed_in_one_go(checkout: Path, tmp_path: Path) -> None:
    done = run_tests(
        checkout,
        tmp_path,
        apt_get=f'case "$*" in *" install "*) echo x >>"{tmp_path}/wanted";; esac',
    )
    assert done.returncode == 0 and "could not install" not in done.stderr
    assert len((tmp_path / "wanted").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "program", ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
)
@pytest.mark.parametrize("works", [True, False])
def test_a_browser_counts_by_any_of_its_names_if_it_works(
    checkout: Path, tmp_path: Path, program: str, works: bool
) -> None:
    browser = {program.replace("-", "_"): f"exit {0 if works else 1}"}
    done = run_tests(checkout, tmp_path, apt_get="exit 0", **browser)
    [installing] = [
        line
        for line in done.stderr.splitlines()
        if line.startswith("test: installing") and "redis-server" in line
    ]
    assert ("chromium" in installing.split()) is not works


@pytest.mark.parametrize("is_known", [True, False])
def test_the_headless_shell_is_had_beside_a_browser_where_the_system_knows_it(
    checkout: Path, tmp_path: Path, is_known: bool
) -> None:
    note = f'case "$*" in *" install "*) echo "${{*##*recommends }}" >>"{tmp_path}/wanted";; esac'
    known = f'[ "$*" = "show chromium-headless-shell" ] && exit {0 if is_known else 100}'
    run_tests(checkout, tmp_path, apt_get=note, apt_cache=known, chromium="exit 0")
    wanted = (tmp_path / "wanted").read_text().split()
    assert ("chromium-headless-shell" in wanted, "chromium" in wanted) == (is_known, False)


@pytest.mark.parametrize("chosen", ["--quick", ""])
def test_quick_installs_nothing_and_runs_what_needs_nothing_but_python(
    checkout: Path, tmp_path: Path, chosen: str
) -> None:
    note = f'echo "$*" >>"{tmp_path}/wanted"'
    done = run_tests(checkout, tmp_path, *filter(None, [chosen]), apt_get=note, npm=note)
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().splitlines()[-1]
    assert (tmp_path / "wanted").exists() is not bool(chosen)
    assert ("not (slow or requires_browser or requires_postgresql" in asked) is bool(chosen)
    assert ("left out: slow tests" in done.stderr) is bool(chosen)
    assert "--quick" not in asked and "-n 2" in asked


def test_without_a_fit_python_it_says_what_to_do(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("bash", "cat", "cksum", "dirname", "env", "ls", "mkdir"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    done = subprocess.run(
        [checkout / "script" / "server"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


@pytest.mark.parametrize(
    "script", ["script/server", "script/test", "script/translate", "script/diagram", ".ci/run"]
)
def test_a_script_can_be_started_and_read(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script], timeout=10).returncode == 0
