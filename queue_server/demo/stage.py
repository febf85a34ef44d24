"""The demonstration as one command: data, server, kiosk, display and the printer of the reception,
both with virtual paper, started and stopped together.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from queue_server.settings import CONSOLE, Settings

from .data import admit_scenario, claim_data, forget_half_filled, leave_token, prepare, set_clock
from .errors import StageError
from .scenarios import USUAL

PORT_STEPS = KIOSK_PORT_STEP, DISPLAY_PORT_STEP, PRINTER_PORT_STEP = 10, 20, 30
START_SECONDS = 30
STOP_SECONDS = 10


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


def _run(
    data: Path, host: str, port: int, scenario: str | None, now: datetime | None, *, limits: bool
) -> int:
    forget_half_filled(data)
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
        gateway_url=CONSOLE,
        # Nobody but this machine can reach the demo, and a program tried with it is here too.
        webhook_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        clock_offset_seconds=offset,
    )
    links = {
        "server": url,
        "kiosk": f"http://{host}:{port + KIOSK_PORT_STEP}",
        "display": f"http://{host}:{port + DISPLAY_PORT_STEP}",
    }
    access = prepare(settings, scenario or USUAL, links)
    for kind in ("kiosk", "display", "printer"):
        leave_token(data / kind, access["tokens"][kind])
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
    for each in (port, *(port + step for step in PORT_STEPS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, each))
            except OSError as error:
                raise StageError(
                    f"Port {each} cannot be used ({error.strerror}). Choose another with --port."
                ) from None


def make_environ(settings: Settings) -> dict[str, str]:
    """What the parts are started with. Every setting is given, those without a value too: an
    antrean.toml or a variable that is here already belongs to another server, whose screens and
    mail are not the demo's.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ANTREAN_")}
    for name, value in settings.model_dump().items():
        environ[f"ANTREAN_{name.upper()}"] = (
            ",".join(map(str, value))
            if isinstance(value, tuple)
            else ""
            if value is None
            else str(value)
        )
    return environ


def _commands(server: str, data: Path, host: str, port: int) -> list[list[str]]:
    """What starts the server, the kiosk, the display and the printer of the reception."""
    printer = f"virtual://{data / 'slips'}"
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
            printer,
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
        [
            "printer",
            "--server",
            server,
            "--state",
            str(data / "printer"),
            "--listen",
            f"{host}:{port + PRINTER_PORT_STEP}",
            "--printer",
            printer,
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
