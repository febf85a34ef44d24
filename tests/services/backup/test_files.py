"""A backup is whole under its name or not there, and the newest are kept."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from queue_server.services.backup.files import draft_file, keep_newest, name_backup

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_a_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.backup"
    with draft_file(target) as draft:
        draft.write(b"half")
        assert not target.exists()
    assert target.read_bytes() == b"half"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.backup"]


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError), draft_file(tmp_path / "a.backup") as draft:
        draft.write(b"half")
        raise OSError(28, "No space left on device")
    assert os.listdir(tmp_path) == []


def test_one_that_was_killed_is_cleared_away_and_one_at_work_is_not(tmp_path: Path) -> None:
    (tmp_path / ".a.backup.0123abcd.part").write_bytes(b"half")
    (tmp_path / ".mine.part").write_bytes(b"somebody else's")
    with draft_file(tmp_path / "a.backup"), draft_file(tmp_path / "b.backup"):
        assert len(list(tmp_path.glob(".*.part"))) == 3
    assert sorted(os.listdir(tmp_path)) == [".mine.part", "a.backup", "b.backup"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.backup").write_bytes(b"kept")
    with pytest.raises(FileExistsError), draft_file(tmp_path / "a.backup"):
        pass
    assert (tmp_path / "a.backup").read_bytes() == b"kept"


def test_the_newest_are_kept_and_files_of_others_stay(tmp_path: Path) -> None:
    named = [name_backup(tmp_path, NOW + timedelta(hours=hours)) for hours in range(5)]
    for each in (*named, tmp_path / "antrean-of-mine.backup", tmp_path / "notes.txt"):
        each.write_bytes(b"")
    assert keep_newest(tmp_path, 2) == named[:3]
    assert {*named[3:], tmp_path / "antrean-of-mine.backup", tmp_path / "notes.txt"} == set(
        tmp_path.iterdir()
    )
    assert keep_newest(tmp_path, 9) == []
