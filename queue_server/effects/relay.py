"""Runs the reactions to committed events: at least once, each in order within an office-day, in
whichever process holds the day's lease.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.engine import Connection

from queue_server.causes import name_cause, say_cause
from queue_server.domain.deliveries import is_over
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.store import relays as relay_store
from queue_server.store.relays import Backlog, Behind
from queue_server.store.visit import events as event_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .delivery import Delivery, Settle
from .reactions import Reaction

LEASE_WORK = timedelta(seconds=20)
BATCH = 500
LOOK_BACK_DAYS = 2


class Relay(Delivery[Backlog]):
    """A reaction that fails falls behind on its office-day and is tried again with growing pauses;
    the other reactions and the other days go on meanwhile.
    """

    name = "relay"
    step_seconds = 1.0
    lease = timedelta(seconds=30)

    def __init__(
        self,
        database: Database,
        reactions: Mapping[EventType, Sequence[Reaction]],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(database, clock)
        self._reactions = reactions
        self._named = {each.name: each for table in reactions.values() for each in table}

    def list_due(self, connection: Connection, now: datetime) -> Sequence[Backlog]:
        return relay_store.list_backlogs(
            connection, now, (now - timedelta(days=LOOK_BACK_DAYS)).date()
        )

    def claim(self, tx: Transaction, owed: Backlog, now: datetime, until: datetime) -> bool:
        return relay_store.claim(tx, owed, now, until)

    def carry_out(self, owed: Backlog, now: datetime) -> tuple[int, Settle]:
        """React to what is new, then go on with what is behind. Counts events to which all has been
        done that follows from them.
        """
        # The lease runs out before long after this, and then another process may begin on the same
        # events.
        work_until = now + LEASE_WORK
        number, relayed_seq, behind = self._react_to_new(owed, work_until)
        for name, each in owed.behind.items():
            if is_over(each.retry_at, now):
                seen, left = self._catch_up(owed, name, each, relayed_seq, work_until)
                number += seen
                if left is None:
                    del behind[name]
                else:
                    behind[name] = left
        return number, partial(
            relay_store.settle, backlog=owed, relayed_seq=relayed_seq, behind=behind
        )

    def _react_to_new(
        self, day: Backlog, work_until: datetime
    ) -> tuple[int, int, dict[str, Behind]]:
        """Run those reactions that are not behind. Returns how many events were dealt with, how far
        it came, and which reactions are behind by then.
        """
        number, relayed_seq, behind = 0, day.relayed_seq, dict(day.behind)
        for recorded in self._list_after(day, relayed_seq):
            if self._clock() >= work_until:
                break
            reactions = self._reactions.get(recorded.event.type, ())
            for reaction in reactions:
                if reaction.name not in behind:
                    failed = self._try(reaction, recorded, 0)
                    if failed is not None:
                        behind[reaction.name] = failed
            number += all(each.name not in behind for each in reactions)
            relayed_seq = recorded.seq
        return number, relayed_seq, behind

    def _catch_up(
        self, day: Backlog, name: str, behind: Behind, last_seq: int, work_until: datetime
    ) -> tuple[int, Behind | None]:
        """Run one reaction on to the event the others have come to. Returns how many events it saw,
        and what is left; None also for one that the table does not know any more.
        """
        reaction = self._named.get(name)
        if reaction is None:
            return 0, None
        number, come_to, failures = 0, behind.relayed_seq, behind.failures
        for recorded in self._list_after(day, come_to):
            if recorded.seq > last_seq or self._clock() >= work_until:
                break
            if reaction in self._reactions.get(recorded.event.type, ()):
                failed = self._try(reaction, recorded, failures)
                if failed is not None:
                    return number, failed
                number, failures = number + 1, 0
            come_to = recorded.seq
        if come_to >= last_seq:
            return number, None
        return number, replace(behind, relayed_seq=come_to, failures=failures)

    def _try(self, reaction: Reaction, recorded: RecordedEvent, failures: int) -> Behind | None:
        """Run a reaction that has failed so often at this event. None: it succeeded."""
        try:
            reaction.react(recorded)
        except Exception as error:
            event = recorded.event
            retry_at = self.back_off(
                reaction.name,
                failures + 1,
                name_cause(error),
                office=event.office,
                seq=recorded.seq,
            )
            return Behind(recorded.seq - 1, failures + 1, retry_at, say_cause(error))
        return None

    def _list_after(self, day: Backlog, seq: int) -> Sequence[RecordedEvent]:
        with self._database.read() as connection:
            return event_store.list_after(connection, day.office, day.date, seq, BATCH)

    @classmethod
    def list_failing(cls, connection: Connection) -> Sequence[str]:
        return [
            f"{name}: {day.office} {day.date} at {each.relayed_seq}: {each.error}"
            for day in relay_store.list_failing(connection)
            for name, each in day.behind.items()
            if each.failures
        ]
