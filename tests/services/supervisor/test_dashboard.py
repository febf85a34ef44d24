"""What the dashboard says, and when it raises an alert, on both databases."""

from __future__ import annotations

from datetime import timedelta

from queue_server.protocol.messages import Heartbeat
from queue_server.services.access import devices
from queue_server.services.supervisor import alerts
from queue_server.services.supervisor.device_alerts import watch_devices
from tests.services import stage
from tests.services.front_desk import FrontDesk, refused
from tests.services.supervisor.watching import BOSS, events_of, seen


def watch(desk: FrontDesk) -> list[tuple[str, bool]]:
    """The alerts of the day, newest first, after a look at the thresholds: kind, and whether it is
    still passed.
    """
    now = stage.at(desk.minute)
    alerts.watch_thresholds(desk.database, now)
    watch_devices(desk.database, lambda _office, _device, written: written, now)
    return [(each.kind, each.ended_at is None) for each in seen(desk).alerts]


class TestAlerts:
    def test_one_for_each_crossing(self, desk: FrontDesk) -> None:
        desk.open("1")
        waiting = desk.come()
        assert watch(desk) == []
        desk.pass_by(11)
        assert watch(desk) == watch(desk) == [("NOBODY_CALLED", True)]
        assert desk.next("1") == waiting.id
        assert watch(desk) == [("NOBODY_CALLED", False)]
        desk.come()
        desk.pass_by(11)
        assert watch(desk) == [("NOBODY_CALLED", True), ("NOBODY_CALLED", False)]
        assert [type for type, _ in events_of(desk, "alert_raised", "alert_ended")] == [
            "alert_raised",
            "alert_ended",
            "alert_raised",
        ]

    def test_a_full_room_with_people_outside(self, small: FrontDesk) -> None:
        for name in "123":
            small.open(name)
        for _ in range(4):
            small.come()
        assert ("FULL_OUTSIDE", True) in watch(small)

    def test_the_first_who_has_seen_it_counts(self, desk: FrontDesk, small: FrontDesk) -> None:
        desk.come()
        desk.pass_by(11)
        kinds = dict(watch(desk))
        assert kinds == {"NOBODY_CALLED": True, "FEW_COUNTERS": True}
        found = seen(desk).alerts[0]
        refused("unknown_alert", lambda: small.do(alerts.acknowledge, found.id, BOSS))
        for by in (BOSS, "manager"):
            desk.do(alerts.acknowledge, found.id, by)
        assert [each.acknowledged_by for each in seen(desk).alerts if each.id == found.id] == [BOSS]
        assert len(events_of(desk, "alert_acknowledged")) == 1

    def test_a_device_that_falls_silent_and_comes_back(self, desk: FrontDesk) -> None:
        now = stage.at(desk.minute)
        kiosk = desk.database.write(
            [],
            lambda tx: devices.add_paired(
                tx, "kiosk", desk.code, "Kiosk pintu", f"t-{desk.code}", now
            ),
        )

        def beat() -> None:
            desk.database.write(
                [],
                lambda tx: devices.note_heartbeat(
                    tx, kiosk.office, kiosk.id, {"build": "test"}, stage.at(desk.minute)
                ),
            )

        beat()
        assert watch(desk) == [] and [each.silent for each in seen(desk).devices] == [False]
        desk.pass_by(3)
        assert watch(desk) == [("DEVICE_SILENT", True)] and [
            each.silent for each in seen(desk).devices
        ] == [True]
        beat()
        assert watch(desk) == [("DEVICE_SILENT", False)]

    def test_a_printer_in_trouble_is_told_until_it_is_well_again(self, desk: FrontDesk) -> None:
        now = stage.at(desk.minute)
        kiosk = desk.database.write(
            [], lambda tx: devices.add_paired(tx, "kiosk", desk.code, "Kios", f"p-{desk.code}", now)
        )

        def beat(**facts: str | int | bool) -> None:
            moment = stage.at(desk.minute)
            health = devices.read_health(kiosk, Heartbeat("test", facts), moment)
            desk.database.write(
                [], lambda tx: devices.note_heartbeat(tx, kiosk.office, kiosk.id, health, moment)
            )

        def printer() -> str | None:
            return seen(desk).devices[0].printer

        def troubles() -> list[tuple[str, bool]]:
            found = seen(desk).alerts
            return sorted((str(each.values["code"]), each.ended_at is None) for each in found)

        beat()  # an older kiosk says nothing of its printer
        assert (watch(desk), printer()) == ([], None)
        beat(printer="paper_low", print_queued=0)
        assert (watch(desk), printer()) == ([("PRINTER_TROUBLE", True)], "paper_low")
        beat(printer="paper_out")
        assert printer() == "paper_out"
        assert troubles() == [("paper_low", True)], "a look has to come first"
        assert sorted(watch(desk)) == [("PRINTER_TROUBLE", False), ("PRINTER_TROUBLE", True)]
        assert troubles() == [("paper_low", False), ("paper_out", True)]
        beat(printer="cover_open", journal="full")
        watch(desk), watch(desk)
        assert troubles() == [
            ("cover_open", True),
            ("disk_full", True),
            ("paper_low", False),
            ("paper_out", False),
        ]
        assert [each.code for each in seen(desk).devices[0].troubles] == ["disk_full", "cover_open"]
        beat(printer="ready")
        assert [open for _kind, open in watch(desk)] == [False] * 4
        desk.pass_by(1)
        beat(printer="\u202e<script>")
        assert (watch(desk)[0], printer()) == (("PRINTER_TROUBLE", True), "unknown")

    def test_at_night_nothing_is_raised(self, desk: FrontDesk) -> None:
        desk.minute = 22 * 60
        now = stage.at(desk.minute)
        kiosk = desk.database.write(
            [],
            lambda tx: devices.add_paired(tx, "kiosk", desk.code, "Kiosk", f"n-{desk.code}", now),
        )
        desk.database.write(
            [],
            lambda tx: devices.note_heartbeat(
                tx, kiosk.office, kiosk.id, {"build": "test"}, now - timedelta(hours=2)
            ),
        )
        assert watch(desk) == []


class TestWall:
    def test_its_figures(self, small: FrontDesk) -> None:
        small.open("1")
        small.come()
        small.pass_by(5)
        small.come(), small.come("CTK")
        small.next("1")
        picture = seen(small)
        assert (
            picture.waiting,
            picture.served_last_hour,
            picture.inside,
            picture.limit,
            picture.outside,
        ) == (2, 1, 2, 2, 0)
        assert picture.oldest_since == small.office.local(stage.at(small.minute)).isoformat(
            timespec="seconds"
        )
        assert {
            each.letter: (each.waiting, each.arrived_last_hour) for each in picture.streams
        } == {"A": (1, 2), "C": (1, 1)}
        # A: 1/30 + 2/60 a minute of 10 minutes; C: 1/30 + 1/60 of 27.5: together a good two
        # counters.
        assert {each.letter: each.counters_needed for each in picture.streams} == {"A": 1, "C": 2}
        assert (picture.counters_open, picture.counters_needed) == (1, 3)
        small.pass_by(61)
        assert seen(small).served_last_hour == 0

    def test_who_is_at_a_counter_and_since_when(self, desk: FrontDesk) -> None:
        desk.come()
        served = desk.serve("1")
        at = next(each for each in seen(desk).counters if each.name == "1")
        assert (at.state, at.clerk, at.number, at.ticket_status) == (
            "open",
            "ani",
            served.number,
            "SERVING",
        )
        assert at.ticket_since == desk.office.local(stage.at(desk.minute)).isoformat(
            timespec="seconds"
        )
