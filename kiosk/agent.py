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

from kiosk.guidance import Guidance
from kiosk.health import Health
from kiosk.help_line import HelpLine
from kiosk.issuing.issuer import Issuer
from kiosk.issuing.keeper import Keeper
from kiosk.issuing.lessor import Lessor
from kiosk.issuing.stop import Stop, StopAnswer
from kiosk.issuing.sync import Reporter
from kiosk.issuing.withdrawing import Withdrawer
from kiosk.link.clock import OfficeClock, this_machine
from kiosk.link.outlook import Outlook, TokenRevoked
from kiosk.link.watch import LinkWatch
from kiosk.page.page import build_of_page
from kiosk.page.shown import show_guide, show_offer
from kiosk.records.database import JournalUnwritable, Records
from kiosk.records.folder import hold_folder, installation_of
from kiosk.records.journal import Entry, Journal
from kiosk.records.leases import LeaseBook
from kiosk.serving import serve_page
from kiosk.showing import Standing, view
from kiosk.upkeep import Upkeep
from printer import Printer, open_printer
from printer.designs import DesignFetcher
from printer.staff_orders import StaffOrders
from queue_server.protocol.client import QueueClient
from queue_server.protocol.enrolment import TokenFile, enrol, make_private
from queue_server.protocol.local_edge import open_listener, read_listen
from queue_server.protocol.messages import DeviceOrder, OfficeOffer, Pairing
from queue_server.protocol.watchdog import LOOP_LATE_SECONDS, Pulse, start_watching

RESTART_SECONDS = 5.0

log = logging.getLogger("antrean.kiosk")


