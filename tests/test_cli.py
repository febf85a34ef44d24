"""The command `antrean`: help, exit codes, administration, and several workers that really
serve.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import pytest
import requests
from click.testing import CliRunner, Result

from queue_server.cli import main
from queue_server.commands.access import ROLES
from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.key_files import read_key
from queue_server.services.access import devices, passwords, sessions, sign_in
from queue_server.store.access import tokens as token_store
from queue_server.store.access import users as user_store
from queue_server.store.writer.database import Database
from tests.fixtures.application import ELSEWHERE, HOME, People
from tests.fixtures.live_server import WAIT_SECONDS, Screen, serving

ESTABLISHED, LISTENING = "01", "0A"
"""States in /proc/net/tcp."""


def commands(group: click.Group = main, *path: str) -> Iterator[tuple[str, ...]]:
    """The path of every command and group."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0 and "Usage:" in result.output
    assert f"antrean {' '.join(path)}" in " ".join(
        result.output.split("Usage:", 1)[1].split("Example:")[1].split()
    )


def test_the_commands_of_the_contract_exist() -> None:
    assert {
        "demo",
        "serve",
        "kiosk",
        "display",
        "printer",
        "migrate",
        "seed",
        "user",
        "token",
        "device",
        "nik-key",
        "audit",
        "backup",
        "restore",
        "voice",
        "doctor",
    } <= set(main.commands)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder whose settings name a database that does not exist yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTREAN_DATABASE_URL", f"sqlite:///{tmp_path / 'antrean.db'}")
    monkeypatch.setenv("ANTREAN_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    monkeypatch.setenv("ANTREAN_NIK_KEY_FILE", str(tmp_path / "nik.key"))
    return tmp_path


@pytest.fixture
def office(folder: Path, filled_sqlite: tuple[Path, People]) -> Database:
    """The same with the schema and the tests' two offices."""
    return Database(f"sqlite:///{shutil.copy(filled_sqlite[0], folder)}")


def antrean(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=typed)


def test_several_workers_need_postgresql_and_redis_and_say_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(**environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "queue_server", "serve", "--workers", "2"]
        return subprocess.run(
            command,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    both = run()
    assert both.returncode == 2 and "PostgreSQL" in both.stderr and "Redis" in both.stderr
    redis = run(ANTREAN_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/x")
    assert redis.returncode == 2 and "PostgreSQL" not in redis.stderr and "Redis" in redis.stderr
    empty = run(
        ANTREAN_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/x", ANTREAN_REDIS_URL=""
    )
    assert empty.returncode == 2 and "Redis" in empty.stderr
    bad = run(ANTREAN_WROKERS="2")
    assert bad.returncode == 2 and "ANTREAN_WROKERS" in bad.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["doctor"],
        ["device", "list"],
        ["token", "add", "--name", "x", "--role", "clerk"],
    ],
)
def test_an_unknown_setting_ends_each_command_with_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("ANTREAN_COLOUR", "blue")
    result = antrean(*command)
    assert result.exit_code == 2 and "ANTREAN_COLOUR" in result.output
    assert not (folder / "antrean.db").exists()


DATABASE_COMMANDS = [
    ["user", "list"],
    ["token", "add", "--name", "x", "--role", "clerk"],
    ["device", "list"],
    ["device", "revoke", "x"],
]


@pytest.mark.parametrize("command", DATABASE_COMMANDS, ids=" ".join)
def test_a_database_that_is_not_there_or_not_migrated_is_named_with_what_to_do(
    folder: Path, command: list[str]
) -> None:
    gone = antrean(*command)
    assert (
        gone.exit_code == 1 and "antrean migrate" in gone.output and "Traceback" not in gone.output
    )
    (folder / "antrean.db").touch()
    empty = antrean(*command)
    assert (
        isinstance(empty.exception, SystemExit)
        and empty.exit_code == 1
        and "antrean migrate" in empty.output
    )


def test_a_database_that_does_not_answer_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "ANTREAN_DATABASE_URL", "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"
    )
    for command in (["migrate"], ["device", "list"]):
        result = antrean(*command)
        assert isinstance(result.exception, SystemExit) and result.exit_code == 1
        assert "antrean doctor" in result.output and "geheim" not in result.output


