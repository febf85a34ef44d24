"""The kiosk's agent: pairs, keeps the offer fresh, takes numbers, prints them, and serves the touch
page.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gevent import monkey
from gevent.pywsgi import WSGIServer

from kiosk.issuing import Issuer
from kiosk.journal import Entry, Journal, RequestState
from kiosk.outlook import Outlook, TokenRevoked
from kiosk.page import build_of_page, create_page
from kiosk.qr import draw_qr
from printer import JobState, Printer, PrinterState, open_printer
from queue_server.protocol.client import QueueClient
from queue_server.protocol.enrolment import TokenFile, enrol, make_private
from queue_server.protocol.local_edge import LocalEdge, open_listener, read_listen
from queue_server.protocol.messages import Heartbeat, Pairing, to_wire

RETRY_PAUSE_SECONDS = 1.0
FORGET_SECONDS = 3600.0
RESTART_SECONDS = 5.0
DAY_SECONDS = 86_400.0

PRINT_WORDS = {
    JobState.QUEUED: "printing",
    JobState.SENDING: "printing",
    JobState.PRINTED: "printed",
    JobState.UNCONFIRMED: "unconfirmed",
    JobState.FAILED: "trouble",
    JobState.EXPIRED: "trouble",
    JobState.CANCELLED: "trouble",
}

log = logging.getLogger("antrean.kiosk")


class KioskAgent:
    """One kiosk: its connection to the server, its journal, its printer and its screen. `printer`
    None means no paper.
    """

    def __init__(self, client: QueueClient, state_dir: Path, printer: Printer | None) -> None:
        self.build = build_of_page()
        self.client = client
        self.token_file = TokenFile(state_dir / "token")
        self.journal = Journal(state_dir / "journal.sqlite3")
        self.printer = printer
        self.outlook = Outlook(self.client, self._heartbeat)
        self.issuer = Issuer(
            self.client,
            self.journal,
            printer,
            lambda: self.outlook.office,
            time.time,
            lambda: self.outlook.office_ahead,
        )
        self._pairing: Pairing | None = None
        self._paired = self.token_file.read() is not None

    def run(self) -> None:
        """Pair, follow the office, and pair again whenever the token is revoked. Never returns."""
        while True:
            try:
                self._pair()
                self._follow()
            except Exception:  # a kiosk keeps running after unforeseen errors
                log.exception("starting over")
                time.sleep(RESTART_SECONDS)

    def _follow(self) -> None:
        try:
            self.outlook.follow()
        except TokenRevoked:
            log.warning("the token was revoked: pairing again")
            self.token_file.forget()
        finally:
            self.outlook.connected = False

    def retry_without_end(self) -> None:
        """Complete or abandon every pending request, also those left by a crash."""
        forgotten_at = float("-inf")
        while True:
            try:
                self.issuer.retry(
                    sending=self.client.token is not None and self.outlook.office is not None
                )
                if time.monotonic() - forgotten_at >= FORGET_SECONDS:
                    self.journal.forget_old(time.time())
                    forgotten_at = time.monotonic()
            except Exception:
                log.exception("a request could not be brought to an end")
            time.sleep(RETRY_PAUSE_SECONDS)

    def state(self) -> dict[str, Any]:
        """All the page needs to draw itself."""
        offer = self.outlook.offer
        return {
            "build": self.build,
            "server": self.client.server_url,
            "paired": self._paired,
            "pairing_code": self._pairing.pairing_code if self._pairing else None,
            "connected": self.outlook.connected,
            "office_time": time.time() + self.outlook.office_ahead,
            "offer": None if offer is None else to_wire(offer),
        }

    def view(self, entry: Entry) -> dict[str, Any]:
        """A request as the screen shows it."""
        return {
            "key": entry.key,
            "state": entry.state.value,
            "language": entry.wish.language,
            "repeated": entry.repeated,
            "refusal": entry.refusal,
            "slip": None if entry.slip is None else to_wire(entry.slip),
            "qr": None if entry.slip is None else draw_qr(entry.slip.url),
            "print": self._print_state(entry),
        }

    def take(self, key: str, wish: Any) -> Entry:
        """Take a number; see `Issuer.take`."""
        entry = self.issuer.take(key, wish)
        self.outlook.refresh_soon()
        return entry

    def give_up(self, key: str) -> None:
        """See `Issuer.give_up`."""
        self.issuer.give_up(key)

    def copy(self, key: str) -> Entry | None:
        """See `Issuer.copy`."""
        return self.issuer.copy(key)

    def _print_state(self, entry: Entry) -> str | None:
        """`printing`, `printed`, `unconfirmed`, `trouble`; `none` without a printer; None if
        nothing is to be printed.
        """
        if entry.state is not RequestState.ISSUED:
            return None
        if self.printer is None:
            return "none"
        if entry.job is None:
            return None if entry.repeated else "trouble"
        try:
            state = self.printer.job(entry.job).state
            healthy = self.printer.status().can_print
        except Exception:  # a full disk under the spool must not hide the visitor's number
            log.exception("the print job %s cannot be followed", entry.job)
            return "trouble"
        if state is JobState.QUEUED and not healthy:
            return "trouble"
        return PRINT_WORDS[state]

    def _heartbeat(self) -> Heartbeat:
        facts: dict[str, str | int | bool] = {
            "pending": len(self.journal.pending()),
            "abandoned": self.journal.count_abandoned(time.time() - DAY_SECONDS),
            "printer": "none",
        }
        if self.printer is not None:
            facts.update(self._printer_facts(self.printer))
        return Heartbeat(self.build, facts)

    def _printer_facts(self, printer: Printer) -> dict[str, str | int | bool]:
        try:
            report = printer.report()
        except Exception:  # numbers are issued even if printing fails
            log.exception("the printer cannot be asked how it is")
            return {"printer": PrinterState.SPOOL_STOPPED.value}
        return {
            "printer": report.state.value,
            "print_queued": report.queued,
            "print_unconfirmed": report.unconfirmed,
            "roll_left": report.roll_left,
        }

    def _pair(self) -> None:
        self.client.token = self.token_file.read()
        self._paired, self._pairing = self.client.token is not None, None
        if self.client.token is None:
            token = enrol(self.client, "kiosk", self._show_pairing, time.sleep)
            self.token_file.write(token)
            self.client.token = token
            self._paired, self._pairing = True, None

    def _show_pairing(self, pairing: Pairing | None) -> None:
        self._pairing = pairing


def run_agent(
    server: str,
    state_dir: Path | str,
    listen: str = "127.0.0.1:8010",
    printer_url: str | Sequence[str] | None = None,
    printer_profile: str | Sequence[str] = "tm-t20iii-80",
    *,
    printer_token: bytes = b"",
    roll_mm: float = 80_000.0,
    ca_file: str | None = None,
    allow_plain_http: bool = False,
) -> None:
    """Run the kiosk's agent until interrupted: `server` is the queue server's URL, `listen` a
    loopback ADDR:PORT; `ca_file` and `allow_plain_http` are as for `QueueClient`.

    `printer_url`, `printer_profile`, `roll_mm` and `printer_token` are as for `open_printer`; no
    `printer_url` means a kiosk without paper. gevent must have patched the standard library
    already. Raises `ValueError` for a bad `server`, and for a `listen` that is bad or taken, and
    what `open_printer` raises.
    """
    if not monkey.is_module_patched("socket"):
        raise RuntimeError(
            "gevent.monkey.patch_all() must come first in the process that runs the agent"
        )
    address, port = read_listen(listen)
    # The issuer and the outlook repeat requests themselves, and know when to stop.
    client = QueueClient(server, attempts=1, ca_file=ca_file, allow_plain_http=allow_plain_http)
    folder = Path(state_dir)
    make_private(folder)
    printer = (
        None
        if not printer_url
        else open_printer(
            printer_url, folder / "printer", printer_profile, roll_mm=roll_mm, token=printer_token
        )
    )
    agent = KioskAgent(client, folder, printer)
    listener = open_listener(address, port)
    threading.Thread(target=agent.run, name="kiosk-outlook", daemon=True).start()
    threading.Thread(target=agent.retry_without_end, name="kiosk-retry", daemon=True).start()
    page = create_page(agent.build, agent.state, agent, agent.journal.entry, agent.view)
    log.info("the kiosk page is at http://%s:%d/", address, port)
    WSGIServer(listener, LocalEdge(page, port), log=None, error_log=log).serve_forever()
