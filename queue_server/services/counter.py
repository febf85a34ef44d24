"""At the counter: open and close it, call visitors in turn, serve, set aside, send on, take back."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from ..domain import ticket as life
from ..domain.call_order import next_ticket
from ..domain.errors import BadInput, CounterBusy, CounterClosed, CounterTaken, NothingToUndo, NotYourTicket, RoomFull, WrongDay
from ..domain.events import Event, EventType
from ..domain.occupancy import admit_party
from ..domain.office import Counter, Office
from ..domain.ticket import Step, Ticket
from ..domain.transitions import State
from ..store import counters as counter_store
from ..store import events as event_store
from ..store import lobby
from ..store import tickets as ticket_store
from ..store.transaction import Transaction
from .admission import admit_who_fit, room_for_calls
from .no_shows import follow_no_show


def open_counter(tx: Transaction, office: str, counter: str, clerk: str, now: datetime) -> Counter:
    """Open a counter for a clerk. Opening one's own open counter again changes nothing.

    Raises `UnknownCounter`, `CounterTaken`.
    """
    settings = tx.office(office)
    found = settings.counter(counter)
    today = settings.date_at(now)
    present = counter_store.clerk_at(tx, office, today, counter)
    if present is not None and present != clerk:
        raise CounterTaken(counter=counter)
    if present is None:
        counter_store.set_clerk(tx, office, today, counter, clerk, now)
        day = tx.day(office, today)
        tx.put_day(replace(day, open_counters=tuple(sorted({*day.open_counters, counter}))))
        tx.record(Event(EventType.COUNTER_OPENED, office, today, now, None, {"counter": counter, "by": clerk}))
    return found


def close_counter(tx: Transaction, office: str, counter: str, clerk: str, now: datetime) -> Counter:
    """Close a counter that has no visitor. Closing a closed one changes nothing.

    Raises `UnknownCounter`, `CounterTaken`, `CounterBusy`.
    """
    settings = tx.office(office)
    found = settings.counter(counter)
    today = settings.date_at(now)
    present = counter_store.clerk_at(tx, office, today, counter)
    if present is not None:
        if present != clerk:
            raise CounterTaken(counter=counter)
        _admit_free_counter(tx, office, today, counter)
        counter_store.set_clerk(tx, office, today, counter, None, now)
        day = tx.day(office, today)
        tx.put_day(replace(day, open_counters=tuple(each for each in day.open_counters if each != counter)))
        tx.record(Event(EventType.COUNTER_CLOSED, office, today, now, None, {"counter": counter, "by": clerk}))
    return found


def call_next(tx: Transaction, office: str, counter: str, clerk: str, now: datetime) -> Ticket | None:
    """Call the visitor whose turn it is at this counter; None when nobody waits whom it may call.

    A clerk who calls at a closed counter thereby opens it. Raises `UnknownCounter`, `CounterTaken`, `CounterBusy`.
    """
    desk = open_counter(tx, office, counter, clerk, now)
    settings = tx.office(office)
    today = settings.date_at(now)
    day = tx.day(office, today)
    letters = [letter for letter in desk.letters if day.stream(letter).waiting > 0]
    if not letters:
        _admit_free_counter(tx, office, today, counter)
        return None
    _admit_free_counter(tx, office, today, counter)
    occupancy = room_for_calls(tx, settings, day, now)
    room = lobby.ANY_SIZE if occupancy.room is None else occupancy.room
    waiting = lobby.first_waiting(tx, office, today, letters, room)
    chosen = next_ticket(waiting, frozenset(letters), occupancy)
    if chosen is None:
        return None
    return _call(tx, ticket_store.get(tx, chosen.ticket), desk, clerk, now)


def call(tx: Transaction, office: str, ticket: str, counter: str, clerk: str, now: datetime) -> Ticket:
    """Call one visitor out of turn.

    Raises `RoomFull` for one outside who does not fit, `AdmissionsStopped`, `WrongDay`, `WrongState`, and as `call_next` does.
    """
    found = ticket_store.get_in(tx, office, ticket)
    if found.date != tx.office(office).date_at(now):
        raise WrongDay(date=found.date.isoformat())
    desk = open_counter(tx, office, counter, clerk, now)
    _admit_free_counter(tx, office, found.date, counter)
    if found.state is State.WAITING and found.persons_inside == 0:
        admit_party(tx.day(office, found.date).occupancy(tx.office(office).people_limit), found.party_size)
    return _call(tx, found, desk, clerk, now, direct=True)


def _call(tx: Transaction, found: Ticket, desk: Counter, clerk: str, now: datetime, *, direct: bool = False) -> Ticket:
    after, event = life.call(found, desk.id, clerk, tx.day(found.office, found.date).seq + 1, now)
    facts = {**event.facts, "by": clerk, "turn_time": found.turn_time.isoformat() if found.turn_time else None, "direct": direct}
    return ticket_store.save(tx, found, after, replace(event, facts=facts))


def _admit_free_counter(tx: Transaction, office: str, day: date, counter: str) -> None:
    busy = lobby.at_counter(tx, office, day, counter)
    if busy is not None:
        raise CounterBusy(counter=counter, number=busy.number, ticket=busy.id)


def _act(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime, step: Callable[[Ticket, Office], Step]) -> Ticket:
    """One step of a clerk on a ticket of the same office; tickets at somebody else's counter are not theirs to move."""
    found = ticket_store.get_in(tx, office, ticket)
    if found.clerk is not None and found.clerk != clerk and found.state in (State.CALLED, State.SERVING):
        raise NotYourTicket(counter=found.counter)
    after, event = step(found, tx.office(office))
    saved = ticket_store.save(tx, found, after, replace(event, facts={**event.facts, "by": clerk, "counter": found.counter}))
    follow_no_show(tx, found, saved, now)
    if found.persons_inside > saved.persons_inside:
        admit_who_fit(tx, office, found.date, now)
    return saved