def test_migrate_is_safe_to_run_twice_and_the_doctor_is_content(folder: Path) -> None:
    before = antrean("doctor", "--json")
    assert before.exit_code == 1 and "antrean migrate" in before.output
    assert list(folder.iterdir()) == [], (
        "whoever asks the doctor makes no file that the server could not read then"
    )
    assert [antrean("migrate").exit_code for _ in range(2)] == [0, 0]
    nobody = json.loads(antrean("doctor", "--json").stdout)
    failing = [check["name"] for check in nobody["checks"] if not check["ok"]]
    assert failing == ["administrators"], "who would sign in?"
    head = ["user", "add", "kepala", "--name", "Kepala", "--role", "admin"]
    assert antrean(*head, "--password", "kuda-baterai-staples-9").exit_code == 0
    result = antrean("doctor", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0, report
    assert [check["name"] for check in report["checks"]] == [
        *("keys", "disk", "database", "schema", "nik key"),
        *("write", "clock", "port", "redis", "address", "certificate", "senders", "mail server"),
        *("voice", "relay", "reactions", "log chain", "log", "messages", "webhooks"),
        *("administrators", "offices", "devices", "kiosk reports", "forgetting", "backups"),
    ]
    assert all(check["ok"] and not check["to_do"] for check in report["checks"])
    assert report["settings"]["trusted_proxies"] == "0"
    assert "ok   schema" in antrean("doctor").output


def test_the_doctor_says_by_which_ways_visitors_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    antrean("migrate")
    assert "no e-mail, none by telephone" in antrean("doctor").output
    monkeypatch.setenv("ANTREAN_SMTP_URL", "smtp://mail")
    monkeypatch.setenv("ANTREAN_GATEWAY_URL", "https://gateway.contoh.id/send")
    assert "e-mail, messages by telephone" in antrean("doctor").output
    monkeypatch.setenv("ANTREAN_GATEWAY_BODY", "{to")
    told = antrean("doctor")
    assert told.exit_code == 1 and "ANTREAN_GATEWAY_BODY: is no JSON" in told.output
    monkeypatch.delenv("ANTREAN_GATEWAY_BODY")
    monkeypatch.setenv("ANTREAN_GATEWAY_SECRET_FILE", str(folder / "missing"))
    assert "missing" in antrean("doctor").output


def test_the_doctor_names_what_is_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    antrean("migrate")
    for name in ("secret.key", "nik.key"):
        read_key(folder / name)
    assert "readable by their owner only" in antrean("doctor").output
    (folder / "nik.key").chmod(0o644)
    result = antrean("doctor")
    assert result.exit_code == 1 and "FAIL keys" in result.output and "chmod 600" in result.output
    monkeypatch.setenv(
        "ANTREAN_DATABASE_URL", "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"
    )
    gone = antrean("doctor")
    assert gone.exit_code == 1 and "FAIL database" in gone.output and "geheim" not in gone.output


def test_a_user_is_added_once_with_a_long_password_in_an_office_there_is(office: Database) -> None:
    add = ["user", "add", "Rini", "--name", "Rini", "--role", "clerk", "--office", HOME]
    assert antrean(*add, "--password", "short").exit_code == 1
    unknown = antrean(
        "user",
        "add",
        "rini",
        "--name",
        "R",
        "--role",
        "clerk",
        "--office",
        "9999",
        "--password",
        "long-enough-1",
    )
    assert unknown.exit_code == 1 and "9999" in unknown.output
    done = antrean(*add, typed="long-enough-1\nlong-enough-1\n")
    assert done.exit_code == 0 and "long-enough-1" not in done.output
    again = antrean(*add, "--password", "long-enough-1")
    assert again.exit_code == 1 and "already" in again.output
    with office.read() as connection:
        found = user_store.find_login(connection, "rini")
    assert (
        found is not None
        and (found[0].role, found[0].office) == ("clerk", HOME)
        and found[1].startswith("$argon2id$")
    )
    assert (
        antrean(
            "user", "add", "x", "--name", "x", "--role", "king", "--password", "long-enough-1"
        ).exit_code
        == 2
    )


def test_an_account_is_closed_opened_again_and_given_a_new_password(office: Database) -> None:
    found = json.loads(antrean("user", "list", "--office", HOME, "--json").stdout)
    clerk = next(each for each in found if each["username"] == "clerk")
    assert {
        "name": "Clerk",
        "role": "clerk",
        "office": HOME,
        "active": True,
    }.items() <= clerk.items()
    assert "hash" not in str(found) and {each["office"] for each in found} == {HOME}
    assert [antrean("user", "close", "Clerk").exit_code for _ in range(2)] == [0, 0]
    assert [
        line.split()[3]
        for line in antrean("user", "list").output.splitlines()
        if line.startswith("clerk ")
    ] == ["closed"]
    done = antrean("user", "reset-second-factor", "clerk")
    assert done.exit_code == 0 and "Nothing was changed" in done.output
    assert [antrean("user", "reopen", "clerk").exit_code for _ in range(2)] == [0, 0]
    done = antrean("user", "password", "clerk", typed="sandi-yang-baru\nsandi-yang-baru\n")
    assert done.exit_code == 0 and "sandi-yang-baru" not in done.output
    user, known = sign_in.find_user(office, "clerk")
    assert (
        user is not None
        and user.must_change
        and passwords.verify_password(known, "sandi-yang-baru")
    )


def test_an_account_gets_other_offices_and_another_role(office: Database) -> None:
    add = ["user", "add", "rini", "--name", "Rini", "--role", "reception"]
    done = antrean(*add, "--office", HOME, "--office", ELSEWHERE, "--password", "long-enough-1")
    assert done.exit_code == 0, done.output

    def place() -> tuple[str, str | None, tuple[str, ...]]:
        user, _known = sign_in.find_user(office, "rini")
        assert user is not None
        return user.role, user.office, user.also

    assert place() == ("reception", HOME, (ELSEWHERE,))
    listed = antrean("user", "list", "--office", ELSEWHERE).output
    assert f"{HOME},{ELSEWHERE}" in listed
    for options, expected in (
        (["--role", "auditor"], ("auditor", HOME, (ELSEWHERE,))),
        (["--office", ELSEWHERE], ("auditor", ELSEWHERE, ())),
        (["--all-offices", "--role", "province"], ("province", None, ())),
    ):
        assert antrean("user", "change", "rini", *options).exit_code == 0
        assert place() == expected
    for wrong in ([], ["--all-offices", "--office", HOME], ["--role", "king"]):
        assert antrean("user", "change", "rini", *wrong).exit_code == 2
    assert place() == ("province", None, ())


def test_the_command_line_knows_every_role_of_people() -> None:
    assert sorted(ROLES) == sorted(OF_PEOPLE)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("user", "change", "nobody", "--role", "clerk"), "no user nobody"),
        (("user", "change", "admin", "--role", "manager"), "last administrator"),
        (("user", "change", "admin", "--office", HOME), "last administrator"),
        (("user", "change", "clerk", "--office", "9999"), "no office 9999"),
        (("user", "close", "nobody"), "no user nobody"),
        (("user", "reopen", "nobody"), "no user nobody"),
        (("user", "password", "nobody", "--password", "long-enough-1"), "no user nobody"),
        (("user", "close", "admin"), "last administrator"),
        (("user", "list", "--office", "9999"), "no office 9999"),
        (("user", "password", "clerk", "--password", "short"), "at least 10"),
        (("user", "password", "clerk", "--password", "x" * 201), "at most 200"),
        (
            ("user", "password", "clerk_elsewhere", "--password", "CLERK_elsewhere"),
            "must not be the user name",
        ),
        (
            (
                "user",
                "add",
                "si ti",
                "--name",
                "Siti",
                "--role",
                "clerk",
                "--password",
                "long-enough-1",
            ),
            "a to z",
        ),
        (("token", "revoke", "nothing"), "No program has a token nothing"),
    ],
)
def test_what_an_account_or_token_cannot_do_is_said(
    office: Database, command: tuple[str, ...], words: str
) -> None:
    result = antrean(*command)
    assert result.exit_code == 1 and words in result.output, result.output


