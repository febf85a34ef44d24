"""What stops a start: one line that says what to do, from `serve` and `antrean doctor` alike."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from click.testing import CliRunner

from queue_server.cli import main
from queue_server.commands.doctor import examine
from queue_server.domain.access.accounts import User
from queue_server.domain.visit.identity import identify_key
from queue_server.key_files import read_key
from queue_server.nik_key import WrongNikKey, change_nik_key, open_nik_key
from queue_server.settings import BadSettings, Settings, load_settings
from queue_server.starting import CannotStart, admit_start, migrate, offer_set_up
from queue_server.store import keys as key_store
from queue_server.store import soundness, tables
from queue_server.store.access import users as user_store
from queue_server.store.migrations import configure, downgrade, list_revisions, upgrade
from queue_server.store.soundness import Schema, Soundness, look_through, read_schema
from queue_server.store.writer.database import Database
from tests.fixtures.migrated import migrated
from tests.fixtures.services import free_port

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
FINGERPRINT = "ab" * 32


def settings_for(folder: Path, url: str | None = None, **changes: object) -> Settings:
    url = url or f"sqlite:///{folder / 'antrean.db'}"
    return Settings(
        database_url=url,
        secret_key_file=folder / "secret.key",
        nik_key_file=folder / "nik.key",
        **changes,
    )  # type: ignore[arg-type]


def admit(settings: Settings) -> list[str]:
    """Ask for the start as `serve` does, without waiting for a database that is away; what was
    told.
    """
    told: list[str] = []
    admit_start(settings, told.append, wait_seconds=0)
    return told


def refusal(settings: Settings) -> str:
    """Why the start is refused. The doctor says the same."""
    with pytest.raises(CannotStart) as refused:
        admit(settings)
    details = [each["detail"] for each in examine(settings)["checks"] if not each["ok"]]
    assert str(refused.value).partition(". antrean doctor")[0] in details
    assert "\n" not in str(refused.value)
    return str(refused.value)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def remember_somebody(database: Database) -> None:
    """A missed visit, with the fingerprint of who missed it."""
    row = {"ticket": "t", "office": "91", "nik_fingerprint": FINGERPRINT, "at": NOW}
    database.write([], lambda tx: tx.insert(tables.no_shows, row))


def serve(folder: Path, url: str, *before: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`antrean serve`, which must end by itself."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
    program = "; ".join(
        [
            *before,
            (
                "import sys; sys.argv[1:] = ['serve', '--port', sys.argv[1]]; "
                "from queue_server.cli import main; main()"
            ),
        ]
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(free_port())],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        env={
            **clean,
            "PYTHONPATH": str(ROOT),
            "ANTREAN_DATABASE_URL": url,
            "ANTREAN_NIK_KEY_FILE": str(folder / "nik.key"),
            "ANTREAN_SECRET_KEY_FILE": str(folder / "secret.key"),
            **environ,
        },
    )


# The schema


def test_an_empty_database_gets_its_tables_and_the_operator_hears_what_comes_next(
    database_url: str, tmp_path: Path
) -> None:
    told = admit(settings_for(tmp_path, database_url))
    assert read_schema(database_url)[0] is Schema.PRESENT
    assert told == ["The database was empty and has the tables of this release now."]
    assert admit(settings_for(tmp_path, database_url)) == []


def test_while_there_is_no_administrator_each_start_tells_a_code_in_one_line(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, database_url, public_url="https://antrean.example")
    admit(settings)
    told: list[str] = []
    for _start in range(2):
        offer_set_up(settings, told.append, NOW)
    codes = [
        re.search(r"Open https://antrean\.example/setup and enter the code (\S{19}) ", each)
        for each in told
    ]
    assert all(codes) and told[0] != told[1] and "\n" not in "".join(told)
    with opened(settings) as database:
        user = User("ratna", "ratna", "Ratna", "admin", None)
        database.write([], lambda tx: user_store.add_user(tx, user, "x"))
    offer_set_up(settings, told.append, NOW)
    assert len(told) == 2


def test_an_older_database_is_refused_with_the_command_to_run(
    database_url: str, tmp_path: Path
) -> None:
    upgrade(database_url)
    downgrade(database_url, "0001")
    settings = settings_for(tmp_path, database_url)
    assert "antrean migrate" in refusal(settings)
    assert read_schema(database_url) == (Schema.OLDER, "0001"), (
        "nobody migrates what is in use unasked"
    )
    migrate(settings, NOW)
    assert admit(settings) == []


def test_a_database_of_a_later_release_is_refused_and_never_migrated(
    migrated_url: str, tmp_path: Path
) -> None:
    engine = sa.create_engine(migrated_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    settings = settings_for(tmp_path, migrated_url)
    said = refusal(settings)
    assert "9999" in said and "install the release" in said and "antrean migrate" not in said
    with pytest.raises(CannotStart, match="9999"):
        migrate(settings, NOW)


def test_tables_of_something_else_are_left_alone(database_url: str, tmp_path: Path) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE recipes (id INTEGER)"))
    settings = settings_for(tmp_path, database_url)
    assert "something else" in refusal(settings)
    with pytest.raises(CannotStart, match="something else"):
        migrate(settings, NOW)
    assert sa.inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


def test_the_revisions_read_without_alembic_are_those_it_knows() -> None:
    scripts = ScriptDirectory.from_config(configure("sqlite:///none.db"))
    assert list_revisions() == (
        scripts.get_current_head(),
        frozenset(each.revision for each in scripts.walk_revisions()),
    )


def test_two_that_start_at_once_on_an_empty_database_make_one_schema(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, database_url)
    failed: list[BaseException] = []

    def start() -> None:
        try:
            subprocess.run(
                [sys.executable, "-m", "queue_server", "migrate"],
                check=True,
                capture_output=True,
                text=True,
                cwd=tmp_path,
                timeout=60,
                env={
                    **os.environ,
                    "ANTREAN_DATABASE_URL": database_url,
                    "ANTREAN_NIK_KEY_FILE": str(settings.nik_key_file),
                },
            )
        except subprocess.CalledProcessError as error:
            failed.append(AssertionError(error.stderr))

    threads = [threading.Thread(target=start) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert read_schema(database_url)[0] is Schema.PRESENT


def test_a_migration_that_is_stopped_halfway_leaves_nothing_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.op.create_index", stop)
    monkeypatch.setattr("alembic.operations.base.BatchOperations.create_index", stop)
    with pytest.raises(KeyboardInterrupt):
        upgrade(sqlite_url)
    assert read_schema(sqlite_url)[0] is Schema.EMPTY
    monkeypatch.undo()
    upgrade(sqlite_url)
    assert read_schema(sqlite_url)[0] is Schema.PRESENT


def test_serve_ends_with_one_line_where_it_would_have_answered_503(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'antrean.db'}"
    upgrade(url)
    downgrade(url, "0001")
    ended = serve(tmp_path, url)
    assert (
        ended.returncode == 1
        and "antrean migrate" in ended.stderr
        and "serving" not in ended.stderr
    )
    assert len(ended.stderr.splitlines()) == 1
    gone = serve(tmp_path, f"sqlite:///{tmp_path / 'no' / 'antrean.db'}")
    assert (
        gone.returncode == 1
        and str(tmp_path / "no") in gone.stderr
        and len(gone.stderr.splitlines()) == 1
    )


# What lies around the database


def test_a_missing_folder_is_named_and_not_made(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'gone' / 'antrean.db'}")
    assert str(tmp_path / "gone") in refusal(settings)
    with pytest.raises(CannotStart, match="no folder"):
        migrate(settings, NOW)
    assert not (tmp_path / "gone").exists()


@pytest.mark.requires_postgresql
def test_postgresql_that_says_nothing_is_waited_for_within_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundness, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://nobody:geheim@127.0.0.1:{silent.getsockname()[1]}/none"
        said = refusal(settings_for(tmp_path, url))
    assert "timeout" in said and "geheim" not in said


@pytest.mark.requires_postgresql
def test_postgresql_that_comes_up_later_is_waited_for(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a power cut, when the machines come up together: the first tries are refused."""
    if migrated_url.startswith("sqlite"):
        pytest.skip("a file answers at once")
    tries: list[str] = []

    def refuse_twice(url: str) -> tuple[Schema, str | None]:
        tries.append(url)
        if len(tries) <= 2:
            raise sa.exc.OperationalError("", {}, Exception("connection refused"))
        return read_schema(url)

    monkeypatch.setattr("queue_server.starting.read_schema", refuse_twice)
    monkeypatch.setattr("queue_server.starting.AGAIN_SECONDS", 0)
    told: list[str] = []
    admit_start(settings_for(tmp_path, migrated_url), told.append)
    assert len(told) == 1 and "does not answer yet" in told[0]


