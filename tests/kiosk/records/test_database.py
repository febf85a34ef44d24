"""The agent's one file: its versions, a full disk, one writer and one installation."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.records.database import SPACE_BYTES_MIN, STEPS, JournalUnwritable, Records
from kiosk.records.folder import FolderInUse, hold_folder, installation_of
from kiosk.records.journal import Journal
from kiosk.records.leases import LeaseBook
from printer.durable import FileOfNewerRelease
from queue_server.protocol.messages import to_wire
from tests.kiosk.issuing.leases import LEASE
from tests.kiosk.records.test_journal import SLIP, WISH


def test_a_journal_from_before_there_were_versions_keeps_its_requests(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        for statement in STEPS[0]:
            old.execute(statement)
        old.execute(
            "INSERT INTO requests (key, wish, made_at, state, slip) VALUES (?, ?, 1000.0, "
            "'issued', ?)",
            ("k1", json.dumps(vars(WISH)), json.dumps(to_wire(SLIP))),
        )
        old.commit()
    for _ in range(2):  # the second time there is nothing left to do
        records = Records(path)
        entry = Journal(records).entry("k1")
        assert entry is not None and (entry.slip, entry.wish) == (SLIP, WISH)
        LeaseBook(records).store(LEASE)
        records.close()


def test_a_file_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    Records(path).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(FileOfNewerRelease):
        Records(path)


def test_a_full_disk_is_noticed_and_ends(tmp_path: Path) -> None:
    free_bytes = [SPACE_BYTES_MIN]
    records = Records(tmp_path / "journal.sqlite3", lambda _: free_bytes[0])
    assert records.probe("1") and not records.full
    free_bytes[0] -= 1
    assert not records.probe("2") and records.full
    free_bytes[0] += 1
    records._db.execute("PRAGMA query_only = ON")  # as a full disk does
    assert not records.probe("3") and records.full
    assert records.kept("probe") == "1", "what can be read is read"
    records._db.execute("PRAGMA query_only = OFF")
    assert records.probe("4") and not records.full


def test_a_transaction_is_whole_or_not_at_all(tmp_path: Path) -> None:
    records = Records(tmp_path / "journal.sqlite3")
    with pytest.raises(JournalUnwritable), records.transaction() as database:
        records.keep("first", "1")
        database.execute("INSERT INTO nowhere VALUES (1)")
    assert records.kept("first") is None
    with pytest.raises(ZeroDivisionError), records.transaction():
        records.keep("second", str(1 // 0))
    records.keep("third", "3")
    assert records.kept("third") == "3"


def test_a_second_agent_on_the_folder_is_told_so(tmp_path: Path) -> None:
    with (
        hold_folder(tmp_path),
        pytest.raises(FolderInUse, match="another kiosk agent"),
        hold_folder(tmp_path),
    ):
        pass
    with hold_folder(tmp_path):
        pass


def test_an_installation_is_one_folder_on_one_machine_with_one_database(tmp_path: Path) -> None:
    folder, copied = tmp_path / "state", tmp_path / "copied"
    folder.mkdir()

    def name(of: Path, born: str = "db", hardware: str = "board") -> str:
        with hold_folder(of):
            return installation_of(of, born, lambda: hardware)

    first = name(folder)
    assert name(folder) == first, "a restart changes nothing"
    assert (folder / "installation").stat().st_mode & 0o777 == 0o600
    shutil.copytree(folder, copied)
    assert name(copied) != first
    assert name(folder, hardware="another board") != first
    assert name(folder, born="begun anew") != name(folder)
