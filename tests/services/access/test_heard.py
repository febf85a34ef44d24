"""What one process knows of the devices that it has heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from queue_server.services.access.heard import HeardDevices
from queue_server.store.access.devices import Device, Heard

NINE = datetime(2026, 11, 23, 2, tzinfo=UTC)
WRITTEN = Device("d", "display", "TV", "o1", "PAIRED", NINE, seen_at=NINE, health={"showing": "A1"})


def test_a_device_is_as_it_was_heard_last_here_or_elsewhere() -> None:
    heard = HeardDevices()
    assert heard.now_of(WRITTEN) is WRITTEN
    later = NINE + timedelta(seconds=5)
    heard.note("o1", "d", later, {"showing": "A2"})
    assert (heard.now_of(WRITTEN).seen_at, heard.now_of(WRITTEN).health) == (
        later,
        {"showing": "A2"},
    )
    heard.note("o1", "d", later)
    assert heard.now_of(WRITTEN).health == {"showing": "A1"}, "what is written is still so"
    heard.note("o1", "d", NINE - timedelta(seconds=5), {"showing": "A0"})
    assert heard.now_of(WRITTEN) is WRITTEN, "another process has heard it since"


def test_what_is_not_written_is_handed_out_once() -> None:
    heard = HeardDevices()
    heard.note("o1", "d", NINE, {"showing": "A2"})
    assert heard.take_unwritten() == {("o1", "d"): Heard(NINE, {"showing": "A2"})}
    assert heard.take_unwritten() == {}
    assert heard.now_of(WRITTEN).health == {"showing": "A2"}
