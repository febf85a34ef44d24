"""The demonstration as one command: data, server, kiosk and display with a virtual printer, started
and stopped together.
"""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from queue_server.progress import show_progress
from queue_server.services.office.holidays import FIRST_YEAR, LAST_YEAR
from queue_server.settings import Settings
from queue_server.starting import CannotStart, migrate
from queue_server.store.office import offices as office_store
from queue_server.store.writer.database import Database

from .banten import HOME, offices
from .clock import choose_beginning
from .errors import StageError
from .scenarios import USUAL
from .scenarios import scenario as find_scenario

KIOSK_PORT_STEP, DISPLAY_PORT_STEP = 10, 20
START_SECONDS = 30
STOP_SECONDS = 10
FILLING = ".filling"
"""Stands beside the database while it is being filled."""

SCENARIO = "scenario"
"""Beside the database: the name of the scenario that it was filled with."""


def run_stage(
    data: Path, host: str, port: int, scenario: str | None, now: datetime | None, *, limits: bool
) -> int:
    """Set the stage, start everything, print where it is, and stop everything on Ctrl-C or SIGTERM.
    Returns the exit code.
    """
    if not _is_loopback(host):
        raise StageError(
            f"The demo listens on loopback only, because its passwords are printed; {host} is not."
        )
    admit_ports(host, port)
    data = data.resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StageError(
            f"{data} cannot be made ({error.strerror}). Choose another with --data."
        ) from None
    with claim_data(data):
        return _run(data, host, port, scenario, now, limits=limits)


@contextmanager
def claim_data(data: Path) -> Iterator[None]:
    """Be the only demo on this data, for as long as this process lives at most. Raises `StageError`
    if there is one already.
    """
    with (data / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StageError(
                f"Another demo runs on {data}. Stop it, or use another --data."
            ) from None
        yield


def _run(
    data: Path, host: str, port: int, scenario: str | None, now: datetime | None, *, limits: bool
) -> int:
    _forget_half_filled(data)
    admit_scenario(data, scenario)
    url = f"http://{host}:{port}"
    offset, told = set_clock(data, now)
    settings = Settings(
        database_url=f"sqlite:///{data / 'antrean.db'}",
        secret_key_file=data / "secret.key",
        nik_key_file=data / "nik.key",
        public_url=url,
        demo_access_file=data / "access.json",
        rate_limits=limits,
        clock_offset_seconds=offset,
    )
    links = {
        "server": url,
        "kiosk": f"http://{host}:{port + KIOSK_PORT_STEP}",
        "display": f"http://{host}:{port + DISPLAY_PORT_STEP}",
    }
    access = prepare(settings, scenario or USUAL, links)
    for kind in ("kiosk", "display"):
        _leave_token(data / kind, access["tokens"][kind])
    orders = _heed_orders()
    parts: list[subprocess.Popen[bytes]] = []
    try:
        environ = make_environ(settings)
        for command in _commands(url, data, host, port):
            # In a session of its own: Ctrl-C reaches this process alone, which then stops the parts
            # in order.
            parts.append(subprocess.Popen(command, env=environ, start_new_session=True))
        if _wait_until_ready(parts, links, orders):
            _print_links(access, data, told)
        return _watch(parts, orders)
    finally:
        _stop(parts)


def admit_ports(host: str, port: int) -> None:
    """Refuse, before anything is made, ports that another program listens on. Raises
    `StageError`.
    """
    for each in (port, port + KIOSK_PORT_STEP, port + DISPLAY_PORT_STEP):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, each))
            except OSError as error:
                raise StageError(
                    f"Port {each} cannot be used ({error.strerror}). Choose another with --port."
                ) from None


