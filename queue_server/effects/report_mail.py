"""The mails with the report of a week or month that is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from queue_server.domain.office.office import Office
from queue_server.domain.reports.mailing import ReportMail, next_due, period_due
from queue_server.domain.reports.period import Period
from queue_server.store.reports import mails as mail_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .messages.port import BATCH, Draft, Ending, Letter, Result, Sender, SendingDelivery

ComposeReport = Callable[[Office, ReportMail, Period], Letter]
"""Makes the report, its file and its words: they are the edge's matter."""


class ReportMailDelivery(SendingDelivery[ReportMail]):
    """Without a mail server the managers' page says that nothing was sent."""

    name = "report_mail"
    missing = "no_mail_server"
    step_seconds = 60.0

    def __init__(
        self,
        database: Database,
        sender: Sender | None,
        compose: ComposeReport,
        clock: Callable[[], datetime],
        is_settling: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(database, sender, clock)
        self._compose = compose
        self._is_settling = is_settling

    def list_due(self, connection: Connection, now: datetime) -> Sequence[ReportMail]:
        return [] if self._is_settling() else mail_store.list_due(connection, now, BATCH)

    def claim(self, tx: Transaction, owed: ReportMail, now: datetime, until: datetime) -> bool:
        return mail_store.claim(tx, owed, now, until)

    def identify(self, owed: ReportMail) -> tuple[str, int]:
        return owed.id, owed.claims + 1

    def draft(self, owed: ReportMail, now: datetime) -> Draft | Result:
        if self._sender is None:
            return Result(Ending.UNSENDABLE, self.missing)
        office = self._find_office(owed)
        period = period_due(owed.every, office.date_at(now))
        letter = self._compose(office, owed, period)
        return Draft(f"{owed.id}.{period.last}", owed.email, letter, owed.language)

    def settle(self, tx: Transaction, owed: ReportMail, result: Result, now: datetime) -> None:
        office = tx.office(owed.office)
        mail_store.settle(
            tx,
            owed,
            due_at=result.retry_at or next_due(owed.every, office.date_at(now), office.tz),
            is_over=result.retry_at is None,
            error=result.error,
            sent_at=now if result.ending is Ending.SENT else None,
        )

    def _find_office(self, owed: ReportMail) -> Office:
        with self._database.read() as connection:
            return self._database.offices.get(connection, owed.office)

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        failing = mail_store.list_failing(connection)
        return [f"{cls.name}: {number} mails, {error}" for error, number in failing]
