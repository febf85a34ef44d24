"""Whether the kiosk works with the server or goes on alone: a pure function of answers and time.

    ONLINE -> DOUBT -> OFFLINE -> SYNCING -> ONLINE

Slow, half-dead and flapping networks count as offline by rule: a visitor must not pay with waiting
for a network that might come back. One failed poll is no outage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

SLOW_SECONDS = 4.0
"""An answer that took longer is no good answer: a visitor would have walked away."""
DOUBT_SECONDS = 7.0
"""After so long without a good answer numbers come from the lease."""
OFFLINE_SECONDS = 20.0
"""After so long without a good answer the kiosk says that it works alone."""
SETTLED_ANSWERS = 3
SETTLED_SECONDS = 10.0
"""So many good answers over so long, none bad between them, end an outage."""


class Link(StrEnum):
    """How the kiosk works. `DOUBT`: the server is silent, perhaps for a moment; numbers come from
    the lease already. `SYNCING`: it answers again, and what was given meanwhile is reported.
    """

    ONLINE = "online"
    DOUBT = "doubt"
    OFFLINE = "offline"
    SYNCING = "syncing"


@dataclass(frozen=True)
class LinkState:
    """`good_at` is when the last good answer came, `settling_from` and `settling_answers` when the
    present run of good answers began and how many there are, `outage_from` when the answers
    stopped; None while online. All times are seconds of one steady clock.
    """

    link: Link
    good_at: float
    settling_from: float = 0.0
    settling_answers: int = 0
    outage_from: float | None = None


def begin_link(now: float) -> LinkState:
    """The state of a kiosk that has just started: it counts as online until it has waited."""
    return LinkState(Link.ONLINE, good_at=now)


def pass_time(state: LinkState, now: float, outbox: int) -> LinkState:
    """The state at `now`, if nothing was heard since; `outbox` is how many numbers are still to be
    reported.
    """
    silent_seconds = now - state.good_at
    link = state.link
    if silent_seconds >= OFFLINE_SECONDS or (
        link is Link.SYNCING and silent_seconds >= DOUBT_SECONDS
    ):
        link = Link.OFFLINE  # from SYNCING at once: a flapping network must not look like a new one
    elif link is Link.ONLINE and silent_seconds >= DOUBT_SECONDS:
        link = Link.DOUBT
    elif (
        link is Link.SYNCING
        and outbox == 0
        and state.settling_answers >= SETTLED_ANSWERS
        and now - state.settling_from >= SETTLED_SECONDS
    ):
        return replace(state, link=Link.ONLINE, outage_from=None)
    if link is state.link:
        return state
    began = state.good_at if state.outage_from is None else state.outage_from
    return replace(state, link=link, outage_from=began, settling_answers=0)


def hear(
    state: LinkState, now: float, *, good: bool, took_seconds: float, outbox: int
) -> LinkState:
    """The state after a request that ended at `now`. `good`: the server itself answered, be it with
    a refusal.
    """
    before = pass_time(state, now, outbox)
    if not good or took_seconds > SLOW_SECONDS:
        return replace(before, settling_answers=0)
    first = before.settling_answers == 0
    heard = replace(
        before,
        good_at=now,
        link=Link.ONLINE if before.link is Link.ONLINE else Link.SYNCING,
        settling_from=now if first else before.settling_from,
        settling_answers=before.settling_answers + 1,
    )
    return pass_time(heard, now, outbox)
