"""Keeping how the settings of an office came to be so: every change, with what each part was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.parts import Difference, compare
from queue_server.store.office import history as history_store
from queue_server.store.office import offices as office_store
from queue_server.store.office.history import SettingChange
from queue_server.store.writer.transaction import Transaction


def record_change(
    tx: Transaction,
    before: Office,
    kind: EventType,
    facts: Mapping[str, Any],
    now: datetime,
    undoes: int | None = None,
    beside: Difference | None = None,
) -> Office:
    """Give an office whose settings were just stored its next revision, with one event and a row
    of its history. Returns the office. `facts` say `by` whom; the rest as `keep_change`.
    """
    told = {**facts} if undoes is None else {**facts, "undoes": undoes}
    tx.record(Event(kind, before.code, before.date_at(now), now, None, told))
    return keep_change(tx, before, str(facts["by"]), now, undoes, beside)


def keep_change(
    tx: Transaction,
    before: Office,
    by: str,
    now: datetime,
    undoes: int | None = None,
    beside: Difference | None = None,
) -> Office:
    """The next revision of an office and the row of its history alone, for a change that has
    events of its own. `undoes` is the revision of the change that is taken back, `beside` what has
    changed of the parts that are kept beside the office.
    """
    office_store.revise(tx, before.code)
    after = tx.office(before.code)
    parts = {**compare(before, after), **(beside or {})}
    history_store.add(tx, before.code, SettingChange(after.revision, now, by, parts, undoes))
    return after