def set_clock(data: Path, asked: datetime | None) -> tuple[float, str | None]:
    """Where the demo's clock begins, as an offset in seconds, and a sentence if that is not the
    true time.

    The offset is kept beside the data, so that the clock never goes back on it; one left behind by
    a start that was stopped before the data were whole does not count. Raises `StageError` for an
    `asked` that it has passed.
    """
    if asked is not None and not FIRST_YEAR <= asked.year < LAST_YEAR:
        raise StageError(
            f"There is no calendar of holidays for {asked.year}; --now may be from {FIRST_YEAR} to "
            f"{LAST_YEAR - 1}."
        )
    file = data / "clock.json"
    is_kept = file.exists() and (data / "access.json").exists()
    kept = timedelta(seconds=json.loads(file.read_text())["offset_seconds"]) if is_kept else None
    real = datetime.now(UTC)
    year = (real + (kept or timedelta(0))).year
    home = next(each for each in offices((year, year + 1)) if each.code == HOME)
    beginning = choose_beginning(home, real, kept, asked)
    offset = beginning.offset.total_seconds()
    _write_private(file, json.dumps({"offset_seconds": offset}))
    return offset, beginning.sentence


def admit_scenario(data: Path, asked: str | None) -> None:
    """Refuse a scenario other than the one that this data was filled with. Raises `StageError`."""
    if asked is None or not (data / "access.json").exists():
        return
    note = data / SCENARIO
    filled_with = note.read_text() if note.exists() else None
    if asked != filled_with:
        known = f'the scenario "{filled_with}"' if filled_with else "an earlier version of the demo"
        raise StageError(
            f'This data was filled with {known}. For "{asked}" use another --data, or remove '
            f"{data} to fill it anew."
        )


def prepare(settings: Settings, scenario: str, links: Mapping[str, str]) -> dict[str, Any]:
    """Migrate the database and fill it if it is empty; returns the content of access.json."""
    try:
        migrate(settings, datetime.now(UTC))
    except CannotStart as error:
        raise StageError(str(error)) from None
    path = settings.demo_access_file
    assert path is not None, "the demo has an access file"
    if is_empty(settings):
        path.with_name(FILLING).touch()
        _write_private(path.with_name(SCENARIO), scenario)
        access = _fill(settings, scenario)
    elif path.exists():
        access = json.loads(path.read_text())
    else:
        raise StageError(
            f"{path} is gone, and with it the only copy of this data's passwords. Remove "
            f"{path.parent} to start afresh."
        )
    access = {**links, **{name: value for name, value in access.items() if name not in links}}
    _write_private(path, json.dumps(access, indent=2))
    path.with_name(FILLING).unlink(missing_ok=True)
    return access


def _forget_half_filled(data: Path) -> None:
    """Remove the database of a start that was stopped while it filled it: its passwords were never
    told.
    """
    if (data / FILLING).exists():
        for name in ("antrean.db", "antrean.db-wal", "antrean.db-shm"):
            (data / name).unlink(missing_ok=True)


def fill_empty(settings: Settings, scenario: str, path: Path) -> None:
    """Fill an empty, migrated database and write its log-ins and tokens to a file. Raises
    `StageError` if there is data.
    """
    if not is_empty(settings):
        raise StageError("The database is not empty.")
    try:
        # Before the filling, which makes the only copy of the passwords: where it cannot be written
        # nothing must be filled.
        _write_private(path, "{}")
    except OSError as error:
        raise StageError(f"{path} cannot be written ({error.strerror}).") from None
    _write_private(
        path, json.dumps({"server": settings.public_url, **_fill(settings, scenario)}, indent=2)
    )


def is_empty(settings: Settings) -> bool:
    """Whether a migrated database has no office yet."""
    database = Database(settings.database_url)
    try:
        with database.read() as connection:
            return not office_store.all_codes(connection)
    except sa.exc.SQLAlchemyError:
        raise StageError("The database has no schema yet: run `antrean migrate` first.") from None
    finally:
        database.close()


