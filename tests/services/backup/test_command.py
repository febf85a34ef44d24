"""`antrean backup` and `antrean restore` on the command line: what they print, and with which code
they end.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.domain.events import EventType
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.fixtures.application import People


@pytest.fixture
def folder(
    tmp_path: Path, filled_sqlite: tuple[Path, People], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The tests' offices on SQLite, and an empty folder `b` for backups."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(filled_sqlite[0], tmp_path / "antrean.db")
    (tmp_path / "b").mkdir()
    monkeypatch.setenv("ANTREAN_DATABASE_URL", f"sqlite:///{tmp_path / 'antrean.db'}")
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(tmp_path / "nik.key"))
    return tmp_path


def antrean(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_backup_of_the_day_is_made_kept_and_checked(folder: Path) -> None:
    made = antrean("backup", "b", "--key", "backup.key", "--keep", "1", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert "Keep a copy" in made.stderr, "a key was made"
    assert told["encrypted"] and told["tables"]["offices"] == 2 and told["deleted"] == []
    assert stat.S_IMODE(Path(told["file"]).stat().st_mode) == 0o600
    assert os.listdir("b") == [Path(told["file"]).name]
    checked = antrean("restore", told["file"], "--key", "backup.key", "--check")
    assert checked.exit_code == 0 and "is whole" in checked.output


def test_a_backup_is_in_the_log_and_so_in_itself(folder: Path) -> None:
    assert antrean("backup", "a.backup").exit_code == 0
    database = Database(f"sqlite:///{folder / 'antrean.db'}")
    with database.read() as connection:
        types = connection.execute(tables.events.select()).all()
    database.close()
    assert [each.facts for each in types if each.type == EventType.BACKED_UP.value] == [
        {"encrypted": False, "by": "command line"}
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["backup", "taken"], 1, "already"),
        (["backup", "nowhere/a.backup"], 1, "No such file"),
        (["backup", "new", "--keep", "3"], 2, "needs a folder"),
        (["backup", "b", "--keep", "0"], 2, "--keep"),
        (["backup", "b", "--key", "taken"], 2, "not a key"),
        (["restore", "missing"], 2, "does not exist"),
        (["restore", "taken"], 1, "damaged"),
        (["restore", "good", "--key", "missing"], 2, "no key file"),
        (["restore", "good", "--key", "nik.key"], 1, "not encrypted"),
        (["restore", "good"], 1, "--replace"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_left(
    folder: Path, arguments: list[str], code: int, why: str
) -> None:
    assert antrean("backup", "good").exit_code == 0
    (folder / "taken").write_text("kept")
    (folder / "nik.key").write_text("ab" * 32)
    before = {each.name for each in folder.iterdir()}
    result = antrean(*arguments)
    assert result.exit_code == code and why in result.output, result.output
    assert "\n" not in result.output.removesuffix("\n").partition("Error: ")[2]
    assert {each.name for each in folder.iterdir()} == before
    assert (folder / "taken").read_text() == "kept" and os.listdir("b") == []


def test_a_database_that_is_not_there_is_not_made(folder: Path) -> None:
    (folder / "antrean.db").unlink()
    result = antrean("backup", "b")
    assert result.exit_code == 1 and "no database" in result.output
    assert not (folder / "antrean.db").exists()


def test_without_the_package_that_encrypts_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "cryptography.hazmat.primitives.ciphers.aead"
    monkeypatch.setitem(__import__("sys").modules, name, None)
    result = antrean("backup", "b", "--key", "backup.key")
    assert result.exit_code == 1 and "antrean[backup]" in result.output
    assert os.listdir("b") == []
