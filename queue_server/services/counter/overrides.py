"""What people did by hand: who overrode, undid, corrected, stopped, changed or looked at something,
and why. Read from the log alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.audit.acts import KIND_OF, ActKind, SoughtActs
from queue_server.domain.counter.call_log import Explained
from queue_server.domain.events import Event, EventType, RecordedEvent
from queue_server.domain.office.office import Office
from queue_server.services.access import log
from queue_server.store.audit import acts as act_store
from queue_server.store.audit.acts import LogMark
from queue_server.store.writer.database import Database

from . import call_log

PAGE = 50


@dataclass(frozen=True)
class Act:
    """One act by hand. `by` is a user's id, `because` empty where nobody said why. `call`: what
    the log of the day says of a call, where that was looked at.
    """

    mark: LogMark
    at: datetime
    type: EventType
    ticket: str | None
    by: str
    because: str
    facts: Mapping[str, Any]
    call: Explained | None = None

    @property
    def seq(self) -> int:
        return self.mark[1]

    @property
    def is_out_of_order(self) -> bool:
        """Whether this is a call of somebody whose turn it was not. Without the log of its day the
        reason tells: it is asked of nobody else.
        """
        if self.type is not EventType.CALLED:
            return False
        return bool(self.because.strip()) if self.call is None else not self.call.in_order


@dataclass(frozen=True)
class DayCalls:
    """The calls of one day that were direct or out of order, by number, from its log. Not `sound`:
    the log contradicts itself, and nothing was worked out.
    """

    by_hand: Mapping[int, Explained] = field(default_factory=dict)
    sound: bool = True


def work_out_calls(connection: Connection, office: Office, sought: SoughtActs) -> DayCalls | None:
    """What the log says of the calls of the one day that is looked at. None where several are, or
    no calls: to read whole weeks again takes seconds.
    """
    if not sought.is_one_day or ActKind.CALLS not in sought.kinds:
        return None
    try:
        calls = call_log.explain_day(connection, office, sought.first)
    except (ValueError, KeyError):
        return DayCalls(sound=False)
    return DayCalls({each.seq: each for each in calls if each.direct or not each.in_order})


def page_acts(
    connection: Connection,
    office: Office,
    sought: SoughtActs,
    calls: DayCalls | None,
    most: int = PAGE,
    before: LogMark | None = None,
) -> tuple[list[Act], LogMark | None]:
    """At most so many acts, newest first; those `before` a mark, if given. The second value is
    the mark before which the next page begins, None at the end.
    """
    known = {} if calls is None else calls.by_hand
    recorded = act_store.list_acts(
        connection, office.code, sought, most + 1, before, _numbers_of(calls)
    )
    acts = [_act(each, known) for each in recorded[:most]]
    return acts, acts[-1].mark if len(recorded) > most else None


def count_acts(
    connection: Connection, office: Office, sought: SoughtActs, calls: DayCalls | None
) -> Counter[ActKind]:
    """How many acts of each kind there are."""
    counts: Counter[ActKind] = Counter()
    by_type = act_store.count_acts(connection, office.code, sought, _numbers_of(calls))
    for type, number in by_type.items():
        counts[KIND_OF[type]] += number
    return counts


def _numbers_of(calls: DayCalls | None) -> Collection[int] | None:
    """Which calls to list; None where the log has to be asked."""
    return calls.by_hand if calls is not None and calls.sound else None


def note_export(
    database: Database, office: Office, sought: SoughtActs, format: str, by: str, now: datetime
) -> None:
    """Put into the log that somebody takes these acts away as a file."""
    today = office.date_at(now)
    facts = {"first": sought.first.isoformat(), "last": sought.last.isoformat(), "format": format}
    database.write(
        [(office.code, today)],
        lambda tx: log.note(tx, EventType.ACTS_EXPORTED, office.code, by, now, **facts),
    )


def _act(recorded: RecordedEvent, calls: Mapping[int, Explained]) -> Act:
    event: Event = recorded.event
    facts = event.facts
    mark: LogMark = (event.date, recorded.seq)
    return Act(
        mark,
        event.at,
        event.type,
        event.ticket,
        str(facts.get("by", "")),
        str(facts.get("reason", "") or ""),
        facts,
        calls.get(recorded.seq) if event.type is EventType.CALLED else None,
    )
