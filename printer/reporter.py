"""What the server is told of a printer: paired first, then every 5 s and at every change."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from printer.device.status import PrinterState
from printer.printing import Printer
from printer.report import PrinterReport
from printer.staff_orders import StaffOrders, question_facts
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.enrolment import TokenFile, enrol
from queue_server.protocol.messages import Heartbeat, Pairing

REPORT_SECONDS = 5.0
LOOK_SECONDS = 1.0
NEWS = ("printer", "unconfirmed", "unconfirmed_job")
"""Facts that are told at once when they change."""

log = logging.getLogger("antrean.printer")


def heartbeat_of(report: PrinterReport) -> Heartbeat:
    """The heartbeat that reports a printer to the server."""
    facts: dict[str, str | int | bool] = {
        "printer": report.state.value,
        "reason": report.reason,
        "since": report.since.isoformat(),
        "queued": report.queued,
        "oldest_s": report.oldest_s,
        "printed": report.printed,
        "unconfirmed": report.unconfirmed,
        "expired": report.expired,
        "roll_left": report.roll_left,
        "beat_s": int(REPORT_SECONDS),
    }
    for number, each in enumerate(report.printers[1:], 2):
        facts[f"printer_{number}"] = each.state.value
    return Heartbeat(build_of_agent(), facts)


def build_of_agent() -> str:
    """The version of this package."""
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "unpackaged"


class Reporter:
    """Pairs this box with the server and sends reports: every 5 s, and at once when the printer's
    state changes.
    """

    def __init__(
        self,
        client: QueueClient,
        token_file: TokenFile,
        printer: Printer,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client, self._token_file, self._printer, self._sleep = (
            client,
            token_file,
            printer,
            sleep,
        )
        self._quiet_s = REPORT_SECONDS
        self._told: Mapping[str, object] | None = None
        self._staff_orders = StaffOrders(printer)

    def run(self) -> None:
        """Never returns."""
        while True:
            try:
                self._pair()
                self.tell()
            except Exception:  # such as a full disk: printing goes on, and so do reports
                log.exception("the report stumbled")
            self._sleep(LOOK_SECONDS)

    def _pair(self) -> None:
        if self._client.token is None:
            self._client.token = self._token_file.read()
        if self._client.token is None:
            token = enrol(self._client, "printer", _show_pairing, self._sleep)
            self._token_file.write(token)
            self._client.token = token

    def tell(self) -> bool:
        """Send a heartbeat if one is due. Returns True if the server accepted it. A revoked token
        is dropped, and `run` pairs again.
        """
        heartbeat = self._look()
        news = {name: heartbeat.facts.get(name) for name in NEWS}
        self._quiet_s += LOOK_SECONDS
        if news == self._told and self._quiet_s < REPORT_SECONDS:
            return False
        self._quiet_s = 0.0
        try:
            orders = self._client.heartbeat(heartbeat).orders
        except ServerUnreachable as problem:
            log.info("the server does not answer: %s", problem)
            return False
        except Refused as refusal:
            log.warning("the server refused the heartbeat: %s", refusal)
            if refusal.status == 401:
                self._token_file.forget()
                self._client.token = None
            return False
        self._told = news
        self._staff_orders.carry_out(orders)
        return True

    def _look(self) -> Heartbeat:
        try:
            heartbeat = heartbeat_of(self._printer.report())
            heartbeat.facts.update(question_facts(self._printer))
            return heartbeat
        except Exception:  # an unreadable spool: silence would look like a broken cable
            log.exception("the printer cannot be asked how it is")
            return Heartbeat(build_of_agent(), {"printer": PrinterState.SPOOL_STOPPED.value})


def _show_pairing(pairing: Pairing | None) -> None:
    if pairing is None:
        log.warning("not paired, and the server does not answer")
    else:
        log.warning(
            "pairing code %s: a manager approves it on the devices page", pairing.pairing_code
        )
