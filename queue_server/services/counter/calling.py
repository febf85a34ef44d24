"""At the counter: call visitors in turn, serve, set aside, send on, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from queue_server.domain.counter import steps
from queue_server.domain.counter.call_order import Desk, next_ticket
from queue_server.domain.counter.candidate import Candidate
from queue_server.domain.counter.ratio import (
    Ratio,
    favoured_before,
    is_call_in_turn,
    ratio_of,
    read_runs,
    with_favoured_run,
)
from queue_server.domain.errors import (
    BadInput,
    ClerkAway,
    CounterClosed,
    NothingToUndo,
    NotYourTicket,
    RoomFull,
    WrongDay,
)
from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.occupancy import Occupancy, admit_party
from queue_server.domain.visit.office_day import OfficeDay, admit_today
from queue_server.domain.visit.standstill import Act
from queue_server.domain.visit.step import Step
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import STAYED, State
from queue_server.domain.visit.turn import Wanted
from queue_server.services.door.admission import admit_who_fit, room_for_calls
from queue_server.services.places import places
from queue_server.services.places.no_shows import follow_no_show
from queue_server.store.counter import counters as counter_store
from queue_server.store.counter import waiting as waiting_store
from queue_server.store.visit import events as event_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

from .staffing import admit_free_counter, open_counter


def call_next(
    tx: Transaction, office: str, counter: str, clerk: str, now: datetime
) -> Ticket | None:
    """Call the visitor whose turn it is at this counter; None when nobody waits whom it may call.

    A clerk who calls at a closed counter, or on break, thereby opens it. Raises `UnknownCounter`,
    `CounterTaken`, `CounterBusy`, `Paused`.
    """
    admit_today(tx.day(office, tx.office(office).date_at(now)), Act.CALL)
    found = open_counter(tx, office, counter, clerk, now)
    settings = tx.office(office)
    today = settings.date_at(now)
    day = tx.day(office, today)
    admit_free_counter(tx, office, today, counter)
    occupancy, ratio = room_for_calls(tx, settings, day, now), ratio_of(settings, day)
    chosen = _choose(tx, day, found, clerk, occupancy, ratio)
    if chosen is None:
        return None
    called = _call(tx, ticket_store.get(tx, chosen.ticket, office), found, clerk, occupancy, now)
    if ratio is not None:
        run = ratio.run_after(chosen.letter, chosen.turn_time)
        tx.put_day(with_favoured_run(tx.day(office, today), chosen.letter, run))
    return called


def is_next(
    tx: Transaction, office: str, ticket: str, counter: str, clerk: str, now: datetime
) -> bool:
    """Whether a visitor is the very one whom `call_next` would call at this counter. Raises
    `UnknownCounter`.
    """
    settings = tx.office(office)
    day = tx.day(office, settings.date_at(now))
    desk = day.counter(settings.counter(counter))
    chosen = _choose(
        tx, day, desk, clerk, room_for_calls(tx, settings, day, now), ratio_of(settings, day)
    )
    return chosen is not None and chosen.ticket == ticket


def _choose(
    tx: Transaction,
    day: OfficeDay,
    found: Counter,
    clerk: str,
    occupancy: Occupancy,
    ratio: Ratio | None,
) -> Candidate | None:
    """Whose turn it is at a counter."""
    letters = [letter for letter in found.letters if day.stream(letter).waiting > 0]
    if not letters and not day.has_sent_on:
        return None
    waiting = _first_of_each_line(tx, day, letters, occupancy, ratio)
    staffed: dict[str, str] = {}
    if day.has_sent_on:
        waiting += waiting_store.sent_on(tx, day.office, day.date)
        staffed = counter_store.staffed(tx, day.office, day.date)
    return next_ticket(waiting, _desk_of(found, clerk), occupancy, staffed=staffed, ratio=ratio)


def _desk_of(counter: Counter, clerk: str) -> Desk:
    return Desk(counter.id, clerk, frozenset(counter.letters))


def _first_of_each_line(
    tx: Transaction,
    day: OfficeDay,
    letters: Sequence[str],
    occupancy: Occupancy,
    ratio: Ratio | None,
) -> list[Candidate]:
    """The first of each stream who may be called, or under the policy RATIO of each stream's two
    lines: a read for each.
    """
    room = waiting_store.ANY_SIZE if occupancy.room is None else occupancy.room
    lines = (
        [waiting_store.WHOLE_LINE]
        if ratio is None
        else [(None, ratio.favoured_before), (ratio.favoured_before, None)]
    )
    return [
        each
        for turns in lines
        for each in waiting_store.first_waiting(
            tx, day.office, day.date, letters, room, turns=turns, skip_sent_on=day.has_sent_on
        )
    ]


def call(
    tx: Transaction,
    office: str,
    ticket: str,
    counter: str,
    clerk: str,
    now: datetime,
    reason: str = "",
) -> Ticket:
    """Call one visitor out of turn. The reason goes into the log, where supervisors find it.

    Raises `RoomFull` for one outside who does not fit, `AdmissionsStopped`, `WrongDay`,
    `WrongState`, and as `call_next` does.
    """
    found = ticket_store.get(tx, ticket, office)
    settings = tx.office(office)
    if found.date != settings.date_at(now):
        raise WrongDay(date=found.date.isoformat())
    admit_today(tx.day(office, found.date), Act.CALL)
    desk = open_counter(tx, office, counter, clerk, now)
    admit_free_counter(tx, office, found.date, counter)
    occupancy = tx.day(office, found.date).occupancy(settings.people_limit)
    if found.state is State.WAITING and found.persons_inside == 0:
        admit_party(occupancy, found.party_size)
    return _call(tx, found, desk, clerk, occupancy, now, {"direct": True, "reason": reason})


def _call(
    tx: Transaction,
    found: Ticket,
    counter: Counter,
    clerk: str,
    occupancy: Occupancy,
    now: datetime,
    why: Mapping[str, Any] | None = None,
) -> Ticket:
    """Call a visitor, with all that a later reader needs to see that it was right: who asked, for
    which streams, with how much room.
    """
    day, rules = tx.day(found.office, found.date), tx.office(found.office).rules
    after, event = steps.call(found, counter.id, clerk, day.seq + 1, now)
    facts = {
        **event.facts,
        "by": clerk,
        "turn_time": found.turn_time.isoformat() if found.turn_time else None,
        "credit_minutes": found.credit_minutes,
        "letters": "".join(counter.letters),
        "room": occupancy.room,
        "policy": rules.calling.policy.value,
        "direct": False,
        **(why or {}),
    }
    if rules.calling.policy is CallPolicy.RATIO:
        facts |= {"share": rules.calling.ratio, "letter": found.letter}
    saved = ticket_store.save(tx, found, after, replace(event, facts=facts))
    if saved.claim is None:
        places.give_back(tx, found.office, found.date, found.claim)
    return saved


def _act(
    tx: Transaction,
    office: str,
    ticket: str,
    clerk: str,
    now: datetime,
    step: Callable[[Ticket, Office], Step],
    act: Act | None = None,
) -> Ticket:
    """One step of a clerk on a ticket of the same office; tickets at somebody else's counter are
    not theirs to move.

    `act` None: a step that is possible whatever stands still.
    """
    found = ticket_store.get(tx, ticket, office)
    if act is not None:
        admit_today(tx.day(office, found.date), act)
    if (
        found.clerk is not None
        and found.clerk != clerk
        and found.state in (State.CALLED, State.SERVING)
    ):
        raise NotYourTicket(counter=found.counter)
    after, event = step(found, tx.office(office))
    saved = ticket_store.save(
        tx,
        found,
        after,
        replace(event, facts={**event.facts, "by": clerk, "counter": found.counter}),
    )
    follow_no_show(tx, found, saved, now)
    if found.persons_inside > saved.persons_inside:
        admit_who_fit(tx, office, found.date, now)
    return saved


def recall(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Call the same visitor again. Raises `RecallsUsedUp`, `WrongState`, `NotYourTicket`,
    `Paused`.
    """

    def step(found: Ticket, settings: Office) -> Step:
        return steps.recall(found, settings.rules, tx.day(office, found.date).seq + 1, now)

    return _act(tx, office, ticket, clerk, now, step, Act.CALL)


