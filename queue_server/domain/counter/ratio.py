"""Whose turn it is under the policy RATIO, counted from a day's calls in turn. A call taken back is
as if it had never been made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import reduce

from queue_server.domain.events import Event, EventType
from queue_server.domain.office.office import Office
from queue_server.domain.office.rules import CallPolicy
from queue_server.domain.visit.office_day import OfficeDay
from queue_server.domain.visit.turn import WHOLE_DAY

from .candidate import Candidate


def run_after(run: int, share: int, *, favoured: bool) -> int:
    """How many favoured visitors of a stream were called in turn since the last other one, after
    one more call; `run` were so before it. It never grows beyond the share.
    """
    return min(share, run + 1) if favoured else 0


@dataclass(frozen=True)
class TurnTaken:
    """A call in turn: whose, whether the visitor was favoured, and how many favoured ones went for
    each other one then.
    """

    ticket: str
    favoured: bool
    share: int


@dataclass
class FavouredRuns:
    """`counts`: how many favoured visitors of each stream were called in turn since the last other
    one, never more than the share.

    `turns` are the calls in turn that stand, in order and by stream.
    """

    counts: dict[str, int] = field(default_factory=dict)
    turns: dict[str, list[TurnTaken]] = field(default_factory=dict)

    def take(self, letter: str, turn: TurnTaken) -> None:
        self.turns.setdefault(letter, []).append(turn)
        self.counts[letter] = _count([turn], self.counts.get(letter, 0))

    def take_back(self, ticket: str) -> None:
        """Forget the last turn of a ticket, if it had one."""
        for letter, turns in self.turns.items():
            index = next(
                (index for index in reversed(range(len(turns))) if turns[index].ticket == ticket),
                None,
            )
            if index is not None:
                del turns[index]
                self.counts[letter] = _count(turns)
                return


def _count(turns: Iterable[TurnTaken], run: int = 0) -> int:
    return reduce(lambda run, turn: run_after(run, turn.share, favoured=turn.favoured), turns, run)


def is_call_in_turn(event: Event) -> bool:
    """Whether an event is a call that used up a turn of the policy RATIO."""
    return event.type is EventType.CALLED and "share" in event.facts and not event.facts["direct"]


def read_runs(events: Iterable[Event], favoured_before: datetime) -> FavouredRuns:
    """The runs of a day from its calls and what was taken back of them, in order.
    `favoured_before`: as in `Ratio`.
    """
    runs = FavouredRuns()
    for event in events:
        assert event.ticket is not None, "a call is of a ticket"
        if is_call_in_turn(event):
            favoured = datetime.fromisoformat(event.facts["turn_time"]) < favoured_before
            runs.take(
                event.facts["letter"], TurnTaken(event.ticket, favoured, event.facts["share"])
            )
        elif event.type is EventType.UNDONE and event.facts["undid"] == EventType.CALLED:
            runs.take_back(event.ticket)
    return runs


@dataclass(frozen=True)
class Ratio:
    """The policy RATIO at one moment: `share` favoured visitors for each other one.

    Turn times before `favoured_before`, the start of the day, are those of favoured visitors.
    `runs` counts by stream how many favoured visitors were called in turn since the last other one.
    """

    share: int
    favoured_before: datetime
    runs: Mapping[str, int] = field(default_factory=dict)

    def favours(self, turn_time: datetime) -> bool:
        return turn_time < self.favoured_before

    def run_after(self, letter: str, called: datetime) -> int:
        """The stream's count after a visitor with this turn time was called in turn."""
        return run_after(self.runs.get(letter, 0), self.share, favoured=self.favours(called))

    def choose(self, able: Sequence[Candidate]) -> Candidate | None:
        """In each stream the line whose turn it is; of the streams the one whose visitor has the
        earlier time, credit apart.
        """
        heads = []
        for letter in {each.letter for each in able}:
            line = [each for each in able if each.letter == letter]
            favoured = min((each for each in line if self.favours(each.turn_time)), default=None)
            other = min((each for each in line if not self.favours(each.turn_time)), default=None)
            is_others_turn = self.runs.get(letter, 0) >= self.share
            head = (other or favoured) if is_others_turn else (favoured or other)
            if head is not None:
                heads.append(head)
        return min(heads, key=self._without_credit, default=None)

    def _without_credit(self, each: Candidate) -> tuple[datetime, str]:
        return each.turn_time + WHOLE_DAY if self.favours(
            each.turn_time
        ) else each.turn_time, each.ticket


def ratio_of(office: Office, day: OfficeDay) -> Ratio | None:
    """The policy RATIO as it stands on this day; None under any other."""
    if office.rules.calling.policy is not CallPolicy.RATIO:
        return None
    runs = {letter: each.favoured_run for letter, each in day.streams.items()}
    return Ratio(office.rules.calling.ratio, favoured_before(office, day.date), runs)


def favoured_before(office: Office, day: date) -> datetime:
    """The moment before which the turn times of favoured visitors lie under the policy RATIO: the
    start of the day.
    """
    return datetime.combine(day, time.min, office.tz).astimezone(UTC)


def with_favoured_run(day: OfficeDay, letter: str, run: int) -> OfficeDay:
    """The day after a call in turn under the policy RATIO, or after such a call was taken back."""
    return replace(
        day, streams={**day.streams, letter: replace(day.stream(letter), favoured_run=run)}
    )
