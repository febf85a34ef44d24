"""What clerks do at their counters in the play."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.services.counter import calling, serving, staffing, undoing
from queue_server.services.supervisor import supervision
from tests.services import stage
from tests.services.life_cycle.office_model import STAYED, UNDOABLE
from tests.services.playing import (
    BY,
    CLERKS,
    Playing,
    choices,
    clerks,
    counters,
    services,
    some_are,
    some_can_be_undone,
)

ACTIONS = ("recall", "start", "park", "no_show", "resume", "finish", "transfer")
NEXT = {
    "CALLED": ("start", "start", "recall", "no_show", "park"),
    "SERVING": ("finish", "finish", "transfer", "park"),
    "PARKED": ("resume",),
}
ways = st.sampled_from(
    [
        "service",
        "letter",
        "counter",
        "clerk",
        "service+counter",
        "letter+clerk",
        "counter+clerk",
        "nothing",
    ]
)


class CounterRules(Playing):
    """Opening and closing, calling, serving, sending on, taking back."""

    @rule(
        name=counters,
        clerk=clerks,
        act=st.sampled_from(["open", "close", "break", "lend"]),
        letters=st.sampled_from(["", "A", "C", "AC"]),
    )
    def open_or_close(self, name: str, clerk: str, act: str, letters: str) -> None:
        """A clerk comes, goes or takes a break, or the supervisor lets a counter serve other
        streams for the rest of the day.
        """
        desk, now = f"{self.code}-{name}", stage.at(self.now)
        clerk = self.model.clerks.get(desk, clerk) if act == "break" else clerk
        if act == "open":
            self.both(
                lambda tx: staffing.open_counter(tx, self.code, desk, clerk, now),
                lambda: self.model.open(desk, clerk),
            )
        elif act == "close":
            self.both(
                lambda tx: staffing.close_counter(tx, self.code, desk, clerk, now),
                lambda: self.model.close(desk, clerk),
            )
        elif act == "lend":
            self.both(
                lambda tx: supervision.set_streams(tx, self.code, desk, letters, "busy", BY, now),
                lambda: self.model.lend(desk, letters),
            )
        else:
            self.both(
                lambda tx: staffing.take_break(tx, self.code, desk, clerk, "lunch", now),
                lambda: self.model.take_break(desk, clerk),
            )

    @rule(name=counters, clerk=clerks)
    def call_next(self, name: str, clerk: str) -> None:
        desk = f"{self.code}-{name}"
        self.press_next(desk, self.model.clerks.get(desk, clerk) if clerk == CLERKS[0] else clerk)

    @precondition(some_are("WAITING"))
    @rule(choice=choices, name=counters, clerk=clerks)
    def call(self, choice: int, name: str, clerk: str) -> None:
        id, desk = self.pick(choice, "WAITING"), f"{self.code}-{name}"
        clerk = self.model.clerks.get(desk, clerk) if clerk == CLERKS[0] else clerk
        self.both(
            lambda tx: calling.call(tx, self.code, id, desk, clerk, stage.at(self.now)),
            lambda: self.model.call(id, desk, clerk, self.now),
        )

    @precondition(some_are("CALLED", "SERVING", "PARKED"))
    @rule(choice=choices, service=services, way=ways, name=counters)
    def serve(self, choice: int, service: str, way: str, name: str) -> None:
        """The next step of a visit by the clerk who has it."""
        busy = [each for each in self.model.visits.values() if each.state in NEXT]
        visit = busy[choice % len(busy)]
        actions = NEXT[visit.state]
        self.act(
            visit.id,
            actions[choice // 64 % len(actions)],
            visit.clerk or CLERKS[0],
            service,
            way,
            name,
        )

    @precondition(some_are("CALLED", "SERVING", "PARKED"))
    @rule(
        choice=choices,
        clerk=clerks,
        action=st.sampled_from(ACTIONS),
        service=services,
        way=ways,
        name=counters,
    )
    def try_anything(
        self, choice: int, clerk: str, action: str, service: str, way: str, name: str
    ) -> None:
        """Any step by anybody."""
        self.act(self.pick(choice, *NEXT), action, clerk, service, way, name)

    def act(self, id: str, action: str, clerk: str, service: str, way: str, name: str) -> None:
        if action == "transfer":
            self.send_on(id, clerk, service, way, name)
        else:
            self.both(
                lambda tx: getattr(serving, action)(tx, self.code, id, clerk, stage.at(self.now)),
                lambda: getattr(self.model, action)(id, clerk, self.now),
            )

    def send_on(self, id: str, clerk: str, service: str, way: str, name: str) -> None:
        """To another stream, a counter or a clerk, who may not be there."""
        to = {
            "service": service,
            "letter": stage.SERVICES[service],
            "counter": f"{self.code}-{name}",
            "clerk": CLERKS[int(name) % 2],
        }
        chosen = {
            "to_clerk" if each == "clerk" else each: to[each]
            for each in way.split("+")
            if each in to
        }
        self.both(
            lambda tx: serving.transfer(tx, self.code, id, clerk, stage.at(self.now), **chosen),
            lambda: self.model.transfer(id, clerk, self.now, **chosen),
        )

    @precondition(some_can_be_undone)
    @rule(choice=choices, clerk=clerks, oversees=st.booleans())
    def undo(self, choice: int, clerk: str, oversees: bool) -> None:
        can = [id for id, last in self.model.last.items() if last.type in UNDOABLE]
        id = can[choice // 8 % len(can)] if choice % 8 else self.pick(choice)
        last = self.model.last[id]
        clerk = last.by if last.by in (*CLERKS, BY) and clerk == CLERKS[0] else clerk
        self.both(
            lambda tx: undoing.undo(
                tx, self.code, id, clerk, stage.at(self.now), oversees=oversees
            ),
            lambda: self.model.undo(id, clerk, self.now, oversees),
        )
        self.stayed = last.type in STAYED
