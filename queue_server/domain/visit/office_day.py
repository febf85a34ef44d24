"""The running state of one office on one date: the row that every command locks.

Its counts follow from the day's tickets and are kept beside them so that no command has to count:
`follow` is the one place where a ticket's change reaches them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from queue_server.domain.office.office import Counter, Office
from queue_server.domain.waits.pace import NO_PACE, Pace, follow_busy, follow_call, follow_first

from .numbering import ticket_number
from .occupancy import Occupancy
from .standstill import Act, Pause, admit_act, admit_going_on, admit_stop
from .ticket import Place, Ticket
from .transitions import State


@dataclass(frozen=True)
class StreamDay:
    """One stream on one date. `latest_turn` is at least every waiting ticket's turn time, and may
    be later.

    `pace` tells how fast it is called, on the clock of `minutes_at`. `sent_on` of those waiting
    were sent on to one counter or clerk; `favoured_run` favoured visitors were called in turn since
    the last other one (policy RATIO). `away_until` is at least the time until which any of those
    waiting is away, and may be later; None: nobody has stepped away.
    """

    last_sequence: int = 0
    waiting: int = 0
    latest_turn: datetime | None = None
    pace: Pace = NO_PACE
    sent_on: int = 0
    favoured_run: int = 0
    away_until: datetime | None = None

    def may_be_away(self, now: datetime) -> bool:
        """Whether anybody of those waiting may be away."""
        return self.away_until is not None and now < self.away_until


def minutes_at(moment: datetime) -> float:
    """A moment on the clock of a stream's pace."""
    return moment.timestamp() / 60


@dataclass(frozen=True)
class OfficeDay:
    """Invariants: `seq` is the number of events so far; `persons_inside` and `parties_outside`
    equal the sums over tickets; `correction` >= 0.

    `sensed` is the number inside by the door's counting sensors, None without any; `admitting`
    False means that somebody has stopped the door; `planned_revision` is the office's revision for
    which the slots of this date were made, 0 before. While `paused` nobody is let in or called;
    `drill`: the evacuation is practised. It holds like a real one, and the screens say so.
    `own_letters` are the streams of counters that serve others today than they usually do.
    `over_since` and `over_seconds` tell how long more were inside than the limit allows; see
    `over_limit`.
    """

    office: str
    date: date
    seq: int = 0
    persons_inside: int = 0
    parties_outside: int = 0
    correction: int = 0
    sensed: int | None = None
    admitting: bool = True
    planned_revision: int = 0
    open_counters: tuple[str, ...] = ()
    streams: Mapping[str, StreamDay] = field(default_factory=dict)
    paused: Pause | None = None
    own_letters: Mapping[str, str] = field(default_factory=dict)
    drill: bool = False
    over_since: datetime | None = None
    over_seconds: int = 0
    last_event_at: datetime | None = None

    def stream(self, letter: str) -> StreamDay:
        return self.streams.get(letter) or StreamDay()

    @property
    def waiting(self) -> int:
        """Waiting tickets in all streams."""
        return sum(each.waiting for each in self.streams.values())

    def waiting_here(self, office: Office) -> int:
        """Waiting tickets of those who come to the office, without those who are rung."""
        return sum(self.stream(each.letter).waiting for each in office.streams_here)

    def counters_open_here(self, office: Office) -> int:
        """Open counters in the office, without those worked from home."""
        remote = {each.id for each in office.counters if each.remote}
        return sum(each not in remote for each in self.open_counters)

    @property
    def is_evacuated(self) -> bool:
        """Whether people were sent out, and not for practice."""
        return self.paused is Pause.EVACUATION and not self.drill

    @property
    def has_sent_on(self) -> bool:
        """Whether anybody waits who was sent on to one counter or clerk."""
        return any(each.sent_on for each in self.streams.values())

    def occupancy(self, limit: int | None) -> Occupancy:
        return Occupancy(
            self.persons_inside,
            self.correction,
            limit,
            self.sensed,
            self.admitting and self.paused is None,
        )

    def counter(self, usual: Counter) -> Counter:
        """A counter with the streams it serves today."""
        own = self.own_letters.get(usual.id)
        return usual if own is None else replace(usual, letters=tuple(own))

    def counters(self, office: Office) -> tuple[Counter, ...]:
        """The office's counters with the streams they serve today."""
        return (
            tuple(self.counter(each) for each in office.counters)
            if self.own_letters
            else office.counters
        )

    def counters_serving(self, office: Office, letter: str) -> int:
        """Open counters that serve a stream."""
        return sum(
            [
                letter in each.letters
                for each in self.counters(office)
                if each.id in self.open_counters
            ]
        )

    def after_event(self, at: datetime) -> OfficeDay:
        """The same day with one more event in its log."""
        return OfficeDay(
            self.office,
            self.date,
            self.seq + 1,
            self.persons_inside,
            self.parties_outside,
            self.correction,
            self.sensed,
            self.admitting,
            self.planned_revision,
            self.open_counters,
            self.streams,
            self.paused,
            self.own_letters,
            self.drill,
            self.over_since,
            self.over_seconds,
            at,
        )


