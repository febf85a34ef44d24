"""How what must follow a change is done after its commit, be it a snapshot or a letter: found,
leased, carried out outside any transaction, noted, and tried again if it failed.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Generic, TypeVar

import structlog
from sqlalchemy.engine import Connection

from queue_server.causes import name_cause
from queue_server.domain.deliveries import pause_after
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

log = structlog.get_logger()

Owed = TypeVar("Owed")
Settle = Callable[[Transaction], None]
"""Writes what became of something that was owed."""


class Delivery(ABC, Generic[Owed]):
    """Works off one kind of row in which something is owed: one loop per process, in any number of
    processes.

    At least once: what a process that died had not noted is done again when its lease is over. Each
    kind has a loop of its own, so a mail server that hangs holds up nothing but mail.
    """

    name: ClassVar[str]
    """In the log, in the table of reactions and in what the doctor says."""

    step_seconds: ClassVar[float]
    """How often it is looked for what is owed, unless somebody wakes the loop."""

    lease: ClassVar[timedelta]
    """Longer than carrying out one row may take: no other process begins on it meanwhile."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._wake = threading.Event()
        self._is_stopped = False

    def run(self) -> None:
        """Work until `stop`. No failure ends the loop."""
        while not self._is_stopped:
            self._wake.wait(self.step_seconds)
            self._wake.clear()
            if self._is_stopped:
                break
            try:
                self.step()
            except Exception as error:
                log.error(f"{self.name}_failed", **name_cause(error))

    def stop(self) -> None:
        self._is_stopped = True
        self._wake.set()

    def wake(self) -> None:
        """Look at once: something new is owed."""
        self._wake.set()

    def step(self) -> int:
        """Do what is owed now, at most a batch. Returns how many things were seen to."""
        with self._database.read() as connection:
            due = self.list_due(connection, self._clock())
        try:
            return sum(self._see_to(owed) for owed in due)
        finally:
            self.end_round()

    def _see_to(self, owed: Owed) -> int:
        now = self._clock()
        claim = partial(self.claim, owed=owed, now=now, until=now + self.lease)
        if not self._database.write([], claim):
            return 0  # another process was faster
        number, settle = self.carry_out(owed, now)
        self._database.write([], settle)
        return number

    def back_off(
        self, reaction: str, failures: int, cause: Mapping[str, str], **about: object
    ) -> datetime:
        """When something that has failed so often in a row is tried again. The log tells of it;
        `cause` and `about` must name nobody.
        """
        pause = pause_after(failures)
        log.warning(
            "reaction_failed",
            reaction=reaction,
            failures=failures,
            retry_seconds=round(pause.total_seconds()),
            **about,
            **cause,
        )
        return self._clock() + pause

    @abstractmethod
    def list_due(self, connection: Connection, now: datetime) -> Sequence[Owed]:
        """What may be begun now, the most urgent first, at most a batch."""

    @abstractmethod
    def claim(self, tx: Transaction, owed: Owed, now: datetime, until: datetime) -> bool:
        """Lease a row. False if another process was faster."""

    @abstractmethod
    def carry_out(self, owed: Owed, now: datetime) -> tuple[int, Settle]:
        """Do it, the network included. Returns how many things were seen to, and what to note."""

    @classmethod
    @abstractmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        """What has failed and is to be tried again, in words for the doctor that name nobody."""

    def end_round(self) -> None:
        """Put away what was opened for the rows of one step; most open nothing."""
