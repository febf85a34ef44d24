"""What each event of an office-day means for its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from queue_server.domain.events import EventType
from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.ticket import Place
from queue_server.domain.visit.transitions import State

from .counter_time import CounterTime
from .day_clock import DayClock
from .figures import Figures, OverCause
from .line import Facts
from .room_day import RoomDay
from .visit_steps import Pick, VisitSteps

# To ask an enumeration for a member takes as long as the rest of a step.
_BOOKED, _WAITING, _CALLED, _SERVING, _PARKED, _NO_SHOW = (
    State.BOOKED,
    State.WAITING,
    State.CALLED,
    State.SERVING,
    State.PARKED,
    State.NO_SHOW,
)
_INSIDE, _REMOTE = Place.INSIDE, Place.REMOTE
_BY_ORDER, _BY_HAND, _OUT_OF_ORDER = Pick


class Visits(dict[str, VisitSteps]):
    """The visits of a date by ticket. One that the log does not introduce was moved here from
    another day by an earlier release: a booking, as far as can be known of one person.
    """

    def __missing__(self, ticket: str) -> VisitSteps:
        visit = self[ticket] = VisitSteps(_BOOKED, 1, None)
        return visit


@dataclass
class DayUnderWay:
    """A date under way: its visits, its room, its counters."""

    clock: DayClock
    room: RoomDay
    counters: CounterTime
    figures: Figures
    visits: Visits = field(default_factory=Visits)


TakeStep = Callable[[DayUnderWay, str, int, Facts], None]


def _book(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    """A visit is booked or held, or comes from another day. Places that were taken without a visit
    are none.
    """
    if ticket and "state" in facts:
        state, party = State(facts["state"]), int(facts["party_size"])
        day.visits[ticket] = VisitSteps(state, party, at, remote="kind" in facts)


def _walk_in(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = VisitSteps(_WAITING, int(facts["party_size"]), None)
    day.visits[ticket] = visit
    _arrive(day, visit, at, facts["place"])


def _check_in(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    visit.party = int(facts.get("party_size", visit.party))
    _arrive(day, visit, at, facts["changed"]["place"][1])


def _arrive(day: DayUnderWay, visit: VisitSteps, at: int, place: str) -> None:
    visit.state, visit.ended_at = _WAITING, None
    visit.remote = place == _REMOTE
    if visit.arrived_at is None:
        visit.arrived_at = at
        day.figures.slips += not visit.remote
    day.counters.last_step_at = at
    if place == _INSIDE:
        visit.inside = True
        day.room.let_in(at, visit.party)


def _reschedule(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    changed = facts["changed"]
    if "date" in changed:
        day.visits.pop(ticket, None)
        day.figures.moved += 1
        return
    visit = day.visits[ticket]
    visit.state, visit.chosen_at = _BOOKED, at
    if "kind" in changed:
        visit.remote = VisitKind(changed["kind"][1]).is_remote


def _move_to(state: State) -> TakeStep:
    """A step before the visit, which changes nothing but the state."""

    def step(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
        day.visits[ticket].state = state

    return step


def _end_before(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    visit.state, visit.ended_at = _NO_SHOW, at


def _admit(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    _come_in(day, day.visits[ticket], at)


def _come_in(day: DayUnderWay, visit: VisitSteps, at: int) -> None:
    if not visit.inside and not visit.remote:
        visit.inside = True
        day.room.let_in(at, visit.party)


def _go_out(day: DayUnderWay, visit: VisitSteps, at: int) -> None:
    if visit.inside:
        visit.inside = False
        day.room.let_in(at, -visit.party)


def _call(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit, figures = day.visits[ticket], day.figures
    visit.keep()
    visit.state = _CALLED
    if visit.called_at is None:
        visit.called_at = at
    figures.calls += 1
    if not facts.get("direct"):
        visit.pick = _BY_ORDER
    else:
        has_reason = bool(str(facts.get("reason", "")).strip())
        visit.pick = _OUT_OF_ORDER if has_reason else _BY_HAND
        figures.picked += 1
        figures.out_of_order += has_reason
    day.counters.last_step_at = at
    _come_in(day, visit, at)


def _recall(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    day.visits[ticket].keep()


def _start(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    visit.keep()
    visit.state, visit.since = _SERVING, at


def _park(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    visit.keep()
    visit.stop_service(at)
    visit.state = _PARKED


def _wait_again(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    visit.keep()
    visit.stop_service(at)
    visit.state = _WAITING
    day.counters.last_step_at = at


def _step_out(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    """Sent out of the building: a service that was under way begins anew."""
    visit = day.visits[ticket]
    visit.keep()
    visit.state, visit.since = _WAITING, None
    _go_out(day, visit, at)


def _end_with(state: State) -> TakeStep:
    """The visitor goes away, or is taken as gone."""

    def step(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
        visit = day.visits[ticket]
        visit.keep()
        visit.stop_service(at)
        visit.state, visit.ended_at = state, at
        if at < day.clock.end:
            day.counters.last_step_at = at
        _go_out(day, visit, at)

    return step


_cancel = _end_with(State.CANCELLED)


def _void(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    _cancel(day, ticket, at, facts)
    day.visits[ticket].voided = True


def _undo(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit, figures = day.visits[ticket], day.figures
    was_inside, was_called = visit.inside, visit.state is _CALLED
    pick = visit.pick
    visit.take_back()
    if was_called and visit.state is _WAITING:
        figures.calls -= 1
        figures.picked -= pick is not _BY_ORDER
        figures.out_of_order -= pick is _OUT_OF_ORDER
    if visit.inside != was_inside:
        persons = visit.party if visit.inside else -visit.party
        day.room.let_in(at, persons, OverCause.UNDO)


def _change_party(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    visit = day.visits[ticket]
    changed = facts["changed"].get("party_size")
    if changed is not None:
        before, visit.party = visit.party, int(changed[1])
        if visit.inside:
            day.room.let_in(at, visit.party - before, OverCause.PARTY)


def _correct(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    if "persons" in facts:
        day.room.count_anew(at, int(facts["persons"]))
    else:
        day.room.correct(at, int(facts["delta"]))


def _sense(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    sensed = facts["changed"]["sensed"][1]
    day.room.sense(at, None if sensed is None else int(sensed))


def _change_limit(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    """The shares of a limit change by the same event, and leave the limit as it is."""
    limit = facts["changed"].get("limit")
    if limit is not None:
        day.room.set_limit(at, limit[1])


def _open_counter(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    day.counters.open(facts["counter"], at)


def _close_counter(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    day.counters.close(facts["counter"], at)


def _give_slip(day: DayUnderWay, ticket: str, at: int, facts: Facts) -> None:
    day.figures.further_slips += 1


STEPS: Mapping[str, TakeStep] = {
    EventType.HELD: _book,
    EventType.BOOKED: _book,
    EventType.PLACES_TAKEN: _book,
    EventType.CONFIRMED: _move_to(State.BOOKED),
    EventType.EXPIRED: _move_to(State.EXPIRED),
    EventType.STRANDED: _move_to(State.STRANDED),
    EventType.RESCHEDULED: _reschedule,
    EventType.SLOT_MISSED: _end_before,
    EventType.WALKED_IN: _walk_in,
    EventType.CHECKED_IN: _check_in,
    EventType.RETURNED: _check_in,
    EventType.ADMITTED: _admit,
    EventType.CALLED: _call,
    EventType.RECALLED: _recall,
    EventType.STARTED: _start,
    EventType.PARKED: _park,
    EventType.RESUMED: _wait_again,
    EventType.TRANSFERRED: _wait_again,
    EventType.STEPPED_OUT: _step_out,
    EventType.FINISHED: _end_with(State.SERVED),
    EventType.NOT_SHOWN: _end_with(State.NO_SHOW),
    EventType.LEFT: _end_with(State.LEFT),
    EventType.CANCELLED: _cancel,
    EventType.VOIDED: _void,
    EventType.UNDONE: _undo,
    EventType.PARTY_CHANGED: _change_party,
    EventType.OCCUPANCY_CORRECTED: _correct,
    EventType.DOOR_COUNTED: _sense,
    EventType.LIMIT_CHANGED: _change_limit,
    EventType.COUNTER_OPENED: _open_counter,
    EventType.BREAK_STARTED: _close_counter,
    EventType.COUNTER_CLOSED: _close_counter,
    EventType.SLIP_ORDERED: _give_slip,
    EventType.SLIP_COPIED: _give_slip,
}
"""What each event means for the figures; others mean nothing."""
