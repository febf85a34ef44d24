"""Making an office, and putting the office of a file in the place of one that exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from queue_server.domain.errors import Changed, CounterIdTaken, OfficeCodeTaken
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.beside import differ
from queue_server.domain.office.whole.differences import (
    Difference,
    Kind,
    admit_replacing,
    compare_offices,
    keep_own,
)
from queue_server.domain.office.whole.faults import admit_office
from queue_server.domain.office.whole.file import keep_standing
from queue_server.domain.room.capacity import Room, admit_limit, admit_room
from queue_server.services.door.admission import admit_who_fit
from queue_server.services.office.rooms import write_room
from queue_server.services.places.replanning import DayChange, preview
from queue_server.services.setting_history import record_change
from queue_server.store.office import offices as office_store
from queue_server.store.office import whole as whole_store
from queue_server.store.room import zones as zone_store
from queue_server.store.writer.transaction import Transaction


def create_office(tx: Transaction, office: Office, room: Room, by: str, now: datetime) -> Office:
    """Make an office with all its settings, and the event that says so. The command declares no
    day: that of the new office begins here.

    Raises `BadInput` with the path of what is wrong, `OfficeCodeTaken`, `CounterIdTaken`.
    """
    office = keep_standing(office)
    admit_office(office)
    admit_room(room)
    admit_limit(room, office.people_limit)
    if whole_store.was_code_used(tx, office.code):
        raise OfficeCodeTaken(office=office.code)
    _admit_counters(tx, office)
    office_store.add(tx, office)
    zone_store.replace(tx, office.code, room)
    today = office.date_at(now)
    tx.open_first_day(office.code, today)
    facts = {
        "streams": len(office.streams),
        "services": len(office.services),
        "counters": len(office.counters),
        "by": by,
    }
    tx.record(Event(EventType.OFFICE_ADDED, office.code, today, now, None, facts))
    return tx.office(office.code)


def preview_replacing(
    connection: Connection, before: Office, after: Office, now: datetime
) -> tuple[tuple[Difference, ...], tuple[DayChange, ...]]:
    """A dry run: what would be different, and the days whose places change, with the bookings that
    would lose theirs. Raises `BadInput`.
    """
    after = keep_own(before, after)
    admit_replacing(before, after)
    return compare_offices(before, after), tuple(preview(connection, after, now))


def replace_office(
    tx: Transaction,
    after: Office,
    room: Room | None,
    by: str,
    now: datetime,
    revision: int | None = None,
) -> Office:
    """Put an office in the place of the one of its code; `room` None: the room stays. The caller
    then plans the coming days anew. What is the same already changes nothing.

    The command must declare today. Raises `Changed` if the office has no longer the revision that
    was previewed, `BadInput` with the path of what is wrong, `UnknownOffice`, `CounterIdTaken`.
    """
    before = tx.office(after.code)
    if revision is not None and before.revision != revision:
        raise Changed(office=after.code)
    after = keep_own(before, after)
    admit_office(after)
    admit_replacing(before, after)
    _admit_counters(tx, after)
    known_room = zone_store.load(tx, after.code)
    room = known_room if room is None else room
    admit_room(room)
    if before.people_limit != after.people_limit:
        admit_limit(room, after.people_limit)
    differences = compare_offices(before, after)
    if not differences and room == known_room:
        return before
    whole_store.replace(tx, before, after)
    zone_store.replace(tx, after.code, room)
    facts = {**_tell(differences, room != known_room), "by": by}
    beside = differ(write_room(known_room), write_room(room))
    record_change(tx, before, EventType.OFFICE_CHANGED, facts, now, beside=beside)
    admit_who_fit(tx, after.code, before.date_at(now), now)
    return tx.office(after.code)


def _admit_counters(tx: Transaction, office: Office) -> None:
    """Refuse counters that are another office's: their ids are known in all of them."""
    taken = whole_store.find_foreign_counter(tx, office)
    if taken is not None:
        raise CounterIdTaken(counter=taken)


def _tell(differences: tuple[Difference, ...], is_room_new: bool) -> dict[str, Any]:
    """What differs, for the log: the names of new parts, and which parts are others."""
    added = [[each.part, each.name] for each in differences if each.kind is Kind.NEW]
    changed = {each.part for each in differences if each.kind is Kind.CHANGED}
    if is_room_new:
        changed.add("room")
    return {"added": added, "changed": sorted(changed)}