def admit_today(day: OfficeDay, act: Act) -> None:
    """Refuse what must not happen while everything stands still on this day. Raises `Paused`."""
    admit_act(day.paused, act)


def stop_everything(day: OfficeDay, kind: Pause, drill: bool) -> OfficeDay:
    """The day standing still; the very same day if it does already. A real evacuation is never made
    a drill.

    Raises `Paused` for a pause while people are sent out.
    """
    admit_stop(day.paused, kind)
    drill = drill and kind is Pause.EVACUATION
    if day.paused is kind and (day.drill == drill or not day.drill):
        return day
    return replace(day, paused=kind, drill=drill)


def go_on(day: OfficeDay, meant: Pause | None) -> OfficeDay:
    """The day going on; the very same day if it does already. Raises `Paused` when another
    standstill than `meant` holds.
    """
    if day.paused is None:
        return day
    admit_going_on(day.paused, meant)
    return replace(day, paused=None, drill=False)


def draw_number(day: OfficeDay, letter: str) -> tuple[OfficeDay, str]:
    """Take the next number of a stream's day. Never gives a number twice."""
    stream = day.stream(letter)
    drawn = replace(stream, last_sequence=stream.last_sequence + 1)
    return _with_counts(day, 0, 0, {**day.streams, letter: drawn}), ticket_number(
        letter, drawn.last_sequence
    )


def follow(day: OfficeDay, before: Ticket | None, after: Ticket, at: datetime) -> OfficeDay:
    """The day's counts after a ticket changed at a moment from `before` (None: it is new) to
    `after`.
    """
    inside = after.persons_inside - (before.persons_inside if before else 0)
    outside = _is_outside(after) - (_is_outside(before) if before else 0)
    streams = day.streams
    was_waiting = before is not None and before.state is State.WAITING
    is_waiting = after.state is State.WAITING
    if before is not None and was_waiting and (not is_waiting or before.letter != after.letter):
        streams = _count_left(streams, before, after, at)
    if is_waiting:
        joined = not was_waiting or before is None or before.letter != after.letter
        streams = _count_waiting(streams, after, 1 if joined else 0, at)
    return _with_counts(day, inside, outside, streams)


def _with_counts(
    day: OfficeDay, inside: int, outside: int, streams: Mapping[str, StreamDay]
) -> OfficeDay:
    """Spelled out, as is `after_event`: `dataclasses.replace` would cost 1.6 µs more, and every
    ticket pays it. A test holds both to all fields.
    """
    return OfficeDay(
        day.office,
        day.date,
        day.seq,
        day.persons_inside + inside,
        day.parties_outside + outside,
        day.correction,
        day.sensed,
        day.admitting,
        day.planned_revision,
        day.open_counters,
        streams,
        day.paused,
        day.own_letters,
        day.drill,
        day.over_since,
        day.over_seconds,
        day.last_event_at,
    )


def _is_outside(ticket: Ticket) -> int:
    return int(ticket.state is State.WAITING and ticket.place is Place.OUTSIDE)


def _count_waiting(
    streams: Mapping[str, StreamDay], ticket: Ticket, joined: int, at: datetime
) -> Mapping[str, StreamDay]:
    stream = streams.get(ticket.letter) or StreamDay()
    latest, turn, pace = stream.latest_turn, ticket.turn_time, stream.pace
    if turn is not None and (latest is None or turn > latest):
        latest = turn
    if joined and stream.waiting == 0:
        pace = follow_first(pace, minutes_at(at))
    sent_on = stream.sent_on + (joined if ticket.wanted is not None else 0)
    away_until = stream.away_until
    if ticket.away_until is not None and (away_until is None or ticket.away_until > away_until):
        away_until = ticket.away_until
    entered = replace(
        stream,
        waiting=stream.waiting + joined,
        latest_turn=latest,
        pace=pace,
        sent_on=sent_on,
        away_until=away_until,
    )
    return {**streams, ticket.letter: entered}


def _count_left(
    streams: Mapping[str, StreamDay], before: Ticket, after: Ticket, at: datetime
) -> Mapping[str, StreamDay]:
    stream = streams.get(before.letter) or StreamDay()
    pace = stream.pace
    if after.state is State.CALLED:
        pace = follow_call(pace, minutes_at(at), waited_minutes(before, at))
    elif stream.waiting == 1:
        pace = follow_busy(pace, minutes_at(at))
    sent_on = stream.sent_on - (before.wanted is not None)
    left = replace(stream, waiting=stream.waiting - 1, pace=pace, sent_on=sent_on)
    return {**streams, before.letter: left}


def waited_minutes(ticket: Ticket, called_at: datetime) -> float:
    """How long a visitor who is called has waited since it could be their turn: arrival or turn
    time, the later.
    """
    since = ticket.arrived_at or called_at
    if ticket.turn_time is not None:
        since = max(since, ticket.turn_time)
    return max(0.0, (called_at - since).total_seconds() / 60)
