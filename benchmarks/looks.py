"""Looks at `/livez` by whoever supervises a server: at rest, and under a load in the same run."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.report import Row, milliseconds
from benchmarks.server import Served

TIMES_IDLE_MOST = 20
IDLE_ASKS, PAUSE_SECONDS = 100, 0.05
READY_SECONDS = 8
"""Once, soon after its start, a server makes the public's pages ready."""


@dataclass(frozen=True)
class Look:
    """How long `/livez` took, and what the server's loop worked meanwhile, in seconds. The latter
    is how long it takes on a machine that nobody else uses.
    """

    waited: float
    worked: float


def look(served: Served) -> Look:
    """One look, on a connection of its own."""
    begun, used = time.perf_counter(), served.loop_seconds()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", "/livez")
    if connection.getresponse().read() == b"":
        raise RuntimeError("the server says nothing")
    connection.close()
    return Look(time.perf_counter() - begun, served.loop_seconds() - used)


def look_at_rest(served: Served) -> list[Look]:
    """Looks at a server that has just been started, once it is ready."""
    time.sleep(READY_SECONDS)
    return [look(served) for _ in range(IDLE_ASKS)]


def look_while(served: Served, is_busy: Callable[[], bool]) -> list[Look]:
    """Looks one after the other, for as long as something goes on."""
    looks = []
    while is_busy():
        looks.append(look(served))
        time.sleep(PAUSE_SECONDS)
    return looks


def slowest_rows(what: str, idle: list[Look], busy: list[Look]) -> Iterator[Row]:
    """The slowest look of a load against the usual one at rest: in processor time of the loop, and
    in time, which the others on the machine lengthen.
    """
    for kind, of in (
        ("CPU of the loop", lambda each: each.worked),
        ("time", lambda each: each.waited),
    ):
        usual, slow = statistics.median(map(of, idle)), sorted(map(of, busy))
        yield Row(
            f"{what}: slowest /livez ÷ idle median, in {kind}",
            f"{milliseconds(slow[-1])}, p99 {milliseconds(slow[int(len(slow) * 0.99)])} of "
            f"{len(slow)}",
            milliseconds(usual),
            slow[-1] / usual,
            TIMES_IDLE_MOST,
            at_most=True,
        )
