"""Garbage is collected when nobody waits for an answer."""

from __future__ import annotations

import gc

from queue_server.serving.memory import (
    LONGEST_SECONDS,
    LOOK_SECONDS,
    MUCH_CPU_SECONDS,
    MemoryKeeper,
    tidy_memory,
)

STILL, QUIET, BUSY = 0.01, 0.08, 0.8
"""Shares of a processor."""


class Machine:
    """A process whose share of a processor is given, look by look."""

    def __init__(self) -> None:
        self.cpu, self.wall_clock, self.tidied = 0.0, 0.0, 0
        self.keeper = MemoryKeeper(self.tidy, lambda: self.cpu, lambda: self.wall_clock)

    def tidy(self) -> None:
        self.tidied += 1
        self.cpu += 0.03

    def look(self, share: float, seconds: float = LOOK_SECONDS) -> bool:
        self.wall_clock += seconds
        self.cpu += share * seconds
        return self.keeper.step()


def test_a_busy_server_is_not_held_up_and_a_still_moment_is_used() -> None:
    machine = Machine()
    assert [machine.look(BUSY) for _ in range(5)] == [False] * 5
    assert machine.look(STILL) and machine.tidied == 1


def test_between_the_requests_of_a_rush_only_much_garbage_is_collected() -> None:
    machine = Machine()
    for _ in range(5):
        machine.look(BUSY)
    assert not any(machine.look(QUIET) for _ in range(40))
    while machine.cpu < MUCH_CPU_SECONDS:
        machine.look(BUSY)
    assert machine.look(QUIET) and machine.tidied == 1


def test_a_server_with_nothing_to_tidy_does_nothing() -> None:
    machine = Machine()
    assert not any(machine.look(STILL) for _ in range(40))
    machine.look(BUSY)
    assert machine.look(STILL) and not machine.look(STILL)


def test_where_no_moment_is_quiet_it_is_done_all_the_same() -> None:
    machine = Machine()
    looks = int(2.5 * LONGEST_SECONDS / LOOK_SECONDS)
    assert sum(machine.look(0.9) for _ in range(looks)) == machine.tidied == 2


def test_tidying_frees_cycles() -> None:
    class Node:
        freed = 0
        other: Node

        def __del__(self) -> None:
            Node.freed += 1

    gc.disable()
    try:
        one, two = Node(), Node()
        one.other, two.other = two, one
        del one, two
        assert Node.freed == 0
        tidy_memory()
    finally:
        gc.enable()
    assert Node.freed == 2
