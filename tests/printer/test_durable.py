"""Files that outlive power cuts and upgrades."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from printer.claims import AlreadyClaimed, Claim
from printer.durable import FileOfNewerRelease, open_durable

FIRST = ("CREATE TABLE IF NOT EXISTS things (name TEXT)",)
SECOND = ("ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 1",)


def version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_has_all_steps_and_opens_again_unchanged(tmp_path: Path) -> None:
    for _ in range(2):
        database = open_durable(tmp_path / "new", [FIRST, SECOND])
        database.execute("INSERT INTO things (name) VALUES ('a')")
        assert version(database) == 2
        database.close()
    database = open_durable(tmp_path / "new", [FIRST, SECOND])
    assert database.execute("SELECT count(*) FROM things WHERE size = 1").fetchone()[0] == 2
    database.close()


def test_a_file_from_before_the_numbering_keeps_its_rows(tmp_path: Path) -> None:
    old = open_durable(tmp_path / "old")
    old.execute("CREATE TABLE things (name TEXT)")
    old.execute("INSERT INTO things VALUES ('kept')")
    old.close()
    database = open_durable(tmp_path / "old", [FIRST, SECOND])
    assert tuple(database.execute("SELECT name, size FROM things").fetchone()) == ("kept", 1)
    database.close()


def test_an_upgrade_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    open_durable(tmp_path / "file", [FIRST]).close()
    with pytest.raises(sqlite3.OperationalError):
        open_durable(tmp_path / "file", [FIRST, (*SECOND, "no statement")])
    database = open_durable(tmp_path / "file", [FIRST])
    assert version(database) == 1
    assert [row[1] for row in database.execute("PRAGMA table_info(things)")] == ["name"]
    database.close()


def test_a_file_of_a_newer_release_is_neither_read_nor_set_aside(tmp_path: Path) -> None:
    open_durable(tmp_path / "file", [FIRST, SECOND]).close()
    with pytest.raises(FileOfNewerRelease):
        open_durable(tmp_path / "file", [FIRST])
    assert not (tmp_path / "file.damaged").exists()


def test_only_one_owner_holds_a_claim_until_it_is_released(tmp_path: Path) -> None:
    held = Claim(tmp_path / "lock")
    with pytest.raises(AlreadyClaimed):
        Claim(tmp_path / "lock")
    held.release()
    Claim(tmp_path / "lock").release()


def test_a_claim_follows_no_link_that_somebody_laid(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(OSError):
        Claim(tmp_path / "lock")
