"""The printer's own agent, on a box beside the printer: takes slips over local HTTP, from kiosks of
the office network and from the reception, and reports the printer's health to the server.
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from gevent import monkey
from gevent.pywsgi import WSGIServer

from printer.designs import DesignFetcher
from printer.local_api import create_app, create_lan_app
from printer.orders import Orders
from printer.printing import open_printer, utc_now
from printer.reporter import Reporter
from printer.spool.roll import ROLL_MM
from queue_server.protocol.client import QueueClient
from queue_server.protocol.enrolment import TokenFile, make_private
from queue_server.protocol.local_edge import open_listener, read_listen

log = logging.getLogger("antrean.printer")


def read_lan_listen(listen: str) -> tuple[str, int]:
    """`ADDR:PORT` of the office network as its two parts. Raises `ValueError`."""
    host, _, port = listen.rpartition(":")
    address = host.strip("[]")
    try:
        ipaddress.ip_address(address)
        return address, int(port)
    except ValueError:
        raise ValueError(f"{listen!r} is not ADDR:PORT") from None


def run_agent(
    server: str,
    state_dir: Path | str,
    listen: str = "127.0.0.1:8030",
    printer_url: str | Sequence[str] | None = None,
    profile: str | Sequence[str] = "tm-t20iii-80",
    clock: Callable[[], datetime] = utc_now,
    *,
    listen_lan: str | None = None,
    token: bytes = b"",
    roll_mm: float = ROLL_MM,
    ca_file: str | None = None,
    allow_plain_http: bool = False,
) -> None:
    """Run the printer's agent until interrupted: `server` is the queue server's URL, `listen` a
    loopback ADDR:PORT; `ca_file` and `allow_plain_http` are as for `QueueClient`.

    Without `printer_url` slips go into `state_dir/slips`. The token for the local API is in
    `state_dir/agent-token`. With `listen_lan`, an ADDR:PORT of the office network, kiosks that hold
    `token` print here too. gevent must have patched the standard library already. Raises
    `ValueError` for a bad `server`, for a `listen` that is bad or taken, and for `listen_lan`
    without a `token`, `UnknownAddress`, `UnknownProfile`, `SpoolInUse`.
    """
    if not monkey.is_module_patched("socket"):
        raise RuntimeError(
            "gevent.monkey.patch_all() must come first in the process that runs the agent"
        )
    address, port = read_listen(listen)
    lan = None if listen_lan is None else read_lan_listen(listen_lan)
    if lan is not None and not token:
        raise ValueError("--listen-lan needs --printer-token-file, or anybody could print here")
    client = QueueClient(server, ca_file=ca_file, allow_plain_http=allow_plain_http)
    folder = Path(state_dir).resolve()
    make_private(folder)
    local_token = TokenFile(folder / "agent-token")
    if local_token.read() is None:
        local_token.write(secrets.token_urlsafe(32))
    printer = open_printer(
        printer_url or f"virtual://{folder}/slips",
        folder,
        profile,
        clock,
        roll_mm=roll_mm,
        token=token,
    )
    try:
        listener = open_listener(address, port)
        reporter = Reporter(client, TokenFile(folder / "token"), printer)
        threading.Thread(target=reporter.run, name="printer-report", daemon=True).start()
        orders = Orders(client, printer)
        threading.Thread(target=orders.run, name="printer-orders", daemon=True).start()
        if lan is not None:
            lan_server = WSGIServer(
                open_listener(*lan), create_lan_app(printer, token), log=None, error_log=log
            )
            lan_server.start()
            log.info("kiosks print at antrean://%s:%d", *lan)
        designs = DesignFetcher(client, printer.designs)
        threading.Thread(target=designs.run, name="slip-design", daemon=True).start()
        log.info("the printer's agent is at http://%s:%d/", address, port)
        WSGIServer(
            listener, create_app(printer, local_token.read() or ""), log=None, error_log=log
        ).serve_forever()
    finally:
        printer.close()
