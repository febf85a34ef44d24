"""What is made once for many: by one of those who ask at once, never older than asked for, and in
bounded room.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest

from queue_server.services.kept import Kept

ASKERS = 20


def counting() -> tuple[list[int], Callable[[], int]]:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    return made, make


def test_a_value_is_made_once_for_each_version() -> None:
    made, make = counting()
    kept = Kept[int](10)
    assert [kept.get("k", version, make) for version in (1, 1, 2, 2, 1)] == [0, 0, 1, 1, 2]
    assert kept.get("other", 1, make) == 3 and len(made) == 4


def test_of_many_who_ask_at_once_one_makes_it_and_the_others_wait() -> None:
    made, make = counting()
    kept, begun, go = Kept[int](10), threading.Event(), threading.Event()

    def make_slowly() -> int:
        begun.set()
        assert go.wait(30)
        return make()

    got: list[int] = []
    threads = [
        threading.Thread(target=lambda: got.append(kept.get("k", 1, make_slowly)))
        for _ in range(ASKERS)
    ]
    for each in threads:
        each.start()
    assert begun.wait(30)
    go.set()
    for each in threads:
        each.join(30)
    assert got == [0] * ASKERS and made == [0]


def test_who_asks_for_a_newer_version_does_not_get_what_was_begun_before() -> None:
    kept, begun, go = Kept[str](10), threading.Event(), threading.Event()

    def make_old() -> str:
        begun.set()
        assert go.wait(30)
        return "old"

    got: dict[str, str] = {}
    old = threading.Thread(target=lambda: got.update(old=kept.get("k", 1, make_old)))
    old.start()
    assert begun.wait(30)
    new = threading.Thread(target=lambda: got.update(new=kept.get("k", 2, lambda: "new")))
    new.start()
    go.set()
    old.join(30)
    new.join(30)
    assert got == {"old": "old", "new": "new"} and kept.get("k", 2, make_old) == "new"


def test_what_fails_is_kept_for_nobody_and_stands_in_nobodys_way() -> None:
    kept = Kept[int](10)

    def fail() -> int:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            kept.get("k", 1, fail)
    assert kept.get("k", 1, lambda: 7) == 7


def test_room_is_bounded_and_what_is_asked_for_stays() -> None:
    kept = Kept[str](100, len)
    chance = random.Random(7)
    for number in range(500):
        kept.get("asked for", 1, lambda: "x" * 10)
        kept.get(number, 1, lambda: "y" * chance.randrange(1, 40))
        assert kept.used <= 100
    assert kept.get("asked for", 1, lambda: "made anew") == "x" * 10
    assert kept.get("too large", 1, lambda: "z" * 101) == "z" * 101
    assert kept.peek("too large") is None and kept.used <= 100
