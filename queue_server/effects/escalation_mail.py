"""The mails to the province about alerts that nobody in the office has seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.escalation import mask_mailbox
from queue_server.store.supervisor import escalations as escalation_store
from queue_server.store.supervisor.escalations import Escalation
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .messages.port import BATCH, Draft, Ending, Letter, Result, Sender, SendingDelivery

ComposeEscalation = Callable[[Office, Escalation], Letter]
"""Finds the words: they are the edge's matter."""


class EscalationMailDelivery(SendingDelivery[Escalation]):
    """Who sees to an alert, or ends it, while its letter waits, is not told of it any more."""

    name = "escalation_mail"
    missing = "no_mail_server"

    def __init__(
        self,
        database: Database,
        sender: Sender | None,
        compose: ComposeEscalation,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(database, sender, clock)
        self._compose = compose

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Escalation]:
        return escalation_store.list_mail_due(connection, now, BATCH)

    def claim(self, tx: Transaction, owed: Escalation, now: datetime, until: datetime) -> bool:
        return escalation_store.claim_mail(tx, owed, now, until)

    def identify(self, owed: Escalation) -> tuple[str, int]:
        return owed.alert.id, owed.mail_attempts + 1

    def draft(self, owed: Escalation, now: datetime) -> Draft | Result:
        if owed.alert.acknowledged_at is not None or owed.alert.ended_at is not None:
            return Result(Ending.NEEDLESS)
        with self._database.read() as connection:
            office = self._database.offices.get(connection, owed.alert.office)
        address = office.rules.alerts.escalate_email
        if address is None:
            return Result(Ending.UNSENDABLE, "no_address")
        if self._sender is None:
            return Result(Ending.UNSENDABLE, self.missing)
        return Draft(f"{owed.alert.id}-on", address, self._compose(office, owed))

    def settle(self, tx: Transaction, owed: Escalation, result: Result, now: datetime) -> None:
        sent_at = now if result.ending is Ending.SENT else None
        escalation_store.settle_mail(
            tx,
            owed,
            sent_at=sent_at,
            sent_to=None if result.address is None else mask_mailbox(result.address),
            retry_at=result.retry_at,
            error=result.error,
        )

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        failing = escalation_store.count_failing(connection)
        return [f"{cls.name}: {number} mails, {error}" for error, number in failing.items()]
