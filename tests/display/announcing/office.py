"""An office with one screen, simulated: calls are made and taken back, time passes, and what the
rule of announcing orders is carried out and written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.display.announcing.node_process import Announcing

MINUTE_MS = 60_000
NEWEST = 6
SAY_MS = {"full": 5200, "short": 2700, "test": 2500}
LAST_WORD_MS = {"full": 4200, "short": 1700, "test": 1200}
TICK_MS = 5000


@dataclass
class Call:
    id: str
    made: int
    at_ms: int
    counter: str
    first_seen_ms: int | None = None
    is_fresh: bool = False
    taken_back_ms: int | None = None
    """When the screen could know of it."""

    def wire(self) -> dict[str, Any]:
        at = datetime.fromtimestamp(self.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
        return {
            "id": self.id,
            "number": f"A{self.made:03d}",
            "counter": self.counter,
            "at": at,
            "times": 1,
            "language": "id",
        }


@dataclass
class Said:
    """One announcement that was begun. `is_cut` if it was broken off, but not because the call was
    taken back. `waited` are the calls that were known and not yet announced
    then, itself included, in the order of the calls.
    """

    id: str
    form: str
    chime: bool
    at_ms: int
    waited: tuple[str, ...]
    noted_ms: int | None = None
    is_cut: bool = False


@dataclass
class Office:
    """`room` is how many calls a board carries at most."""

    rule: Announcing
    room: int = 200
    counters: tuple[str, ...] = ()
    now_ms: int = 0
    """Only goes forward."""
    clock_ms: int = 1_790_000_000_000
    """What the office's clock is ahead of `now_ms`; it may jump."""
    calls: list[Call] = field(default_factory=list)
    made: int = 0
    said: list[Said] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    paused: bool = False
    voice: str | None = "speaks"
    test_call: str | None = None
    stage: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    timers: list[tuple[int, str]] = field(default_factory=list)
    next_tick_ms: int = 0
    remembered: int = 0
    """The longest list that the rule has kept."""

    def open_page(self) -> None:
        """A page opens, with what the one before it has kept."""
        self.timers = []
        if self.said:
            self.said[-1].is_cut = True
        self.rule.begin(heard=self.heard, shown=self.shown, **self.kept)
        self.look()

    def make(self, count: int, counter: str = "3") -> None:
        """So many counters call, a millisecond after one another."""
        for _ in range(count):
            self.made += 1
            at_ms = self.now_ms + self.clock_ms
            if self.calls and abs(self.calls[-1].at_ms - at_ms) < 1000:
                at_ms = self.calls[-1].at_ms + 1
            self.calls.append(Call(f"c{self.made}", self.made, at_ms, counter))
        self.look()

    def take_back(self, call: Call) -> None:
        """Undo a call. Nobody can know of it if the board has no room for the call any more."""
        if call.id not in {each.id for each in self.board()}:
            return
        self.calls.remove(call)
        call.taken_back_ms = self.now_ms
        self.look()

    def board(self) -> list[Call]:
        """What the server sends, newest first."""
        now = self.now_ms + self.clock_ms
        newest_first = sorted(self.calls, key=lambda call: (call.at_ms, call.made), reverse=True)
        recent = [call for call in newest_first if now - call.at_ms <= MINUTE_MS]
        return newest_first[: max(NEWEST, min(len(recent), self.room))]

    def left_out(self) -> int:
        now = self.now_ms + self.clock_ms
        return max(0, sum(now - call.at_ms <= MINUTE_MS for call in self.calls) - self.room)

    def look(self) -> None:
        """The page takes the present board."""
        board = self.board()
        now = self.now_ms + self.clock_ms
        for call in board:
            is_here = not self.counters or call.counter in self.counters
            if call.first_seen_ms is None and is_here:
                call.first_seen_ms = self.now_ms
                call.is_fresh = now - call.at_ms <= MINUTE_MS
        answer = self.rule.take(
            calls=[call.wire() for call in board],
            sentAtMs=now,
            leftOut=self.left_out(),
            counters=list(self.counters),
            nowMs=now,
            awakeMs=self.now_ms,
            paused=self.paused,
            testCall=self.test_call,
            heard=self.heard[-1000:],
            voice=self.voice,
        )
        self.carry_out(answer)

    def pass_time(self, ms: int) -> None:
        """Let time pass, with all that falls due."""
        end = self.now_ms + ms
        while True:
            due = min([*self.timers, (self.next_tick_ms, "look")])
            if due[0] > end:
                break
            self.now_ms = max(self.now_ms, due[0])
            if due[1] == "look":
                self.next_tick_ms = self.now_ms + TICK_MS
                self.look()
            else:
                self.timers.remove(due)
                step = self.rule.note if due[1] == "note" else self.rule.finish
                self.carry_out(step(self.now_ms))
        self.now_ms = end

    def sleep(self, ms: int) -> None:
        """Let time pass without the page: what fell due comes late."""
        self.now_ms += ms

    def carry_out(self, answer: dict[str, Any]) -> None:
        self.stage = answer["stage"]
        self.remembered = max(self.remembered, answer["remembered"])
        for order in answer["orders"]:
            if order["do"] == "cut":
                self.timers = []
                last = self.said[-1]
                last.is_cut = last.id in {call.id for call in self.calls}
            elif order["do"] == "note":
                self.notes.append((order["id"], order["as"]))
                self.shown.append(order["id"])
                if order["as"] == "heard":
                    self.heard.append(order["id"])
                if self.said[-1].id == order["id"]:
                    self.said[-1].noted_ms = self.now_ms
            else:
                self.say(order, answer)
        self.kept = {"waiting": answer["waiting"], "beside": answer["beside"]}
        if self.said and self.said[-1].noted_ms is None and not self.said[-1].is_cut:
            call = next((each for each in self.calls if each.id == self.said[-1].id), None)
            if call is not None:
                self.kept["waiting"] = [call.wire(), *self.kept["waiting"]]

    def say(self, order: dict[str, Any], answer: dict[str, Any]) -> None:
        form, id = order["form"], order["call"]["id"]
        waited = (id, *(call["id"] for call in answer["waiting"]))
        self.said.append(Said(id, form, order["chime"], self.now_ms, waited))
        self.timers = [
            (self.now_ms + LAST_WORD_MS[form], "note"),
            (self.now_ms + SAY_MS[form], "finish"),
        ]

    def settle(self) -> None:
        """Let time pass until nothing waits any more."""
        for _ in range(400):
            if self.stage == {"kind": "rest"} and not self.timers:
                return
            self.pass_time(5000)
        raise AssertionError("something waits for ever")