def recall(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Call the same visitor again. Raises `RecallsUsedUp`, `WrongState`, `NotYourTicket`."""
    return _act(
        tx, office, ticket, clerk, now,
        lambda found, settings: life.recall(found, settings.rules, tx.day(office, found.date).seq + 1, now),
    )


def start(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor has come to the counter. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: life.start(found, now))


def finish(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The visitor is served. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: life.finish(found, now))


def no_show(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """The called visitor did not come. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: life.no_show(found, now))


def park(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Set the visitor aside. Raises `WrongState`, `NotYourTicket`."""
    return _act(tx, office, ticket, clerk, now, lambda found, _: life.park(found, now))


def resume(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Put a parked visitor back into the queue. Raises `WrongState`."""
    return _act(tx, office, ticket, clerk, now, lambda found, settings: life.resume(found, settings.rules, now))


def transfer(
    tx: Transaction, office: str, ticket: str, clerk: str, now: datetime, *, letter: str | None = None, service: str | None = None
) -> Ticket:
    """Send the visitor on to another stream, named by its letter or by a service.

    Raises `UnknownStream`, `UnknownService`, `BadInput` when neither is given or they disagree, `WrongState`, `NotYourTicket`.
    """
    settings = tx.office(office)
    if service is not None:
        target = settings.service(service)
        if letter is not None and letter != target.letter:
            raise BadInput(field="stream", reason="differs_from_service", stream=target.letter)
        to_letter, to_service = target.letter, target.code
    elif letter is not None:
        to_letter = settings.stream(letter).letter
        to_service = next((each.code for each in settings.services if each.letter == letter), "")
    else:
        raise BadInput(field="stream", reason="missing")
    return _act(
        tx, office, ticket, clerk, now, lambda found, _: life.transfer(found, to_letter, to_service or found.service, now)
    )


def undo(tx: Transaction, office: str, ticket: str, clerk: str, now: datetime) -> Ticket:
    """Take back this clerk's last action on a ticket.

    Raises `NothingToUndo` when it was not theirs, is too old, or there is no room or counter to go back to.
    """
    found = ticket_store.get_in(tx, office, ticket)
    last = event_store.last_of_ticket(tx, office, found.date, ticket)
    if last is None:
        raise NothingToUndo(reason="none")
    after, event = life.undo(found, last, clerk, tx.office(office).rules, now)
    if after.persons_inside > found.persons_inside:
        try:
            # Who is taken back has been inside just now, so a stopped door does not matter; the room does.
            occupancy = tx.day(office, found.date).occupancy(tx.office(office).people_limit)
            admit_party(replace(occupancy, admitting=True), after.party_size)
        except RoomFull:
            raise NothingToUndo(reason="no_place") from None
    if after.counter is not None and after.state in (State.CALLED, State.SERVING):
        busy = lobby.at_counter(tx, office, found.date, after.counter)
        if busy is not None and busy.id != found.id:
            raise NothingToUndo(reason="counter_busy", number=busy.number)
        if counter_store.clerk_at(tx, office, found.date, after.counter) != clerk:
            raise CounterClosed(counter=after.counter)
    saved = ticket_store.save(tx, found, after, replace(event, facts={**event.facts, "by": clerk}))
    follow_no_show(tx, found, saved, now)
    if found.persons_inside > saved.persons_inside:
        admit_who_fit(tx, office, found.date, now)
    return saved
