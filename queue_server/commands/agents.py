"""`antrean kiosk`, `display` and `printer`: the agents beside screens and paper, each of which
imports its own part alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def patch() -> None:
    """Make the standard library cooperative; must come before the imports of what is run."""
    from gevent import monkey

    monkey.patch_all()


def _agent_options(
    default_port: int, *, server_required: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in (
            click.option(
                "--listen",
                default=f"127.0.0.1:{default_port}",
                show_default=True,
                help="a loopback address and port",
            ),
            click.option(
                "--state",
                type=click.Path(path_type=Path, file_okay=False),
                required=True,
                help="the agent's folder",
            ),
            click.option(
                "--allow-plain-http",
                is_flag=True,
                envvar="ANTREAN_AGENT_ALLOW_PLAIN_HTTP",
                help="talk to a server on another machine without encryption",
            ),
            click.option(
                "--ca",
                "ca_file",
                type=click.Path(exists=True, dir_okay=False),
                envvar="ANTREAN_AGENT_CA",
                help="the certificate authority of an office with its own, as a PEM file",
            ),
            click.option(
                "--server",
                required=server_required,
                help="the server's address, such as https://antrean.example.go.id",
            ),
        ):
            command = option(command)
        return command

    return add


_printer_options = (
    click.option(
        "--printer",
        "printer_url",
        multiple=True,
        help="tcp://HOST:9100, file:///dev/usb/lp0, usb://VENDOR:PRODUCT, cups://QUEUE, "
        "antrean://HOST:PORT or virtual:///DIR; again for the printer to use if this one fails; "
        "with LABEL= before it to name it",
    ),
    click.option(
        "--profile",
        multiple=True,
        default=("tm-t20iii-80",),
        show_default=True,
        help="the paper and printer preset, such as generic-80,status=query; once for all printers "
        "or once for each",
    ),
    click.option(
        "--roll-m",
        type=click.FloatRange(1, 1000),
        default=80.0,
        show_default=True,
        help="the length of a new roll of paper in metres",
    ),
    click.option(
        "--printer-token-file",
        type=click.Path(path_type=Path),
        envvar="ANTREAN_PRINTER_TOKEN_FILE",
        help="what a kiosk and the agent of its printer both know, 16 characters at least",
    ),
)


def _read_token(path: Path | None) -> bytes:
    if path is None:
        return b""
    from printer.signing import UnsafeSecret, read_secret

    try:
        return read_secret(path)
    except UnsafeSecret as error:
        raise click.UsageError(str(error)) from None


def _add_options(*options: Callable[..., Any]) -> Callable[..., Any]:
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in options:
            command = option(command)
        return command

    return add


@click.command()
@_agent_options(8010)
@_add_options(*_printer_options)
def kiosk(
    server: str,
    state: Path,
    listen: str,
    printer_url: tuple[str, ...],
    profile: tuple[str, ...],
    roll_m: float,
    printer_token_file: Path | None,
    **access: Any,
) -> None:
    """Run the kiosk's agent.

    Example: antrean kiosk --server https://antrean.example.go.id --state /var/lib/antrean-kiosk
    --printer tcp://10.0.0.9:9100
    """
    patch()
    from kiosk.agent import run_agent

    token = _read_token(printer_token_file)
    paper = {"printer_token": token, "roll_mm": roll_m * 1000}
    _run(run_agent, server, state, listen, printer_url, profile, **paper, **access)


@click.command()
@click.option(
    "--url",
    default="http://127.0.0.1:8010/",
    show_default=True,
    help="the page of the agent of a kiosk or, on port 8020, of a TV",
)
@click.option(
    "--command",
    "program",
    default="chromium",
    show_default=True,
    help="the browser, with what stands before it",
)
@click.option(
    "--profile",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="the browser's own folder, best in memory",
)
def browser(url: str, program: str, profile: Path) -> None:
    """Keep the page of a kiosk or a TV on the screen: start the browser anew when it is gone or
    silent, and each night.

    Example: antrean browser --profile /run/antrean-browser/profile --command "cage -- chromium"
    """
    from kiosk.browser import run_browser

    run_browser(url, program, profile)


@click.command()
@_agent_options(8020)
def display(server: str, state: Path, listen: str, **access: Any) -> None:
    """Run the TV's agent.

    Example: antrean display --server https://antrean.example.go.id --state /var/lib/antrean-display
    """
    patch()
    from display.agent import run_agent

    _run(run_agent, server, state, listen, **access)


@click.command()
@_agent_options(8030, server_required=False)
@_add_options(*_printer_options)
@click.option(
    "--listen-lan",
    metavar="ADDR:PORT",
    help="let kiosks of the office network print here; needs --printer-token-file",
)
@click.option(
    "--self-test",
    is_flag=True,
    help="print a test slip on the first printer, say what was measured, and stop",
)
def printer(
    server: str | None,
    state: Path,
    listen: str,
    printer_url: tuple[str, ...],
    profile: tuple[str, ...],
    roll_m: float,
    printer_token_file: Path | None,
    listen_lan: str | None,
    self_test: bool,
    **access: Any,
) -> None:
    """Run a printer's agent, for a printer that stands away from the kiosk.

    Example: antrean printer --server https://antrean.example.go.id --state /var/lib/antrean-printer
    --printer tcp://10.0.0.9:9100
    """
    if self_test:
        _test_printer(printer_url, profile)
        return
    if server is None:
        raise click.UsageError("--server is missing")
    patch()
    from printer.agent import run_agent

    shared = {"listen_lan": listen_lan, "token": _read_token(printer_token_file)}
    paper = {**shared, "roll_mm": roll_m * 1000}
    _run(run_agent, server, state, listen, printer_url, profile, **paper, **access)


def _test_printer(addresses: tuple[str, ...], profiles: tuple[str, ...]) -> None:
    from printer.device.transport import DeviceFailed, DeviceUnreachable
    from printer.self_test import run_self_test

    if not addresses:
        raise click.UsageError("--printer is missing")
    try:
        click.echo(run_self_test(addresses[0], profiles[0]))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except (DeviceUnreachable, DeviceFailed) as problem:
        raise click.ClickException(f"the printer cannot be reached: {problem}") from None


def _run(agent: Callable[..., None], *arguments: Any, **access: Any) -> None:
    try:
        agent(*arguments, **access)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