def _fill(settings: Settings, scenario: str) -> dict[str, Any]:
    # The whole application comes with these, and only the first start fills anything: the later
    # ones need not wait for it.
    from queue_server.app import make_clock

    from .fill import fill

    database = Database(settings.database_url)
    try:
        with show_progress("Filling the demonstration") as step:
            access = fill(
                database,
                settings,
                make_clock(settings.clock_offset_seconds),
                find_scenario(scenario),
                step,
            )
    finally:
        database.close()
    return asdict(access)


def make_environ(settings: Settings) -> dict[str, str]:
    """What the parts are started with. Every setting is given, those without a value too: an
    antrean.toml or a variable that is here already belongs to another server, whose screens and
    mail are not the demo's.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
    for name, value in settings.model_dump().items():
        environ[f"ANTREAN_{name.upper()}"] = (
            ",".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        )
    return environ


def _commands(server: str, data: Path, host: str, port: int) -> list[list[str]]:
    """What starts the server, the kiosk and the display."""
    commands = [
        ["serve", "--host", host, "--port", str(port)],
        [
            "kiosk",
            "--server",
            server,
            "--state",
            str(data / "kiosk"),
            "--listen",
            f"{host}:{port + KIOSK_PORT_STEP}",
            "--printer",
            f"virtual://{data / 'slips'}",
        ],
        [
            "display",
            "--server",
            server,
            "--state",
            str(data / "display"),
            "--listen",
            f"{host}:{port + DISPLAY_PORT_STEP}",
        ],
    ]
    return [[sys.executable, "-m", "queue_server", *command] for command in commands]


def _heed_orders() -> list[int]:
    """From now on an order to stop (Ctrl-C, SIGTERM) is only noted, so that no part is left behind;
    gives the list of orders.
    """
    orders: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: orders.append(caught))
    return orders


def _wait_until_ready(
    parts: Sequence[subprocess.Popen[bytes]], links: Mapping[str, str], orders: Sequence[int]
) -> bool:
    """Whether all parts answer; False when the order to stop came first. Raises `StageError`."""
    deadline = time.monotonic() + START_SECONDS
    waiting = [f"{links['server']}/livez", links["kiosk"], links["display"]]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while waiting and not orders:
        if any(part.poll() is not None for part in parts):
            raise StageError("A part of the demo stopped at once; the lines above say why.")
        if time.monotonic() > deadline:
            raise StageError(f"{waiting[0]} did not answer within {START_SECONDS} s.")
        try:
            opener.open(waiting[0], timeout=2).close()
            waiting.pop(0)
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return not orders


def _print_links(access: Mapping[str, Any], data: Path, told: str | None) -> None:
    click.echo()
    click.secho("Antrean's demo is running.", bold=True)
    if told:
        click.echo(told)
    click.echo(f"  Start here    {access['server']}/")
    click.echo(f"  Kiosk         {access['kiosk']}/")
    click.echo(f"  Lobby TV      {access['display']}/")
    click.echo(f"  Entry screen  {access['display']}/entry")
    click.echo(f"  Clerks        {access['server']}/desk")
    click.echo(f"  Door guard    {access['server']}/door")
    click.echo(f"  Slips         {data / 'slips'}")
    for role, login in access["logins"].items():
        click.echo(f"  {role:13} {login['username']}  {login['password']}")
    click.echo(f"  All of this, with API tokens: {data / 'access.json'}")
    click.echo("Press Ctrl-C to stop.")


def _watch(parts: Sequence[subprocess.Popen[bytes]], orders: Sequence[int]) -> int:
    """Wait for the order to stop (0) or for a part to end by itself (1)."""
    while not orders:
        ended = next((part for part in parts if part.poll() is not None), None)
        if ended is not None:
            click.echo(
                f"A part of the demo ended with code {ended.returncode}; stopping the rest.",
                err=True,
            )
            return 1
        time.sleep(0.2)
    return 0


def _stop(parts: Sequence[subprocess.Popen[bytes]]) -> None:
    for part in reversed(parts):
        if part.poll() is None:
            part.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _leave_token(folder: Path, token: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(folder / "token", token)


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
