"""A board as plain lines, for a browser that can draw nothing but text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from display.rendering import all_words
from queue_server.protocol.messages import Board, BoardCall

CALLS_SHOWN = 6
_PREFIX = re.compile(r"^(?:loket|counter)\s+", re.IGNORECASE)
_BARE = re.compile(r"[0-9A-Z]{1,3}\Z", re.IGNORECASE)

Pair = dict[str, str]
"""A text by language."""


@dataclass(frozen=True)
class ListedCall:
    """A call: its number, and its counter in words."""

    number: str
    counter: Pair
    title: str


@dataclass(frozen=True)
class ListedStream:
    """A queue and how many wait in it."""

    letter: str
    name: Pair
    waiting: int


@dataclass(frozen=True)
class ListedBoard:
    """What the page says, from the top down. `state` is the key of the words that stand first
    where the office does not work as usual, `hint` of those below.
    """

    office_name: str
    time: str
    zone: str
    date: str
    state: str | None
    drill: bool
    stopped: bool
    inside: int
    limit: int | None
    calls: tuple[ListedCall, ...]
    left_out: int
    entering: tuple[str, ...]
    streams: tuple[ListedStream, ...]
    notices: tuple[Pair, ...]


def list_board(board: Board) -> ListedBoard:
    """The lines of a board. During a standstill there is only what it is."""
    moment = datetime.fromisoformat(board.sent_at)
    may_enter = board.admitting and board.over == 0
    newest = sorted(board.calls, key=lambda call: datetime.fromisoformat(call.at), reverse=True)
    return ListedBoard(
        office_name=board.office_name,
        time=moment.strftime("%H.%M.%S"),
        zone=board.zone,
        date=board.date,
        state=_state_of(board),
        drill=board.drill,
        stopped=board.paused is not None,
        inside=board.inside,
        limit=board.limit,
        calls=tuple(_call(each) for each in newest[:CALLS_SHOWN]),
        left_out=max(0, len(newest) - CALLS_SHOWN) + board.calls_left_out,
        entering=board.entering if may_enter else (),
        streams=tuple(
            ListedStream(each.letter, dict(each.name), each.waiting) for each in board.streams
        ),
        notices=tuple(dict(each.text) for each in board.notices),
    )


def _state_of(board: Board) -> str | None:
    """The key of the words that say how the office differs from usual; as on the TV."""
    if board.paused is not None:
        return "evacuation" if board.paused == "EVACUATION" else "paused"
    if not board.admitting:
        return "stopped"
    if board.over > 0:
        return "over"
    if not board.open or board.mode == "CLOSED":
        return "closed"
    return {"URGENT_ONLY": "urgent_only", "ONLINE_FIRST": "online_first"}.get(board.mode)


def _call(call: BoardCall) -> ListedCall:
    title = "last_call" if call.times >= 3 else "second_call" if call.times == 2 else ""
    return ListedCall(call.number, counter_words(call.counter), title)


def counter_words(counter: str) -> Pair:
    """ "Loket 3" and "Counter 3" for a counter, whether the office wrote "3", "Loket 3" or "Counter
    3"; any other name stays. The same rule as `counterName` of the page (words.js).
    """
    bare = _PREFIX.sub("", counter)
    if _BARE.match(bare) is None:
        return dict.fromkeys(all_words(), counter)
    return {language: f"{words['counter']} {bare}" for language, words in all_words().items()}
