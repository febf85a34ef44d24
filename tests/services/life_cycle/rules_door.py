"""What happens at the door in the play: who comes, who goes, who counts, and what the reception
does by hand.
"""

from __future__ import annotations

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from queue_server.domain.door.sensors import Reading
from queue_server.domain.visit.booker import Where
from queue_server.domain.visit.standstill import Pause
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import undoing
from queue_server.services.door import admission, arrival
from queue_server.services.door import sensors as door_counting
from queue_server.services.places.ticket_ids import draw
from queue_server.services.reception import reception
from queue_server.services.supervisor import supervision
from queue_server.services.visit import voiding
from queue_server.store.writer.transaction import Transaction
from tests.services import stage
from tests.services.life_cycle.records_model import Sensor
from tests.services.playing import BY, Playing, choices, parties, seldom, services, some_are

PRESENT = ("WAITING", "CALLED", "SERVING", "PARKED")
sensors = st.sampled_from(["front", "side"])
readings = st.sampled_from(
    [
        "news",
        "news",
        "news",
        "news",
        "repeat",
        "backwards",
        "older",
        "jump",
        "future",
        "yesterday",
        "restart",
    ]
)


class DoorRules(Playing):
    """Coming, waiting outside, being let in, leaving."""

    @rule(service=services, party=parties, priority=st.booleans(), urgent=seldom, by_hand=seldom)
    def walk_in(
        self, service: str, party: int, priority: bool, urgent: bool, by_hand: bool
    ) -> None:
        """At the kiosk, or at the desk, where a number is given though the day may be full."""
        if not by_hand:
            self.come(service, party, priority, urgent=urgent)
            return
        drawn = draw()
        wanted = arrival.WalkIn(service, party, priority, urgent=urgent, by=BY)
        self.check_place(
            self.both(
                lambda tx: reception.issue(
                    tx, self.code, wanted, "reason", drawn, stage.at(self.now)
                ),
                lambda: self.model.issue_beyond(
                    drawn.id, service, party, priority, urgent, self.now, BY
                ),
            )
        )

    @precondition(some_are("BOOKED"))
    @rule(choice=choices)
    def check_in(self, choice: int) -> None:
        id = self.pick(choice, "BOOKED")
        self.check_place(
            self.both(
                lambda tx: arrival.check_in(tx, id, stage.at(self.now)),
                lambda: self.model.check_in(id, self.now),
            )
        )

    @precondition(some_are("NO_SHOW"))
    @rule(choice=choices)
    def return_late(self, choice: int) -> None:
        id = self.pick(choice, "NO_SHOW")
        self.check_place(
            self.both(
                lambda tx: arrival.return_late(tx, id, BY, stage.at(self.now)),
                lambda: self.model.return_late(id, BY, self.now),
            )
        )

    @precondition(some_are(*PRESENT))
    @rule(choice=choices, leaves=st.booleans(), reason=st.sampled_from(["", "ill"]))
    def admit_or_leave(self, choice: int, leaves: bool, reason: str) -> None:
        id = self.pick(choice, *(PRESENT if leaves else ("WAITING",)))
        if leaves:
            self.both(
                lambda tx: admission.leave(tx, self.code, id, BY, stage.at(self.now)),
                lambda: self.model.leave(id, BY, self.now),
            )
        else:
            self.both(
                lambda tx: admission.admit(tx, self.code, id, BY, stage.at(self.now), reason),
                lambda: self.model.admit(id, BY, self.now, reason),
            )

    @precondition(some_are("BOOKED", *PRESENT))
    @rule(choice=choices, where=st.sampled_from(list(Where)), undone=st.booleans())
    def void(self, choice: int, where: Where, undone: bool) -> None:
        """A card is another person's; or it is not, and the mistake is taken back at once."""
        id = self.pick(choice, "BOOKED", *PRESENT)
        by, now = self.model.visits[id].clerk or BY, stage.at(self.now)
        self.both(
            lambda tx: voiding.void(tx, self.code, id, where, by, now),
            lambda: self.model.void(id, by, self.now),
        )
        if undone:
            self.both(
                lambda tx: undoing.undo(tx, self.code, id, "mina", now, oversees=True),
                lambda: self.model.undo(id, "mina", self.now, oversees=True),
            )
            self.stayed = True

    @precondition(some_are(*PRESENT))
    @rule(choice=choices, drill=st.booleans(), ends=st.sampled_from([True, True, False]))
    def send_everybody_out(self, choice: int, drill: bool, ends: bool) -> None:
        """An evacuation: the guard counts out whoever is inside, also from the counters, and takes
        one back.
        """
        now = stage.at(self.now)
        self.both(
            lambda tx: supervision.pause(
                tx, self.code, Pause.EVACUATION, "fire", BY, now, drill=drill
            ),
            lambda: self.model.pause("EVACUATION", drill),
        )
        inside = [
            each.id
            for each in self.model.visits.values()
            if each.place == "INSIDE" and each.day == self.model.today
        ]
        for id in inside:
            self.both(partial(self._leave, id=id), partial(self.model.leave, id, BY, self.now))
        if inside and choice % 3 == 0:
            id = inside[choice % len(inside)]
            self.both(
                lambda tx: undoing.undo(tx, self.code, id, BY, now),
                lambda: self.model.undo(id, BY, self.now),
            )
            self.stayed = True
        if ends:
            self.both(
                lambda tx: supervision.resume(tx, self.code, "", BY, now),
                lambda: self.model.go_on(self.now),
            )

    def _leave(self, tx: Transaction, id: str) -> Ticket:
        return admission.leave(tx, self.code, id, BY, stage.at(self.now))

    # Counting.

    @rule(delta=st.sampled_from([-1, -1, 1, 2, 5, -3]), by_eye=st.booleans())
    def count(self, delta: int, by_eye: bool) -> None:
        """A guard taps plus and minus, or says how many there are."""
        if by_eye:
            persons = self.model.inside() + delta
            self.both(
                lambda tx: door_counting.recount(
                    tx, self.code, persons, "count", BY, stage.at(self.now)
                ),
                lambda: self.model.recount(persons, self.now),
            )
        else:
            self.both(
                lambda tx: admission.correct_occupancy(
                    tx, self.code, delta, "count", BY, stage.at(self.now)
                ),
                lambda: self.model.correct(delta, self.now),
            )
        self.corrected = True

    @rule(name=sensors, kind=readings, came=st.integers(0, 3), went=st.integers(0, 3))
    def sense(self, name: str, kind: str, came: int, went: int) -> None:
        """What a counting sensor sends, good readings and bad ones."""
        last = self.model.sensors.get(name, Sensor(0, 0, self.now, self.model.today))
        total_in, total_out, at = last.came + came, last.went + went, self.now
        match kind:
            case "repeat":
                total_in, total_out, at = last.came, last.went, last.at
            case "backwards":
                total_in -= came + 1
            case "older":
                at = last.at - 1
            case "jump":
                total_in += 501
            case "future":
                at += 1
            case "yesterday":
                at -= 1440
            case "restart":
                total_in, total_out = came, went
        reading = Reading(total_in, total_out, stage.at(at))
        news: list[bool] = []
        answer = self.both(
            lambda tx: door_counting.take_reading(tx, self.code, name, reading, stage.at(self.now))[
                1
            ],
            lambda: news.append(self.model.read_sensor(name, total_in, total_out, at, self.now)),
        )
        assert answer == (news[0] if news else None)
        self.corrected = True

    @precondition(lambda machine: machine.model.sensed is not None or machine.model.outside())
    @rule()
    def settle_door(self) -> None:
        """What the upkeep does every few seconds."""

        def settle(tx: Transaction) -> None:
            door_counting.forget_silent_sensors(tx, self.code, stage.at(self.now))
            admission.admit_who_fit(tx, self.code, stage.DAYS[self.model.today], stage.at(self.now))

        self.both(settle, lambda: self.model.settle_door(self.now))

    # The reception.

    @precondition(some_are("BOOKED", "WAITING"))
    @rule(
        choice=choices,
        party=st.sampled_from([1, 2, 3, 3, 4]),
        act=st.sampled_from(["party", "party", "party", "urgent", "priority", "copy"]),
    )
    def receive(self, choice: int, party: int, act: str) -> None:
        """A companion more or fewer, a case that turns out urgent, priority, a slip once more."""
        id, now = (
            self.pick(choice, *(("WAITING",) if act == "urgent" else ("BOOKED", "WAITING"))),
            stage.at(self.now),
        )
        if act == "party":
            self.both(
                lambda tx: reception.change_party(tx, self.code, id, party, BY, now),
                lambda: self.model.change_party(id, party, BY, self.now),
            )
        elif act == "urgent":
            self.both(
                lambda tx: reception.make_urgent(tx, self.code, id, "death", BY, now),
                lambda: self.model.make_urgent(id, BY, self.now),
            )
        elif act == "priority":
            given = party > 2
            self.both(
                lambda tx: reception.set_priority(tx, self.code, id, given, BY, now),
                lambda: self.model.set_priority(id, given, BY, self.now),
            )
        else:
            self.both(
                lambda tx: reception.copy_slip(tx, self.code, id, BY, now),
                lambda: self.model.copy_slip(id, BY, self.now),
            )
