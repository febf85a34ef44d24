"""A device in trouble, or fallen silent, is known within ten seconds; a heartbeat that says nothing
new writes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from queue_server.effects.device_watch import LISTENED_SECONDS, WRITTEN_AFTER_SECONDS, DeviceWatch
from queue_server.protocol.messages import Heartbeat
from queue_server.services.access import devices
from queue_server.services.access.heard import HeardDevices
from queue_server.store.access import devices as device_store
from tests.services import stage
from tests.services.front_desk import FrontDesk
from tests.services.supervisor.watching import seen


class Office:
    """An office with one kiosk, and a clock that is moved by hand."""

    def __init__(self, desk: FrontDesk, *, shared: bool = False) -> None:
        self.desk, self.heard = desk, HeardDevices()
        self.now: datetime = stage.at(desk.minute)
        self.watch = DeviceWatch(desk.database, self.heard, lambda: self.now, shared=shared)
        self.kiosk = desk.database.write(
            [],
            lambda tx: devices.add_paired(
                tx, "kiosk", desk.code, "Kios 1", f"w-{desk.code}", self.now
            ),
        )
        self.beat()

    def beat(self, **facts: str | int | bool) -> None:
        heartbeat = Heartbeat("b", {"beat_s": 5, **facts})
        health = devices.read_health(self.kiosk, heartbeat, self.now)
        self.desk.database.write(
            [],
            lambda tx: devices.note_heartbeat(tx, self.desk.code, self.kiosk.id, health, self.now),
        )
        self.hear()

    def hear(self) -> None:
        """A heartbeat with nothing new in it."""
        self.heard.note(self.desk.code, self.kiosk.id, self.now)

    def pass_by(self, seconds: int, *, beating: bool = False) -> None:
        for second in range(seconds):
            self.now += timedelta(seconds=1)
            if beating and second % 5 == 4:
                self.hear()
            self.watch.step()

    def open_alerts(self) -> list[str]:
        self.desk.minute = int((self.now - stage.at(0)).total_seconds() // 60)
        return [str(each.values["code"]) for each in seen(self.desk).alerts if not each.ended_at]

    def kept(self) -> dict[str, object] | None:
        with self.desk.database.read() as connection:
            return device_store.find(connection, self.kiosk.id).health

    def written(self) -> datetime | None:
        with self.desk.database.read() as connection:
            return device_store.find(connection, self.kiosk.id).seen_at


def test_silence_and_trouble_are_known_within_ten_seconds_and_end_by_themselves(
    desk: FrontDesk,
) -> None:
    office = Office(desk)
    office.pass_by(60, beating=True)
    assert office.open_alerts() == []
    office.pass_by(10)
    assert office.open_alerts() == ["silent"]
    assert [each.silent for each in seen(desk).devices] == [True]
    office.beat(printer="paper_out")
    office.pass_by(3)
    assert office.open_alerts() == ["paper_out"]
    office.beat(printer="ready")
    office.pass_by(3)
    assert office.open_alerts() == []
    assert [each.silent for each in seen(desk).devices] == [False]


def test_a_new_process_listens_before_it_calls_a_device_silent(desk: FrontDesk) -> None:
    office = Office(desk)
    office.now += timedelta(minutes=1)
    restarted = DeviceWatch(desk.database, HeardDevices(), lambda: office.now, shared=False)
    office.watch, office.heard = restarted, restarted._heard
    office.pass_by(LISTENED_SECONDS - 1, beating=True)
    assert office.open_alerts() == []
    office.pass_by(20, beating=True)
    assert office.open_alerts() == []


def test_what_was_heard_is_written_now_and_then_and_at_once_for_other_processes(
    desk: FrontDesk, small: FrontDesk
) -> None:
    office, shared = Office(desk), Office(small, shared=True)
    began = office.now
    for each in (office, shared):
        each.pass_by(WRITTEN_AFTER_SECONDS - 5, beating=True)
    assert office.written() == began
    assert shared.written() == shared.now
    office.pass_by(7, beating=True)
    assert office.written() is not None and office.written() != began


def test_a_later_moment_is_never_taken_back(desk: FrontDesk) -> None:
    office = Office(desk)
    early = device_store.Heard(office.now - timedelta(minutes=1), {"showing": "A001"})
    heard = {(desk.code, office.kiosk.id): early}
    desk.database.write([], lambda tx: device_store.note_heard(tx, heard))
    assert (office.written(), "showing" in (office.kept() or {})) == (office.now, False)
    later = {(desk.code, office.kiosk.id): device_store.Heard(office.now + timedelta(seconds=1))}
    desk.database.write([], lambda tx: device_store.note_heard(tx, later))
    assert office.written() != office.now and "beat_s" in (office.kept() or {}), "nothing is lost"
