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


def _agent_options(default_port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
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
                required=True,
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
        help="tcp://HOST:9100, file:///dev/usb/lp0, usb://VENDOR:PRODUCT or virtual:///DIR",
    ),
    click.option(
        "--profile", default="tm-t20iii-80", show_default=True, help="the paper and printer preset"
    ),
)


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
    server: str, state: Path, listen: str, printer_url: str | None, profile: str, **access: Any
) -> None:
    """Run the kiosk's agent.

    Example: antrean kiosk --server https://antrean.example.go.id --state /var/lib/antrean-kiosk
    --printer tcp://10.0.0.9:9100
    """
    patch()
    from kiosk.agent import run_agent

    _run(run_agent, server, state, listen, printer_url, profile, **access)


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
@_agent_options(8030)
@_add_options(*_printer_options)
def printer(
    server: str, state: Path, listen: str, printer_url: str | None, profile: str, **access: Any
) -> None:
    """Run a printer's agent, for a printer that stands away from the kiosk.

    Example: antrean printer --server https://antrean.example.go.id --state /var/lib/antrean-printer
    --printer tcp://10.0.0.9:9100
    """
    patch()
    from printer.agent import run_agent

    _run(run_agent, server, state, listen, printer_url, profile, **access)


def _run(agent: Callable[..., None], *arguments: Any, **access: Any) -> None:
    try:
        agent(*arguments, **access)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
