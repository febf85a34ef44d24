"""What a backup brings back, from each kind of database into each; and what is refused with
nothing changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from queue_server.domain.events import EventType
from queue_server.services.backup import restoring
from queue_server.services.backup.archive import ArchiveWriter, read_archive, read_part
from queue_server.services.backup.manifest import BadBackup
from queue_server.services.backup.restoring import Foreign, NotEmpty
from queue_server.store import tables
from queue_server.store.backup import side
from queue_server.store.backup.side import InUse
from queue_server.store.migrations import downgrade, list_revisions, upgrade
from queue_server.store.soundness import Schema, read_schema
from queue_server.store.writer.database import Database
from tests.fixtures.application import EMAIL, NAME, House, at
from tests.services.audit.tampering import chain
from tests.services.backup.keeping import (
    KEY,
    OTHER_KEY,
    back_up,
    empty_url,
    never_rest,
    opener,
    put_back,
    rows_of,
    settle,
)

__all__ = ["empty_url"]

GROWS = {"events", "office_days"}
"""A restore is an event of its own."""


@pytest.fixture
def house(both_houses: House) -> House:
    """An office in the middle of a morning."""
    both_houses.book()
    both_houses.walk_in(party_size=2)
    both_houses.called()
    return both_houses


@pytest.fixture
def backup(house: House, tmp_path: Path) -> Path:
    """A backup of it."""
    back_up(house.database, tmp_path / "a.backup", house.clock())
    return tmp_path / "a.backup"


def test_every_row_comes_back_in_each_kind_of_database(
    house: House, tmp_path: Path, empty_url: str
) -> None:
    """All but log-ins and signs of life; and one event more, which tells of the restore."""
    house.sign_in("manager")
    settle(house)
    chain(house)
    house.application.probe.step()
    file = tmp_path / "sealed.backup"
    manifest = back_up(house.database, file, house.clock(), KEY)
    assert NAME.encode() not in file.read_bytes()
    put_back(file, empty_url, house.clock(), key=KEY)
    before, after = rows_of(house.settings.database_url), rows_of(empty_url)
    assert {each: after[each] for each in after if each not in GROWS} == {
        each: before[each] for each in before if each not in GROWS
    }
    [told] = set(after["events"]) - set(before["events"])
    assert set(before["events"]) < set(after["events"])
    assert EventType.RESTORED.value in told and manifest.made_at in told
    assert manifest.rows == sum(map(len, before.values())) - len(before["alembic_version"])
    assert read_schema(empty_url)[0] is Schema.PRESENT
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        for table in (tables.sessions, tables.probes):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
    engine.dispose()


def test_who_was_forgotten_since_is_forgotten_again(backup: Path, house: House) -> None:
    url = house.settings.database_url
    house.database.close()
    put_back(backup, url, at(9, day=40), replace=True)
    rows = rows_of(url)
    assert rows["visitors"] == [] and rows["tickets"] != []
    assert not any(NAME in row or EMAIL in row for each in rows.values() for row in each)
    file = side.make_url(url).database
    if url.startswith("sqlite") and file:
        left = Path(file).parent.glob(f"{Path(file).name}*")
        assert not any(NAME.encode() in each.read_bytes() for each in left)


def test_a_database_that_holds_something_is_replaced_only_when_told_so(
    backup: Path, house: House
) -> None:
    url = house.settings.database_url
    house.walk_in()
    house.database.close()
    before = rows_of(url)
    with pytest.raises(NotEmpty):
        put_back(backup, url, house.clock())
    assert rows_of(url) == before
    put_back(backup, url, house.clock(), replace=True)
    assert len(rows_of(url)["tickets"]) == len(before["tickets"]) - 1


def test_a_running_server_is_noticed_by_its_next_sign_of_life(backup: Path, house: House) -> None:
    probe, url = house.application.probe, house.settings.database_url
    probe.step()
    before = rows_of(url)
    with pytest.raises(InUse):
        put_back(backup, url, house.clock(), replace=True, rest=lambda _seconds: probe.step())
    assert rows_of(url) == before


def test_a_server_that_is_gone_is_waited_for_once_and_not_after_a_minute(
    backup: Path, house: House
) -> None:
    house.application.probe.step()
    rested: list[float] = []
    url, now = house.settings.database_url, house.clock()
    restoring.admit_target(url, now, rested.append, replace=True)
    assert sum(rested) == restoring.WATCH_SECONDS
    rested.clear()
    restoring.admit_target(url, now + restoring.SILENT, rested.append, replace=True)
    assert rested == []


def test_what_is_acknowledged_while_a_restore_is_built_up_is_not_lost(
    backup: Path, house: House
) -> None:
    url = house.settings.database_url
    manifest = restoring.check_backup(opener(backup))
    seen = restoring.admit_target(url, house.clock(), lambda _seconds: None, replace=True)
    late = house.walk_in()
    with pytest.raises(InUse):
        restoring.restore(url, manifest, opener(backup), seen, house.clock(), lambda _share: None)
    assert any(late["id"] in row for row in rows_of(url)["tickets"])


@pytest.mark.parametrize("where", ["_fill", "_bring_up_to_date"])
def test_a_restore_that_fails_in_the_middle_leaves_everything_as_it_was(
    backup: Path, house: House, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    url = house.settings.database_url
    house.database.close()
    before = rows_of(url)
    real: Callable[..., object] = getattr(restoring, where)

    def fail(*arguments: Any) -> None:
        real(*arguments)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, where, fail)
    with pytest.raises(OSError, match="No space left"):
        put_back(backup, url, house.clock(), replace=True)
    monkeypatch.undo()
    assert rows_of(url) == before
    with side.side_database(url) as beside:
        assert read_schema(beside)[0] is Schema.EMPTY
    put_back(backup, url, house.clock(), replace=True)


def test_a_restore_that_was_killed_in_the_swap_has_changed_nothing(
    backup: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction that puts it in place is the only one; it is not committed when it fails at
    its last statement.
    """
    url = house.settings.database_url
    house.database.close()
    before = rows_of(url)
    if url.startswith("sqlite"):
        monkeypatch.setattr(side, "_list_objects", _failing_at_the_end(side._list_objects))
    else:
        monkeypatch.setattr(side, "SIDE_SCHEMA", side.SIDE_SCHEMA)
        monkeypatch.setattr(side, "_stirring", _then_raising(side._stirring))
    with pytest.raises(RuntimeError):
        put_back(backup, url, house.clock(), replace=True)
    monkeypatch.undo()
    assert rows_of(url) == before