def start(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor has come to the counter. Raises `WrongState`, `NotYourTicket`, `Paused`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: steps.start(found, now), Act.SERVE)


def finish(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor is served. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: steps.finish(found, now))


def no_show(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The called visitor did not come. Raises `WrongState`, `NotYourTicket`, `Paused`."""
    return _act(
        tx, office, ticket, clerk, now, lambda found, _: steps.no_show(found, now), Act.SERVE
    )


def park(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Set the visitor aside. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: steps.park(found, now))


def resume(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Put a parked visitor back into the queue. Raises `WrongState`, `Paused`."""
    return _act(
        tx,
        office,
        ticket,
        clerk,
        now,
        lambda found, settings: steps.resume(found, settings.rules, now),
        Act.SERVE,
    )


def transfer(
    tx: Transaction,
    office: str,
    ticket: str,
    clerk: str,
    now: datetime,
    *,
    letter: str | None = None,
    service: str | None = None,
    counter: str | None = None,
    to_clerk: str | None = None,
) -> Ticket:
    """Send the visitor on to another stream, named by its letter or by a service, or to one counter
    or clerk, or both.

    Who is sent on to a counter or a clerk is offered to nobody else, until that counter closes or
    the clerk leaves. Raises `UnknownStream`, `UnknownService`, `UnknownCounter`, `CounterClosed`,
    `ClerkAway`, `BadInput` when nothing is given or things disagree, `WrongState`, `NotYourTicket`,
    `Paused`.
    """
    settings = tx.office(office)
    wanted = _admit_wanted(tx, settings, now, counter, to_clerk)
    to_letter, to_service = None, ""
    if service is not None:
        target = settings.service(service)
        if letter is not None and letter != target.letter:
            raise BadInput(field="stream", reason="differs_from_service", stream=target.letter)
        to_letter, to_service = target.letter, target.code
    elif letter is not None:
        to_letter = settings.stream(letter).letter
        to_service = next((each.code for each in settings.services if each.letter == letter), "")
    elif wanted is None:
        raise BadInput(field="stream", reason="missing")
    return _act(
        tx,
        office,
        ticket,
        clerk,
        now,
        lambda found, _: steps.transfer(
            found, to_letter or found.letter, to_service or found.service, now, wanted
        ),
        Act.SERVE,
    )


def _admit_wanted(
    tx: Transaction, office: Office, now: datetime, counter: str | None, clerk: str | None
) -> Wanted | None:
    """To whom a visitor is sent on; it must be somebody who is there, open or on break."""
    if counter is None and clerk is None:
        return None
    if counter is not None and clerk is not None:
        raise BadInput(field="clerk", reason="with_counter")
    staffed = counter_store.staffed(tx, office.code, office.date_at(now))
    if counter is not None and office.counter(counter).id not in staffed:
        raise CounterClosed(counter=counter)
    if clerk is not None and clerk not in staffed.values():
        raise ClerkAway(clerk=clerk)
    return Wanted(counter, clerk)


def undo(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Take back this clerk's last action on a ticket. A call that is taken back uses up no turn of
    the policy RATIO.

    Who was finished, or counted out by mistake, still stands inside: they are counted again even
    above the limit, and nobody is let in until the count has fallen. Raises `NothingToUndo` when it
    was not theirs, is too old, or there is no room (for one who did not come) or counter to go back
    to.
    """
    found = ticket_store.get(tx, ticket, office)
    last = event_store.last_step_of(tx, office, found.date, ticket)
    if last is None:
        raise NothingToUndo(reason="none")
    after, event = steps.undo(found, last, clerk, tx.office(office).rules, now)
    if after.persons_inside > found.persons_inside and last.type not in STAYED:
        try:
            # Who is taken back has been inside just now, so a stopped door does not matter; the
            # room does.
            occupancy = tx.day(office, found.date).occupancy(tx.office(office).people_limit)
            admit_party(replace(occupancy, admitting=True), after.party_size)
        except RoomFull:
            raise NothingToUndo(reason="no_place") from None
    if after.counter is not None and after.state in (State.CALLED, State.SERVING):
        busy = waiting_store.at_counter(tx, office, found.date, after.counter)
        if busy is not None and busy.id != found.id:
            raise NothingToUndo(reason="counter_busy", number=busy.number)
        # The visitor goes back to the clerk who had them, whoever takes the step back: a guard may
        # have counted them out.
        host = after.clerk or clerk
        if counter_store.clerk_at(
            tx, office, found.date, after.counter
        ) != host or found.date != tx.office(office).date_at(now):
            raise CounterClosed(counter=after.counter)
        # A clerk who has gone on a break since then is back with the visitor.
        open_counter(tx, office, after.counter, host, now)
    saved = ticket_store.save(tx, found, after, replace(event, facts={**event.facts, "by": clerk}))
    follow_no_show(tx, found, saved, now)
    if is_call_in_turn(last):
        _count_run_anew(tx, last)
    if found.persons_inside > saved.persons_inside:
        admit_who_fit(tx, office, found.date, now)
    return saved


def _count_run_anew(tx: Transaction, taken_back: Event) -> None:
    """Count the stream's favoured visitors as if this call had never been made; others may have
    been called since.
    """
    office, date, letter = taken_back.office, taken_back.date, taken_back.facts["letter"]
    told = event_store.list_of_types(tx, office, date, (EventType.CALLED, EventType.UNDONE))
    in_order = [each.event for each in reversed(told)]
    run = read_runs(in_order, favoured_before(tx.office(office), date)).counts.get(letter, 0)
    tx.put_day(with_favoured_run(tx.day(office, date), letter, run))
