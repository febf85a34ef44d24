"""The one way out for messages, to visitors and to the office: what a message is in words, what
became of it, and how it is tried again and given up. Adapters send it: `mail`, `gateway`,
`console`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import ClassVar, Protocol

import structlog
from prometheus_client import Counter

from queue_server.domain.deliveries import MAIL_ATTEMPTS
from queue_server.effects.delivery import Delivery, Owed, Settle
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

log = structlog.get_logger()

BATCH = 20

ATTEMPTS = Counter(
    "antrean_message_attempts_total", "Messages that were seen to", ["channel", "outcome"]
)
"""Labels hold no ids and no addresses."""


class Attachment(Protocol):
    """A file that goes along with a letter; `content_type` is `main/sub; parameter=value`."""

    @property
    def name(self) -> str: ...

    @property
    def content_type(self) -> str: ...

    @property
    def content(self) -> bytes: ...


class Letter(Protocol):
    """A message in words: subject and body of a mail, and the short `text` for a telephone."""

    @property
    def subject(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def attachment(self) -> Attachment | None: ...


class Ending(Enum):
    """What became of a message. UNSENDABLE: there is no way to send it, and trying again
    is of no use. CAPPED: the office sends no more of them on this day.
    """

    SENT = auto()
    NEEDLESS = auto()
    CAPPED = auto()
    UNSENDABLE = auto()
    POSTPONED = auto()
    GIVEN_UP = auto()


@dataclass(frozen=True)
class Result:
    """What became of a message, why it was not sent, and when it is tried again if it was
    POSTPONED. `address` is where it went if it was SENT.
    """

    ending: Ending
    error: str | None = None
    retry_at: datetime | None = None
    address: str | None = None


@dataclass(frozen=True)
class Draft:
    """A message before it is in the form in which it travels: `address` is an e-mail address or a
    telephone number in E.164. `id` is the same for every attempt.
    """

    id: str
    address: str
    letter: Letter
    language: str | None = None


class Refused(Exception):
    """The message was not taken. `is_final`: it will be refused tomorrow as well. `code` names
    nobody.
    """

    def __init__(self, code: int, *, is_final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


class Sender(Protocol):
    """What takes messages: an adapter."""

    def send(self, draft: Draft, now: datetime) -> None:
        """Hand a message over. Raises `Refused`; anything else that it raises is a failure of the
        way, and the message is tried again.
        """

    def close(self) -> None:
        """Put away what was opened; the next message opens it again."""


class SendingDelivery(Delivery[Owed]):
    """Sends what is owed through one adapter; without one, nothing can be sent that way."""

    step_seconds = 5.0
    lease = timedelta(minutes=5)
    missing: ClassVar[str]
    """Why a message stays unsent where there is no adapter."""

    def __init__(
        self, database: Database, sender: Sender | None, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(database, clock)
        self._sender = sender

    def carry_out(self, owed: Owed, now: datetime) -> tuple[int, Settle]:
        result = self._send(owed, now)
        ATTEMPTS.labels(self.name, result.ending.name.lower()).inc()
        return 1, partial(self.settle, owed=owed, result=result, now=self._clock())

    def end_round(self) -> None:
        if self._sender is not None:
            self._sender.close()

    def _send(self, owed: Owed, now: datetime) -> Result:
        try:
            draft = self.draft(owed, now)
            if isinstance(draft, Result):
                return draft
            assert self._sender is not None
            self._sender.send(draft, self._clock())
        except Refused as refused:
            return self._note_failure(owed, f"refused_{refused.code}", is_final=refused.is_final)
        except Exception as error:
            # Whatever is the matter with this one, be it the words or the address, it must not come
            # round for ever with nobody told.
            return self._note_failure(owed, type(error).__name__)
        return Result(Ending.SENT, address=draft.address)

    def _note_failure(self, owed: Owed, error: str, *, is_final: bool = False) -> Result:
        """No address and no answer of the provider is logged or kept: both may name the person."""
        id, failures = self.identify(owed)
        if is_final or failures >= MAIL_ATTEMPTS:
            log.warning(f"{self.name}_given_up", message=id, failures=failures, kind=error)
            return Result(Ending.GIVEN_UP, error)
        retry_at = self.back_off(self.name, failures, {"kind": error}, message=id)
        return Result(Ending.POSTPONED, error, retry_at)

    @abstractmethod
    def draft(self, owed: Owed, now: datetime) -> Draft | Result:
        """The message in words, or why there is none to send: UNSENDABLE if only an adapter is
        missing.
        """

    @abstractmethod
    def identify(self, owed: Owed) -> tuple[str, int]:
        """The id of what is owed, and how many times it has been begun, this one included."""

    @abstractmethod
    def settle(self, tx: Transaction, owed: Owed, result: Result, now: datetime) -> None:
        """Note what became of it."""