def _failing_at_the_end(real: Callable[..., dict[str, str]]) -> Callable[..., Any]:
    class Failing(dict[str, str]):
        def items(self) -> Iterator[Any]:  # type: ignore[override]
            yield from list(super().items())[:-1]
            raise RuntimeError("killed")

    return lambda connection, schema: Failing(real(connection, schema))


def _then_raising(real: Callable[..., Any]) -> Callable[..., Any]:
    calls: list[int] = []

    def look(connection: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("killed")
        return real(connection)

    return look


def test_two_restores_at_once_are_one_restore(backup: Path, house: House) -> None:
    url = house.settings.database_url
    with side.side_database(url), pytest.raises(InUse):
        put_back(backup, url, house.clock(), replace=True)


def test_a_backup_of_an_earlier_release_is_migrated(
    house: House, tmp_path: Path, postgresql_url: str
) -> None:
    url = house.settings.database_url
    house.database.close()
    downgrade(url, "0023")
    database = Database(url)
    try:
        manifest = back_up(database, tmp_path / "old", house.clock())
    finally:
        database.close()
    assert manifest.revision == "0023"
    put_back(tmp_path / "old", postgresql_url, house.clock())
    assert read_schema(postgresql_url)[0] is Schema.PRESENT
    upgrade(url)
    old, new = rows_of(url), rows_of(postgresql_url)
    assert old["tickets"] == new["tickets"] and old["visitors"] == new["visitors"]


def test_a_backup_of_a_release_that_is_not_known_is_refused(
    backup: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, known = list_revisions()
    monkeypatch.setattr(restoring, "list_revisions", lambda: ("0023", known - {newest}))
    with pytest.raises(BadBackup, match=f"revision {newest}"):
        put_back(backup, house.settings.database_url, house.clock(), replace=True)


@pytest.mark.parametrize("made_of", ["twice", "short", "text"])
def test_a_backup_that_somebody_made_up_is_refused(
    backup: Path, house: House, tmp_path: Path, made_of: str
) -> None:
    """Its hashes are right, but its rows do not fit into the tables."""
    parts: dict[str, list[list[Any]]] = {}
    with backup.open("rb") as file:
        manifest = read_archive(file, lambda name, raw: parts.update({name: read_part(raw)}))
    with (tmp_path / "made").open("wb") as file:
        archive, entries = ArchiveWriter(file), []
        for entry in manifest.tables:
            rows = [row for part in entry.parts for row in parts[part.name]]
            if entry.name == "offices":
                rows = {
                    "twice": [*rows, *rows],
                    "short": [row[:-1] for row in rows],
                    "text": [[1.5] * len(row) for row in rows],
                }[made_of]
            count, written = archive.add_table(entry.name, rows, lambda _rows: None)
            entries.append(replace(entry, rows=count, parts=written))
        archive.close(replace(manifest, tables=entries))
    house.database.close()
    before = rows_of(house.settings.database_url)
    with pytest.raises(BadBackup, match="do not fit"):
        put_back(tmp_path / "made", house.settings.database_url, house.clock(), replace=True)
    assert rows_of(house.settings.database_url) == before


def test_tables_of_something_else_are_never_touched(empty_url: str) -> None:
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE wages (amount INTEGER)")
    engine.dispose()
    with pytest.raises(Foreign):
        restoring.admit_target(empty_url, at(9), never_rest, replace=True)


def test_the_wrong_key_is_refused_before_anything_is_read(house: House, tmp_path: Path) -> None:
    file = tmp_path / "sealed"
    back_up(house.database, file, house.clock(), KEY)
    shutil.copy(file, tmp_path / "head")
    with (tmp_path / "head").open("r+b") as cut:
        cut.truncate(200)
    for each in (file, tmp_path / "head"):
        with pytest.raises(BadBackup, match="another key"):
            restoring.check_backup(opener(each, OTHER_KEY))
    with pytest.raises(BadBackup, match="needs its key"):
        restoring.check_backup(opener(file))
