"""The end of the day in the play, and the next morning."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.services import upkeep
from queue_server.services.door import closing
from queue_server.services.places import places
from queue_server.store.counter import at_counters, line
from tests.services import stage
from tests.services.playing import Playing


class NightRules(Playing):
    """A day is over: what the upkeep makes of it, piece by piece."""

    @precondition(lambda machine: machine.model.today == 0 and len(machine.model.log[0]) > 30)
    @rule(morning=st.sampled_from([7 * 60 + 50, 8 * 60 + 5, 9 * 60 + 40]))
    def night_falls(self, morning: int) -> None:
        self.now = 1440.0 + morning
        self.both(
            lambda tx: places.reclaim(tx, self.code, stage.DAYS[0], stage.at(self.now)),
            lambda: self.model.reclaim(0, self.now),
        )
        for id in sorted(
            each.id
            for each in self.model.visits.values()
            if each.state == "BOOKED" and each.day == 0
        ):
            self.miss(id)
        with self.database.read() as connection:
            here = at_counters.list_at_counters(connection, self.code, stage.DAYS[0])
            waiting = line.list_waiting(connection, self.code, stage.DAYS[0], 1000)
        self.close([each.id for each in (*here, *waiting)])
        self.both(
            lambda tx: closing.close_some(tx, self.code, stage.DAYS[0], stage.at(self.now)),
            self.model.close_room,
        )

    def miss(self, id: str) -> None:
        self.both(
            lambda tx: upkeep.miss_slot(tx, id, stage.at(self.now)),
            lambda: self.model.miss(id, self.now),
        )

    def close(self, present: list[str]) -> None:
        """Everybody who is still there, in the order in which the upkeep finds them."""
        if present:
            self.both(
                lambda tx: closing.close_some(tx, self.code, stage.DAYS[0], stage.at(self.now)),
                lambda: self.model.close_day(present, self.now),
            )