class KioskAgent:
    """One kiosk: its connection to the server, its records, its printer and its screen. `folder` is
    held by this process (`hold_folder`); `printer` None means no paper.
    """

    def __init__(self, client: QueueClient, folder: Path, printer: Printer | None) -> None:
        self.build = build_of_page()
        self.client = client
        self.printer = printer
        self.token_file = TokenFile(folder / "token")
        self.records = Records(folder / "journal.sqlite3")
        self.journal = Journal(self.records)
        self.book = LeaseBook(self.records)
        machine = this_machine()
        self.clock = OfficeClock(self.records, machine)
        self.watch = LinkWatch(self.book.count_unreported)
        self.installation = installation_of(folder, self.records.born)
        self.lessor = Lessor(
            self.book, self.journal, self.clock, Stop(self.records, machine.wall_clock)
        )
        self.guidance = Guidance(client, folder / "guide.json")
        self.outlook = Outlook(
            client,
            lambda: self.health.heartbeat(),
            self._obey,
            self.watch,
            self.clock,
            self._notice,
        )
        self.issuer = Issuer(
            client,
            self.journal,
            self.lessor,
            self.watch,
            printer,
            lambda: self.outlook.office,
            machine.wall_clock,
        )
        self.keeper = Keeper(
            client, self.book, self.clock, self.watch, self._letters, self.installation
        )
        self.standing = Standing(
            self.records, self.book, self.lessor, self.watch, self.clock, self.outlook
        )
        self.help_line = HelpLine(client)
        self.health = Health(
            self.build,
            self.installation,
            self.journal,
            self.standing,
            self.keeper,
            self.help_line,
            printer,
        )
        self._pairing: Pairing | None = None
        self._paired = self.token_file.read() is not None
        self._staff_orders = None if printer is None else StaffOrders(printer)
        self.pulse = Pulse()
        self.upkeep = Upkeep(
            self.records,
            self.journal,
            self.book,
            self.clock,
            self.watch,
            self.issuer,
            Reporter(client, self.book, self.watch),
            Withdrawer(client, self.journal, self.watch),
            self.keeper,
            self._can_ask,
            self.pulse,
        )

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
            self.book.end_all()
        finally:
            self.outlook.connected = False

    def state(self) -> dict[str, Any]:
        """All the page needs to draw itself. `connected`: a number can be had now; if not,
        `offline_refusal` is the code of the reason. `lease_left` is here that of the stream with
        the most: a stream without numbers closes its own tiles alone.
        """
        self.health.note_page()
        offer, why = self.standing.offer()
        return {
            "build": self.build,
            "server": self.client.server_url,
            "paired": self._paired,
            "pairing_code": self._pairing.pairing_code if self._pairing else None,
            "connected": offer is not None and why is None,
            "offline_refusal": why,
            "office_time": self.clock.guess().timestamp(),
            "offer": None if offer is None else show_offer(offer),
            "help": self.help_line.stage.value,
            "guide": self.guidance.guide.version if self.guidance.guide else "",
            "trouble": self.keeper.trouble,
            "conflicts": self.standing.conflicts(),
            **self.standing.facts(),
            "lease_left": self.lessor.count_left(max),
        }

    def view(self, entry: Entry) -> dict[str, Any]:
        """A request as the screen shows it."""
        return view(entry, self.printer, self.guidance.guide)

    def guide(self) -> dict[str, Any]:
        """What the page tells before a number is taken."""
        return show_guide(self.guidance.guide)

    def take(self, key: str, wish: Any) -> Entry:
        """Take a number; see `Issuer.take`."""
        self.health.note_touch()
        entry = self.issuer.take(key, wish)
        self.outlook.refresh_soon()
        self.keeper.refresh_soon()
        return entry

    def give_up(self, key: str) -> None:
        """See `Issuer.give_up`."""
        self.issuer.give_up(key)

    def copy(self, key: str) -> Entry | None:
        """See `Issuer.copy`."""
        return self.issuer.copy(key)

    def set_stop(self, pin: str, *, on: bool) -> StopAnswer:
        """See `Lessor.set_stop`."""
        return self.lessor.set_stop(pin, on=on)

    def _can_ask(self) -> bool:
        return self.client.token is not None and self.outlook.office is not None

    def _notice(self, offer: OfficeOffer) -> None:
        try:
            self.lessor.notice(offer)
        except JournalUnwritable:  # the screen says so by the probe
            log.exception("the office's standstill cannot be noted")
        self.guidance.follow(offer)

    def _letters(self) -> set[str]:
        offer = self.outlook.offer
        return set() if offer is None else {each.letter for each in offer.services}

    def _pair(self) -> None:
        self.client.token = self.token_file.read()
        self._paired, self._pairing = self.client.token is not None, None
        if self.client.token is None:
            token = enrol(self.client, "kiosk", self._show_pairing, self._rest)
            self.token_file.write(token)
            self.client.token = token
            self._paired, self._pairing = True, None

    def _rest(self, seconds: float) -> None:
        self.outlook.came_round_at = time.monotonic()
        time.sleep(seconds)

    def late_loops(self) -> list[str]:
        """The loops that hang."""
        hangs = time.monotonic() - self.outlook.came_round_at > LOOP_LATE_SECONDS
        return [*self.pulse.late(), *(["outlook"] if hangs else [])]

    def _obey(self, orders: Sequence[DeviceOrder]) -> None:
        if self._staff_orders is not None:
            self._staff_orders.carry_out(orders)

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
    already. Raises `ValueError` for a bad `server`, for a `listen` that is bad or taken, and for a
    folder that another agent works with, and what `open_printer` raises.
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
    with hold_folder(folder):
        printer = (
            None
            if not printer_url
            else open_printer(
                printer_url,
                folder / "printer",
                printer_profile,
                roll_mm=roll_mm,
                token=printer_token,
            )
        )
        agent = KioskAgent(client, folder, printer)
        listener = open_listener(address, port)
        for loop in (agent.run, agent.help_line.run, *agent.upkeep.loops):
            threading.Thread(target=loop, name=f"kiosk-{loop.__name__}", daemon=True).start()
        if printer is not None:
            designs = DesignFetcher(client, printer.designs)
            threading.Thread(target=designs.run, name="slip-design", daemon=True).start()
        start_watching(agent.late_loops)
        serve_page(agent, listener, port, folder)