@pytest.mark.parametrize(
    ("package", "extra", "name", "url"),
    [
        ("psycopg", "postgres", "ANTREAN_DATABASE_URL", "postgresql+psycopg://a@127.0.0.1/x"),
        ("redis", "redis", "ANTREAN_REDIS_URL", "redis://127.0.0.1:1/0"),
    ],
)
def test_a_url_without_its_package_is_one_line_with_what_to_install(
    package: str, extra: str, name: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadSettings) as refused:
        load_settings({name: url}, tmp_path / "none.toml")
    assert name in str(refused.value) and f"pip install 'antrean[{extra}]'" in str(refused.value)
    sqlite = f"sqlite:///{tmp_path / 'antrean.db'}"
    ended = serve(tmp_path, sqlite, f"import sys; sys.modules[{package!r}] = None", **{name: url})
    assert ended.returncode == 2 and f"antrean[{extra}]" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1 and "Traceback" not in ended.stderr
    monkeypatch.setenv(name, url)
    for command in (["doctor"], ["migrate"], ["user", "list"]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 2 and f"antrean[{extra}]" in result.output, command


# A damaged file

Damage = Callable[[bytes], bytes]
DAMAGES: list[tuple[str, Damage]] = [
    ("pages overwritten", lambda data: data[: 4096 * 6] + b"\xab" * 4096 * 8 + data[4096 * 14 :]),
    ("cut short", lambda data: data[: len(data) // 2]),
    ("no head", lambda data: bytes(100) + data[100:]),
    ("something else", lambda _data: b"Not a database at all. " * 1000),
]


@pytest.mark.parametrize("damage", [each[1] for each in DAMAGES], ids=[each[0] for each in DAMAGES])
def test_a_damaged_file_stops_the_start_and_is_named(damage: Damage, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    file = tmp_path / "antrean.db"
    migrated(settings.database_url)
    file.write_bytes(damage(file.read_bytes()))
    said = refusal(settings)
    assert f"{file} is damaged" in said and "restore the last backup" in said
    report = json.loads(
        CliRunner()
        .invoke(
            main,
            ["doctor", "--json"],
            env={
                "ANTREAN_DATABASE_URL": settings.database_url,
                "ANTREAN_NIK_KEY_FILE": str(settings.nik_key_file),
                "ANTREAN_SECRET_KEY_FILE": str(settings.secret_key_file),
            },
        )
        .stdout
    )
    assert [each["name"] for each in report["checks"] if not each["ok"]] == ["database"]


def test_the_look_through_a_large_file_ends_in_its_time_and_is_no_reason_not_to_start(
    tmp_path: Path,
) -> None:
    file = tmp_path / "large.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL)")
        connection.executemany(
            "INSERT INTO t (b) VALUES (?)", ((str(each),) for each in range(50_000))
        )
        connection.commit()
    assert look_through(file, seconds=0)[0] is Soundness.NOT_FINISHED
    assert look_through(file) == (Soundness.SOUND, "ok")


def test_looking_leaves_no_file_behind(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    migrated(settings.database_url)
    with opened(settings) as database:
        database.write([], lambda tx: None)
    before = sorted(each.name for each in tmp_path.iterdir())
    assert look_through(tmp_path / "antrean.db")[0] is Soundness.SOUND
    assert sorted(each.name for each in tmp_path.iterdir()) == before


# The key of the fingerprints


def test_a_new_database_begins_with_a_new_key_and_keeps_its_id_alone(
    migrated_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, migrated_url)
    with opened(settings) as database:
        key = open_nik_key(database, settings.nik_key_file, NOW)
        assert (
            key
            == read_key(settings.nik_key_file)
            == open_nik_key(database, settings.nik_key_file, NOW)
        )
        with database.read() as connection:
            kept = [tuple(row) for row in connection.execute(sa.select(tables.key_ids))]
    assert kept == [("nik", identify_key(key), NOW)]
    assert len(identify_key(key)) == 16 and identify_key(key) not in key.hex()


def test_a_missing_key_file_stops_the_start_and_makes_no_other(
    migrated_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, migrated_url)
    with opened(settings) as database:
        id = identify_key(open_nik_key(database, settings.nik_key_file, NOW))
        settings.nik_key_file.unlink()
        said = refusal(settings)
        assert (
            str(settings.nik_key_file) in said
            and f"the key with the id {id}" in said
            and "antrean nik-key change" in said
        )
        with pytest.raises(WrongNikKey):
            open_nik_key(database, settings.nik_key_file, NOW)
    assert not settings.nik_key_file.exists()


def test_another_key_stops_the_start_and_the_right_one_lets_it_go_on(
    migrated_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, migrated_url)
    with opened(settings) as database:
        id = identify_key(open_nik_key(database, settings.nik_key_file, NOW))
        backup = tmp_path / "backup"
        settings.nik_key_file.rename(backup)
        other = identify_key(read_key(settings.nik_key_file))
        said = refusal(settings)
        assert id in said and other in said and str(settings.nik_key_file) in said
        with pytest.raises(WrongNikKey):
            open_nik_key(database, settings.nik_key_file, NOW)
        backup.rename(settings.nik_key_file)
        assert admit(settings) == []
        assert identify_key(open_nik_key(database, settings.nik_key_file, NOW)) == id


def test_a_database_from_before_the_ids_adopts_the_key_that_is_there(
    database_url: str, tmp_path: Path
) -> None:
    upgrade(database_url)
    downgrade(database_url, "0002")
    settings = settings_for(tmp_path, database_url)
    id = identify_key(read_key(settings.nik_key_file))
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            tables.no_shows.insert().values(
                ticket="t", office="91", nik_fingerprint=FINGERPRINT, at=NOW
            )
        )
    engine.dispose()
    migrate(settings, NOW)
    with opened(settings) as database, database.read() as connection:
        assert key_store.find_id(connection) == id


def test_somebody_known_and_no_key_at_all_is_refused_although_no_id_is_noted(
    migrated_url: str, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, migrated_url)
    with opened(settings) as database:
        remember_somebody(database)
        assert str(settings.nik_key_file) in refusal(settings)
        with pytest.raises(WrongNikKey):
            open_nik_key(database, settings.nik_key_file, NOW)
    assert not settings.nik_key_file.exists()


def test_servers_that_start_at_once_agree_on_one_key(migrated_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, migrated_url)
    found: list[bytes] = []

    def start() -> None:
        with opened(settings) as database:
            found.append(open_nik_key(database, settings.nik_key_file, NOW))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4 and len(set(found)) == 1


def test_serve_names_the_key_file_that_is_gone(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    migrated(settings.database_url)
    with opened(settings) as database:
        open_nik_key(database, settings.nik_key_file, NOW)
    settings.nik_key_file.unlink()
    ended = serve(tmp_path, settings.database_url)
    assert (
        ended.returncode == 1
        and str(settings.nik_key_file) in ended.stderr
        and len(ended.stderr.splitlines()) == 1
    )
    assert not settings.nik_key_file.exists()


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database with a key, and the environment of a command on it."""
    settings = settings_for(tmp_path)
    migrated(settings.database_url)
    with opened(settings) as database:
        open_nik_key(database, settings.nik_key_file, NOW)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTREAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(settings.secret_key_file))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(settings.nik_key_file))
    return settings


def test_the_key_is_changed_only_by_who_says_yes_to_the_warning(keyed: Settings) -> None:
    before = read_key(keyed.nik_key_file)
    no = CliRunner().invoke(main, ["nik-key", "change"], input="n\n")
    assert (
        no.exit_code == 1
        and "begin anew for everybody" in no.output
        and read_key(keyed.nik_key_file) == before
    )
    yes = CliRunner().invoke(main, ["nik-key", "change"], input="y\n")
    after = read_key(keyed.nik_key_file)
    aside = keyed.nik_key_file.with_name(f"nik.key.{identify_key(before)}")
    assert (
        yes.exit_code == 0
        and after != before
        and read_key(aside) == before
        and str(aside) in yes.output
    )
    assert after.hex() not in yes.output and identify_key(after) in yes.output
    assert aside.stat().st_mode & 0o777 == 0o600
    assert admit(keyed) == []
    shown = CliRunner().invoke(main, ["nik-key", "show"])
    assert shown.exit_code == 0 and shown.output.count(identify_key(after)) == 2


def test_a_key_that_was_lost_is_replaced_and_one_brought_along_is_taken(keyed: Settings) -> None:
    keyed.nik_key_file.unlink()
    shown = CliRunner().invoke(main, ["nik-key", "show"])
    assert shown.exit_code == 1 and "is missing" in shown.output
    with opened(keyed) as database:
        first, aside = change_nik_key(database, keyed.nik_key_file, NOW)
        assert aside is None and identify_key(read_key(keyed.nik_key_file)) == first
        shutil.move(keyed.nik_key_file, keyed.nik_key_file.with_name("old"))
        brought = identify_key(read_key(keyed.nik_key_file))
        assert change_nik_key(database, keyed.nik_key_file, NOW) == (brought, None)
    assert admit(keyed) == []
