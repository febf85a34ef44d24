"""How many connections one address may hold, and how long one may say nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from queue_server.web.edge.live.callers import HELLO_SECONDS, Callers, network_of


@dataclass
class Line:
    """A connection as the library has it."""

    sid: str
    closed: list[str] = field(default_factory=list)

    def close(self, wait: bool) -> None:
        assert not wait
        self.closed.append(self.sid)


@dataclass
class Hall:
    """Callers of a hall, with a clock that a test moves."""

    most: int | None = 2
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.callers = Callers(self.most, monotonic=lambda: self.seconds)
        self.lines = 0

    def arrive(self, network: str = "10.0.0.1", *, is_free: bool = False) -> Line:
        self.lines += 1
        line = Line(str(self.lines))
        self.callers.arrive(network, line, is_free=is_free)
        return line


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_address_belongs_to_a_household(address: str, network: str) -> None:
    assert network_of(address) == network


def test_strangers_of_one_address_are_counted_and_others_are_not() -> None:
    hall = Hall()
    lines = [hall.arrive() for _ in range(2)]
    assert [hall.callers.admit(each.sid, is_known=False) for each in lines] == [True, True]
    third = hall.arrive()
    assert not hall.callers.admit(third.sid, is_known=False)
    assert hall.callers.admit(third.sid, is_known=True), "a device at the same address"
    assert hall.callers.admit(hall.arrive("10.0.0.2").sid, is_known=False), "another address"
    assert hall.callers.admit(hall.arrive(is_free=True).sid, is_known=False), (
        "the demo's own machine"
    )


def test_who_leaves_makes_room_however_often_it_is_told() -> None:
    hall = Hall()
    lines = [hall.arrive() for _ in range(2)]
    for each in lines:
        assert hall.callers.admit(each.sid, is_known=False)
    for _ in range(2):
        hall.callers.forget(lines[0].sid)
        hall.callers.leave(lines[0])
    assert hall.callers.counts == {"10.0.0.1": 1} and hall.callers.count == 1
    assert hall.callers.admit(hall.arrive().sid, is_known=False)
    assert not hall.callers.admit(hall.arrive().sid, is_known=False)


def test_of_many_that_say_nothing_the_oldest_goes_and_a_device_still_gets_in() -> None:
    hall = Hall()
    silent = [hall.arrive() for _ in range(2)]
    device = hall.arrive()
    assert silent[0].closed and not silent[1].closed and not device.closed
    assert hall.callers.admit(device.sid, is_known=True)


def test_who_says_nothing_is_closed_after_a_while_and_who_has_said_hello_is_not() -> None:
    hall = Hall(most=None)
    silent, heard = hall.arrive(), hall.arrive()
    assert hall.callers.admit(heard.sid, is_known=False)
    hall.seconds = HELLO_SECONDS - 1
    assert hall.callers.step() == 0
    hall.seconds = HELLO_SECONDS
    assert hall.callers.step() == 1 and silent.closed and not heard.closed
    hall.callers.forget(heard.sid)
    hall.seconds += HELLO_SECONDS
    assert hall.callers.step() == 1 and heard.closed, (
        "cut off by a revoked token, and it does not go of itself"
    )


def test_without_a_limit_nobody_is_refused() -> None:
    hall = Hall(most=None)
    assert all(hall.callers.admit(hall.arrive().sid, is_known=False) for _ in range(50))
