"""The clerks: opening, lunch, calling, serving, transferring, calling absent visitors again, and
going home when nobody is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from queue_server.domain.office.office import Counter
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import calling, serving, staffing
from queue_server.services.door import arrival

from .arrival import GUARD, Door
from .people import Outcome
from .stage import Case, Stage

REACTION_SECONDS = 5
PASSED_OVER_SECONDS = 30
"""After how long a clerk tries again if a waiting visitor did not fit into the room."""

RECALL_SECONDS = 60
FROM_OUTSIDE_SECONDS = 60
"""How much longer the way to the counter takes from outside than from inside."""

CLOSING_CHECK_MINUTES = 5
OVERTIME_MOST = timedelta(minutes=90)
"""How long after closing time the clerks go on before they send home everybody who still waits."""


@dataclass
class SimulatedCounter:
    """One counter with its clerk. `idle`: open, nobody there, and no call under way."""

    counter: Counter
    clerk: str
    open: bool = False
    idle: bool = False
    next_try: datetime | None = None


class Clerks:
    """All counters of the office."""

    def __init__(self, stage: Stage, front: Door) -> None:
        self._stage, self._front = stage, front
        self._counters = [
            SimulatedCounter(each, f"clerk-{each.id}") for each in stage.office.counters
        ]
        self._away = 0
        self._wound_up = False
        stage.when_seen(self._notice)

    def expect(self) -> None:
        """Schedule every clerk's arrival, a minute or two after opening, and the break."""
        for opens, _ in self._stage.stretches:
            for counter in self._counters:
                self._stage.at(
                    opens + timedelta(seconds=self._stage.chance.uniform(0, 120)),
                    partial(self._open, counter),
                )
        for _, closes in self._stage.stretches[:-1]:
            self._stage.at(closes, self._go_to_lunch)
        self._stage.at(self._stage.closes, self._wind_up)

    def _open(self, counter: SimulatedCounter, now: datetime) -> None:
        if counter.open:
            return
        self._stage.write(
            partial(
                staffing.open_counter,
                office=self._stage.office.code,
                counter=counter.counter.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        counter.open = True
        self._call_next(counter, now)

    def _close(self, counter: SimulatedCounter, now: datetime) -> None:
        counter.idle = counter.open = False
        self._stage.write(
            partial(
                staffing.close_counter,
                office=self._stage.office.code,
                counter=counter.counter.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )

    def _is_break(self, now: datetime) -> bool:
        return now < self._stage.closes and not any(
            opens <= now < closes for opens, closes in self._stage.stretches
        )

    def _go_to_lunch(self, now: datetime) -> None:
        for counter in self._counters:
            if counter.idle:
                self._close(counter, now)

    def _notice(self, day: OfficeDay, now: datetime) -> None:
        """An idle clerk sees on the console that somebody waits."""
        for counter in self._counters:
            may_try = counter.idle and (counter.next_try is None or counter.next_try <= now)
            if may_try and any(day.stream(letter).waiting for letter in counter.counter.letters):
                counter.idle = False
                self._stage.at(
                    now + timedelta(seconds=REACTION_SECONDS), partial(self._call_next, counter)
                )

    def _call_next(self, counter: SimulatedCounter, now: datetime) -> None:
        if self._is_break(now):
            self._close(counter, now)
            return
        called = self._stage.write(
            partial(
                calling.call_next,
                office=self._stage.office.code,
                counter=counter.counter.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        if called is None:
            counter.idle, counter.next_try = True, now + timedelta(seconds=PASSED_OVER_SECONDS)
            self._stage.at(counter.next_try, self._stage.look)
            return
        case = self._stage.by_ticket[called.id]
        case.waits = False
        if case.gone or (case.person.steps_out and not case.has_stepped_out):
            self._stage.at(
                now + timedelta(seconds=RECALL_SECONDS),
                partial(self._call_again, counter, called, case),
            )
            return
        walk = case.person.walk_seconds
        if called.id in self._stage.tally.held_outside and called.admitted_at is None:
            walk += FROM_OUTSIDE_SECONDS
        self._stage.at(now + timedelta(seconds=walk), partial(self._start, counter, called, case))

    # --- in vain

    def _call_again(
        self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime
    ) -> None:
        stage = self._stage
        if called.calls < stage.office.rules.calling.calls_max:
            again = stage.write(
                partial(
                    serving.recall,
                    office=stage.office.code,
                    ticket=called.id,
                    clerk=counter.clerk,
                    now=now,
                ),
                now,
            )
            stage.at(
                now + timedelta(seconds=RECALL_SECONDS),
                partial(self._call_again, counter, again, case),
            )
            return
        stage.write(
            partial(
                serving.no_show,
                office=stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        back = case.person.comes_back_after
        if case.gone or back is None:
            case.ends(Outcome.MISSED)
        else:
            case.has_stepped_out = True
            self._away += 1
            stage.at(now + back, partial(self._come_back, case))
        self._call_next(counter, now)

    def _come_back(self, case: Case, now: datetime) -> None:
        """A visitor who missed a call is back."""
        self._away -= 1
        if self._wound_up:
            case.ends(Outcome.MISSED)
            return
        assert case.ticket is not None, "who was called has a ticket"
        self._stage.write(partial(arrival.return_late, ticket=case.ticket, by=GUARD, now=now), now)
        case.waits = True

    # --- serving

    def _start(self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime) -> None:
        stage = self._stage
        stage.write(
            partial(
                serving.start,
                office=stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        minutes = stage.office.service(called.service).minutes * case.person.service_factor
        length = timedelta(minutes=minutes)
        if case.person.parked is not None and not case.has_been_parked:
            stage.at(now + length / 3, partial(self._park, counter, called, case))
        elif case.person.transferred and not case.has_been_sent_on:
            stage.at(now + length / 3, partial(self._send_on, counter, called, case))
        else:
            stage.at(now + length, partial(self._finish, counter, called, case))

    def _finish(self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime) -> None:
        self._stage.write(
            partial(
                serving.finish,
                office=self._stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        case.ends(Outcome.SERVED)
        self._call_next(counter, now)

    def _park(self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime) -> None:
        """A form is missing: the visitor is parked and fills it in."""
        assert case.person.parked is not None, "only who is to be parked is"
        self._stage.write(
            partial(
                serving.park,
                office=self._stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        case.has_been_parked = True
        self._away += 1
        self._stage.at(now + case.person.parked, partial(self._resume, counter, called, case))
        self._call_next(counter, now)

    def _resume(self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime) -> None:
        self._away -= 1
        self._stage.write(
            partial(
                serving.resume,
                office=self._stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
            ),
            now,
        )
        case.waits = True

    def _send_on(
        self, counter: SimulatedCounter, called: Ticket, case: Case, now: datetime
    ) -> None:
        """The visit turns out to belong to another queue."""
        stage = self._stage
        others = sorted(
            {each.letter for each in stage.office.services if each.letter != called.letter}
        )
        letter = stage.chance.choice(others) if others else called.letter
        stage.write(
            partial(
                serving.transfer,
                office=stage.office.code,
                ticket=called.id,
                clerk=counter.clerk,
                now=now,
                letter=letter,
            ),
            now,
        )
        case.has_been_sent_on = case.waits = True
        self._call_next(counter, now)

    # --- the end

    def _wind_up(self, now: datetime) -> None:
        """After closing time: serve those who are there, then go home. After too long, send home
        those who still wait.
        """
        busy = any(counter.open and not counter.idle for counter in self._counters)
        if now - self._stage.closes >= OVERTIME_MOST:
            for case in self._stage.cases:
                if case.waits:
                    self._front.send_away(case, Outcome.SENT_HOME, now)
        if busy or self._away or self._stage.see_day().waiting:
            self._stage.at(now + timedelta(minutes=CLOSING_CHECK_MINUTES), self._wind_up)
            return
        self._wound_up = True
        for counter in self._counters:
            if counter.open:
                self._close(counter, now)