def test_an_account_is_linked_to_a_sign_in_service_where_there_is_one(
    office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ("user", "link", "clerk", "--email", "clerk@example.go.id")
    refused = antrean(*link)
    assert refused.exit_code == 1 and "ANTREAN_OIDC_ISSUER" in refused.output
    monkeypatch.setenv("ANTREAN_OIDC_ISSUER", "https://login.example.go.id")
    assert antrean(*link).output == "clerk is linked.\n"
    again = antrean("user", "link", "guard", "--email", "clerk@example.go.id")
    assert again.exit_code == 1 and "linked to this person already" in again.output
    odd = antrean("user", "link", "guard", "--email", "nobody")
    assert odd.exit_code == 1 and "no e-mail address" in odd.output
    assert antrean("user", "link", "clerk").output == "clerk is not linked.\n"


def test_a_token_is_listed_without_its_secret_and_revoked(office: Database) -> None:
    secret = antrean(
        "token", "add", "--name", "BI", "--role", "manager", "--office", HOME
    ).output.strip()
    listed = antrean("token", "list", "--json").stdout
    token = next(each for each in json.loads(listed) if each["name"] == "BI")
    assert secret not in listed and sessions.hash_secret(secret) not in listed
    assert (token["role"], token["office"], token["is_active"], token["revoked_at"]) == (
        "manager",
        HOME,
        True,
        None,
    )
    assert [antrean("token", "revoke", token["id"]).exit_code for _ in range(2)] == [0, 0]
    assert [
        line.split()[3]
        for line in antrean("token", "list").output.splitlines()
        if line.startswith(token["id"])
    ] == ["void"]
    with office.read() as connection:
        assert (
            token_store.find_token(connection, sessions.hash_secret(secret), datetime.now(UTC))
            is None
        )


def test_a_token_is_shown_once_and_kept_as_a_hash(office: Database, folder: Path) -> None:
    result = antrean("token", "add", "--name", "BI", "--role", "manager", "--office", HOME)
    secret = result.output.strip()
    assert result.exit_code == 0 and len(secret) >= 43
    office.close()
    assert secret.encode() not in b"".join(each.read_bytes() for each in folder.glob("antrean.db*"))
    assert (
        antrean("token", "add", "--name", "x", "--role", "manager", "--office", "9999").exit_code
        == 1
    )


def test_devices_are_listed_approved_and_revoked(office: Database) -> None:
    pairing = devices.draw_pairing()
    office.write(
        [], partial(devices.request_pairing, kind="display", pairing=pairing, now=datetime.now(UTC))
    )
    assert antrean("device", "approve", "NOSUCH", "--office", HOME).exit_code == 1
    assert antrean("device", "approve", pairing.code, "--office", "9999").exit_code == 1
    approved = antrean(
        "device", "approve", pairing.code.lower(), "--office", HOME, "--name", "Lobby TV"
    )
    assert approved.exit_code == 0, approved.output
    listed = json.loads(antrean("device", "list", "--office", HOME, "--json").stdout)
    assert {"id": pairing.id, "state": "APPROVED", "name": "Lobby TV"}.items() <= next(
        each for each in listed if each["id"] == pairing.id
    ).items()
    assert antrean("device", "revoke", pairing.id).exit_code == 0
    assert "REVOKED" in antrean("device", "list").output
    assert antrean("device", "revoke", "none").exit_code == 1


def test_seed_fills_an_empty_database_only(office: Database, folder: Path) -> None:
    result = antrean("seed", "banten", "--access", str(folder / "access.json"))
    assert result.exit_code == 1 and "not empty" in result.output
    assert not (folder / "access.json").exists()


def test_the_demo_listens_on_loopback_only(folder: Path) -> None:
    result = antrean("demo", "--data", str(folder / "demo"), "--host", "0.0.0.0")
    assert result.exit_code == 2 and "loopback" in result.output
    assert not (folder / "demo").exists()


@pytest.mark.requires_postgresql
@pytest.mark.requires_redis
def test_two_workers_share_a_port_and_a_call_in_one_reaches_boards_in_both(
    filled_postgresql_copy: tuple[str, People], redis_url: str, tmp_path: Path
) -> None:
    url, people = filled_postgresql_copy
    with serving(tmp_path, url, people, "--workers", "2", ANTREAN_REDIS_URL=redis_url) as server:
        workers = _children(server.processes[0].pid)
        assert len(workers) == 2
        _wait_for_listeners(server.url, 2)
        screens: list[Screen] = []
        try:
            # The kernel spreads connections over the workers, so a dozen screens stand in both.
            screens += [Screen(server.url) for _ in range(12)]
            for screen in screens:
                assert screen.watch("board", HOME)["office"] == HOME
            assert all(_connections(worker, server.url) for worker in workers), (
                "both workers hold screens"
            )
            slip = server.walk_in()
            called = server.call_next(f"{HOME}-1")
            assert called["number"] == slip["number"]
            for screen in screens:
                board = screen.next("board", lambda snapshot: bool(snapshot["calls"]))
                assert board["calls"][0]["number"] == slip["number"]
        finally:
            for screen in screens:
                screen.client.disconnect()
        assert server.ask("GET", "/offices").status_code == 200
        ready = [
            requests.get(f"{server.url}/readyz", timeout=WAIT_SECONDS).json() for _ in range(6)
        ]
        assert {
            (each["status"], each["checks"]["redis"], each["checks"]["write"]) for each in ready
        } == {("ok", "ok", "ok")}
    assert all(not Path(f"/proc/{worker}").exists() for worker in workers)


def _children(process: int) -> list[int]:
    """The processes a process started, by Linux's own list."""
    return [
        int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def _sockets(url: str, state: str) -> set[str]:
    """The inodes of the sockets on the server's port that are in a state of the kernel's list."""
    port = f":{int(url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[1].endswith(port) and row[3] == state}


def _wait_for_listeners(url: str, count: int) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while len(_sockets(url, LISTENING)) < count:
        assert time.monotonic() < deadline, "not all workers listen"
        time.sleep(0.02)


def _connections(process: int, url: str) -> int:
    """How many established connections to the server's port a process holds."""
    held = {
        each.readlink().name for each in Path(f"/proc/{process}/fd").iterdir() if each.is_symlink()
    }
    return sum(f"socket:[{inode}]" in held for inode in _sockets(url, ESTABLISHED))
