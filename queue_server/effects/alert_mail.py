"""Tells an office by mail of alerts that cannot wait for a look at the wall: after the commit,
under a lease, tried again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

import structlog

from queue_server.domain.office.office import Office
from queue_server.domain.visit.letters import retry_after
from queue_server.store.supervisor import alert_mail as mail_store
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.writer.database import Database

from .mail import BATCH, LEASE, STEP_SECONDS, Letter, MailServer, connect

log = structlog.get_logger()

ComposeAlert = Callable[[Office, Alert], Letter]
"""Finds the words: they are the edge's matter."""


class AlertMailer:
    """One sender per process. Without a mail server the wall says that nobody was told by mail."""

    def __init__(
        self,
        database: Database,
        server: MailServer | None,
        compose: ComposeAlert,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._server = server
        self._compose = compose
        self._clock = clock
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.wait(STEP_SECONDS):
            try:
                self.step()
            except Exception as error:
                log.error("alert_mail_failed", kind=type(error).__name__)

    def stop(self) -> None:
        self._stop.set()

    def step(self) -> int:
        """Send what is due now, at most a batch. Returns how many letters were seen to."""
        with self._database.read() as connection:
            due = mail_store.list_mail_due(connection, self._clock(), BATCH)
        for alert in due:
            self._see_to(alert)
        return len(due)

    def _see_to(self, alert: Alert) -> None:
        now = self._clock()
        if not self._database.write(
            [], partial(mail_store.claim_mail, alert=alert, now=now, until=now + LEASE)
        ):
            return  # another process was faster
        with self._database.read() as connection:
            office = self._database.offices.get(connection, alert.office)
        address = office.rules.alerts.email
        if address is None or self._server is None:
            self._settle(alert, error="no_address" if address is None else "no_mail_server")
            return
        try:
            smtp = connect(self._server)
            try:
                smtp.send_message(self._write(alert, office, address, self._server))
            finally:
                smtp.close()
        except Exception as error:
            # No answer of the server is kept: it may quote the address.
            pause = retry_after(alert.mail_attempts + 1)
            log.warning(
                "alert_mail_not_sent",
                alert=alert.id,
                kind=type(error).__name__,
                again=pause is not None,
            )
            self._settle(
                alert, retry_at=self._clock() + pause if pause else None, error=type(error).__name__
            )
        else:
            self._settle(alert, sent_at=self._clock())

    def _write(
        self, alert: Alert, office: Office, address: str, server: MailServer
    ) -> EmailMessage:
        letter = self._compose(office, alert)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = server.sender, address, letter.subject
        mail["Date"] = format_datetime(self._clock())
        # The same for every attempt, so that mail programs can tell a repetition from a second
        # alert.
        mail["Message-ID"] = f"<{alert.id}@{server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        return mail

    def _settle(
        self,
        alert: Alert,
        *,
        sent_at: datetime | None = None,
        retry_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        settle = partial(
            mail_store.settle_mail, alert=alert, sent_at=sent_at, retry_at=retry_at, error=error
        )
        self._database.write([], settle)
