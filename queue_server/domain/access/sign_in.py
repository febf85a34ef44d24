"""How soon a password may be tried again: pauses that grow with wrong tries, instead of a lock that
shuts the true person out.

A try is counted when it is made, and taken back when it was right, so of many at once none slips
through. What is counted:

* from a browser in which this account has signed in before: that account in that browser, and
  nothing else, so that a stranger's guesses never delay the person at the usual desk;
* from any other: the account from this address (pauses up to five minutes), the account from
  everywhere, and the address for all accounts (both mild, half a minute at most);
* codes of the second factor, by the account and the browser if it is known: only who has the
  password comes so far, and nobody else's tries delay anybody.

While a pause lasts nothing is checked or counted, so trying on makes it no longer. An hour without
a wrong try ends all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from queue_server.domain.errors import SignInPaused

FORGOTTEN_AFTER = timedelta(hours=1)
STEP_FIRST = 5


class Scope(StrEnum):
    """What wrong tries are counted by."""

    BROWSER = "browser"
    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"
    CODE = "code"


@dataclass(frozen=True)
class _Pauses:
    """`free` tries go by without a pause; then the first lasts `first` and each is twice the one
    before, up to `longest`.
    """

    free: int
    first: timedelta
    longest: timedelta


_PAUSES = {
    Scope.BROWSER: _Pauses(5, timedelta(seconds=2), timedelta(minutes=5)),
    Scope.PAIR: _Pauses(5, timedelta(seconds=2), timedelta(minutes=5)),
    Scope.ACCOUNT: _Pauses(20, timedelta(seconds=1), timedelta(seconds=30)),
    # A whole office signs in from one address, all at eight o'clock, and some of them mistype.
    Scope.ADDRESS: _Pauses(60, timedelta(seconds=1), timedelta(seconds=30)),
    # A code is short: at this pace one is guessed in some years.
    Scope.CODE: _Pauses(5, timedelta(seconds=2), timedelta(minutes=30)),
}


@dataclass(frozen=True)
class Tries:
    """Wrong tries under one key, and when the last was made; none: `last_at` None."""

    count: int = 0
    last_at: datetime | None = None


def scopes_of(*, is_known_browser: bool) -> tuple[Scope, ...]:
    """What a try is counted by."""
    return (Scope.BROWSER,) if is_known_browser else (Scope.PAIR, Scope.ACCOUNT, Scope.ADDRESS)


def pause_after(scope: Scope, count: int) -> timedelta:
    """How long nobody may try after so many wrong tries.

    >>> [pause_after(Scope.PAIR, count).seconds for count in (4, 5, 6, 7, 12, 13, 99)]
    [0, 2, 4, 8, 256, 300, 300]
    >>> [pause_after(Scope.ACCOUNT, count).seconds for count in (19, 20, 21, 25, 10_000)]
    [0, 1, 2, 30, 30]
    """
    rule = _PAUSES[scope]
    if count < rule.free:
        return timedelta()
    doublings = min(count - rule.free, 12)
    return min(rule.longest, rule.first * (1 << doublings))


def admit_try(made: Mapping[Scope, Tries], now: datetime) -> Mapping[Scope, Tries]:
    """Count one more try, before it is checked. Raises `SignInPaused` with the `seconds` still to
    wait.
    """
    live = {scope: _still_counted(tries, now) for scope, tries in made.items()}
    left = max(
        (_pause_left(scope, tries, now) for scope, tries in live.items()), default=timedelta()
    )
    if left > timedelta():
        raise SignInPaused(seconds=max(1, -(-left // timedelta(seconds=1))))
    return {
        scope: replace(tries, count=tries.count + 1, last_at=now) for scope, tries in live.items()
    }


def forgive(scope: Scope, tries: Tries) -> Tries:
    """After the right password: this person's own tries are forgotten; of those shared with others,
    this one.
    """
    shared = (Scope.ACCOUNT, Scope.ADDRESS)
    return take_back(tries) if scope in shared else Tries()


def take_back(tries: Tries) -> Tries:
    """After a try that was never checked."""
    return replace(tries, count=tries.count - 1) if tries.count > 1 else Tries()


def is_step(counted: Mapping[Scope, Tries]) -> bool:
    """Whether a wrong try is to be told of in the log: the 5th, 10th, 20th, 40th … of an account,
    so that no robot fills it.
    """
    steps, rest = divmod(count_told(counted), STEP_FIRST)
    return rest == 0 and steps > 0 and steps & (steps - 1) == 0


def count_told(counted: Mapping[Scope, Tries]) -> int:
    """How many wrong tries the log tells of: those of the account."""
    told = (counted[each] for each in (Scope.ACCOUNT, Scope.BROWSER, Scope.CODE) if each in counted)
    return next(told, Tries()).count


def _still_counted(tries: Tries, now: datetime) -> Tries:
    # Both ways, for a clock that was set back must not make a pause longer than it is.
    return (
        tries
        if tries.last_at is not None and abs(now - tries.last_at) < FORGOTTEN_AFTER
        else Tries()
    )


def _pause_left(scope: Scope, tries: Tries, now: datetime) -> timedelta:
    return (
        timedelta()
        if tries.last_at is None
        else pause_after(scope, tries.count) - abs(now - tries.last_at)
    )
