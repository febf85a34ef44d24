"""Every column is judged: it holds something of a person, and says what, or it does not."""

from __future__ import annotations

from queue_server.domain.privacy.columns import (
    IMPERSONAL,
    PERSONAL,
    Lasting,
    classify,
    list_columns,
)
from queue_server.domain.privacy.retention import DataKind
from queue_server.store import tables
from queue_server.store.privacy.wiping import PERSONAL_TABLES

_HINTS = ("name", "phone", "email", "nik", "address", "clerk", "username", "_by", "needs")
"""Parts of names by which a column with personal data is known at a glance."""

_HARMLESS = {
    "counters.name": "of a counter",
    "devices.name": "of a device",
    "key_ids.name": "of a key",
    "offices.address": "of an office",
    "offices.name": "of an office",
    "offices.phone": "of an office",
    "relays.leased_by": "a process",
    "seasons.name": "of a season",
    "services.name": "of a service",
    "streams.name": "of a stream",
    "used_proofs.name": "of a proof",
    "message_counts.phone_messages": "a number of messages",
}


def columns() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in tables.metadata.sorted_tables
        for column in table.columns
    ]


def test_every_column_is_judged_once() -> None:
    unjudged = []
    for table, column in columns():
        try:
            classify(table, column)
        except KeyError:
            unjudged.append(f"{table}.{column}")
    assert not unjudged, (
        "queue_server/domain/privacy/columns.py must say whether these hold something of a person: "
        f"{', '.join(unjudged)}"
    )
    judged = [
        *(f"{table}.{name}" for table, names in IMPERSONAL.items() for name in names.split()),
        *(name for group in [*DataKind, *Lasting] for name in list_columns(group)),
    ]
    assert sorted(judged) == sorted(f"{table}.{column}" for table, column in columns()), (
        "a column that is judged twice, or is gone"
    )


def test_a_column_whose_name_speaks_of_a_person_is_not_called_impersonal() -> None:
    named = {
        f"{table}.{column}"
        for table, column in columns()
        if any(hint in column for hint in _HINTS) and classify(table, column) is None
    }
    assert named == set(_HARMLESS)


def test_the_tables_that_are_written_anew_are_those_of_visitors() -> None:
    cleared = {table.name for table in PERSONAL_TABLES}
    for table, groups in PERSONAL.items():
        of_visitors = groups.keys() & {
            DataKind.VISITORS,
            DataKind.SOURCES,
            DataKind.WAITLIST,
            DataKind.CONTACTS,
            DataKind.DRAFTS,
            DataKind.NOTES,
            DataKind.NO_SHOWS,
        }
        assert bool(of_visitors) == (table in cleared), table
