"""What the office decides in the play: limits, shares, hours, modes, and stopping the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from hypothesis import strategies as st
from hypothesis.stateful import rule

from queue_server.domain.office.changes import Change, HoursChange, LimitChange, ModeDecision
from queue_server.domain.office.hours import DayHours
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.visit.office_day import Pause
from queue_server.services.door import admission
from queue_server.services.office.changes import apply_change, preview_change
from queue_server.services.places.replanning import replan_day
from queue_server.services.supervisor import supervision
from tests.services import stage
from tests.services.life_cycle.records_model import Mode
from tests.services.playing import BY, Playing, fresh_places

HOURS: list[list[tuple[float, float]]] = [
    [(480, 900)],
    [(480, 900)],
    [(480, 720), (780, 900)],
    [(540, 840)],
    [(495, 885)],
    [(480, 600)],
    [],
]
"""Hours that a day may be given: the usual, with a break, shorter, shifted by a quarter, until ten,
closed.
"""

days = st.sampled_from([0, 1])


def clock(minutes: float) -> time:
    return time(int(minutes // 60), int(minutes % 60))


class SettingsRules(Playing):
    """Changes of settings. The days are planned anew at once, or by whoever next asks for a
    place.
    """

    def change(self, change: Change, model: Callable[[], None], at_once: bool) -> None:
        """Apply a change; if it is followed at once by planning, it strands whom the preview has
        named.
        """
        with self.database.read() as connection:
            office = self.database.offices.get(connection, self.code)
            preview = preview_change(connection, office, change, stage.at(self.now))
        self.both(lambda tx: apply_change(tx, self.code, change, BY, stage.at(self.now)), model)
        with self.database.read() as connection:
            self.model.settings.fresh = fresh_places(
                self.database.offices.get(connection, self.code)
            )
        if at_once:
            before = {each.id for each in self.model.visits.values() if each.state == "STRANDED"}
            for day in (0, 1):
                self.plan(day)
            now_stranded = {
                each.id for each in self.model.visits.values() if each.state == "STRANDED"
            }
            assert now_stranded - before == {each.id for each in preview.stranded}, (
                "as the dry run has said"
            )

    @rule(day=days)
    def plan(self, day: int) -> None:
        """What the upkeep does after a change. Most often there is none, and then nothing
        happens.
        """
        self.both(
            lambda tx: replan_day(tx, self.code, stage.DAYS[day], stage.at(self.now)),
            lambda: self.model.replan(day, self.now),
        )

    @rule(
        limit=st.sampled_from([2, 3, 4, 6, 6, 9, 12, None]),
        online=st.sampled_from([0.6, 0.6, 0.2, 1.0]),
        release=st.sampled_from([30, 60]),
        at_once=st.booleans(),
    )
    def change_limit(self, limit: int | None, online: float, release: int, at_once: bool) -> None:
        with self.database.read() as connection:
            rules = self.database.offices.get(connection, self.code).rules
        urgent = 0.0 if online == 1 else 0.2
        differs = (
            rules.booking.online_share,
            rules.booking.urgent_share,
            rules.booking.release_minutes,
        ) != (online, urgent, release)

        def decide() -> None:
            self.model.set_limit(limit, self.now)
            if differs:
                self.model.settings.release = release
                self.model.decide("limit_changed")

        self.change(LimitChange(limit, online, urgent, release), decide, at_once)

    @rule(day=days, hours=st.sampled_from(HOURS), at_once=st.booleans())
    def change_hours(self, day: int, hours: list[tuple[float, float]], at_once: bool) -> None:
        own = DayHours(tuple((clock(opens), clock(closes)) for opens, closes in hours))

        def decide() -> None:
            self.model.settings.openings[day] = hours
            self.model.decide("hours_changed")

        self.change(HoursChange(days={stage.DAYS[day]: own}), decide, at_once)

    @rule(
        name=st.sampled_from(["NORMAL", "NORMAL", "ONLINE_FIRST", "URGENT_ONLY", "CLOSED"]),
        ahead=st.sampled_from([0, 0, 45, 1000]),
        length=st.sampled_from([10, 60, 2000]),
        service=st.sampled_from([None, None, "REK", "AKL"]),
        at_once=st.booleans(),
    )
    def switch_mode(
        self, name: str, ahead: int, length: int, service: str | None, at_once: bool
    ) -> None:
        start = self.now + ahead
        mode = Mode(name, start, start + length, service)
        # Decisions of one minute are told apart by their ids, so these are in order.
        id = f"{self.code}-{len(self.model.settings.modes):04d}"
        period = ModePeriod(
            id,
            ServiceMode(name),
            stage.at(start),
            stage.at(self.now),
            BY,
            ends_at=stage.at(start + length),
            service=service,
        )

        def decide() -> None:
            self.model.settings.modes.append(mode)
            self.model.decide("mode_changed")

        self.change(ModeDecision(period), decide, at_once)

    @rule(
        act=st.sampled_from(
            ["stop", "open", "open", "PAUSE", "EVACUATION", "DRILL", "resume", "resume"]
        )
    )
    def stop_or_go_on(self, act: str) -> None:
        """The guard stops the door or opens it again; the supervisor stops everything, or sends
        everybody out.
        """
        now = stage.at(self.now)
        if act in ("stop", "open"):
            self.both(
                lambda tx: admission.set_admitting(tx, self.code, act == "open", "test", BY, now),
                lambda: self.model.set_admitting(act == "open", self.now),
            )
        elif act == "resume":
            self.both(
                lambda tx: supervision.resume(tx, self.code, "test", BY, now),
                lambda: self.model.go_on(self.now),
            )
        else:
            drill = act == "DRILL"
            kind = "EVACUATION" if drill else act
            self.both(
                lambda tx: supervision.pause(
                    tx, self.code, Pause(kind), "test", BY, now, drill=drill
                ),
                lambda: self.model.pause(kind, drill),
            )
