"""Whose turn it is under the policy RATIO, counted from a day's calls in turn. A call taken back is as if it had never been made."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from .events import Event, EventType


@dataclass(frozen=True)
class TurnTaken:
    """A call in turn: whose, whether the visitor was favoured, and how many favoured ones went for each other one then."""

    ticket: str
    favoured: bool
    share: int

    def run_after(self, run: int) -> int:
        """The stream's count after this call."""
        return min(self.share, run + 1) if self.favoured else 0


@dataclass
class FavouredRuns:
    """`counts`: how many favoured visitors of each stream were called in turn since the last other one, never more than the share.

    `turns` are the calls in turn that stand, in order and by stream.
    """

    counts: dict[str, int] = field(default_factory=dict)
    turns: dict[str, list[TurnTaken]] = field(default_factory=dict)

    def take(self, letter: str, turn: TurnTaken) -> None:
        self.turns.setdefault(letter, []).append(turn)
        self.counts[letter] = turn.run_after(self.counts.get(letter, 0))

    def take_back(self, ticket: str) -> None:
        """Forget the last turn of a ticket, if it had one."""
        for letter, turns in self.turns.items():
            place = next((place for place in reversed(range(len(turns))) if turns[place].ticket == ticket), None)
            if place is not None:
                del turns[place]
                self.counts[letter] = reduce(lambda run, turn: turn.run_after(run), turns, 0)
                return


def is_call_in_turn(event: Event) -> bool:
    """Whether an event is a call that used up a turn of the policy RATIO."""
    return event.type is EventType.CALLED and "share" in event.facts and not event.facts["direct"]


def read_runs(events: Iterable[Event], favoured_before: datetime) -> FavouredRuns:
    """The runs of a day from its calls and what was taken back of them, in order. `favoured_before`: as in `Ratio`."""
    runs = FavouredRuns()
    for event in events:
        assert event.ticket is not None, "a call is of a ticket"
        if is_call_in_turn(event):
            favoured = datetime.fromisoformat(event.facts["turn_time"]) < favoured_before
            runs.take(event.facts["letter"], TurnTaken(event.ticket, favoured, event.facts["share"]))
        elif event.type is EventType.UNDONE and event.facts["undid"] == EventType.CALLED:
            runs.take_back(event.ticket)
    return runs
