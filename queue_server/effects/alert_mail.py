"""The mails to an office about alerts that cannot wait for a look at the supervisor dashboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.escalation import mask_mailbox
from queue_server.store.supervisor import alert_mail as mail_store
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .messages.port import BATCH, Draft, Ending, Letter, Result, Sender, SendingDelivery

ComposeAlert = Callable[[Office, Alert], Letter]
"""Finds the words: they are the edge's matter."""


class AlertMailDelivery(SendingDelivery[Alert]):
    """Without a mail server the supervisor dashboard says that nobody was told by mail."""

    name = "alert_mail"
    missing = "no_mail_server"

    def __init__(
        self,
        database: Database,
        sender: Sender | None,
        compose: ComposeAlert,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(database, sender, clock)
        self._compose = compose

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Alert]:
        return mail_store.list_mail_due(connection, now, BATCH)

    def claim(self, tx: Transaction, owed: Alert, now: datetime, until: datetime) -> bool:
        return mail_store.claim_mail(tx, owed, now, until)

    def identify(self, owed: Alert) -> tuple[str, int]:
        return owed.id, owed.mail_attempts + 1

    def draft(self, owed: Alert, now: datetime) -> Draft | Result:
        with self._database.read() as connection:
            office = self._database.offices.get(connection, owed.office)
        address = office.rules.alerts.email
        if address is None:
            return Result(Ending.UNSENDABLE, "no_address")
        if self._sender is None:
            return Result(Ending.UNSENDABLE, self.missing)
        return Draft(owed.id, address, self._compose(office, owed))

    def settle(self, tx: Transaction, owed: Alert, result: Result, now: datetime) -> None:
        sent_at = now if result.ending is Ending.SENT else None
        mail_store.settle_mail(
            tx,
            owed,
            sent_at=sent_at,
            sent_to=None if result.address is None else mask_mailbox(result.address),
            retry_at=result.retry_at,
            error=result.error,
        )

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        failing = mail_store.count_failing(connection)
        return [f"{cls.name}: {number} mails, {error}" for error, number in failing.items()]
