"""Pauses after wrong passwords: whom they delay, and whom they do not."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.access import sign_in
from queue_server.domain.access.sign_in import (
    FORGOTTEN_AFTER,
    Scope,
    Tries,
    admit_try,
    forgive,
    is_step,
    pause_after,
    scopes_of,
    take_back,
)
from queue_server.domain.errors import SignInPaused

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


class Counters:
    """What the server keeps, and a clock."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Scope, str], Tries] = {}
        self.now = NOW

    def try_wrong(
        self, account: str, address: str, browser: str | None = None
    ) -> dict[Scope, Tries]:
        keys = {
            Scope.BROWSER: f"{account} {browser}",
            Scope.PAIR: f"{account} {address}",
            Scope.ACCOUNT: account,
            Scope.ADDRESS: address,
        }
        scopes = scopes_of(is_known_browser=browser is not None)
        counted = admit_try(
            {each: self.kept.get((each, keys[each]), Tries()) for each in scopes}, self.now
        )
        self.kept |= {(each, keys[each]): tries for each, tries in counted.items()}
        return dict(counted)

    def guess(self, account: str, address: str, seconds: int) -> int:
        """Guess each second. Returns how many guesses were checked."""
        checked = 0
        for _ in range(seconds):
            self.now += timedelta(seconds=1)
            try:
                self.try_wrong(account, address)
            except SignInPaused:
                continue
            checked += 1
        return checked


def test_the_examples_of_the_rule_hold() -> None:
    assert doctest.testmod(sign_in).failed == 0


def test_a_person_who_mistypes_five_times_waits_two_seconds() -> None:
    counters = Counters()
    for _ in range(5):
        counters.try_wrong("siti", "10.0.0.7")
    with pytest.raises(SignInPaused) as paused:
        counters.try_wrong("siti", "10.0.0.7")
    assert paused.value.facts == {"seconds": 2}
    counters.now += timedelta(seconds=2)
    counters.try_wrong("siti", "10.0.0.7")


def test_a_robot_at_one_address_gets_few_guesses_and_trying_on_makes_nobody_wait_longer() -> None:
    counters = Counters()
    assert counters.guess("siti", "203.0.113.9", 3600) <= 25
    with pytest.raises(SignInPaused) as paused:
        while True:
            counters.try_wrong("siti", "203.0.113.9")
    assert int(str(paused.value.facts["seconds"])) <= 300


def test_a_strangers_guesses_never_delay_the_person_at_the_usual_desk() -> None:
    counters = Counters()
    for robot in range(200):
        counters.guess("siti", f"203.0.113.{robot}", 3)
    assert counters.try_wrong("siti", "10.0.0.7", browser="usual desk")[Scope.BROWSER].count == 1


def test_a_strangers_guesses_delay_an_unknown_browser_by_half_a_minute_at_most() -> None:
    counters = Counters()
    for robot in range(200):
        counters.guess("siti", f"203.0.113.{robot}", 3)
    with pytest.raises(SignInPaused) as paused:
        counters.try_wrong("siti", "10.0.0.7")
    assert int(str(paused.value.facts["seconds"])) <= 30


def test_an_address_that_tries_all_accounts_is_slowed_and_an_office_at_eight_is_not() -> None:
    office = Counters()
    for clerk in range(20):
        office.try_wrong(f"clerk {clerk}", "10.0.0.1")
        office.try_wrong(f"clerk {clerk}", "10.0.0.1")
    robot = Counters()
    checked = 0
    for second in range(600):
        robot.now += timedelta(seconds=1)
        try:
            robot.try_wrong(f"name {second}", "203.0.113.9")
        except SignInPaused:
            continue
        checked += 1
    assert checked < 60 + 30


@pytest.mark.parametrize("moved", [FORGOTTEN_AFTER, -FORGOTTEN_AFTER, -timedelta(minutes=10)])
def test_an_hour_ends_every_pause_and_so_does_a_clock_that_was_set_back(moved: timedelta) -> None:
    counters = Counters()
    counters.guess("siti", "10.0.0.7", 400)
    counters.now += moved
    assert Scope.PAIR in counters.try_wrong("siti", "10.0.0.7")


def test_the_right_password_forgets_the_persons_own_tries_and_of_the_others_one() -> None:
    tries = Tries(9, NOW)
    assert [
        forgive(each, tries).count
        for each in (Scope.BROWSER, Scope.PAIR, Scope.ACCOUNT, Scope.ADDRESS)
    ] == [0, 0, 8, 8]
    assert take_back(tries).count == 8, "what was never checked is neither right nor wrong"


def test_a_robot_causes_few_entries_in_the_log() -> None:
    told = [count for count in range(1, 100_000) if is_step({Scope.ACCOUNT: Tries(count, NOW)})]
    assert told[:4] == [5, 10, 20, 40] and len(told) < 20


@given(st.sampled_from(Scope), st.integers(0, 10_000))
def test_more_wrong_tries_never_make_a_pause_shorter(scope: Scope, count: int) -> None:
    assert (
        timedelta()
        <= pause_after(scope, count)
        <= pause_after(scope, count + 1)
        <= timedelta(minutes=30 if scope is Scope.CODE else 5)
    )
