"""What all mail has in common, to visitors and to the office: how it is written, sent, tried again
and given up.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from enum import Enum, auto
from functools import partial
from typing import Protocol

import structlog

from queue_server.domain.deliveries import MAIL_ATTEMPTS
from queue_server.effects.delivery import Delivery, Owed, Settle
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .smtp import AddressRefused, Mailbag, MailServer

log = structlog.get_logger()

BATCH = 20


class Letter(Protocol):
    """A message in words."""

    @property
    def subject(self) -> str: ...

    @property
    def body(self) -> str: ...


class Ending(Enum):
    """What became of a mail. UNSENDABLE: there is no way to send it, and trying again is of no
    use.
    """

    SENT = auto()
    NEEDLESS = auto()
    UNSENDABLE = auto()
    POSTPONED = auto()
    GIVEN_UP = auto()


@dataclass(frozen=True)
class Result:
    """What became of a mail, why it was not sent, and when it is tried again if it was
    POSTPONED.
    """

    ending: Ending
    error: str | None = None
    retry_at: datetime | None = None


NO_SERVER = Result(Ending.UNSENDABLE, "no_mail_server")


@dataclass(frozen=True)
class Draft:
    """A mail before it is in the form in which it travels."""

    id: str
    address: str
    letter: Letter
    language: str | None = None


class MailDelivery(Delivery[Owed]):
    """Sends mail, over one connection for each step."""

    step_seconds = 5.0
    lease = timedelta(minutes=5)

    def __init__(
        self, database: Database, server: MailServer | None, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database, clock)
        self._server = server
        self._bag = None if server is None else Mailbag(server)

    def carry_out(self, owed: Owed, now: datetime) -> tuple[int, Settle]:
        return 1, partial(self.settle, owed=owed, result=self._send(owed, now), now=self._clock())

    def end_round(self) -> None:
        if self._bag is not None:
            self._bag.close()

    def _send(self, owed: Owed, now: datetime) -> Result:
        try:
            draft = self.draft(owed, now)
            if isinstance(draft, Result):
                return draft
            assert self._bag is not None
            self._bag.send(self._write(draft))
        except AddressRefused as refused:
            return self._note_failure(owed, f"refused_{refused.code}", is_final=refused.is_final)
        except Exception as error:
            # Whatever is the matter with this one, be it the words or the address, it must not come
            # round for ever with nobody told.
            return self._note_failure(owed, type(error).__name__)
        return Result(Ending.SENT)

    def _note_failure(self, owed: Owed, error: str, *, is_final: bool = False) -> Result:
        """No address and no answer of the server is logged or kept: both may name the person."""
        id, failures = self.identify(owed)
        if is_final or failures >= MAIL_ATTEMPTS:
            log.warning("mail_given_up", message=id, failures=failures, kind=error)
            return Result(Ending.GIVEN_UP, error)
        retry_at = self.back_off(self.name, failures, {"kind": error}, message=id)
        return Result(Ending.POSTPONED, error, retry_at)

    def _write(self, draft: Draft) -> EmailMessage:
        assert self._server is not None
        mail = EmailMessage()
        mail["From"], mail["To"] = self._server.sender, draft.address
        mail["Subject"] = draft.letter.subject
        mail["Date"] = format_datetime(self._clock())
        # The same for every attempt, so that mail programs can tell a repetition from a second
        # message.
        mail["Message-ID"] = f"<{draft.id}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        if draft.language is not None:
            mail["Content-Language"] = draft.language
        mail.set_content(draft.letter.body)
        return mail

    @abstractmethod
    def draft(self, owed: Owed, now: datetime) -> Draft | Result:
        """The mail in words, or why there is none to send: NO_SERVER if only a server is
        missing.
        """

    @abstractmethod
    def identify(self, owed: Owed) -> tuple[str, int]:
        """The id of what is owed, and how many times it has been begun, this one included."""

    @abstractmethod
    def settle(self, tx: Transaction, owed: Owed, result: Result, now: datetime) -> None:
        """Note what became of it."""
